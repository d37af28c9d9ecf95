"""Requests that may have been billed without a reply: the policy `[limits] uncertain` for them.

    resend     send again; the worst-case cost stays in the bill, and the dataset equals that of an uninterrupted run
    hold       withhold for good; nothing is bought twice, and the bootstrap continues with the next request
    reconcile  look up the completion, which the provider stored under a unique name; send again only if it is not there

An empty lookup is trusted on two conditions. The provider may still be generating, so the maximum duration of a completion must have
passed. And a provider may ignore `store` (an account without data retention), so a lookup must have found a completion that is known to
exist. If the outcome stays unknown, the request is withheld.
"""

import json
import uuid
from typing import Any

from selfinstruct.config import Config
from selfinstruct.errors import TeacherRefusedError
from selfinstruct.journal import Journal, Send, Stored
from selfinstruct.records import Reply, Request
from selfinstruct.teacher.billing.budget import Budget
from selfinstruct.teacher.http.body import error_of, object_of, read_reply, usage_of
from selfinstruct.teacher.http.classify import Response, classify, describe, explain_refusal
from selfinstruct.teacher.http.endpoint import Endpoint
from selfinstruct.teacher.pacing.rate_limiter import RateLimiter

_SETTLING = 1 / 6
"""Additional wait for the provider's store, as a share of [limits] timeout_s, the maximum duration of a completion."""
_FIRST_WAIT_S = 1.0


class UncertainSends:
    """Resolves slots with sends of unknown outcome, from this or an earlier run."""

    def __init__(
        self, config: Config, endpoint: Endpoint, journal: Journal, budget: Budget, rate_limiter: RateLimiter
    ) -> None:
        self._config = config
        self._policy = config.limits.uncertain
        self._endpoint = endpoint
        self._journal = journal
        self._budget = budget
        self._rate_limiter = rate_limiter
        self._lookup_works = False
        """Whether a lookup has found a completion."""

    def name(self) -> Stored | None:
        """Return a new name for the provider to store the next completion under; None unless the policy is reconcile."""
        return Stored(uuid.uuid4().hex, self._rate_limiter.wall()) if self._policy == "reconcile" else None

    async def settle(self, request: Request) -> Reply | None:
        """Return the reply of a slot with uncertain sends, recorded in the journal; None if the request is to be sent."""
        sends = () if self._policy == "resend" else self._sends(request.slot)
        if not sends:
            return None
        if self._policy == "reconcile" and all(send in self._journal.stored for send in sends):
            for send in sends:
                if reply := await self._recover(request, send):
                    return reply
            if await self._is_trusted(request.sampling.model):
                await self._take_back(sends)
                return None
        await self._journal.withhold(request.slot)
        return Reply(fault="held")

    def _sends(self, slot: str) -> list[Send]:
        return [send for send in self._journal.uncertain if send[0] == slot]

    async def _recover(self, request: Request, send: Send) -> Reply | None:
        reserved = self._journal.uncertain[send]
        body = await self._find(request.sampling.model, self._journal.stored[send])
        if body is None:
            return None
        self._budget.reopen(reserved)
        spent = self._budget.settle(reserved, usage_of(body))
        await self._journal.record(*send, 200, body, spent)
        return read_reply(200, body)

    async def _take_back(self, sends: list[Send]) -> None:
        for send in sends:
            reserved = self._journal.uncertain[send]
            self._budget.reopen(reserved)
            self._budget.release(reserved)
            await self._journal.take_back(*send)

    async def _is_trusted(self, model: str) -> bool:
        """Return whether an empty lookup can be trusted: the provider finds the last completion that arrived."""
        last = self._journal.last_stored
        if not self._lookup_works and last:
            await self._find(model, last)
        return self._lookup_works

    async def _find(self, model: str, stored: Stored) -> bytes | None:
        """Return the body of a stored completion, or None when the provider does not have it and never will."""
        left_s, wait_s = self._left_s(stored), _FIRST_WAIT_S
        while not (body := await self._look_up(model, stored.name)) and left_s > 0:
            await self._rate_limiter.pause(min(wait_s, left_s))
            left_s -= wait_s
            wait_s *= 2
        self._lookup_works |= body is not None
        return body

    def _left_s(self, stored: Stored) -> float:
        """Return for how many seconds a completion may still appear: above 0, and bounded even if the clock was set back."""
        longest_s = self._endpoint.deadline_s
        settling_s = longest_s * _SETTLING
        return settling_s + min(max(stored.at + longest_s - self._rate_limiter.wall(), 0.0), longest_s)

    async def _look_up(self, model: str, name: str) -> bytes | None:
        tried = 0
        while True:
            answer = await self._endpoint.look_up(model, {"send": name})
            meaning = classify(answer)
            if meaning == "done":
                return _first(answer)
            if meaning not in {"retry", "retry_billed"} or tried == self._config.limits.retries:
                raise TeacherRefusedError(self._refusal(answer))
            await self._rate_limiter.pause(max(self._rate_limiter.retry_after(answer), _FIRST_WAIT_S * 2**tried))
            tried += 1

    def _refusal(self, answer: Response) -> str:
        if answer.status in {401, 403}:
            return explain_refusal(answer, self._endpoint.base_url, self._config.teacher)
        said = f" It said: {error_of(answer.body)}" if error_of(answer.body) else ""
        return (
            f"{self._endpoint.base_url} cannot look up completions ({describe(answer)}).{said} "
            'Try again later, or write [limits] uncertain = "hold" or "resend"'
        )


def _first(answer: Response) -> bytes | None:
    """Return the first completion of a listing as a reply body; None for an empty listing. Raises TeacherRefusedError."""
    found: Any = object_of(answer.body).get("data")
    if not isinstance(found, list):
        raise TeacherRefusedError(
            'a lookup of stored completions gave no list; write [limits] uncertain = "hold" or "resend"'
        )
    return json.dumps(found[0], ensure_ascii=True).encode("ascii") if found else None
