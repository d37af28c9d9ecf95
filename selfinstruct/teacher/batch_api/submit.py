"""Making a shard and bringing it to the provider, so that no crash at any point buys anything twice.

    1  intents of all its requests are on disk       a crash leaves a shard that is not sealed: it is taken back
    2  sealed: the file's sha256 is on disk          the file is made again from the intents, and uploaded
    3  uploaded: the file's id and the time          the provider's batches are looked through before one is created
    4  created: the batch's id is on disk            it is awaited

A request to create a batch may still be on its way when it was given up, so that no batch counts only after some time.
"""

import asyncio
import hashlib
import uuid
from collections.abc import Sequence

from selfinstruct.errors import CapReachedError, TeacherRefusedError
from selfinstruct.journal import Shard
from selfinstruct.records import Request
from selfinstruct.teacher.batch_api.context import BatchContext
from selfinstruct.teacher.batch_api.lines import input_line
from selfinstruct.teacher.batch_api.provider import LARGEST_FILE, Provider
from selfinstruct.teacher.billing.settle import take_back
from selfinstruct.teacher.http.body import object_of
from selfinstruct.teacher.http.chat import chat_fields
from selfinstruct.teacher.http.classify import Response, classify, describe, is_free

Reserved = tuple[Request, int]
"""A request, and the micro-USD that are set aside for it."""


class Submitter:
    """Makes shards, and batches of them."""

    def __init__(self, context: BatchContext, provider: Provider) -> None:
        """Make nothing yet."""
        self._config, self._journal, self._budget = context.config, context.journal, context.budget
        self._clock, self._say = context.clock, context.say
        self._provider = provider
        self.most = context.config.limits.batch_requests
        """Requests in one shard."""
        self.blocked = False
        """Nothing more is taken until a batch that is out has ended."""

    def reserve(self, requests: Sequence[Request]) -> list[Reserved]:
        """Return the first requests, as many as the budget and the limits let into one shard, with what each may cost.

        Raises CapReachedError when not even one fits the budget.
        """
        reserved: list[Reserved] = []
        size = 0
        for request in requests[: self.most]:
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

    async def form(self, reserved: Sequence[Reserved]) -> str:
        """Make a sealed shard; returns its name."""
        shard = uuid.uuid4().hex
        intents = (self._journal.intend(request, amount, shard=shard) for request, amount in reserved)
        await asyncio.gather(*intents)  # begun in this order, and so written in it
        await self._journal.seal(shard, hashlib.sha256(self._file(shard)).hexdigest())
        return shard

    async def launch(self, name: str) -> None:
        """Bring a sealed shard as far as a batch; raises TeacherRefusedError, with nothing bought, when it is refused."""
        tries = 0
        while not (shard := self._journal.shards[name]).batch:
            if shard.file and (batch := await self._existing(shard)):
                await self._journal.create(name, batch)
                return
            file = shard.file or await self._upload(shard)
            await self._journal.upload(name, file, self._clock.wall())
            metadata = {"run": self._config.run.name, "shard": name, "sha256": shard.sha256}
            answer = await self._provider.create(file, metadata)
            tries += 1
            if not await self._is_created(name, answer):
                await self._again(name, answer, tries)

    async def resume(self) -> None:
        """Go on with all shards of earlier runs: what was surely not sent is taken back, all other comes to a batch."""
        self._budget.reopen(sum(self._journal.awaited.values()))
        for shard in list(self._journal.shards.values()):
            if not shard.sha256 or not (shard.file or self._is_whole(shard)):
                await self.take_back(shard)
            elif not shard.batch:
                await self.launch(shard.name)

    async def take_back(self, shard: Shard) -> None:
        """Record that nothing of a shard was billed."""
        sends = list(shard.open.items())
        await asyncio.gather(*(take_back(self._journal, self._budget, send, reserved) for send, reserved in sends))

    def _line(self, request: Request, attempt: int) -> bytes:
        body = chat_fields(request) | self._config.teacher.extra
        return input_line((request.slot, attempt), self._provider.path, body)

    def _file(self, shard: str) -> bytes:
        """Return the file of a shard, from the journal alone."""
        return b"".join(self._line(*sent) for sent in self._journal.shard_requests(shard))

    def _is_whole(self, shard: Shard) -> bool:
        """Return whether the file can be made again; not when an intent is damaged, or another version would write it otherwise."""
        return hashlib.sha256(self._file(shard.name)).hexdigest() == shard.sha256

    async def _upload(self, shard: Shard) -> str:
        data = self._file(shard.name)
        self._say(f"{self._provider.base_url}: uploading {len(shard.open)} requests, {len(data) / 1e6:.1f} MB")
        return await self._provider.upload(f"{shard.name}.jsonl", data)

    async def _existing(self, shard: Shard) -> str:
        """Return the batch that was made of a shard, or nothing when there is none and will be none."""
        if batch := await self._provider.find(shard):
            return batch
        longest_s = self._config.limits.timeout_s  # by then the one being created is listed, or never will be
        left_s = min(max(shard.at + longest_s - self._clock.wall(), 0.0), longest_s)
        if not left_s:
            return ""
        await self._provider.wait(left_s)
        return await self._provider.find(shard)

    async def _is_created(self, name: str, answer: Response) -> bool:
        batch = object_of(answer.body).get("id") if classify(answer) == "done" else None
        if not isinstance(batch, str):
            return False
        await self._journal.create(name, batch)
        self._say(
            f"{self._provider.base_url}: batch {batch} of {len(self._journal.shards[name].open)} requests is created"
        )
        return True

    async def _again(self, name: str, answer: Response, tries: int) -> None:
        """Wait before a shard is tried again; raise when it is refused, or when it was tried often enough."""
        meaning, said = classify(answer), f"{self._provider.base_url}: POST /batches: {describe(answer)}"
        if is_free(answer) and meaning in {"failed", "stop", "pause"}:
            await self.take_back(self._journal.shards[name])
            raise TeacherRefusedError(self._provider.refusal("POST /batches", answer))
        if tries > self._config.limits.retries:
            raise TeacherRefusedError(
                f"{said}, {tries} times; whether there is a batch now is found out first when the same command is run again"
            )
        after_s = self._provider.after(answer, tries)
        self._say(f"{said}; looking in {after_s:.0f} s whether there is a batch now")
        await self._provider.wait(after_s)
