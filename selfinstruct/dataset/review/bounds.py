"""How many rows are bad, by those that were read: the exact binomial bound (Clopper and Pearson 1934), and how many more to read.

The bound is one-sided: with a probability of 95 % the share of bad rows is at most that. It holds for rows that were drawn at random, and does
not use that a dataset is finite, so it is on the safe side. The incomplete beta function is the continued fraction of Abramowitz and Stegun
26.5.8, by Lentz's method (Numerical Recipes 6.4).
"""

import math
from collections.abc import Hashable, Iterable

from selfinstruct.dataset.release.reviewed import WANTED

CONFIDENCE = 0.95
_TINY, _CLOSE, _TERMS = 1e-300, 1e-15, 10_000


def upper_bound(bad: int, seen: int, confidence: float = CONFIDENCE) -> float:
    """Return the share of bad rows that is not exceeded, with this probability, when `bad` of `seen` were.

    >>> round(upper_bound(0, 59), 4), round(upper_bound(0, 58), 4), round(upper_bound(3, 100), 4)
    (0.0495, 0.0503, 0.0757)
    """
    if not 0 <= bad <= seen:
        raise ValueError(f"{bad} of {seen} rows cannot be bad")
    if bad == seen:
        return 1.0
    low, high = bad / seen, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        low, high = (low, middle) if beta(bad + 1, seen - bad, middle) >= confidence else (middle, high)
    return high


def lower_bound(bad: int, seen: int, confidence: float = CONFIDENCE) -> float:
    """Return the share of bad rows that is reached at least, with this probability."""
    return 1 - upper_bound(seen - bad, seen, confidence)


def more_to_read(bad: int, seen: int, wanted: float = WANTED, confidence: float = CONFIDENCE) -> int:
    """Return how many more rows have to be read, if all of them are good, until at most `wanted` are bad.

    >>> more_to_read(0, 0), more_to_read(0, 59), more_to_read(1, 59)
    (59, 0, 34)
    """
    least, most = seen, max(2 * seen, 1)
    while most and upper_bound(bad, most, confidence) > wanted:
        least, most = most, 2 * most
    while least < most:
        middle = (least + most) // 2
        if middle >= max(bad, 1) and upper_bound(bad, middle, confidence) <= wanted:
            most = middle
        else:
            least = middle + 1
    return most - seen


def beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta(b, a, 1 - x)
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(front) * _fraction(a, b, x) / a


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _TERMS):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d, c = 1 / _away(1 + term * d), _away(1 + term / c)
            value *= c * d
        if abs(c * d - 1) < _CLOSE:
            break
    return value


def _away(value: float) -> float:
    """Return a divisor that is not zero."""
    return value if abs(value) > _TINY else _TINY


def kappa(pairs: Iterable[tuple[Hashable, Hashable]]) -> float | None:
    """Return Cohen's kappa (1960) of what two people, or a person and a judge, said of the same things: agreement beyond chance.

    0 is what two who decide blindly have, 1 is full agreement; None where chance alone would agree always, or nothing was judged by both.

    >>> kappa([(1, 1), (1, 1), (0, 0), (0, 1)])
    0.5
    """
    both = list(pairs)
    count, same = len(both), sum(one == other for one, other in both)
    names = {one for one, _ in both}
    chance = sum(sum(one == name for one, _ in both) * sum(other == name for _, other in both) for name in names)
    if not count or chance == count**2:
        return None
    return (same / count - chance / count**2) / (1 - chance / count**2)
