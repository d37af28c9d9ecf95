"""A provider's files and batches. What may be repeated is repeated until it works or an outage is too long; creating a batch is not.

Source: openai 3.54, `resources/files.py` and `resources/batches.py`; https://platform.openai.com/docs/guides/batch
"""

import json
import random
from typing import Any, NamedTuple, NoReturn

from selfinstruct.errors import InterruptedRunError, TeacherRefusedError
from selfinstruct.journal import Shard
from selfinstruct.teacher.batch_api.context import BatchContext
from selfinstruct.teacher.batch_api.lines import Take, chat_path, lines_to
from selfinstruct.teacher.http.body import error_of, object_of
from selfinstruct.teacher.http.classify import Response, classify, describe, explain_refusal, is_page, retry_after
from selfinstruct.teacher.http.endpoint import Exchange, Read

LARGEST_FILE = 190_000_000
"""Bytes of one file of requests; OpenAI takes 200 MB."""
_SLOWEST = 50_000
"""Bytes a second that a file may take at worst, up or down; for the deadline."""
_LONGEST_WAIT_S = 60.0
_EARLIER_S = 86_400.0
"""A batch whose `created_at` is this much before our own clock's time of creation is not the one looked for."""
_ENDED = {"completed", "failed", "expired", "cancelled"}


class Batch(NamedTuple):
    """How far a batch is."""

    status: str
    done: int
    total: int
    files: tuple[str, ...]
    """Ids of the output and the error file, as far as there are such."""
    code: str
    reasons: str
    """Code of the first error, and what the provider says of the first three, when it refuses the batch as a whole."""

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status in _ENDED


class _TryAgainError(Exception):
    """This try failed in a way that may pass; the only thing that is tried again."""

    def __init__(self, after_s: float) -> None:
        super().__init__()
        self.after_s = after_s


class Provider:
    """Files and batches behind one endpoint."""

    def __init__(self, context: BatchContext) -> None:
        """Ask nothing yet."""
        self._config, self._endpoint = context.config, context.endpoint
        self._clock, self._standby, self._say = context.clock, context.batch_wait, context.say
        self.base_url = context.endpoint.base_url
        self.path = chat_path(self.base_url)

    async def upload(self, name: str, data: bytes) -> str:
        """Return the id of a new file; a copy of it that an earlier try left costs nothing."""
        create = self._endpoint.client.files.with_streaming_response.create
        answer = await self._insist(
            "POST /files", lambda: create(file=(name, data), purpose="batch"), deadline_s=self._time_for(len(data))
        )
        return _text(object_of(answer.body), "id") or self._no_id("POST /files")

    async def create(self, file: str, metadata: dict[str, str]) -> Response:
        """Ask for a batch, once: whoever gets no clear answer has to find out whether there is one now."""
        create = self._endpoint.client.batches.with_streaming_response.create
        return await self._endpoint.exchange(
            lambda: create(completion_window="24h", endpoint=self.path, input_file_id=file, metadata=metadata)
        )

    async def find(self, shard: Shard) -> str:
        """Return the id of the batch that was made of a shard, or nothing; the earliest, should there be two."""
        found, after = "", ""
        while True:
            page = object_of((await self._list(after)).body)
            batches = [one for one in page.get("data") or [] if isinstance(one, dict)]
            for one in batches:
                if one.get("input_file_id") == shard.file or (one.get("metadata") or {}).get("shard") == shard.name:
                    found = _text(one, "id")
            after = _text(batches[-1], "id") if batches else ""
            older = bool(batches) and _number(batches[-1], "created_at") < shard.at - _EARLIER_S
            if not after or older or not page.get("has_more"):
                return found

    async def look(self, batch: str) -> Batch:
        """Return how far a batch is."""
        retrieve = self._endpoint.client.batches.with_streaming_response.retrieve
        data = object_of((await self._insist(f"GET /batches/{batch}", lambda: retrieve(batch))).body)
        counts = data.get("request_counts") or {}
        listed = (data.get("errors") or {}).get("data") or []
        errors = [one for one in listed if isinstance(one, dict)]
        files = (_text(data, "output_file_id"), _text(data, "error_file_id"))
        return Batch(
            status=_text(data, "status"),
            done=_number(counts, "completed") + _number(counts, "failed"),
            total=_number(counts, "total"),
            files=tuple(file for file in files if file),
            code=_text(errors[0], "code") if errors else "",
            reasons="; ".join(_reason(one) for one in errors[:3]) or "it gives no reason",
        )

    async def deliver(self, file: str, take: Take) -> None:
        """Hand over the lines of a file, some at a time; after a cut from its first line again."""
        content = self._endpoint.client.files.with_streaming_response.content
        await self._insist(
            f"GET /files/{file}/content",
            lambda: content(file),
            lines_to(take),
            self._time_for(LARGEST_FILE),
        )

    async def wait(self, seconds: float) -> None:
        """Wait; raises InterruptedRunError once nobody waits any longer."""
        await self._clock.pause(seconds, self._standby.left)
        if self._standby.left.is_set():
            raise InterruptedRunError("interrupted; run the same command again to go on")

    def after(self, answer: Response, tried: int) -> float:
        """Return the seconds to wait after a failed try, counted from 1."""
        wished = retry_after(answer.headers, self._clock.wall())
        return max(wished, min(2.0 ** (tried - 1), _LONGEST_WAIT_S) * random.uniform(1, 2))

    def refusal(self, what: str, answer: Response) -> str:
        """Return one message: what the provider said, and what to change."""
        if is_page(answer) or answer.status in {401, 402, 403, 429} or 300 <= answer.status < 400:
            return explain_refusal(answer, self.base_url, self._config.teacher)
        said = f" It said: {error_of(answer.body)}" if error_of(answer.body) else ""
        refused = f"{self.base_url} refuses {what} (status {answer.status}).{said}"
        if what.startswith("POST") and answer.status in {404, 405, 501}:
            return f'{refused} It may have no Batch API; [teacher] transport = "direct" does without'
        if what.startswith("POST"):
            return f"{refused} Nothing was bought; correct it and run the same command again"
        return (
            f"{refused} Check that key, organization and base_url are those that made the batch; if it is gone for good, "
            "`generate --abandon-batches` counts its requests as lost and goes on"
        )

    async def _list(self, after: str) -> Response:
        listing = self._endpoint.client.batches.with_streaming_response.list
        further = {"after": after} if after else {}
        return await self._insist("GET /batches", lambda: listing(limit=100, **further))

    async def _insist(
        self, what: str, begin: Exchange, read: Read | None = None, deadline_s: float | None = None
    ) -> Response:
        """Return the answer of an exchange that may be repeated."""
        from tenacity import AsyncRetrying, retry_if_exception_type

        retrying = AsyncRetrying(retry=retry_if_exception_type(_TryAgainError), wait=_wait, sleep=self.wait)
        answer: Response = await retrying(self._try, what, begin, read, deadline_s, _Outage(self._clock.now()))
        return answer

    async def _try(
        self, what: str, begin: Exchange, read: Read | None, deadline_s: float | None, outage: "_Outage"
    ) -> Response:
        answer = await self._endpoint.exchange(begin, read, deadline_s)
        meaning = classify(answer)
        if meaning == "done":
            return answer
        if meaning in {"failed", "stop", "pause"} or is_page(answer):
            raise TeacherRefusedError(self.refusal(what, answer))
        outage.tries += 1
        failed = f"{self.base_url}: {what}: {describe(answer)}"
        if self._clock.now() - outage.since >= self._config.limits.max_outage_s:
            raise TeacherRefusedError(
                f"{failed}, for longer than [limits] max_outage_s; run the same command again to go on"
            )
        after_s = self.after(answer, outage.tries)
        self._say(f"{failed}; next try in {after_s:.0f} s")
        raise _TryAgainError(after_s)

    def _time_for(self, size: int) -> float:
        return self._endpoint.deadline_s + size / _SLOWEST

    def _no_id(self, what: str) -> NoReturn:
        raise TeacherRefusedError(
            f"{self.base_url}: {what}: the answer names no id; is this an OpenAI-compatible Batch API?"
        )


class _Outage:
    """Tries of one exchange, and since when they fail."""

    def __init__(self, since: float) -> None:
        self.since = since
        self.tries = 0


def _wait(state: Any) -> float:
    return float(state.outcome.exception().after_s)


def _reason(error: dict[str, Any]) -> str:
    line = f"line {error['line']}: " if error.get("line") is not None else ""
    said = error_of(json.dumps({"error": error}).encode())
    return f"{line}{said} ({_text(error, 'code')})"


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""


def _number(data: dict[str, Any], name: str) -> int:
    value = data.get(name)
    return value if type(value) is int else 0
