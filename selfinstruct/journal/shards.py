"""Shards: requests that go out as one file, for a provider that answers hours later. What is in one is awaited, not uncertain.

intents, each with the shard's id   nothing was sent
sealed                              the file may have been uploaded, which costs nothing
upload                              a batch may exist: the provider is asked for it before one is created
batch                               it exists; its answers are collected
"""

from dataclasses import dataclass, field

from selfinstruct.journal.lines import Created, Sealed, Uploaded

Send = tuple[str, int]
"""(slot, attempt)"""


@dataclass(slots=True)
class Shard:
    """One shard, as far as its records go."""

    name: str
    """Its id."""
    open: dict[Send, int] = field(default_factory=dict)
    """Micro-USD reserved for each send without an outcome, in the order intended."""
    sha256: str = ""
    """Of its file; empty until it is sealed."""
    file: str = ""
    """The provider's id of the file; empty while surely no batch was created."""
    at: float = 0.0
    """When a batch was last about to be created, in seconds since 1970."""
    batch: str = ""
    """The provider's id of the batch; empty while it is not known."""


class Shards:
    """All shards with sends that have no outcome."""

    def __init__(self) -> None:
        """Start with none."""
        self.open: dict[str, Shard] = {}
        self.slots: dict[str, int] = {}
        """Sends of each slot that are in one of them."""
        self._of: dict[Send, Shard] = {}

    def add(self, name: str, send: Send, reserved: int) -> None:
        """Take in an intent."""
        shard = self._of[send] = self.open.setdefault(name, Shard(name))
        shard.open[send] = reserved
        self.slots[send[0]] = self.slots.get(send[0], 0) + 1

    def leave(self, send: Send) -> int | None:
        """Take a send out whose outcome is known; returns what was reserved, None when it is in no shard."""
        shard = self._of.pop(send, None)
        if shard is None:
            return None
        reserved = shard.open.pop(send)
        self.slots[send[0]] -= 1
        if not self.slots[send[0]]:
            del self.slots[send[0]]
        if not shard.open:
            del self.open[shard.name]
        return reserved

    def note(self, line: Sealed | Uploaded | Created) -> None:
        """Take in how far a shard has come; one that is not open, its intents damaged, is of no use to anybody."""
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
