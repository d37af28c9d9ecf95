"""The win rate with its interval, when it names a winner, and how many more questions would decide."""

import math
from collections.abc import Sequence

from selfinstruct.comparison.result import Decision, Interval, Rate
from selfinstruct.judging.intervals import Z, score_interval

_POWER = 0.8416
"""Normal quantile of 80 %."""
_FEW = 1_000
"""Questions up to which the sign test is asked how many it takes; the normal approximation says it for more."""


def rate_of(decisions: Sequence[Decision]) -> Rate:
    """Return how often A wins the questions that are decided."""
    counted = [one for one in decisions if one.is_decided]
    outcomes = [one.outcome for one in counted]
    return Rate(
        questions=len(counted),
        a=outcomes.count("A"),
        b=outcomes.count("B"),
        tie=outcomes.count("tie"),
        win_rate=round(_mean([one.score for one in counted]), 4) if counted else None,
        interval=_interval(counted) if counted else None,
    )


def _interval(counted: Sequence[Decision]) -> Interval:
    """Return the lower end of the interval if all that could not be read had gone against A, and the upper end if it had gone for it."""
    lows, highs = ([one.low for one in counted], [one.high for one in counted])
    low, high = (score_interval(ends.count(1.0), ends.count(0.0), len(counted)) for ends in (lows, highs))
    return low[0], high[1]


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def p_value(wins: int, losses: int) -> float | None:
    """Return how likely a split at least as uneven is between equal sides: an exact two-sided sign test, ties left out.

    >>> p_value(5, 0), p_value(7, 0), p_value(0, 0)
    (0.0625, 0.0156, None)
    """
    count = wins + losses
    if not count:
        return None
    logs = [
        math.lgamma(count + 1) - math.lgamma(k + 1) - math.lgamma(count - k + 1) - count * math.log(2)
        for k in range(min(wins, losses) + 1)
    ]
    return round(min(1.0, 2 * math.fsum(map(math.exp, logs))), 4)


def is_sure(rate: Rate) -> bool:
    """Return whether one side is better: the interval leaves out 50 %, and an exact sign test agrees.

    The test guards small samples: five wins of five have an interval from 56.6 % to 100 %, and equal sides have such a split in one of 16 cases.
    """
    if rate.interval is None or rate.interval[0] <= 0.5 <= rate.interval[1]:
        return False
    found = p_value(rate.a, rate.b)
    return found is not None and found < 0.05


def more_questions(decisions: Sequence[Decision]) -> int | None:
    """Return how many more questions would decide it in four of five cases, if win rate, ties and unreadable verdicts stay what they are.

    0 when it is decided; None where no number would: the rate is even, or what cannot be read could turn it, and grows with the questions.
    """
    counted = [one for one in decisions if one.is_decided]
    rate = rate_of(counted)
    if is_sure(rate):
        return 0
    if len(counted) < 2 or rate.a == rate.b:
        return None
    least = [one.low if rate.a > rate.b else 1 - one.high for one in counted]
    distance = _mean(least) - 0.5
    if distance <= 0:
        return None
    variance = _mean([one**2 for one in least]) - _mean(least) ** 2
    needed = _for_the_sign_test(rate, math.ceil((Z + _POWER) ** 2 * variance / distance**2))
    return max(1, needed - len(counted))


def _for_the_sign_test(rate: Rate, needed: int) -> int:
    """Return the least number of questions, from `needed` up, after which the sign test agrees if wins and losses stay what they are."""
    while needed < _FEW:
        wins, losses = (round(count * needed / rate.questions) for count in (rate.a, rate.b))
        found = p_value(wins, losses)
        if found is not None and found < 0.05:
            break
        needed += 1
    return needed
