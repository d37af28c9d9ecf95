"""The batch teacher: a TeacherClient that sends requests in shards through the Batch API.

A shard is created once the bootstrap loop has asked all requests it can. The loop may end while batches are outstanding; they are
collected now, or later by the same command on any machine that has the run directory.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from selfinstruct.errors import CapReachedError, SelfInstructError, TeacherRefusedError
from selfinstruct.records import Reply, Request
from selfinstruct.system.aside import Aside
from selfinstruct.system.numbers import amount
from selfinstruct.teacher.batch_api.collect import BatchOutcome, Collector
from selfinstruct.teacher.batch_api.context import BatchContext
from selfinstruct.teacher.batch_api.provider import Provider
from selfinstruct.teacher.batch_api.submit import Submitter
from selfinstruct.teacher.pacing.rate_limiter import RateLimiter
from selfinstruct.teacher.pacing.retry_policy import Tries
from selfinstruct.teacher.uncertain import UncertainSends

MAX_OPEN_REQUESTS = 1_000_000
"""Concurrency of the bootstrap loop: in effect unlimited, since `[generate] window` bounds the open requests."""


@asynccontextmanager
async def open_batch_api(context: BatchContext) -> AsyncIterator["BatchApi"]:
    """Yield the teacher; on exit, wait until all batches are collected. Raises what ends the waiting."""
    api = BatchApi(context)
    running = asyncio.create_task(api.run())
    running.add_done_callback(api.on_done)
    try:
        yield api
        api.finish()
        await running
    finally:
        running.cancel()
        await asyncio.wait({running})
        for shard in context.journal.shards.values():
            context.say(
                f"{amount(len(shard.open), 'request')} left with the provider (batch {shard.batch or 'not known yet'}); the same command "
                "collects them, on any machine that has this run directory"
            )


class BatchApi:
    """Sends requests in batches; the callers wait for their replies."""

    def __init__(self, context: BatchContext) -> None:
        """Create without sending anything."""
        self._limits, self._journal = context.config.limits, context.journal
        self._batch_wait, self._say = context.batch_wait, context.say
        self._rate_limiter = RateLimiter(context.config.limits, context.clock)
        self._uncertain = UncertainSends(
            context.config, context.endpoint, context.journal, context.budget, self._rate_limiter
        )
        self._provider = Provider(context)
        self._submitter = Submitter(context, self._provider)
        self._collector = Collector(context, self._provider, self._submitter, self._resolve)
        self.room = asyncio.Event()
        """Never set: batches have room for all."""
        self._waiting: dict[str, asyncio.Future[BatchOutcome]] = {}
        self._queue: dict[str, Request] = {}
        """Waiting requests that are in no shard yet."""
        self._unclaimed: dict[str, Reply] = {}
        """Collected replies that no caller has requested yet."""
        self._resumed = asyncio.Event()
        """Set once the shards of earlier commands have been resumed or cancelled."""
        self._error: BaseException | None = None
        """Why no more replies will arrive."""
        self._stop_reason = ""
        """Why no more requests are sent; empty while they are."""
        self._finishing = False

    @property
    def waiting(self) -> int:
        """None takes a place: what is open is in batches."""
        return 0

    @property
    def in_flight(self) -> int:
        """Number of requests that are with the provider."""
        return len(self._journal.awaited)

    async def __call__(self, request: Request) -> Reply:
        """Return the reply once its batch is collected."""
        tries = Tries()
        await self._resumed.wait()
        while True:
            if reply := self._unclaimed.pop(request.slot, None):
                return reply
            if request.slot not in self._journal.awaited_slots and (reply := await self._uncertain.settle(request)):
                return reply
            outcome = await self._outcome(request)
            if outcome.reply:
                return outcome.reply
            self._count_failure(request.slot, outcome, tries)

    def stop(self, reason: str) -> None:
        """Stop sending; outstanding batches are still collected."""
        self._stop_reason = self._stop_reason or reason
        self._rate_limiter.stop(reason)
        self._refuse_queued(TeacherRefusedError(reason))

    async def run(self) -> None:
        """Send and collect until all is done after `finish`, or an error ends it."""
        await self._submitter.resume()
        self._resumed.set()
        self._report_awaited()
        while not (self._finishing and not self._journal.shards):
            await self._send()
            ended = [await self._collector.poll(shard) for shard in list(self._journal.shards.values())]
            if self._journal.shards and not any(ended):
                self._batch_wait.check()
                await self._provider.wait(min(self._limits.batch_poll_s, self._batch_wait.left_s()))
            elif not (self._journal.shards or self._queue or self._finishing):
                await self._wait_for_change()

    def finish(self) -> None:
        """Announce that no more requests will come: `run` ends once everything is collected."""
        self._finishing = True
        self._batch_wait.changed.set()

    def on_done(self, running: asyncio.Task[None]) -> None:
        """Fail all waiting callers with the error that ended `run`."""
        self._resumed.set()
        self._error = running.exception() if not running.cancelled() else asyncio.CancelledError()
        for future in self._waiting.values():
            if self._error and not future.done():
                future.set_exception(self._error)

    async def _outcome(self, request: Request) -> BatchOutcome:
        if self._error:
            raise self._error
        if request.slot not in self._journal.awaited_slots:
            if self._stop_reason:
                raise TeacherRefusedError(self._stop_reason)
            self._queue[request.slot] = request
        future = self._waiting[request.slot] = asyncio.get_running_loop().create_future()
        self._batch_wait.changed.set()
        try:
            outcome: BatchOutcome = await future
        finally:
            del self._waiting[request.slot]
            self._queue.pop(request.slot, None)
        return outcome

    def _count_failure(self, slot: str, outcome: BatchOutcome, tries: Tries) -> None:
        """Count a failed attempt; raises TeacherRefusedError after too many."""
        limits = self._limits
        if outcome.failed == "billed" and limits.uncertain == "resend":
            tries.billed += 1
        elif outcome.failed:
            tries.free += 1
        if tries.billed > limits.billed_retries or tries.free > limits.retries:
            raise TeacherRefusedError(
                f"{slot}: {tries.billed + tries.free} batches ended without a reply to it; run the same command again to go on, "
                "or raise [limits] billed_retries or retries"
            )

    def _resolve(self, slot: str, outcome: BatchOutcome) -> None:
        future = self._waiting.get(slot)
        if future and not future.done():
            future.set_result(outcome)
        elif outcome.reply:
            self._unclaimed[slot] = outcome.reply

    async def _send(self) -> None:
        """Submit all queued requests that fit the budget; the rest after a batch has cost less than reserved."""
        while len(self._waiting) < self._batch_wait.in_flight:
            await self._wait_for_change()
        while self._queue and not (self._submitter.blocked and self._journal.shards):
            try:
                reserved = self._submitter.reserve(list(self._queue.values()))
            except CapReachedError as error:
                if not self._journal.shards:
                    self._refuse_queued(error)
                return
            for request, _ in reserved:
                del self._queue[request.slot]
            await self._submitter.submit(await self._submitter.create_shard(reserved))

    def _refuse_queued(self, error: SelfInstructError) -> None:
        for slot in self._queue:
            if not self._waiting[slot].done():
                self._waiting[slot].set_exception(error)
        self._queue.clear()

    async def _wait_for_change(self) -> None:
        await self._batch_wait.changed.wait()
        self._batch_wait.changed.clear()

    def _report_awaited(self) -> None:
        for shard in self._journal.shards.values():
            self._say(Aside(f"batch {shard.batch}: {amount(len(shard.open), 'request')} awaited"))
