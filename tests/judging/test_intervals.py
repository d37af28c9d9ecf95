"""An interval holds the truth as often as it says, also for a few comparisons."""

import math
from collections.abc import Iterator

import pytest

from selfinstruct.judging.intervals import score_interval, share_of


def test_it_is_that_of_another_program() -> None:
    """The table of Cavo 2012 by `Tango_asymptotic_score_CI_paired_2x2` of the R package contingencytables: -0.1240 to -0.0054."""
    low, high = score_interval(6, 16, 161)
    assert (2 * low - 1, 2 * high - 1) == pytest.approx((-0.1240, -0.0054), abs=2e-4)


@pytest.mark.parametrize(("wins", "losses"), [(0, 1), (6, 0), (7, 3), (50, 30), (800, 5)])
def test_without_ties_it_is_that_of_a_share(wins: int, losses: int) -> None:
    share = share_of([1.0] * wins + [0.0] * losses)
    assert score_interval(wins, losses, wins + losses) == pytest.approx(share.interval, abs=2e-4)


@pytest.mark.parametrize(("wins", "losses", "ties"), [(5, 0, 0), (3, 9, 2), (0, 0, 20), (1, 0, 99)])
def test_the_other_side_has_what_is_left(wins: int, losses: int, ties: int) -> None:
    low, high = score_interval(wins, losses, wins + losses + ties)
    assert score_interval(losses, wins, wins + losses + ties) == pytest.approx((1 - high, 1 - low), abs=2e-4)
    assert low <= (wins + ties / 2) / (wins + losses + ties) <= high


@pytest.mark.parametrize(
    ("questions", "least"), [(6, 0.91), (10, 0.92), pytest.param(20, 0.94, marks=pytest.mark.thorough)]
)
def test_it_holds_the_truth_in_more_than_nine_of_ten_comparisons(questions: int, least: float) -> None:
    """Over all outcomes of so many questions, each with its chance: no draw is needed."""
    held = [_held(questions, tie, win) for tie in (0.0, 0.3, 0.6) for win in (0.5, 0.6, 0.7, 0.8, 0.9)]
    assert min(held) >= least
    assert sum(held) / len(held) >= 0.95


def _held(questions: int, tie: float, win: float) -> float:
    """Return the chance that the interval holds the true win rate; `win` is the share of A of what is no tie."""
    chances = ((1 - tie) * win, (1 - tie) * (1 - win), tie)
    truth = chances[0] + tie / 2
    return math.fsum(
        chance
        for counts, chance in _outcomes(questions, chances)
        if score_interval(counts[0], counts[1], questions)[0] - 1e-9
        <= truth
        <= score_interval(counts[0], counts[1], questions)[1] + 1e-9
    )


def _outcomes(questions: int, chances: tuple[float, float, float]) -> Iterator[tuple[tuple[int, int], float]]:
    for wins in range(questions + 1):
        for losses in range(questions - wins + 1):
            ties = questions - wins - losses
            ways = math.comb(questions, wins) * math.comb(questions - wins, losses)
            if chance := ways * chances[0] ** wins * chances[1] ** losses * chances[2] ** ties:
                yield (wins, losses), chance
