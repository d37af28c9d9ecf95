"""Create shards and submit them as batches, so that no crash at any point buys anything twice.

    journal record                              after a crash at this point
    1  intents of all requests                  the shard is not sealed: its requests are recorded as not billed
    2  sealed: sha256 of the input file         the file is rebuilt from the intents and uploaded
    3  uploaded: id of the file, and the time   the provider's batches are searched before one is created
    4  created: id of the batch                 the batch is awaited

A create request may still be in transit after its timeout, so an absent batch counts as not created only after some time.
"""

import asyncio
import hashlib
import uuid
from collections.abc import Sequence

from selfinstruct.errors import CapReachedError, TeacherRefusedError
from selfinstruct.journal import Shard
from selfinstruct.records import Request
from selfinstruct.system.aside import Aside
from selfinstruct.system.numbers import amount
from selfinstruct.teacher.batch_api.context import BatchContext
from selfinstruct.teacher.batch_api.lines import input_line
from selfinstruct.teacher.batch_api.provider import LARGEST_FILE, Provider, text_of
from selfinstruct.teacher.billing.settle import take_back
from selfinstruct.teacher.http.body import object_of
from selfinstruct.teacher.http.chat import chat_fields
from selfinstruct.teacher.http.classify import Response, classify, describe, is_free
from selfinstruct.teacher.speech import dialect_of_batches

Reserved = tuple[Request, int]
"""A request and the micro-USD reserved for it."""


class Submitter:
    """Creates shards and submits them as batches."""

    def __init__(self, context: BatchContext, provider: Provider) -> None:
        """Create without sending anything."""
        self._config, self._journal, self._budget = context.config, context.journal, context.budget
        self._clock, self._say = context.clock, context.say
        self._provider = provider
        self._dialect = dialect_of_batches(context.config, context.journal.folder)
        self.max_requests = context.config.limits.batch_requests
        """Maximum requests in one shard."""
        self.blocked = False
        """Whether to submit nothing until an outstanding batch has ended."""

    def reserve(self, requests: Sequence[Request]) -> list[Reserved]:
        """Reserve budget for the next shard: as many of the first requests as budget, size and count allow.

        Raises CapReachedError when not even one fits the budget.
        """
        reserved: list[Reserved] = []
        size = 0
        for request in requests[: self.max_requests]:
            size += len(self._line(request, 10**6))
            if reserved and size > LARGEST_FILE:
                break
            try:
                reserved.append((request, self._budget.reserve(request)))
            except CapReachedError:
                if not reserved:
                    raise
                break
        return reserved

    async def create_shard(self, reserved: Sequence[Reserved]) -> str:
        """Record the intents of a shard, seal it, and return its name."""
        shard = uuid.uuid4().hex
        intents = (self._journal.intend(request, amount, shard=shard) for request, amount in reserved)
        await asyncio.gather(*intents)  # started, and so written, in this order
        await self._journal.seal(shard, hashlib.sha256(self._file(shard)).hexdigest())
        return shard

    async def submit(self, name: str) -> None:
        """Upload a sealed shard and create its batch; raises TeacherRefusedError, with nothing billed, when refused."""
        tries = 0
        while not (shard := self._journal.shards[name]).batch:
            if shard.file and (batch := await self._find_batch(shard)):
                await self._journal.create(name, batch)
                return
            file = shard.file or await self._upload(shard)
            await self._journal.upload(name, file, self._clock.wall())
            metadata = {"run": self._config.run.name, "shard": name, "sha256": shard.sha256}
            answer = await self._provider.create(file, metadata)
            tries += 1
            if not await self._is_created(name, answer):
                await self._wait_or_raise(name, answer, tries)

    async def resume(self) -> None:
        """Resume the shards of earlier commands: record unsent ones as not billed, submit the others."""
        self._budget.reopen(sum(self._journal.awaited.values()))
        for shard in list(self._journal.shards.values()):
            if not shard.sha256 or not (shard.file or self._is_reproducible(shard)):
                await self.take_back(shard)
            elif not shard.batch:
                await self.submit(shard.name)

    async def take_back(self, shard: Shard) -> None:
        """Record that no request of a shard was billed."""
        sends = list(shard.open.items())
        await asyncio.gather(*(take_back(self._journal, self._budget, send, reserved) for send, reserved in sends))

    def _line(self, request: Request, attempt: int) -> bytes:
        body = self._dialect.fields(chat_fields(request) | self._config.teacher.extra)
        return input_line((request.slot, attempt), self._provider.path, body)

    def _file(self, shard: str) -> bytes:
        """Build the input file of a shard from the journal."""
        return b"".join(self._line(*sent) for sent in self._journal.shard_requests(shard))

    def _is_reproducible(self, shard: Shard) -> bool:
        """Return whether the rebuilt input file has the recorded sha256; not after journal damage or a format change."""
        return hashlib.sha256(self._file(shard.name)).hexdigest() == shard.sha256

    async def _upload(self, shard: Shard) -> str:
        data = self._file(shard.name)
        size = f"{len(data) / 1e6:.1f} MB"
        self._say(Aside(f"{self._provider.base_url}: uploading {amount(len(shard.open), 'request')}, {size}"))
        return await self._provider.upload(f"{shard.name}.jsonl", data)

    async def _find_batch(self, shard: Shard) -> str:
        """Return the id of the existing batch of a shard; empty when there is none and none can appear any more."""
        if batch := await self._provider.find(shard):
            return batch
        longest_s = self._config.limits.timeout_s  # by then a batch in creation is listed, or never will be
        left_s = min(max(shard.at + longest_s - self._clock.wall(), 0.0), longest_s)
        if not left_s:
            return ""
        await self._provider.wait(left_s)
        return await self._provider.find(shard)

    async def _is_created(self, name: str, answer: Response) -> bool:
        batch = text_of(object_of(answer.body), "id") if classify(answer) == "done" else ""
        if not batch:
            return False
        await self._journal.create(name, batch)
        self._say(
            f"{self._provider.base_url}: batch {batch} of {amount(len(self._journal.shards[name].open), 'request')} is created"
        )
        return True

    async def _wait_or_raise(self, name: str, answer: Response, tries: int) -> None:
        """Wait before the next attempt; raises TeacherRefusedError on a refusal or after too many attempts."""
        meaning, said = classify(answer), f"{self._provider.base_url}: POST /batches: {describe(answer)}"
        if is_free(answer) and meaning in {"failed", "stop", "pause"}:
            await self.take_back(self._journal.shards[name])
            raise TeacherRefusedError(self._provider.refusal("POST /batches", answer))
        if tries > self._config.limits.retries:
            raise TeacherRefusedError(
                f"{said}, {tries} times; whether there is a batch now is found out first when the same command is run again"
            )
        after_s = self._provider.backoff_s(answer, tries)
        self._say(Aside(f"{said}; looking in {after_s:.0f} s whether there is a batch now"))
        await self._provider.wait(after_s)
