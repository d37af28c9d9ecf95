"""The Batch API as a teacher: whoever asks waits for a reply, as anywhere; what is asked goes out in shards.

A shard is made when all that can be asked has been asked. The loop may end while batches are out; they are then collected, now or by the
same command later, on any machine that has the run directory.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from selfinstruct.errors import CapReachedError, SelfInstructError, TeacherRefusedError
from selfinstruct.records import Reply, Request
from selfinstruct.teacher.batch_api.collect import BatchOutcome, Collector
from selfinstruct.teacher.batch_api.context import BatchContext
from selfinstruct.teacher.batch_api.provider import Provider
from selfinstruct.teacher.batch_api.submit import Submitter
from selfinstruct.teacher.pacing.rate_limiter import RateLimiter
from selfinstruct.teacher.pacing.retry_policy import Tries
from selfinstruct.teacher.uncertain import UncertainSends

AT_ONCE = 1_000_000
"""Requests the loop may have open: all it can ask; `[generate] window` is what limits them."""


@asynccontextmanager
async def open_batch_api(context: BatchContext) -> AsyncIterator["BatchApi"]:
    """Yield the teacher; returns when all batches are collected, or raises what ends the waiting."""
    api = BatchApi(context)
    running = asyncio.create_task(api.run())
    running.add_done_callback(api.ended)
    try:
        yield api
        api.rest()
        await running
    finally:
        running.cancel()
        await asyncio.wait({running})
        for shard in context.journal.shards.values():
            context.say(
                f"{len(shard.open)} requests stay with the provider (batch {shard.batch or 'not known yet'}); the same command "
                "collects them, on any machine that has this run directory"
            )


class BatchApi:
    """Asks through batches."""

    def __init__(self, context: BatchContext) -> None:
        """Send nothing yet."""
        self._limits, self._journal = context.config.limits, context.journal
        self._standby, self._say = context.batch_wait, context.say
        self._rate_limiter = RateLimiter(context.config.limits, context.clock)
        self._doubts = UncertainSends(
            context.config, context.endpoint, context.journal, context.budget, self._rate_limiter
        )
        self._provider = Provider(context)
        self._submitter = Submitter(context, self._provider)
        self._collector = Collector(context, self._provider, self._submitter, self._tell)
        self._waiting: dict[str, asyncio.Future[BatchOutcome]] = {}
        self._queue: dict[str, Request] = {}
        """Those of the waiting that are in no shard."""
        self._early: dict[str, Reply] = {}
        """Replies that nobody has asked for in this run."""
        self._resumed = asyncio.Event()
        """Set when it is known what of earlier commands is out, and what was taken back."""
        self._end: BaseException | None = None
        """Why nothing comes any more."""
        self._stopped = ""
        """Why nothing is sent any more."""
        self._resting = False

    async def __call__(self, request: Request) -> Reply:
        """Return the reply once its batch is collected."""
        tries = Tries()
        await self._resumed.wait()
        while True:
            if reply := self._early.pop(request.slot, None):
                return reply
            if request.slot not in self._journal.awaited_slots and (reply := await self._doubts.settle(request)):
                return reply
            outcome = await self._outcome(request)
            if outcome.reply:
                return outcome.reply
            self._count(request.slot, outcome, tries)

    def stop(self, reason: str) -> None:
        """Send nothing more; what is out is still awaited."""
        self._stopped = self._stopped or reason
        self._rate_limiter.stop(reason)
        self._refuse_queued(TeacherRefusedError(reason))

    async def run(self) -> None:
        """Send and collect until nothing is left to do or something ends it."""
        await self._submitter.resume()
        self._resumed.set()
        self._greet()
        while not (self._resting and not self._journal.shards):
            await self._send()
            came = [await self._collector.look(shard) for shard in list(self._journal.shards.values())]
            if self._journal.shards and not any(came):
                self._standby.check()
                await self._provider.wait(self._limits.batch_poll_s)
            elif not (self._journal.shards or self._queue or self._resting):
                await self._change()

    def rest(self) -> None:
        """Let `run` end as soon as everything is collected: nobody asks any more."""
        self._resting = True
        self._standby.changed.set()

    def ended(self, running: asyncio.Task[None]) -> None:
        """Let those who wait know why nothing will come."""
        self._resumed.set()
        self._end = running.exception() if not running.cancelled() else asyncio.CancelledError()
        for future in self._waiting.values():
            if self._end and not future.done():
                future.set_exception(self._end)

    async def _outcome(self, request: Request) -> BatchOutcome:
        if self._end:
            raise self._end
        if request.slot not in self._journal.awaited_slots:
            if self._stopped:
                raise TeacherRefusedError(self._stopped)
            self._queue[request.slot] = request
        future = self._waiting[request.slot] = asyncio.get_running_loop().create_future()
        self._standby.changed.set()
        try:
            outcome: BatchOutcome = await future
        finally:
            del self._waiting[request.slot]
            self._queue.pop(request.slot, None)
        return outcome

    def _count(self, slot: str, outcome: BatchOutcome, tries: Tries) -> None:
        """Note that a request has to be sent again; raises when it was often enough."""
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

    def _tell(self, slot: str, outcome: BatchOutcome) -> None:
        future = self._waiting.get(slot)
        if future and not future.done():
            future.set_result(outcome)
        elif outcome.reply:
            self._early[slot] = outcome.reply

    async def _send(self) -> None:
        """Send all that can be asked, as far as the budget goes; the rest when batches have come in and cost less than they might."""
        while len(self._waiting) < self._standby.in_flight:
            await self._change()
        while self._queue and not (self._submitter.blocked and self._journal.shards):
            try:
                reserved = self._submitter.reserve(list(self._queue.values()))
            except CapReachedError as error:
                if not self._journal.shards:
                    self._refuse_queued(error)
                return
            for request, _ in reserved:
                del self._queue[request.slot]
            await self._submitter.launch(await self._submitter.form(reserved))

    def _refuse_queued(self, error: SelfInstructError) -> None:
        for slot in self._queue:
            if not self._waiting[slot].done():
                self._waiting[slot].set_exception(error)
        self._queue.clear()

    async def _change(self) -> None:
        await self._standby.changed.wait()
        self._standby.changed.clear()

    def _greet(self) -> None:
        for shard in self._journal.shards.values():
            self._say(f"batch {shard.batch}: {len(shard.open)} requests are awaited")
