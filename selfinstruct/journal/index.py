"""What a journal holds, as slots and numbers: small enough for memory, told record by record."""

from collections.abc import MutableMapping
from typing import NamedTuple

from selfinstruct.journal.attempts import Attempts
from selfinstruct.journal.lines import Created, Held, Intent, Line, Lost, ReplyLine, Sealed, Unsent, Uploaded
from selfinstruct.journal.shards import Send, Shards


class Stored(NamedTuple):
    """What a completion was asked to be kept as, so that it can be looked up."""

    name: str
    at: float
    """When it was asked for, in seconds since 1970."""


class JournalIndex:
    """The state of a run's sends after the records it was told of. Money in micro-USD."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.open: dict[str, int] = {}
        """The last attempt of each slot that has neither reply nor hold; a slot is in one of these three."""
        self.answered, self.held = Attempts(), Attempts()
        self.uncertain: dict[Send, int] = {}
        self.shards = Shards()
        """Sends without an outcome that are awaited, not uncertain."""
        self.lost: set[Send] = set()
        self.stored: dict[Send, Stored] = {}
        """Of the uncertain sends."""
        self.last_stored: Stored | None = None
        """Of the last reply that came."""
        self.spent = 0
        self._given: dict[str, int] = {}
        """Numbers of attempts whose intent is not durable yet."""

    def next_attempt(self, slot: str) -> int:
        """Return the number of the next send of a slot, from 1; each call counts on."""
        self._given[slot] = max(self._given.get(slot, 0), self._of(slot).get(slot, 0)) + 1
        return self._given[slot]

    def note(self, line: Line) -> None:
        """Take in the next record."""
        match line:
            case Intent():
                self._intend(line)
            case Held():
                self._end(line.slot, self.held)
            case Lost():
                self._lose((line.slot, line.attempt))
            case Sealed() | Uploaded() | Created():
                self.shards.note(line)
            case _:
                self._settle(line)

    def _of(self, slot: str) -> MutableMapping[str, int]:
        """Return where a slot is, or has to be when it is new."""
        return self.answered if slot in self.answered else self.held if slot in self.held else self.open

    def _intend(self, line: Intent) -> None:
        send = (line.slot, line.attempt)
        slots = self._of(line.slot)
        slots[line.slot] = max(line.attempt, slots.get(line.slot, 0))
        if self._given.get(line.slot) == line.attempt:
            del self._given[line.slot]
        if line.shard:
            self.shards.add(line.shard, send, line.reserved)
        else:
            self.uncertain[send] = line.reserved
        if line.stored_as:
            self.stored[send] = Stored(line.stored_as, line.at or 0.0)

    def _lose(self, send: Send) -> None:
        self.lost.add(send)
        if (reserved := self.shards.leave(send)) is not None:
            self.uncertain[send] = reserved

    def _settle(self, line: ReplyLine | Unsent) -> None:
        send = (line.slot, line.attempt)
        self.uncertain.pop(send, None)
        self.shards.leave(send)
        self.lost.discard(send)
        stored = self.stored.pop(send, None)
        if isinstance(line, ReplyLine):
            self.last_stored = stored or self.last_stored
            self.spent += line.cost
            self._end(line.slot, self.answered)

    def _end(self, slot: str, ended: MutableMapping[str, int]) -> None:
        """Let the first reply or hold of a slot decide; where the intent is damaged, its request is gone and nothing can."""
        if slot in self.open:
            ended[slot] = self.open.pop(slot)
