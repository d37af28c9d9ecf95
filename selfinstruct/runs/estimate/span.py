"""A range from the least to the most that is expected, and the arithmetic of ranges of positive numbers."""

from collections.abc import Iterable

from selfinstruct.records import Record


class Span(Record):
    """From `low` to `high`, both at least 0."""

    low: float
    high: float

    def __add__(self, other: "Span") -> "Span":
        return Span(low=self.low + other.low, high=self.high + other.high)

    def __mul__(self, other: "Span") -> "Span":
        return Span(low=self.low * other.low, high=self.high * other.high)

    def __truediv__(self, other: "Span") -> "Span":
        return Span(low=self.low / other.high, high=self.high / other.low)

    def at_least(self, other: "Span") -> "Span":
        """Return the larger of both at each end."""
        return Span(low=max(self.low, other.low), high=max(self.high, other.high))

    def capped(self, most: float) -> "Span":
        """Return the same, no end above `most`."""
        return Span(low=min(self.low, most), high=min(self.high, most))


def span(low: float, high: float | None = None) -> Span:
    """Return a range; with one number, just that."""
    return Span(low=low, high=low if high is None else high)


def total(spans: Iterable[Span]) -> Span:
    """Return the sum."""
    return sum(spans, span(0))


def mean(spans: Iterable[Span]) -> Span:
    """Return the mean of low and high ends; 0 of nothing."""
    every = list(spans)
    return total(every) / span(max(len(every), 1))
