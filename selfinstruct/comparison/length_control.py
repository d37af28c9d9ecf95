"""The win rate at equal length, by the logistic model of AlpacaEval 2 (2404.04475).

It is without that model's terms for single questions, which need many models: the preference is regressed on tanh of the difference in length, in
standard deviations of its language, and read off where that difference is 0. What has no length, a missing answer, counts as in the raw rate,
and a verdict that could not be read widens the interval as it does there. Whole questions are drawn for the interval, with a seed of their
own, and it is cut further out for few of them (the expanded percentile interval of Hesterberg 2015, The American Statistician 69, 371-386).
"""

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from selfinstruct.comparison.result import Decision, Interval, LengthControlled
from selfinstruct.comparison.statistics import rate_of
from selfinstruct.judging.intervals import Z

RESAMPLES = 2000
LEAST_QUESTIONS = 20
"""That both sides answered; with fewer an interval holds the truth in less than nine of ten cases."""
_LEAST_OF_EACH_OUTCOME = 5
"""Wins of either side, ties as a half: a rule of thumb of logistic regression, two weights with five of the rarer outcome at least."""
_SEED = 0
_CELLS = 1_000_000
"""Resamples times questions at once: 8 MB an array."""
_RIDGE = 0.1
"""Pull of the weight of length to 0, for resamples in which the longer answer always wins have no finite weight."""
_STEPS = 25
_LEAST_LONGER = 0.1
"""Share of the questions on which each side must be the longer one: else length and side are one thing."""

Floats = NDArray[np.float64]


class _Fitted(NamedTuple):
    """What the regression is made of: a question a column."""

    terms: Floats
    """Of length; 0 where an answer is missing."""
    is_answered: Floats
    """1 where both sides answered."""

    def rates(self, weights: Floats, scores: Floats) -> Floats:
        """Return the win rate at equal length for each row of weights: what was answered by the model, what is missing as it counts."""
        answered = weights * self.is_answered
        modelled = at_equal_length(answered, scores, self.terms) * answered.sum(1)
        rates: Floats = (modelled + (weights - answered) @ scores) / weights.sum(1)
        return rates


def length_controlled(decisions: Sequence[Decision]) -> LengthControlled:
    """Return the win rate of A at equal length over the questions that are decided; `why_not` says why there is none."""
    counted = [one for one in decisions if one.is_decided]
    answered = [one for one in counted if one.a is not None and one.b is not None]
    differences = np.array([len(one.a or "") - len(one.b or "") for one in answered], dtype=np.float64)
    longer = round(float((differences > 0).mean()), 4) if answered else None
    found = LengthControlled(longer=longer, questions=len(answered), missing=len(counted) - len(answered))
    if why := _why_not(answered, differences):
        return found.model_copy(update={"why_not": why})
    terms = iter(np.tanh(differences / _deviations(differences, [one.language for one in answered])))
    is_answered = [one.a is not None and one.b is not None for one in counted]
    fitted = _Fitted(np.array([next(terms) if one else 0.0 for one in is_answered]), np.array(is_answered, dtype=float))
    scores = np.array([one.score for one in counted])
    rate = float(fitted.rates(np.ones((1, len(counted))), scores)[0])
    return found.model_copy(update={"win_rate": round(rate, 4), "interval": _interval(counted, fitted, rate)})


def _why_not(answered: Sequence[Decision], differences: Floats) -> str:
    """Return why nothing can be said of equal length; "" where it can."""
    if len(answered) < LEAST_QUESTIONS:
        return f"{len(answered)} of the decided questions were answered by both sides, and it takes {LEAST_QUESTIONS}"
    longer, shorter = float((differences > 0).mean()), float((differences < 0).mean())
    if longer == shorter == 0:
        return "the answers are of the same length"
    if min(longer, shorter) < _LEAST_LONGER:
        side = "A" if longer > shorter else "B"
        return f"the answers of {side} are nearly always the longer ones, so that length and side are one thing"
    scores = np.array([one.score for one in answered])
    if min(scores.sum(), len(scores) - scores.sum()) < _LEAST_OF_EACH_OUTCOME:
        return (
            f"one side wins nearly everything, and it takes {_LEAST_OF_EACH_OUTCOME} wins of the other, ties as a half"
        )
    if is_separable(scores, differences):
        return "the lengths of the answers tell who wins without an exception, so that length and outcome are one thing"
    return ""


def is_separable(scores: Floats, differences: Floats) -> bool:
    """Return whether one length parts the questions that A wins from those that it loses, so that no finite weight of length fits best."""
    won, lost = differences[scores > 0], differences[scores < 1]
    return bool(not won.size or not lost.size or won.min() >= lost.max() or won.max() <= lost.min())


def _interval(counted: Sequence[Decision], fitted: _Fitted, rate: float) -> Interval:
    """Return the interval, which is never nearer to the rate than that of the raw rate is to its own."""
    lows, highs = np.array([one.low for one in counted]), np.array([one.high for one in counted])
    tail = 100 * _tail(int(fitted.is_answered.sum()))
    drawn = _drawn(fitted, lows)
    low = float(np.percentile(drawn, tail))
    high = float(np.percentile(drawn if np.array_equal(lows, highs) else _drawn(fitted, highs), 100 - tail))
    raw, beside = rate_of(counted), float(np.mean([one.score for one in counted]))
    raw_low, raw_high = raw.interval or (beside, beside)
    low, high = min(low, rate - (beside - raw_low)), max(high, rate + (raw_high - beside))
    return round(max(0.0, low), 4), round(min(1.0, high), 4)


def _drawn(fitted: _Fitted, scores: Floats) -> Floats:
    """Return what each resample says."""
    return np.concatenate([fitted.rates(weights, scores) for weights in _resampled(len(scores))])


def _tail(count: int) -> float:
    """Return the share of resamples beyond each end: what a t interval with the divisor n leaves out; 0.025 for many questions."""
    freedom = count - 1
    quantile = Z + (Z**3 + Z) / (4 * freedom) + (5 * Z**5 + 16 * Z**3 + 3 * Z) / (96 * freedom**2)
    return NormalDist().cdf(-quantile * math.sqrt(count / freedom))


def _resampled(count: int) -> list[Floats]:
    """Return how often each question is drawn in each resample, in parts of some resamples."""
    rng = np.random.default_rng(_SEED)
    at_once = max(1, _CELLS // count)
    sizes = [min(at_once, RESAMPLES - start) for start in range(0, RESAMPLES, at_once)]
    return [rng.multinomial(count, np.full(count, 1 / count), size=size).astype(np.float64) for size in sizes]


def _deviations(differences: Floats, languages: Sequence[str]) -> Floats:
    """Return the standard deviation of the differences of each question's language."""
    of = np.array(languages)
    found = np.ones(len(differences))
    for language in set(languages):
        found[of == language] = max(float(np.sqrt((differences[of == language] ** 2).mean())), 1.0)
    return found


def at_equal_length(weights: Floats, scores: Floats, terms: Floats) -> Floats:
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
