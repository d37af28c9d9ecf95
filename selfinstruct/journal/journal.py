"""Journal, the public interface: records go to `writer`, state comes from `index`, bodies are streamed from `segments`.

An intent without an outcome is a send that may have been billed (`uncertain`); after a crash these are the sends in flight. They stay
in the bill at their maximum cost until a reply to that attempt, or proof that it was not billed, is recorded.
"""

import asyncio
from collections import deque
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Self

from selfinstruct.errors import StorageError
from selfinstruct.journal import lines
from selfinstruct.journal.disk import Disk, RealDisk, make_folder
from selfinstruct.journal.index import JournalIndex, Stored
from selfinstruct.journal.lock import acquire, unwritable
from selfinstruct.journal.payments import Payments
from selfinstruct.journal.segment_writer import RESERVE_BYTES, SEGMENT_BYTES, SegmentWriter, cut_torn_tail
from selfinstruct.journal.segments import Damage, Recorded, read_lines, read_paid, read_recorded, read_shard
from selfinstruct.journal.shards import Send, Shard
from selfinstruct.journal.writer import Writer
from selfinstruct.records import Request


class Journal:
    """The journal of one run directory, open for reading and, unless `read_only`, locked for appending.

    Every `await` returns when the record is durable; concurrent ones share one fsync. They raise StorageError when a write fails; after
    that, nothing more is written. When the disk is full, intents are refused, while other records are still written as long as the
    reserve lasts. Cancelling an `await` does not cancel its record. Not thread-safe. Money is in micro-USD.
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
        """Open or create; raises StorageError when it is locked, of a newer version, or the disk fails."""
        self.folder = folder
        self.damaged: list[tuple[str, int]] = []
        """(file, line from 1) of records with a wrong checksum; they count as never written."""
        self.torn: tuple[str, int] | None = None
        """(file, line from 1) of the last record where it was cut off half-way; opening for writing keeps its bytes in `<segment>.torn`."""
        self._index = JournalIndex()
        self._durable: deque[lines.Line] = deque()
        """Records appended by the writer thread, not yet in the index."""
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
        """Slots whose first outcome is a reply."""
        return self._current().answered.keys()

    @property
    def withheld(self) -> AbstractSet[str]:
        """Slots that are withheld: never sent again."""
        return self._current().withheld.keys()

    @property
    def unanswered(self) -> AbstractSet[str]:
        """Slots that were asked and are neither answered nor withheld."""
        return self._current().open.keys()

    @property
    def uncertain(self) -> Mapping[Send, int]:
        """{(slot, attempt): maximum cost in micro-USD} of sends without an outcome, in the order sent."""
        return self._current().uncertain

    @property
    def lost(self) -> AbstractSet[Send]:
        """Uncertain sends whose response was an error, incomplete or late; the others were in flight at a crash."""
        return self._current().lost.keys()

    def status_of_lost(self, send: Send) -> int | None:
        """Return the HTTP status, 0 without one, of a send in `lost`; None of any other."""
        return self._current().lost.get(send)

    @property
    def stored(self) -> Mapping[Send, Stored]:
        """Uncertain sends whose completion the provider was asked to store."""
        return self._current().stored

    @property
    def last_stored(self) -> Stored | None:
        """Storage name of the last stored completion whose reply arrived."""
        return self._current().last_stored

    @property
    def undecided(self) -> tuple[str, ...]:
        """Slots with uncertain sends, neither answered, withheld nor awaited, in the order sent."""
        return tuple(self._current().undecided())

    @property
    def shards(self) -> Mapping[str, Shard]:
        """{id: shard} of shards with awaited sends, in the order created."""
        return self._current().shards.open

    @property
    def awaited(self) -> Mapping[Send, int]:
        """{(slot, attempt): maximum cost in micro-USD} of the sends in all shards."""
        return {send: reserved for shard in self.shards.values() for send, reserved in shard.open.items()}

    @property
    def spent(self) -> int:
        """Cost of all replies in micro-USD, late and unused ones included, and those that are here no more."""
        return self._current().payments.spent

    @property
    def payments(self) -> Payments:
        """What was paid, and what had been paid for each time that replies were missed."""
        return self._current().payments

    @property
    def awaited_slots(self) -> AbstractSet[str]:
        """Slots with a send in a shard."""
        return self._current().shards.slots.keys()

    async def intend(
        self, request: Request, reserved: int, stored: Stored | None = None, shard: str | None = None
    ) -> int:
        """Record that a request is about to be sent and may cost `reserved`; returns the attempt number, from 1."""
        attempt = self._index.next_attempt(request.slot)
        name, at = stored or (None, None)
        fields = request.model_dump(mode="json")
        sent = {"slot": request.slot, "attempt": attempt, "reserved": reserved, "request": fields}
        await self._append(lines.Intent(**sent, stored_as=name, at=at, shard=shard))
        return attempt

    async def record(self, slot: str, attempt: int, status: int, body: bytes, cost: int) -> None:
        """Record a raw reply, before it is parsed; the first reply of a slot is final."""
        fields = {
            "status": status,
            "cost": cost,
            "after": self._index.payments.numbers[-1] or None,
        } | lines.body_fields(body)
        await self._append(lines.ReplyLine(slot=slot, attempt=attempt, **fields))

    async def take_back(self, slot: str, attempt: int) -> None:
        """Record that an intended request was certainly not billed."""
        await self._append(lines.Unsent(slot=slot, attempt=attempt))

    async def lose(self, slot: str, attempt: int, reason: str, status: int = 0, body: bytes = b"") -> None:
        """Record an incomplete or missing response with the bytes received; the send stays uncertain."""
        await self._append(
            lines.Lost(slot=slot, attempt=attempt, reason=reason, status=status, **lines.body_fields(body))
        )

    async def withhold(self, slot: str) -> None:
        """Record that a slot is withheld for good; its uncertain sends stay in the bill at their maximum cost."""
        await self._append(lines.Withheld(slot=slot))

    async def seal(self, shard: str, sha256: str) -> None:
        """Record that all intents of a shard are durable; its file may be uploaded from now on."""
        await self._append(lines.Sealed(shard=shard, sha256=sha256))

    async def upload(self, shard: str, file: str, at: float) -> None:
        """Record the provider's id of a shard's file, and the Unix time at which its batch is about to be created."""
        await self._append(lines.Uploaded(shard=shard, file=file, at=at))

    async def create(self, shard: str, batch: str) -> None:
        """Record the provider's id of a shard's batch."""
        await self._append(lines.Created(shard=shard, batch=batch))

    def miss(self, paid: lines.Paid) -> None:
        """Record, without an event loop, what was paid for where replies are missed; one that is open for reading only just counts it."""
        if self._writer is None:
            self._index.apply(paid)
        else:
            self._writer.submit(paid).result()

    def shard_requests(self, shard: str) -> Iterator[tuple[Request, int]]:
        """Stream (request, attempt) of a shard, in the order intended."""
        return read_shard(self.folder, shard)

    def recorded(self) -> Iterator[Recorded]:
        """Stream every answered or withheld request with its first outcome, in the order of the outcomes."""
        return read_recorded(self.folder)

    def replies(self) -> Iterator[tuple[int, Recorded]]:
        """Stream (number of the last `Paid` before it, reply) of what was paid for: what was bought again after each, too."""
        return read_paid(self.folder)

    def close(self) -> None:
        """Write all queued records, then release file and lock."""
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
            raise unwritable(self.folder, error) from error
        except StorageError:
            self.close()
            raise

    def _read(self) -> Damage | None:
        """Fill the index; returns the torn last line, if there is one."""
        torn = None
        for line in read_lines(self.folder):
            if not isinstance(line, Damage):
                self._index.apply(line)
            elif line.torn:
                torn, self.torn = line, (line.file, line.line)
            else:
                self.damaged.append((line.file, line.line))
        return torn

    async def _append(self, line: lines.Line) -> None:
        if self._writer is None:
            raise StorageError(f"{self.folder}: the journal is closed, or open for reading only; open it for writing")
        try:
            await asyncio.wrap_future(self._writer.submit(line))
        finally:
            self._current()  # frees the bodies of durable records

    def _current(self) -> JournalIndex:
        while self._durable:
            self._index.apply(self._durable.popleft())
        return self._index
