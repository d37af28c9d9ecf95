"""Collecting what became of a batch: every line of both its files, in any order, and what is in neither."""

import asyncio
from collections.abc import Callable
from typing import Literal, NamedTuple

from selfinstruct.errors import TeacherRefusedError
from selfinstruct.journal import Send, Shard
from selfinstruct.records import Reply
from selfinstruct.teacher.batch_api.context import BatchContext
from selfinstruct.teacher.batch_api.lines import BatchLine, read_item
from selfinstruct.teacher.batch_api.provider import Batch, Provider
from selfinstruct.teacher.batch_api.submit import Submitter
from selfinstruct.teacher.billing.settle import settle, take_back
from selfinstruct.teacher.http.body import read_reply
from selfinstruct.teacher.http.classify import Response, classify, explain_refusal, is_free

_TOO_MUCH = "token_limit_exceeded"
"""Code of a batch that was refused because too many tokens are queued already (openai-python issue 2084)."""
_MISSING = Response("awaiting", error="the batch ended without an answer to it")


class BatchOutcome(NamedTuple):
    """What became of one request: a reply on disk, or it is to be sent again."""

    reply: Reply | None = None
    failed: Literal["", "free", "billed"] = ""
    """Why there is no reply: not billed, or it may have been; empty when it was not the request's turn yet."""


Tell = Callable[[str, BatchOutcome], None]
"""Called with a slot once its outcome is on disk."""


class Collector:
    """Looks at batches, and records what they bring."""

    def __init__(self, context: BatchContext, provider: Provider, submitter: Submitter, tell: Tell) -> None:
        """Look at nothing yet."""
        self._config, self._journal, self._budget = context.config, context.journal, context.budget
        self._hide, self._say = context.endpoint.hide, context.say
        self._provider = provider
        self._submitter = submitter
        self._tell = tell
        self._shown: dict[str, tuple[str, int]] = {}

    async def look(self, shard: Shard) -> bool:
        """Return whether a batch has ended and is collected; raises TeacherRefusedError when what it says ends the run."""
        batch = await self._provider.look(shard.batch)
        self._show(shard, batch)
        if batch.ended:
            await self._collect(shard, batch)
        return batch.ended

    async def _collect(self, shard: Shard, batch: Batch) -> None:
        self._submitter.blocked = False
        books = _Books(self, shard)
        for file in batch.files:
            await self._provider.deliver(file, books.take)
        left = list(shard.open.items())
        surely_free = batch.status != "completed" and not books.unreadable
        if books.unreadable:
            self._say(
                f"batch {shard.batch}: {books.unreadable} lines cannot be read; {len(left)} requests have no answer"
            )
        failed: Literal["", "free", "billed"] = "free" if surely_free else "billed"
        if batch.status == "failed" and batch.code == _TOO_MUCH:
            failed = ""
        await asyncio.gather(
            *(self._miss(send, reserved, surely_free, BatchOutcome(failed=failed)) for send, reserved in left)
        )
        if batch.status == "failed":
            self._heed_refusal(shard, batch, len(left))
        if books.refusal:
            raise TeacherRefusedError(books.refusal)

    async def settle(self, item: BatchLine, reserved: int) -> str:
        """Record what became of one request; returns why the run has to stop, or nothing."""
        answer = item.answer._replace(
            body=self._hide(item.answer.body), error=self._hide(item.answer.error.encode()).decode()
        )
        if item.unexecuted:
            await self._miss(item.send, reserved, True, BatchOutcome(failed="free"))
            return ""
        meaning = classify(answer)
        await settle(self._journal, self._budget, item.send, reserved, answer, meaning)
        if meaning in {"done", "failed"}:
            self._tell(item.send[0], BatchOutcome(read_reply(answer.status, answer.body)))
            return ""
        self._tell(item.send[0], BatchOutcome(failed="free" if is_free(answer) else "billed"))
        stops = meaning in {"pause", "stop"}
        return explain_refusal(answer, self._provider.base_url, self._config.teacher) if stops else ""

    async def _miss(self, send: Send, reserved: int, surely_free: bool, outcome: BatchOutcome) -> None:
        if surely_free:
            await take_back(self._journal, self._budget, send, reserved)
        else:
            await settle(self._journal, self._budget, send, reserved, _MISSING, "retry_billed")
        self._tell(send[0], outcome)

    def _heed_refusal(self, shard: Shard, batch: Batch, count: int) -> None:
        """Send fewer at once when too much is queued; any other refusal of a whole batch ends the run."""
        refused = f"{self._provider.base_url} refuses batch {shard.batch} as a whole: {batch.reasons}"
        if batch.code != _TOO_MUCH:
            raise TeacherRefusedError(f"{refused}. Nothing of it was bought; correct it and run the same command again")
        if self._journal.shards:
            self._submitter.blocked = True
            self._say(f"{refused}; its requests wait until another batch has ended")
            return
        if count == 1:
            raise TeacherRefusedError(
                f"{refused}. Wait until other batches of the account have ended, and run the same command again"
            )
        self._submitter.most = max(1, count // 2)
        self._say(f"{refused}; trying with {self._submitter.most} requests at once")

    def _show(self, shard: Shard, batch: Batch) -> None:
        """Say how far a batch is, when that has changed by a tenth."""
        shown = batch.status, 10 * batch.done // max(batch.total, 1)
        if self._shown.get(shard.name) != shown:
            self._shown[shard.name] = shown
            self._say(f"batch {shard.batch}: {batch.status}, {batch.done} of {batch.total or len(shard.open)} done")


class _Books:
    """Lines of one batch as they come; after a cut they come again, and are taken once."""

    def __init__(self, collector: Collector, shard: Shard) -> None:
        self._collector = collector
        self._open = dict(shard.open)
        self.unreadable = 0
        self.refusal = ""

    async def take(self, lines: list[bytes]) -> None:
        """Settle what these lines say."""
        items = [read_item(line) for line in lines]
        self.unreadable += items.count(None)
        ours = [(item, self._open.pop(item.send)) for item in items if item and item.send in self._open]
        refusals = await asyncio.gather(*(self._collector.settle(item, reserved) for item, reserved in ours))
        self.refusal = self.refusal or next((reason for reason in refusals if reason), "")
