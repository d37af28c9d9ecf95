"""Collect the results of a batch: all lines of its output and error files, and requests missing from both."""

import asyncio
from collections.abc import Callable
from typing import Literal, NamedTuple

from selfinstruct.errors import TeacherRefusedError
from selfinstruct.journal import Send, Shard
from selfinstruct.records import Reply
from selfinstruct.system.aside import Aside
from selfinstruct.system.numbers import amount
from selfinstruct.teacher.batch_api.context import BatchContext
from selfinstruct.teacher.batch_api.lines import BatchLine, parse_line
from selfinstruct.teacher.batch_api.provider import Batch, Provider
from selfinstruct.teacher.batch_api.submit import Submitter
from selfinstruct.teacher.billing.settle import settle, take_back
from selfinstruct.teacher.billing.watch import ReplyWatch
from selfinstruct.teacher.http.body import read_reply, usage_of
from selfinstruct.teacher.http.classify import Response, classify, explain_refusal, is_free

_QUEUE_FULL = "token_limit_exceeded"
"""Error code of a batch refused because too many tokens are queued (openai-python issue 2084)."""
_MISSING = Response("awaiting", error="the batch ended without an answer to it")


class BatchOutcome(NamedTuple):
    """Outcome of one request: a reply in the journal, or none, so that it has to be sent again."""

    reply: Reply | None = None
    failed: Literal["", "free", "billed"] = ""
    """How it failed: not billed, or possibly billed; empty if it succeeded or its batch exceeded a queue limit."""


OnOutcome = Callable[[str, BatchOutcome], None]
"""Called with (slot, outcome) once the outcome is durable."""


class Collector:
    """Polls batches and records their results."""

    def __init__(self, context: BatchContext, provider: Provider, submitter: Submitter, on_outcome: OnOutcome) -> None:
        """Create without polling; `on_outcome` is called for each request."""
        self._config, self._journal, self._budget = context.config, context.journal, context.budget
        self._redact, self._say = context.endpoint.redact, context.say
        self._provider = provider
        self._submitter = submitter
        self._on_outcome = on_outcome
        self._reply_watch = ReplyWatch(self._budget, self._say)
        self._shown: dict[str, tuple[str, int]] = {}

    async def poll(self, shard: Shard) -> bool:
        """Poll a batch and collect it if it has ended; returns whether it has. Raises TeacherRefusedError to end the run."""
        batch = await self._provider.retrieve(shard.batch)
        self._show(shard, batch)
        if batch.ended:
            await self._collect(shard, batch)
        return batch.ended

    async def _collect(self, shard: Shard, batch: Batch) -> None:
        self._submitter.blocked = False
        settler = _LineSettler(self, shard)
        for file in batch.files:
            await self._provider.download_lines(file, settler.take)
        left = list(shard.open.items())
        surely_free = batch.status != "completed" and not settler.unreadable
        if settler.unreadable:
            self._say(
                f"batch {shard.batch}: cannot be read: {amount(settler.unreadable, 'line')}; without an answer: {amount(len(left), 'request')}"
            )
        failed: Literal["", "free", "billed"] = "free" if surely_free else "billed"
        if batch.status == "failed" and batch.code == _QUEUE_FULL:
            failed = ""
        await asyncio.gather(
            *(self._record_missing(send, reserved, surely_free, BatchOutcome(failed=failed)) for send, reserved in left)
        )
        if batch.status == "failed":
            self._handle_refusal(shard, batch, len(left))
        if settler.refusal:
            raise TeacherRefusedError(settler.refusal)

    async def settle(self, item: BatchLine, reserved: int) -> str:
        """Record the outcome of one request; returns why the run has to stop, or an empty string."""
        answer = item.answer._replace(
            body=self._redact(item.answer.body), error=self._redact(item.answer.error.encode()).decode()
        )
        if item.unexecuted:
            await self._record_missing(item.send, reserved, True, BatchOutcome(failed="free"))
            return ""
        meaning = classify(answer)
        if meaning == "done" and usage_of(answer.body) is None:
            self._reply_watch.unreported(self._config.teacher.model)
        await settle(self._journal, self._budget, item.send, reserved, answer, meaning)
        if meaning in {"done", "failed"}:
            self._on_outcome(item.send[0], BatchOutcome(read_reply(answer.status, answer.body)))
            return ""
        self._on_outcome(item.send[0], BatchOutcome(failed="free" if is_free(answer) else "billed"))
        stops = meaning in {"pause", "stop"}
        answered = bool(self._journal.answered)
        return (
            explain_refusal(answer, self._provider.base_url, self._config.teacher, answered=answered) if stops else ""
        )

    async def _record_missing(self, send: Send, reserved: int, surely_free: bool, outcome: BatchOutcome) -> None:
        if surely_free:
            await take_back(self._journal, self._budget, send, reserved)
        else:
            await settle(self._journal, self._budget, send, reserved, _MISSING, "retry_billed")
        self._on_outcome(send[0], outcome)

    def _handle_refusal(self, shard: Shard, batch: Batch, count: int) -> None:
        """Reduce the batch size on a queue limit; raise TeacherRefusedError for any other refusal."""
        refused = f"{self._provider.base_url} refuses batch {shard.batch} as a whole: {batch.reasons}"
        if batch.code != _QUEUE_FULL:
            raise TeacherRefusedError(f"{refused}. Nothing of it was bought; correct it and run the same command again")
        if self._journal.shards:
            self._submitter.blocked = True
            self._say(f"{refused}; its requests wait until another batch has ended")
            return
        if count == 1:
            raise TeacherRefusedError(
                f"{refused}. Wait until other batches of the account have ended, and run the same command again"
            )
        self._submitter.max_requests = max(1, count // 2)
        self._say(f"{refused}; trying with {amount(self._submitter.max_requests, 'request')} at once")

    def _show(self, shard: Shard, batch: Batch) -> None:
        """Report the progress of a batch when its status or tenth has changed."""
        shown = batch.status, 10 * batch.done // max(batch.total, 1)
        if self._shown.get(shard.name) != shown:
            self._shown[shard.name] = shown
            done = f"{batch.done} of {batch.total or len(shard.open)} done"
            self._say(Aside(f"batch {shard.batch}: {batch.status}, {done}"))


class _LineSettler:
    """Settles the lines of one batch, each once, even if a retried download repeats them."""

    def __init__(self, collector: Collector, shard: Shard) -> None:
        self._collector = collector
        self._open = dict(shard.open)
        self.unreadable = 0
        self.refusal = ""

    async def take(self, lines: list[bytes]) -> None:
        """Record the outcomes in some lines."""
        items = [parse_line(line) for line in lines]
        self.unreadable += items.count(None)
        ours = [(item, self._open.pop(item.send)) for item in items if item and item.send in self._open]
        refusals = await asyncio.gather(*(self._collector.settle(item, reserved) for item, reserved in ours))
        self.refusal = self.refusal or next((reason for reason in refusals if reason), "")
