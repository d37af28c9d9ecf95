"""The binomial bound against values of scipy.stats.beta.ppf (1.17.1), and what it is good for."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.dataset.release.reviewed import Reviewed, agreement_in_words, percent_up, sentence
from selfinstruct.dataset.review.bounds import kappa, lower_bound, more_to_read, upper_bound

UPPER = [
    (0, 1, 0.95),
    (0, 10, 0.2588655508930522),
    (3, 10, 0.6066242161054123),
    (0, 58, 0.050339338330420105),
    (0, 59, 0.04950760988822693),
    (1, 59, 0.0778979215188183),
    (3, 100, 0.07571079374983004),
    (0, 300, 0.009936081944457708),
    (12, 1000, 0.019370199285059248),
    (500, 1000, 0.5264822687643087),
    (0, 52000, 5.7608576592103735e-05),
    (500, 52000, 0.010349565558275077),
    (51999, 52000, 0.9999990135909791),
]
"""(bad, seen, bound at 95 %)"""


@pytest.mark.parametrize(("bad", "seen", "bound"), UPPER)
def test_the_bound_is_that_of_clopper_and_pearson(bad: int, seen: int, bound: float) -> None:
    assert math.isclose(upper_bound(bad, seen), bound, rel_tol=1e-9)
    assert math.isclose(lower_bound(seen - bad, seen), 1 - bound, rel_tol=1e-7, abs_tol=1e-9)


@given(st.integers(1, 400).flatmap(lambda seen: st.tuples(st.integers(0, seen - 1), st.just(seen))))
def test_at_the_bound_so_few_bad_rows_are_seen_in_one_of_twenty_samples(counts: tuple[int, int]) -> None:
    bad, seen = counts
    share = upper_bound(bad, seen)
    tail = math.fsum(math.comb(seen, k) * share**k * (1 - share) ** (seen - k) for k in range(bad + 1))
    assert math.isclose(tail, 0.05, rel_tol=1e-6)


@given(st.integers(0, 12), st.integers(0, 300))
def test_so_many_more_rows_are_the_fewest_that_reach_the_bound(bad: int, extra: int) -> None:
    seen = bad + extra
    more = more_to_read(bad, seen)
    if seen + more:
        assert upper_bound(bad, seen + more) <= 0.05
    assert not more or seen + more - 1 == bad or upper_bound(bad, seen + more - 1) > 0.05


def test_a_bound_is_never_told_lower_than_it_is() -> None:
    assert percent_up(0.0495) == 5.0
    assert percent_up(0.050339) == 5.1
    assert percent_up(0.05) == 5.0


def test_a_reading_without_a_sample_gives_no_bound() -> None:
    read = Reviewed(rows=9, read=4, accepted=4, rejected=0, edited=0, sample=0, seen=0, bad=0, at_most=None, more=59)
    assert "no bound" in sentence(read)
    assert "给不出上限" in sentence(read, "zh")


def test_more_rows_than_there_are_cannot_be_bad() -> None:
    with pytest.raises(ValueError, match="4 of 3 rows"):
        upper_bound(4, 3)


@pytest.mark.parametrize(
    ("language", "value", "told"),
    [
        ("en", 0.5, "Ann and Bo both read 4 rows: Cohen's kappa 0.50"),
        ("en", None, "Ann and Bo both read 4 rows, and decided all of them alike"),
        ("zh", 0.5, "Ann、Bo 两人都读了 4 条，Cohen κ = 0.50"),
        ("zh", None, "Ann、Bo 两人都读了 4 条，每一条的决定都一样"),
    ],
)
def test_how_two_agree_is_said_also_where_kappa_says_nothing(language: str, value: float | None, told: str) -> None:
    read = Reviewed(rows=9, read=4, accepted=4, rejected=0, edited=0, sample=0, seen=0, bad=0, at_most=None, more=59)
    both = read.model_copy(update={"both": 4, "reviewers": ("Ann", "Bo"), "kappa": value})
    assert agreement_in_words(both, language) == told


def test_kappa_is_none_where_chance_would_always_agree() -> None:
    assert kappa([(False, False), (False, False)]) is None
    assert kappa([]) is None
    assert kappa([(True, False), (False, True)]) == -1.0
