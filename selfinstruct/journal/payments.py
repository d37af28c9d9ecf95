"""What a journal says was paid: by its replies, and by the records of what had been paid for when some were missed.

Each reply names the last such record before it arrived. What came before is part of what that record states, wherever it stands: files may
be taken away and put back, before the record or after it, and nothing is counted twice.
"""

from selfinstruct.journal.lines import Paid


class Payments:
    """Records of what was paid for, and the cost of replies; in micro-USD."""

    def __init__(self) -> None:
        """Start empty."""
        self.stated: dict[int, Paid] = {}
        """By number, from 1."""
        self.costs: dict[int, int] = {}
        """{number of the last record before they arrived, 0 for none: cost of the replies}."""

    @property
    def numbers(self) -> list[int]:
        """Numbers of all records, of those too that only replies name, with 0, in order."""
        return sorted({0, *self.stated, *self.costs})

    @property
    def spent(self) -> int:
        """Cost of all replies, also of those that are here no more."""
        total = 0
        for number in self.numbers:
            before = self.stated[number].cost if number in self.stated else None
            total = max(total, before or 0) + self.costs.get(number, 0)
        return total

    def state(self, paid: Paid) -> None:
        """Take a record."""
        self.stated[paid.number] = paid

    def pay(self, cost: int, after: int) -> None:
        """Take the cost of a reply that arrived after a record."""
        self.costs[after] = self.costs.get(after, 0) + cost
