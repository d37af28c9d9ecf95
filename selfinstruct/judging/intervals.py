"""A share with its 95 % interval (Wilson 1927), which is sound near 0 and 1 and for a few observations."""

import math
from collections.abc import Sequence

from selfinstruct.records import Record

Z = 1.959964
"""Normal quantile of 97.5 %."""


class Share(Record):
    """A share of some observations."""

    share: float | None
    """0 to 1; None without an observation."""
    interval: tuple[float, float] | None
    count: int
    """Observations."""

    @property
    def low(self) -> float:
        """Lower end of the interval; 0 without an observation."""
        return self.interval[0] if self.interval else 0.0


def share_of(values: Sequence[float]) -> Share:
    """Return the mean of values from 0 to 1 with its interval.

    Values between 0 and 1 vary less than yes and no, so that the interval is wide enough for them too.

    >>> share_of([1, 1, 1, 0])
    Share(share=0.75, interval=(0.3006, 0.9544), count=4)
    """
    count = len(values)
    if not count:
        return Share(share=None, interval=None, count=0)
    mean = sum(values) / count
    middle = (mean + Z**2 / (2 * count)) / (1 + Z**2 / count)
    half = Z / (1 + Z**2 / count) * math.sqrt(mean * (1 - mean) / count + Z**2 / (4 * count**2))
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return Share(share=round(mean, 4), interval=(round(low, 4), round(high, 4)), count=count)
