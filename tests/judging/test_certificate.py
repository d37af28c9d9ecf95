"""What the certificate says of judges whose bias is known, each within its interval, and who passes."""

from collections.abc import Callable

import pytest

from selfinstruct.judging.certificate import certify
from selfinstruct.judging.intervals import Share
from tests.support import judges
from tests.support.certificates import certified
from tests.support.judges import Say, Shown


def holds(share: Share, value: float) -> bool:
    assert share.interval is not None
    return share.interval[0] <= value <= share.interval[1]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("say", "accuracy", "consistency", "padding", "first_place", "unreadable", "passes"),
    [
        (judges.perfect, 1.0, 1.0, 0.0, 0.5, 0.0, True),
        (judges.always_first, 0.5, 0.0, 0.5, 1.0, 0.0, False),
        (judges.coin(), 0.5, 0.5, 0.5, 0.5, 0.0, False),
        (judges.right_in(0.8), 0.8, 0.68, 0.2, 0.5, 0.0, True),
        (judges.refuses(0.2), 0.8, 1.0, 0.0, 0.5, 0.2, False),
    ],
    ids=["perfect", "always first", "coin", "right in 80 %", "refuses one in five"],
)
def test_a_known_bias_is_measured_within_its_interval(
    language: str,
    say: Say,
    accuracy: float,
    consistency: float,
    padding: float,
    first_place: float,
    unreadable: float,
    passes: bool,
) -> None:
    found = certified(say)
    total = found.languages[language].total  # type: ignore[index] # a code
    assert holds(total.accuracy, accuracy)
    assert holds(total.consistency, consistency)
    assert holds(total.padding, padding)
    assert holds(total.first_place, first_place)
    assert holds(total.unreadable, unreadable)
    assert (not found.languages[language].faults) == passes  # type: ignore[index] # a code


def test_a_judge_that_takes_the_longer_answer_is_seen_to_and_is_refused() -> None:
    found = certified(judges.longer)
    for one in found.languages.values():
        assert one.total.padding.share == 1.0
        assert holds(one.total.consistency, 1.0)
    assert not found.passed


def test_a_judge_that_always_says_tie_is_right_in_nothing() -> None:
    assert certified(lambda _: "tie").languages["en"].total.accuracy.share == 0.0


def test_a_judge_that_speaks_the_other_language_is_read_and_counted() -> None:
    def english(pair: Shown) -> str:
        said = judges.perfect(pair)
        return f'{{"reason": "It fits the question better.", "better": "{said}"}}'

    found = certified(english)
    assert found.passed
    assert found.languages["zh"].total.in_other_language == 124
    assert found.languages["en"].total.in_other_language == 0


def test_forced_is_said_only_of_a_judge_that_does_not_pass() -> None:
    assert certify("x", [], forced=True).forced is False


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("make", "accuracy", "consistency"), [(judges.coin, 0.5, 0.5), (lambda salt: judges.right_in(0.8, salt), 0.8, 0.68)]
)
def test_an_interval_of_95_per_cent_holds_the_truth_that_often(
    make: Callable[[str], Say], accuracy: float, consistency: float
) -> None:
    held = []
    for number in range(100):
        for one in certified(make(str(number))).languages.values():
            held += [
                holds(one.total.accuracy, accuracy),
                holds(one.total.consistency, consistency),
                holds(one.total.first_place, 0.5),
            ]
    assert sum(held) / len(held) >= 0.93
