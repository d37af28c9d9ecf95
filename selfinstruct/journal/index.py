"""The in-memory state of a journal, without bodies, built record by record."""

from collections.abc import Iterator, MutableMapping
from typing import NamedTuple

from selfinstruct.journal.attempts import Attempts
from selfinstruct.journal.lines import Created, Intent, Line, Lost, Paid, ReplyLine, Sealed, Unsent, Uploaded, Withheld
from selfinstruct.journal.payments import Payments
from selfinstruct.journal.shards import Send, Shards


class Stored(NamedTuple):
    """The name under which a provider was asked to store a completion, for lookups."""

    name: str
    at: float
    """Unix time of the request, in seconds."""


class JournalIndex:
    """The state of all sends of a run after some records; money in micro-USD."""

    def __init__(self) -> None:
        """Start empty."""
        self.open: dict[str, int] = {}
        """{slot: last attempt} of slots neither answered nor withheld; a slot is in exactly one of the three maps."""
        self.answered, self.withheld = Attempts(), Attempts()
        self.uncertain: dict[Send, int] = {}
        self.shards = Shards()
        """Shards with sends that are awaited, not uncertain."""
        self.lost: dict[Send, int] = {}
        """HTTP status of the uncertain sends that ended, 0 where none came."""
        self.stored: dict[Send, Stored] = {}
        """Storage names of the uncertain sends."""
        self.last_stored: Stored | None = None
        """Storage name of the last stored completion whose reply arrived."""
        self.payments = Payments()
        self._unconfirmed: dict[str, int] = {}
        """{slot: last attempt number} of intents that are not durable yet."""

    def next_attempt(self, slot: str) -> int:
        """Allocate the number of the next attempt of a slot, from 1; each call returns a new number."""
        self._unconfirmed[slot] = max(self._unconfirmed.get(slot, 0), self._slots_of(slot).get(slot, 0)) + 1
        return self._unconfirmed[slot]

    def apply(self, line: Line) -> None:
        """Apply the next record."""
        match line:
            case Intent():
                self._intend(line)
            case Withheld():
                self._close(line.slot, self.withheld)
            case Lost():
                self._lose((line.slot, line.attempt), line.status)
            case Sealed() | Uploaded() | Created():
                self.shards.apply(line)
            case Paid():
                self._pay(line)
            case _:
                self._settle(line)

    def undecided(self) -> Iterator[str]:
        """Yield slots with uncertain sends, neither answered, withheld nor awaited, in the order sent."""
        ended = (self.answered, self.withheld, self.shards.slots)
        slots = dict.fromkeys(slot for slot, _ in self.uncertain)
        return (slot for slot in slots if not any(slot in those for those in ended))

    def _slots_of(self, slot: str) -> MutableMapping[str, int]:
        """Return the map that contains a slot; `open` for a new one."""
        return self.answered if slot in self.answered else self.withheld if slot in self.withheld else self.open

    def _intend(self, line: Intent) -> None:
        send = (line.slot, line.attempt)
        slots = self._slots_of(line.slot)
        slots[line.slot] = max(line.attempt, slots.get(line.slot, 0))
        if self._unconfirmed.get(line.slot) == line.attempt:
            del self._unconfirmed[line.slot]
        if line.shard:
            self.shards.add(line.shard, send, line.reserved)
        else:
            self.uncertain[send] = line.reserved
        if line.stored_as:
            self.stored[send] = Stored(line.stored_as, line.at or 0.0)

    def _lose(self, send: Send, status: int) -> None:
        self.lost[send] = status
        if (reserved := self.shards.remove(send)) is not None:
            self.uncertain[send] = reserved

    def _pay(self, line: Paid) -> None:
        self.payments.state(line)
        for send in line.sends:
            self.uncertain.pop(send, None)

    def _settle(self, line: ReplyLine | Unsent) -> None:
        send = (line.slot, line.attempt)
        self.uncertain.pop(send, None)
        self.shards.remove(send)
        self.lost.pop(send, None)
        stored = self.stored.pop(send, None)
        if isinstance(line, ReplyLine):
            self.last_stored = stored or self.last_stored
            self.payments.pay(line.cost, line.after or 0)
            self._close(line.slot, self.answered)

    def _close(self, slot: str, ended: MutableMapping[str, int]) -> None:
        """Move an open slot to `ended`; only its first reply or withholding counts, and none without an intact intent."""
        if slot in self.open:
            ended[slot] = self.open.pop(slot)
