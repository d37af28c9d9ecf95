"""Journal: what teacher, pipeline and status use. Records go to `writer`, numbers come from `index`, bodies are streamed from `segments`.

An intent without an outcome is a send that may have been billed (`uncertain`). After a crash these are the sends in flight, and
they stay in the bill at their worst until a reply to that very attempt, or proof that it was not billed, is recorded.
"""

import asyncio
from collections import deque
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Self

from selfinstruct.errors import StorageError
from selfinstruct.journal.disk import Disk, RealDisk, make_folder
from selfinstruct.journal.index import JournalIndex, Stored
from selfinstruct.journal.lines import (
    Created,
    Held,
    Intent,
    Line,
    Lost,
    ReplyLine,
    Sealed,
    Unsent,
    Uploaded,
    body_fields,
)
from selfinstruct.journal.lock import acquire
from selfinstruct.journal.segment_writer import SegmentWriter, cut_torn_tail
from selfinstruct.journal.segments import Damage, Recorded, read_lines, read_recorded, read_shard
from selfinstruct.journal.shards import Send, Shard
from selfinstruct.journal.writer import Writer
from selfinstruct.records import Request

SEGMENT_BYTES = 64 * 2**20
"""A segment is one fsync target and one file to look at; 64 MiB holds about 20,000 replies."""
RESERVE_BYTES = 2**20
"""Room for 256 replies in flight of 4 kB."""


class Journal:
    """The journal of one run directory, open for reading and, unless `read_only`, locked for appending.

    Every `await` returns when the record is on stable storage; many at once share one fsync. They raise StorageError when the disk
    does not take it; after that, nothing is written any more. When the disk is full, intents are refused and all other records
    are still taken as long as the reserve lasts. Cancelling an `await` does not take its record back.
    Use it from one thread. Money is in micro-USD.
    """

    def __init__(
        self,
        folder: Path,
        read_only: bool = False,
        *,
        segment_bytes: int = SEGMENT_BYTES,
        reserve_bytes: int = RESERVE_BYTES,
        disk: Disk | None = None,
    ) -> None:
        """Open or create; raises StorageError when another process has it, it is of a newer version, or the disk refuses."""
        self.folder = folder
        self.damaged: list[tuple[str, int]] = []
        """(file, line from 1) of records that fail their checksum; they count as never written."""
        self._index = JournalIndex()
        self._durable: deque[Line] = deque()
        """Written by the writer's thread, not yet in the index."""
        self._disk = disk or RealDisk()
        self._lock: int | None = None
        self._writer: Writer | None = None
        if read_only:
            self._read()
        else:
            self._open(segment_bytes, reserve_bytes)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def answered(self) -> AbstractSet[str]:
        """Slots that have a reply, and had it before they were held."""
        return self._current().answered.keys()

    @property
    def held(self) -> AbstractSet[str]:
        """Slots that are left out for good."""
        return self._current().held.keys()

    @property
    def uncertain(self) -> Mapping[Send, int]:
        """{(slot, attempt): micro-USD that it may have cost at most} of sends without an outcome, in the order sent."""
        return self._current().uncertain

    @property
    def lost(self) -> AbstractSet[Send]:
        """The uncertain sends whose answer was seen to be cut or late; the others were in flight when a run was killed."""
        return self._current().lost

    @property
    def stored(self) -> Mapping[Send, Stored]:
        """The uncertain sends whose completion the provider was asked to keep."""
        return self._current().stored

    @property
    def last_stored(self) -> Stored | None:
        """The last reply that the provider was asked to keep, and that came."""
        return self._current().last_stored

    @property
    def undecided(self) -> tuple[str, ...]:
        """Slots with uncertain sends and neither reply nor hold, in the order sent: to be sent again, held or looked up."""
        index = self._current()
        slots = dict.fromkeys(slot for slot, _ in index.uncertain)
        ended = (index.answered, index.held, index.shards.slots)
        return tuple(slot for slot in slots if not any(slot in those for those in ended))

    @property
    def shards(self) -> Mapping[str, Shard]:
        """Shards with sends that are awaited, by id, in the order made."""
        return self._current().shards.open

    @property
    def awaited(self) -> Mapping[Send, int]:
        """{(slot, attempt): micro-USD that it may cost at most} of the sends in all shards."""
        return {send: reserved for shard in self.shards.values() for send, reserved in shard.open.items()}

    @property
    def spent(self) -> int:
        """Micro-USD of all replies, those that came too late to count included."""
        return self._current().spent

    @property
    def awaited_slots(self) -> AbstractSet[str]:
        """Slots with a send in a shard."""
        return self._current().shards.slots.keys()

    async def intend(
        self, request: Request, reserved: int, stored: Stored | None = None, shard: str | None = None
    ) -> int:
        """Record that a request is about to be sent and may cost `reserved`; returns the number of the attempt, from 1."""
        attempt = self._index.next_attempt(request.slot)
        name, at = stored or (None, None)
        fields = request.model_dump(mode="json")
        await self._append(
            Intent(
                slot=request.slot,
                attempt=attempt,
                reserved=reserved,
                request=fields,
                stored_as=name,
                at=at,
                shard=shard,
            )
        )
        return attempt

    async def record(self, slot: str, attempt: int, status: int, body: bytes, cost: int) -> None:
        """Record a raw reply, before anybody reads it; the first one of a slot is its reply for good."""
        await self._append(ReplyLine(slot=slot, attempt=attempt, status=status, cost=cost, **body_fields(body)))

    async def take_back(self, slot: str, attempt: int) -> None:
        """Record that an intended request was surely not billed."""
        await self._append(Unsent(slot=slot, attempt=attempt))

    async def lose(self, slot: str, attempt: int, reason: str, status: int = 0, body: bytes = b"") -> None:
        """Record that an answer was cut or never came, with the bytes that did; the send stays uncertain."""
        await self._append(Lost(slot=slot, attempt=attempt, reason=reason, status=status, **body_fields(body)))

    async def hold(self, slot: str) -> None:
        """Record that a slot that was intended is left out for good; its uncertain sends stay in the bill at their worst."""
        await self._append(Held(slot=slot))

    async def seal(self, shard: str, sha256: str) -> None:
        """Record that all intents of a shard are written; from now on its file may be sent."""
        await self._append(Sealed(shard=shard, sha256=sha256))

    async def upload(self, shard: str, file: str, at: float) -> None:
        """Record the provider's id of a shard's file, and when a batch is about to be created from it (since 1970)."""
        await self._append(Uploaded(shard=shard, file=file, at=at))

    async def create(self, shard: str, batch: str) -> None:
        """Record the provider's id of a shard's batch."""
        await self._append(Created(shard=shard, batch=batch))

    def shard_requests(self, shard: str) -> Iterator[tuple[Request, int]]:
        """Yield every request of a shard with its attempt, in the order intended; streams."""
        return read_shard(self.folder, shard)

    def recorded(self) -> Iterator[Recorded]:
        """Yield every answered or held request with what came first, in the order written; streams, so memory stays small."""
        return read_recorded(self.folder)

    def close(self) -> None:
        """Write what is still queued, then release file and lock."""
        if self._writer is not None:
            self._writer.close()
        if self._lock is not None:
            self._disk.close(self._lock)
        self._writer = self._lock = None

    def _open(self, segment_bytes: int, reserve_bytes: int) -> None:
        try:
            make_folder(self._disk, self.folder)
            self._lock = acquire(self._disk, self.folder)
            if torn := self._read():
                cut_torn_tail(self._disk, self.folder, torn)
            self._writer = Writer(
                SegmentWriter(self._disk, self.folder, segment_bytes, reserve_bytes), self._durable.append
            )
        except OSError as error:
            self.close()
            raise StorageError(
                f"{self.folder}: cannot be written ({error.strerror or error}); free or check the disk, or choose another --run"
            ) from error
        except StorageError:
            self.close()
            raise

    def _read(self) -> Damage | None:
        """Fill the index; returns the torn tail, if there is one."""
        torn = None
        for line in read_lines(self.folder):
            if not isinstance(line, Damage):
                self._index.note(line)
            elif line.torn:
                torn = line
            else:
                self.damaged.append((line.file, line.line))
        return torn

    async def _append(self, line: Line) -> None:
        if self._writer is None:
            raise StorageError(f"{self.folder}: the journal is closed, or open for reading only; open it for writing")
        try:
            await asyncio.wrap_future(self._writer.submit(line))
        finally:
            self._current()  # let go of bodies

    def _current(self) -> JournalIndex:
        while self._durable:
            self._index.note(self._durable.popleft())
        return self._index
