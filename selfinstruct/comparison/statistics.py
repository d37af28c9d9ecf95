"""The win rate: a bootstrap over the questions, length control, and how many more questions would decide.

Whole questions are drawn, as in Arena-Hard; the draws have a seed of their own, so that the same decisions have the same interval. Length
control is the logistic model of AlpacaEval 2 (2404.04475) without its terms for single questions, which need many models: the preference is
regressed on tanh of the difference in length, in standard deviations of its language, and read off where that difference is 0.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from selfinstruct.comparison.result import Decision, Interval, LengthControlled, Rate
from selfinstruct.judging.intervals import Z

RESAMPLES = 2000
_SEED = 0
_TAILS = (2.5, 97.5)
"""Per cent; between them lie 95 of 100 resamples."""
_CELLS = 1_000_000
"""Resamples times questions at once: 8 MB an array."""
_RIDGE = 0.1
"""Pull of the weight of length to 0, for a judge that always takes the longer one has no finite weight."""
_STEPS = 25
_LEAST_OF_EACH = 0.1
"""Share of the questions on which each side must be the longer one: else length and side are one thing."""
_POWER = 0.8416
"""Normal quantile of 80 %."""

Floats = NDArray[np.float64]


def rate_of(decisions: Sequence[Decision]) -> Rate:
    """Return how often A wins the questions that are decided."""
    counted = [one for one in decisions if one.is_decided]
    outcomes = [one.outcome for one in counted]
    scores = np.array([one.score for one in counted])
    return Rate(
        questions=len(counted),
        a=outcomes.count("A"),
        b=outcomes.count("B"),
        tie=outcomes.count("tie"),
        win_rate=round(float(scores.mean()), 4) if counted else None,
        interval=_interval(counted) if counted else None,
    )


def _interval(counted: Sequence[Decision]) -> Interval:
    lows, highs = np.array([one.low for one in counted]), np.array([one.high for one in counted])
    weights = list(_resampled(len(counted)))
    low = np.percentile(np.concatenate([part @ lows for part in weights]) / len(counted), _TAILS[0])
    high = np.percentile(np.concatenate([part @ highs for part in weights]) / len(counted), _TAILS[1])
    return round(float(low), 4), round(float(high), 4)


def _resampled(count: int) -> list[Floats]:
    """Return how often each question is drawn in each resample, in parts of some resamples."""
    rng = np.random.default_rng(_SEED)
    at_once = max(1, _CELLS // count)
    sizes = [min(at_once, RESAMPLES - start) for start in range(0, RESAMPLES, at_once)]
    return [rng.multinomial(count, np.full(count, 1 / count), size=size).astype(np.float64) for size in sizes]


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

    The test guards small samples, where a bootstrap is too sure: five wins of five have an interval from 100 % to 100 %.
    """
    if rate.interval is None or rate.interval[0] <= 0.5 <= rate.interval[1]:
        return False
    found = p_value(rate.a, rate.b)
    return found is not None and found < 0.05


def more_questions(decisions: Sequence[Decision]) -> int | None:
    """Return how many more questions would decide it in four of five cases, if win rate and ties stay what they are; 0 when it is decided."""
    scores = np.array([one.score for one in decisions if one.is_decided])
    if is_sure(rate_of(decisions)):
        return 0
    if len(scores) < 2 or not (distance := abs(float(scores.mean()) - 0.5)):
        return None
    needed = (Z + _POWER) ** 2 * float(scores.var()) / distance**2
    return max(1, math.ceil(needed) - len(scores))


def length_controlled(decisions: Sequence[Decision]) -> LengthControlled:
    """Return the win rate of A at equal length, over the questions that both sides answered and that were decided; the same answer from both is a tie."""
    counted = [
        one
        for one in decisions
        if one.by in {"check", "judge", "identical"} and one.a is not None and one.b is not None
    ]
    if not counted:
        return LengthControlled(why_not="no question was decided by a judge or a check")
    differences = np.array([len(one.a or "") - len(one.b or "") for one in counted], dtype=np.float64)
    longer, shorter = float((differences > 0).mean()), float((differences < 0).mean())
    if min(longer, shorter) < _LEAST_OF_EACH:
        side = "A" if longer > shorter else "B"
        why = (
            "the answers are of the same length"
            if longer == shorter
            else f"the answers of {side} are nearly always the longer ones, so that length and side are one thing"
        )
        return LengthControlled(longer=round(longer, 4), why_not=why)
    terms = np.tanh(differences / _deviations(differences, [one.language for one in counted]))
    scores = np.array([one.score for one in counted])
    rate = _at_equal_length(np.ones((1, len(counted))), scores, terms)
    drawn = np.concatenate([_at_equal_length(weights, scores, terms) for weights in _resampled(len(counted))])
    low, high = np.percentile(drawn, _TAILS)
    return LengthControlled(
        win_rate=round(float(rate[0]), 4),
        interval=(round(float(low), 4), round(float(high), 4)),
        longer=round(longer, 4),
    )


def _deviations(differences: Floats, languages: Sequence[str]) -> Floats:
    """Return the standard deviation of the differences of each question's language."""
    of = np.array(languages)
    found = np.ones(len(differences))
    for language in set(languages):
        found[of == language] = max(float(np.sqrt((differences[of == language] ** 2).mean())), 1.0)
    return found


def _at_equal_length(weights: Floats, scores: Floats, terms: Floats) -> Floats:
    """Return the preference for A where the term of length is 0, for each row of weights: a logistic regression by Newton's method.

    `weights` has a row a resample and a column a question.
    """
    side, length = np.zeros(len(weights)), np.zeros(len(weights))
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(side[:, None] + length[:, None] * terms, -30, 30)))
        error, spread = weights * (scores - chance), weights * chance * (1 - chance)
        slope_side, slope_length = error.sum(1) - 1e-3 * side, error @ terms - _RIDGE * length
        aa, ab, bb = spread.sum(1) + 1e-3, spread @ terms, spread @ terms**2 + _RIDGE
        size = aa * bb - ab**2
        side += np.clip((bb * slope_side - ab * slope_length) / size, -2, 2)
        length += np.clip((aa * slope_length - ab * slope_side) / size, -2, 2)
    return 1 / (1 + np.exp(-side))
