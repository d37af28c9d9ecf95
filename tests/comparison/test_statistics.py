"""The win rate says what was planted, and declares no winner where there is none."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.comparison.length_control import length_controlled
from selfinstruct.comparison.result import Decision
from selfinstruct.comparison.statistics import is_sure, more_questions, p_value, rate_of
from tests.support.decisions import by_length, decided, drawn, settled

WINS_AND_LOSSES = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))


@pytest.mark.thorough
@given(WINS_AND_LOSSES)
def test_the_counts_add_up_and_the_interval_holds_the_rate(counts: tuple[int, int, int]) -> None:
    kinds = (("first", "second"), ("second", "first"), ("tie", "tie"))
    rows = [decided("x", *kinds[at]) for at, count in enumerate(counts) for _ in range(count)]  # type: ignore[arg-type] # readings
    rate = rate_of(rows)
    assert (rate.a, rate.b, rate.tie) == counts
    if rows:
        assert rate.win_rate == round((counts[0] + counts[2] / 2) / len(rows), 4)
        assert rate.interval is not None
        assert rate.interval[0] <= rate.win_rate <= rate.interval[1]


def test_the_same_decisions_have_the_same_interval() -> None:
    rows = drawn(random.Random(1), 80, 0.6)
    assert rate_of(rows) == rate_of(rows)


def test_five_wins_of_five_are_no_proof() -> None:
    rate = rate_of([decided(str(number), "first", "second") for number in range(5)])
    assert rate.interval == (0.5655, 1.0)
    assert not is_sure(rate)
    six = rate_of([decided(str(number), "first", "second") for number in range(6)])
    assert (is_sure(six), six.interval) == (True, (0.6097, 1.0))


def test_what_cannot_be_read_widens_the_interval_and_is_not_dropped() -> None:
    rows = settled(random.Random(2), 100, 0.7)
    lost = [decided(str(number), "", "") for number in range(40)]
    sound, less = rate_of(rows), rate_of([*rows, *lost])
    assert less.questions == 140
    assert less.tie == 40
    assert sound.interval is not None
    assert less.interval is not None
    assert less.interval[1] - less.interval[0] > sound.interval[1] - sound.interval[0] + 0.2
    assert is_sure(sound)
    assert not is_sure(less)


@pytest.mark.parametrize(
    ("wins", "losses", "wanted"), [(0, 0, None), (1, 1, 1.0), (5, 0, 0.0625), (9, 1, 0.0215), (60, 40, 0.0569)]
)
def test_the_sign_test_is_exact(wins: int, losses: int, wanted: float | None) -> None:
    assert p_value(wins, losses) == p_value(losses, wins) == wanted


def test_a_large_sign_test_needs_no_more_than_its_logarithms() -> None:
    assert p_value(30_000, 20_000) == 0.0
    assert p_value(25_000, 25_000) == 1.0


@pytest.mark.thorough
@pytest.mark.parametrize("questions", [20, 160])
def test_of_200_comparisons_of_a_model_with_itself_at_most_5_per_cent_have_a_winner(questions: int) -> None:
    rng = random.Random(20260101)
    tossed = sum(is_sure(rate_of(drawn(rng, questions, 0.5))) for _ in range(200))
    agreed = sum(is_sure(rate_of(settled(rng, questions, 0.5))) for _ in range(200))
    assert max(tossed, agreed) <= 10


@pytest.mark.thorough
def test_a_60_per_cent_side_is_found_in_80_per_cent_of_comparisons_over_320_questions() -> None:
    rng = random.Random(20260102)
    assert sum(is_sure(rate_of(settled(rng, 320, 0.6))) for _ in range(200)) >= 160


@pytest.mark.thorough
@pytest.mark.parametrize("taste", [0.7, 0.85])
@pytest.mark.parametrize("longer_by", [0.0, 0.5, 1.0])
def test_length_control_takes_a_taste_for_length_out(taste: float, longer_by: float) -> None:
    """The planted effect is 0: raw, the longer side wins; at equal length nobody does.

    Where one side is longer in nine of ten answers by chance, nothing is said of equal length.
    """
    rng = random.Random(f"{taste} {longer_by}")
    rates, held = [], []
    for _ in range(20):
        found = length_controlled(by_length(rng, 160, longer_by, taste))
        if found.win_rate is None or found.interval is None:
            assert "nearly always the longer ones" in found.why_not
            continue
        rates.append(found.win_rate)
        held.append(found.interval[0] <= 0.5 <= found.interval[1])
    assert len(rates) >= 18
    assert abs(sum(rates) / len(rates) - 0.5) < 0.03
    assert sum(held) / len(held) >= 0.85


def test_where_the_longer_answer_always_wins_nothing_is_said_of_equal_length() -> None:
    found = length_controlled(by_length(random.Random(1), 160, 0.3, 1.0))
    assert found.win_rate is None
    assert "length and outcome are one thing" in found.why_not


@pytest.mark.parametrize("count", [6, 60])
def test_where_one_side_wins_everything_nothing_is_said_of_equal_length(count: int) -> None:
    rows = [decided(str(at), "first", "second", "a" * (10 + at % 7), "b" * 13) for at in range(count)]
    found = length_controlled(rows)
    assert found.win_rate is None
    assert ("it takes 20" if count == 6 else "one side wins nearly everything") in found.why_not


@pytest.mark.thorough
@pytest.mark.parametrize("questions", [20, 60])
@pytest.mark.parametrize("for_a", [0.6, 0.85])
def test_the_interval_at_equal_length_holds_the_truth_in_nine_of_ten_small_comparisons(
    questions: int, for_a: float
) -> None:
    """Length means nothing here, so that the rate at equal length is the share that was planted."""
    rng, said, held = random.Random(f"{questions} {for_a}"), 0, 0
    for _ in range(60):
        rows = [
            one.model_copy(update={"a": "a" * max(1, round(rng.gauss(100, 30)))})
            for one in settled(rng, questions, for_a)
        ]
        found = length_controlled([one.model_copy(update={"b": "b" * 100}) for one in rows])
        if found.interval:
            said += 1
            held += found.interval[0] <= for_a <= found.interval[1]
    assert held >= 0.9 * said
    assert said >= (10 if questions == 20 else 50)


@pytest.mark.thorough
def test_what_cannot_be_read_widens_the_interval_at_equal_length_too() -> None:
    rng = random.Random(5)
    rows = by_length(rng, 100, 0.2, 0.7)
    lost = [
        one.model_copy(update={"outcome": "tie", "low": 0.0, "high": 1.0}) if at % 5 == 0 else one
        for at, one in enumerate(rows)
    ]
    (low, high), (lower, higher) = (length_controlled(each).interval or (0.5, 0.5) for each in (rows, lost))
    assert higher - lower > high - low + 0.15


@pytest.mark.thorough
def test_a_missing_answer_counts_at_equal_length_as_in_the_raw_rate() -> None:
    rng = random.Random(6)
    rows = by_length(rng, 60, 0.2, 0.7)
    missing = [
        one.model_copy(update={"by": "missing", "a": None, "outcome": "B", "low": 0.0, "high": 0.0, "readings": ()})
        for one in rows[:40]
    ]
    whole, less = length_controlled(rows), length_controlled([*rows, *missing])
    assert (less.questions, less.missing) == (60, 40)
    assert less.win_rate == pytest.approx((whole.win_rate or 0) * 60 / 100, abs=1e-3)
    assert less.interval is not None
    assert less.interval[0] < (less.win_rate or 0) < less.interval[1] < 0.5


@pytest.mark.thorough
def test_the_raw_rate_of_the_same_comparison_is_far_from_even() -> None:
    rows = by_length(random.Random(3), 320, 1.0, 0.85)
    assert is_sure(rate_of(rows))
    assert (rate_of(rows).win_rate or 0) > 0.65


def test_where_one_side_is_always_longer_length_and_side_are_one_thing() -> None:
    rows = [decided(str(number), "first", "second", "long" * 50, "short") for number in range(40)]
    found = length_controlled(rows)
    assert found.win_rate is None
    assert found.longer == 1.0
    assert "A are nearly always the longer ones" in found.why_not


def split(wins: int, losses: int, ties: int = 0, lost: int = 0) -> list[Decision]:
    """Return decisions of which so many are won, lost, ties, and such that nothing in them can be read."""
    kinds = [("first", "second")] * wins + [("second", "first")] * losses + [("tie", "tie")] * ties + [("", "")] * lost
    return [decided(str(number), *kind) for number, kind in enumerate(kinds)]  # type: ignore[arg-type] # readings


def test_more_questions_are_wanted_the_closer_it_is() -> None:
    assert more_questions(split(90, 10)) == 0
    assert more_questions(split(1, 1)) is None
    assert (more_questions(split(51, 49)) or 0) > (more_questions(split(19, 11)) or 0) > 0


@pytest.mark.parametrize("wins", [2, 3, 4, 5])
def test_a_few_wins_of_as_many_take_what_the_sign_test_takes(wins: int) -> None:
    assert more_questions(split(wins, 0)) == 6 - wins


def test_no_number_of_questions_decides_what_the_unreadable_verdicts_could_turn() -> None:
    """They grow with the questions: 52 to 28 is sure by itself, and with 40 that could be either it never is."""
    assert more_questions(split(52, 28)) == 0
    assert more_questions(split(52, 28, lost=40)) is None


def test_what_unreadable_verdicts_cost_is_counted_in_more_questions() -> None:
    sound, dear = more_questions(split(30, 18, ties=12)), more_questions(split(30, 18, ties=6, lost=6))
    assert sound is not None
    assert dear is not None
    assert dear > 3 * sound > 0


@pytest.mark.parametrize(("wins", "losses", "lost"), [(30, 18, 6), (18, 30, 6), (26, 20, 0)])
def test_with_so_many_more_questions_of_the_same_it_is_decided(wins: int, losses: int, lost: int) -> None:
    rows = split(wins, losses, lost=lost)
    times = -(-(len(rows) + (more_questions(rows) or 0)) // len(rows))
    assert is_sure(rate_of(split(wins * times, losses * times, lost=lost * times)))
    assert not is_sure(rate_of(rows))
