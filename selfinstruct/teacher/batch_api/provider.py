"""HTTP calls for files and batches. All are retried until an outage is too long, except creating a batch, which is not idempotent.

Source: openai 3.54, `resources/files.py` and `resources/batches.py`; https://platform.openai.com/docs/guides/batch
"""

import random
from typing import Any, NamedTuple, NoReturn

from selfinstruct.errors import InterruptedRunError, TeacherRefusedError
from selfinstruct.journal import Shard
from selfinstruct.system.aside import Aside
from selfinstruct.teacher.batch_api.context import BatchContext
from selfinstruct.teacher.batch_api.lines import OnLines, chat_path, line_reader
from selfinstruct.teacher.http.body import error_of, object_of
from selfinstruct.teacher.http.classify import Response, classify, describe, explain_refusal, is_web_page, retry_after
from selfinstruct.teacher.http.endpoint import Exchange, Read
from selfinstruct.teacher.http.provider_error import words_of

LARGEST_FILE = 190_000_000
"""Maximum bytes of an input file; OpenAI allows 200 MB."""
_MIN_BYTES_PER_S = 50_000
"""Minimum transfer rate assumed for the deadline of uploads and downloads."""
_LONGEST_WAIT_S = 60.0
_MAX_CLOCK_SKEW_S = 86_400.0
"""Seconds: batches created longer than this before the shard's upload cannot be of the shard."""
_MOST_PAGES = 1000
"""Pages of the list of batches, 100 each, that are looked through for one."""
_LONGEST = 1000
"""Characters of an id, status or code; the longest known ids have about 100."""
_ENDED = {"completed", "failed", "expired", "cancelled"}


class Batch(NamedTuple):
    """Status of a batch."""

    status: str
    done: int
    total: int
    files: tuple[str, ...]
    """Ids of the output and error files that exist."""
    code: str
    reasons: str
    """When the whole batch is refused: code of the first error, and messages of the first three."""

    @property
    def ended(self) -> bool:
        """Whether the status is final."""
        return self.status in _ENDED


class _TryAgainError(Exception):
    """A temporary failure; the only error that is retried."""

    def __init__(self, after_s: float) -> None:
        super().__init__()
        self.after_s = after_s


class Provider:
    """Files and batches of one endpoint."""

    def __init__(self, context: BatchContext) -> None:
        """Create without sending anything."""
        self._config, self._endpoint = context.config, context.endpoint
        self._clock, self._batch_wait, self._say = context.clock, context.batch_wait, context.say
        self.base_url = context.endpoint.base_url
        self.path = chat_path(self.base_url)

    async def upload(self, name: str, data: bytes) -> str:
        """Upload a file and return its id; a duplicate from a failed attempt costs nothing. Raises TeacherRefusedError."""
        create = self._endpoint.client.files.with_streaming_response.create
        answer = await self._exchange_with_retries(
            "POST /files", lambda: create(file=(name, data), purpose="batch"), deadline_s=self._deadline_s(len(data))
        )
        return text_of(object_of(answer.body), "id") or self._no_id("POST /files")

    async def create(self, file: str, metadata: dict[str, str]) -> Response:
        """Create a batch, without retries: after an unclear response the caller must look for an existing batch first."""
        create = self._endpoint.client.batches.with_streaming_response.create
        return await self._endpoint.exchange(
            lambda: create(completion_window="24h", endpoint=self.path, input_file_id=file, metadata=metadata)
        )

    async def find(self, shard: Shard) -> str:
        """Return the id of the batch of a shard, the earliest if there are several; empty if there is none.

        Raises TeacherRefusedError when the list has no end, or is none: a batch made now could be a second one.
        """
        found, after, since = "", "", self._clock.now()
        seen = set[str]()
        while True:
            batches, has_more = self._page_of((await self._list(after)).body)
            for one in batches:
                if one.get("input_file_id") == shard.file or _object(one, "metadata").get("shard") == shard.name:
                    found = text_of(one, "id")
            after = text_of(batches[-1], "id") if batches else ""
            older = bool(batches) and _number(batches[-1], "created_at") < shard.at - _MAX_CLOCK_SKEW_S
            if not after or older or not has_more:
                return found
            late = self._clock.now() - since >= self._config.limits.max_outage_s
            if after in seen or late or len(seen) >= _MOST_PAGES:
                return found or self._unlisted("for longer than [limits] max_outage_s" if late else "without an end")
            seen.add(after)
            await self.wait(0)

    async def retrieve(self, batch: str) -> Batch:
        """Return the status of a batch."""
        retrieve = self._endpoint.client.batches.with_streaming_response.retrieve
        data = object_of((await self._exchange_with_retries(f"GET /batches/{batch}", lambda: retrieve(batch))).body)
        counts = _object(data, "request_counts")
        errors = _objects(_object(data, "errors").get("data"))
        files = (text_of(data, "output_file_id"), text_of(data, "error_file_id"))
        return Batch(
            status=text_of(data, "status"),
            done=_number(counts, "completed") + _number(counts, "failed"),
            total=_number(counts, "total"),
            files=tuple(file for file in files if file),
            code=text_of(errors[0], "code") if errors else "",
            reasons="; ".join(_reason(one) for one in errors[:3]) or "it gives no reason",
        )

    async def download_lines(self, file: str, on_lines: OnLines) -> None:
        """Download a file and pass its lines to `on_lines`; after an interruption it starts again at the first line."""
        content = self._endpoint.client.files.with_streaming_response.content
        await self._exchange_with_retries(
            f"GET /files/{file}/content",
            lambda: content(file),
            line_reader(on_lines),
            self._deadline_s(LARGEST_FILE),
        )

    async def wait(self, seconds: float) -> None:
        """Wait for a time; raises InterruptedRunError once the run is interrupted."""
        await self._clock.pause(seconds, self._batch_wait.left)
        if self._batch_wait.left.is_set():
            raise InterruptedRunError("interrupted; run the same command again to go on")

    def backoff_s(self, answer: Response, tried: int) -> float:
        """Return the seconds to wait after failed attempt number `tried`, from 1: Retry-After or exponential backoff."""
        requested_s = retry_after(answer.headers, self._clock.wall())
        return max(requested_s, min(2.0 ** (tried - 1), _LONGEST_WAIT_S) * random.uniform(1, 2))

    def refusal(self, what: str, answer: Response) -> str:
        """Return an error message: what the provider said, and what to change."""
        if is_web_page(answer) or answer.status in {401, 402, 403, 429} or 300 <= answer.status < 400:
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
        return await self._exchange_with_retries("GET /batches", lambda: listing(limit=100, **further))

    async def _exchange_with_retries(
        self, what: str, begin: Exchange, read: Read | None = None, deadline_s: float | None = None
    ) -> Response:
        """Return the response of an idempotent exchange, retried on temporary failures; raises TeacherRefusedError."""
        from tenacity import AsyncRetrying, retry_if_exception_type

        retrying = AsyncRetrying(retry=retry_if_exception_type(_TryAgainError), wait=_wait, sleep=self.wait)
        answer: Response = await retrying(self._attempt, what, begin, read, deadline_s, _Outage(self._clock.now()))
        return answer

    async def _attempt(
        self, what: str, begin: Exchange, read: Read | None, deadline_s: float | None, outage: "_Outage"
    ) -> Response:
        answer = await self._endpoint.exchange(begin, read, deadline_s)
        meaning = classify(answer)
        if meaning == "done":
            return answer
        if meaning in {"failed", "stop", "pause"} or is_web_page(answer):
            raise TeacherRefusedError(self.refusal(what, answer))
        outage.tries += 1
        failed = f"{self.base_url}: {what}: {describe(answer)}"
        if self._clock.now() - outage.since >= self._config.limits.max_outage_s:
            raise TeacherRefusedError(
                f"{failed}, for longer than [limits] max_outage_s; run the same command again to go on"
            )
        after_s = self.backoff_s(answer, outage.tries)
        self._say(Aside(f"{failed}; next try in {after_s:.0f} s"))
        raise _TryAgainError(after_s)

    def _deadline_s(self, size: int) -> float:
        return self._endpoint.deadline_s + size / _MIN_BYTES_PER_S

    def _page_of(self, body: bytes) -> tuple[list[dict[str, Any]], bool]:
        """Return the batches of a page, and whether it says that there are more."""
        page = object_of(body)
        if not page or not isinstance(page.get("data", []), list | None):
            self._unlisted("in no list")
        return _objects(page.get("data")), bool(page.get("has_more"))

    def _unlisted(self, how: str) -> NoReturn:
        raise TeacherRefusedError(
            f"{self.base_url}: GET /batches: lists batches {how}; whether there is one of these requests is not known. Run the same command "
            "again to go on, or count them as lost with `generate --abandon-batches`"
        )

    def _no_id(self, what: str) -> NoReturn:
        raise TeacherRefusedError(
            f"{self.base_url}: {what}: the answer names no id; is this an OpenAI-compatible Batch API?"
        )


class _Outage:
    """Failed attempts of one exchange, and its start time."""

    def __init__(self, since: float) -> None:
        self.since = since
        self.tries = 0


def _wait(state: Any) -> float:
    return float(state.outcome.exception().after_s)


def _reason(error: dict[str, Any]) -> str:
    line = f"line {_number(error, 'line')}: " if _number(error, "line") else ""
    return f"{line}{words_of(error)} ({text_of(error, 'code')})"


def _object(data: dict[str, Any], name: str) -> dict[str, Any]:
    value = data.get(name)
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text_of(data: dict[str, Any], name: str) -> str:
    """Return a text of a provider's object; empty when there is none, a very long one, or dots, which as an id would lead out of a URL."""
    value = data.get(name)
    return value if isinstance(value, str) and len(value) <= _LONGEST and value.strip(".") else ""


def _number(data: dict[str, Any], name: str) -> int:
    value = data.get(name)
    return value if type(value) is int and abs(value) < 10**15 else 0  # Python writes none of 4,300 digits
