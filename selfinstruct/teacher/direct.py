"""The direct transport: one request, one exchange, with tenacity for what may be tried again.

Every reply, complete or not, is in the journal before it is read. The meaning of a response is in `http/classify.py`, how a request is
spelt in `speech.py`, pacing in `pacing/rate_limiter.py`, giving up in `pacing/retry_policy.py`, and requests that may have been billed in
`uncertain.py`.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple
from urllib.parse import quote

from selfinstruct.config import Config
from selfinstruct.errors import TeacherRefusedError
from selfinstruct.journal import Journal, Stored
from selfinstruct.records import Reply, Request
from selfinstruct.system.aside import Aside
from selfinstruct.teacher.billing.budget import Budget, worst_case
from selfinstruct.teacher.billing.settle import settle
from selfinstruct.teacher.billing.watch import ReplyWatch
from selfinstruct.teacher.http.body import read_reply, usage_of
from selfinstruct.teacher.http.chat import chat_fields
from selfinstruct.teacher.http.classify import Meaning, Response, classify, describe, heard
from selfinstruct.teacher.http.dialect import Dialect
from selfinstruct.teacher.http.endpoint import Endpoint
from selfinstruct.teacher.pacing.rate_limiter import Permit, RateLimiter
from selfinstruct.teacher.pacing.retry_policy import Decision, RetryPolicy, Tries
from selfinstruct.teacher.speech import FILE, Speech
from selfinstruct.teacher.uncertain import UncertainSends

_LONGEST_WAIT_S = 60.0


class _TryAgainError(Exception):
    """A temporary failure; the only error that is retried."""

    def __init__(self, reason: str, after_s: float) -> None:
        super().__init__(reason)
        self.after_s = after_s


class _Sent(NamedTuple):
    """One attempt: how it was spelt, and what came of it."""

    request: Request
    dialect: Dialect
    body: dict[str, Any]
    answer: Response


class DirectClient:
    """Sends requests one by one."""

    def __init__(  # noqa: PLR0913, PLR0917 - made in one place
        self,
        config: Config,
        endpoint: Endpoint,
        journal: Journal,
        budget: Budget,
        rate_limiter: RateLimiter,
        say: Callable[[str], None],
        dialect_file: str = FILE,
    ) -> None:
        """Take over an endpoint and a journal; its dialect is kept beside that."""
        self._config = config
        self._endpoint = endpoint
        self._journal = journal
        self._budget = budget
        self._rate_limiter = rate_limiter
        self._say = say
        self._speech = Speech(config, journal.folder / dialect_file, say)
        self._retry_policy = RetryPolicy(
            config, endpoint.base_url, rate_limiter, answered_before=bool(journal.answered)
        )
        self._uncertain = UncertainSends(config, endpoint, journal, budget, rate_limiter)
        self._reply_watch = ReplyWatch(budget, say)
        self._reserving = 0
        """Requests in flight, whose worst case is reserved."""
        self._landed = asyncio.Event()
        """Set when one of them has cost what it costs."""
        self.waiting = 0
        """Requests that wait to be tried again, and take no place among those in flight."""
        self.room = asyncio.Event()
        """Set when `waiting` grows."""

    async def __call__(self, request: Request) -> Reply:
        """Return the reply; raises TeacherRefusedError, CapReachedError or StorageError when the run has to stop."""
        from tenacity import AsyncRetrying, retry_if_exception_type

        retrying = AsyncRetrying(retry=retry_if_exception_type(_TryAgainError), wait=_wait, sleep=self._pause)
        reply: Reply = await retrying(self._attempt, request, Tries())
        return reply

    @property
    def in_flight(self) -> int:
        """Number of requests that are with the teacher now."""
        return self._reserving

    def stop(self, reason: str) -> None:
        """Stop sending: waiting requests raise TeacherRefusedError with the reason, those in flight are completed."""
        self._rate_limiter.stop(reason)

    async def _pause(self, seconds: float) -> None:
        self.waiting += 1
        self.room.set()
        try:
            await self._rate_limiter.pause(seconds)
        finally:
            self.waiting -= 1

    async def _attempt(self, request: Request, tries: Tries) -> Reply:
        if reply := await self._uncertain.settle(request):
            return reply
        while self._reserving and not self._budget.fits(request):  # those in flight mostly cost less than was reserved
            self._landed.clear()
            await self._landed.wait()
        async with self._rate_limiter.acquire(_tokens(request)) as permit, self._reserved(request) as reserved:
            stored = self._uncertain.name()
            attempt = await self._journal.intend(request, reserved, stored)
            dialect = self._speech.dialect
            body = self._body(request, attempt, stored, dialect)
            run, slot = self._config.run.name, request.slot
            name = f"{quote(run)}/{slot}/{attempt}"  # a header is ASCII
            answer = heard(await self._endpoint.complete(body, {"X-Client-Request-Id": name}))
            sent = _Sent(request, dialect, body, answer)
            meaning = self._meaning(sent, tries)
            usage = usage_of(answer.body) if meaning == "done" else None
            self._rate_limiter.observe(permit, answer, usage)
            if usage:  # before anything is awaited, so that the next reserve knows of it
                self._reply_watch.observe(request, read_reply(answer.status, answer.body), usage)
            elif meaning == "done":
                self._reply_watch.unreported(request.sampling.model)
            await settle(self._journal, self._budget, (request.slot, attempt), reserved, answer, meaning)
            return await self._finish(sent, meaning, permit, tries)

    @asynccontextmanager
    async def _reserved(self, request: Request) -> AsyncIterator[int]:
        """Reserve the worst case of a request while it is in flight; raises CapReachedError when it does not fit with nothing else in flight."""
        if self._reserving and not self._budget.fits(request):
            raise _TryAgainError("another request took the room in the budget", 0.0)
        amount = self._budget.reserve(request)
        self._reserving += 1
        try:
            yield amount
        finally:
            self._reserving -= 1
            self._landed.set()

    def _meaning(self, sent: _Sent, tries: Tries) -> Meaning:
        """Return what an answer means, a refusal told apart: spelt wrongly, refused like any other would be, or for its own sake."""
        meaning = classify(sent.answer)
        if meaning != "failed":
            return meaning
        if self._speech.learn(sent.dialect, sent.body, sent.answer):
            return "respell"
        if read_reply(sent.answer.status, sent.answer.body).fault != "request_rejected":
            return "failed"
        return "failed" if self._retry_policy.is_refused_alone(sent.request, tries) else "refused"

    async def _finish(self, sent: _Sent, meaning: Meaning, permit: Permit, tries: Tries) -> Reply:
        """Return the reply of a request that is done; raise _TryAgainError to retry, TeacherRefusedError to end the run."""
        answer = sent.answer
        reply = read_reply(answer.status, answer.body)
        if meaning == "respell":
            raise _TryAgainError(describe(answer), 0.0)
        if meaning in {"done", "failed", "refused"}:
            decision = self._retry_policy.heard(sent.request, reply, refused=meaning != "done")
        else:
            decision = self._retry_policy.failed(answer, meaning, permit, tries)
        if decision.action == "stop":
            self._rate_limiter.stop(decision.reason)
            raise TeacherRefusedError(decision.reason)
        if meaning in {"done", "failed"}:
            return reply
        if decision.action == "withhold":
            return await self._withhold(sent.request, decision)
        raise self._again(answer, meaning, tries)

    async def _withhold(self, request: Request, decision: Decision) -> Reply:
        await self._journal.withhold(request.slot)
        self._say(f"{decision.reason}; {request.slot} is not asked for again")
        return Reply(fault="held")

    def _again(self, answer: Response, meaning: Meaning, tries: Tries) -> _TryAgainError:
        if meaning == "retry_billed" and self._config.limits.uncertain != "resend":
            return _TryAgainError(describe(answer), 0.0)  # UncertainSends decides first whether it is sent again
        made = tries.refused if meaning == "refused" else tries.made
        backoff = min(2.0 ** min(made - 1, 9), _LONGEST_WAIT_S) * random.uniform(1, 2)
        wait = 0.0 if self._rate_limiter.delay_s else backoff
        delay_s = max(wait, self._rate_limiter.delay_s)
        self._say(Aside(f"{self._endpoint.base_url}: {describe(answer)}; next try in {delay_s:.0f} s"))
        return _TryAgainError(describe(answer), wait)

    def _body(self, request: Request, attempt: int, stored: Stored | None, dialect: Dialect) -> dict[str, Any]:
        fields = chat_fields(request)
        if stored:
            metadata = {
                "run": self._config.run.name,
                "slot": request.slot,
                "attempt": str(attempt),
                "send": stored.name,
            }
            fields |= {"store": True, "metadata": metadata}
        return dialect.fields(fields | self._config.teacher.extra)


def _wait(state: Any) -> float:
    return float(state.outcome.exception().after_s)


def _tokens(request: Request) -> int:
    worst = worst_case(request)
    return worst.prompt_tokens + worst.completion_tokens
