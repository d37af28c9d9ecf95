"""Shares and win rates with their 95 % intervals (Wilson 1927, Tango 1998), which are sound near 0 and 1 and for a few observations."""

import math
from collections.abc import Sequence

from selfinstruct.records import Record

Z = 1.959964
"""Normal quantile of 97.5 %."""
_HALVINGS = 40


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


def score_interval(wins: int, losses: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a win rate in which a tie is a half, from the wins and losses among `count` comparisons.

    The win rate is a half and half the difference of two shares of the same comparisons, of which this is the score interval
    (Tango 1998, Statistics in Medicine 17, 891-908). Without ties it is that of `share_of`.

    >>> score_interval(6, 0, 6), score_interval(6, 0, 60)
    ((0.6097, 1.0), (0.5169, 0.6007))
    """
    low, high = _furthest(losses, wins, count), _furthest(wins, losses, count)
    return round((1 - low) / 2, 4), round((1 + high) / 2, 4)


def _furthest(ahead: int, behind: int, count: int) -> float:
    """Return the largest difference of the shares ahead and behind that these counts do not refute, by bisection."""
    low, high = (ahead - behind) / count, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        missed = count * middle - (ahead - behind)
        low, high = (middle, high) if missed**2 < Z**2 * _variance(ahead, behind, count, middle) else (low, middle)
    return high


def _variance(ahead: int, behind: int, count: int, difference: float) -> float:
    """Return the variance of wins less losses where the shares differ by so much, and the rest is as likely as can be."""
    linear = (2 * count - ahead + behind) * difference - ahead - behind
    root = math.sqrt(linear**2 + 8 * count * behind * difference * (1 - difference))
    share_behind = (root - linear) / (4 * count)
    return count * (2 * share_behind + difference * (1 - difference))
