"""What a journal holds, as slots and numbers: small enough for memory, told record by record."""

from selfinstruct.journal.lines import Held, Intent, Line, Lost, ReplyLine

Send = tuple[str, int]
"""(slot, attempt)"""


class Index:
    """The state of a run's sends after the records it was told of. Money in micro-USD."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.asked: set[str] = set()
        self.answered: set[str] = set()
        self.held: set[str] = set()
        self.uncertain: dict[Send, int] = {}
        self.lost: set[Send] = set()
        self.spent = 0
        self._attempts: dict[str, int] = {}

    def next_attempt(self, slot: str) -> int:
        """Return the number of the next send of a slot, from 1; each call counts on."""
        self._attempts[slot] = self._attempts.get(slot, 0) + 1
        return self._attempts[slot]

    def note(self, line: Line) -> None:
        """Take in the next record."""
        match line:
            case Intent():
                self.asked.add(line.slot)
                self._attempts[line.slot] = max(line.attempt, self._attempts.get(line.slot, 0))
                self.uncertain[line.slot, line.attempt] = line.reserved
            case Held():
                self._end(line.slot, self.held)
            case Lost():
                self.lost.add((line.slot, line.attempt))
            case _:
                self.uncertain.pop((line.slot, line.attempt), None)
                self.lost.discard((line.slot, line.attempt))
        if isinstance(line, ReplyLine):
            self.spent += line.cost
            self._end(line.slot, self.answered)

    def _end(self, slot: str, ended: set[str]) -> None:
        """Let the first reply or hold of a slot decide; where the intent is damaged, its request is gone and nothing can."""
        if slot in self.asked and slot not in self.answered and slot not in self.held:
            ended.add(slot)
