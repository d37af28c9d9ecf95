"""Shards: groups of requests sent as one batch, answered hours later. Their sends are awaited, not uncertain.

Records, and what is known after each:

    intents with the shard's id   nothing was sent
    sealed                        the file may have been uploaded, which is not billed
    upload                        a batch may exist: look it up before creating one
    batch                         the batch exists; its results are collected
"""

from dataclasses import dataclass, field

from selfinstruct.journal.lines import Created, Sealed, Uploaded

Send = tuple[str, int]
"""(slot, attempt)"""


@dataclass(slots=True)
class Shard:
    """The state of one shard."""

    name: str
    """Its id."""
    open: dict[Send, int] = field(default_factory=dict)
    """{send without an outcome: reserved micro-USD}, in the order intended."""
    sha256: str = ""
    """sha256 of its file; empty until sealed."""
    file: str = ""
    """The provider's id of the file; empty while certainly no batch exists."""
    at: float = 0.0
    """Unix time of the last attempt to create the batch."""
    batch: str = ""
    """The provider's id of the batch; empty while unknown."""


class Shards:
    """All shards that contain sends without an outcome."""

    def __init__(self) -> None:
        """Start empty."""
        self.open: dict[str, Shard] = {}
        self.slots: dict[str, int] = {}
        """{slot: number of its sends in open shards}."""
        self._shard_of: dict[Send, Shard] = {}

    def add(self, name: str, send: Send, reserved: int) -> None:
        """Add the send of an intent."""
        shard = self._shard_of[send] = self.open.setdefault(name, Shard(name))
        shard.open[send] = reserved
        self.slots[send[0]] = self.slots.get(send[0], 0) + 1

    def remove(self, send: Send) -> int | None:
        """Remove a send whose outcome is known; returns its reserved micro-USD, None if it is in no shard."""
        shard = self._shard_of.pop(send, None)
        if shard is None:
            return None
        reserved = shard.open.pop(send)
        self.slots[send[0]] -= 1
        if not self.slots[send[0]]:
            del self.slots[send[0]]
        if not shard.open:
            del self.open[shard.name]
        return reserved

    def apply(self, line: Sealed | Uploaded | Created) -> None:
        """Apply a record of a shard; it is ignored if the shard is not open, e.g. because its intents are damaged."""
        shard = self.open.get(line.shard)
        if shard is None:
            return
        match line:
            case Sealed():
                shard.sha256 = line.sha256
            case Uploaded():
                shard.file, shard.at = line.file, line.at
            case _:
                shard.batch = line.batch
