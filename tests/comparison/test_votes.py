"""How far a person and the judge agree."""

import pytest

from selfinstruct.comparison.votes import agreement
from tests.support.decisions import decided

WON = [
    decided("1", "first", "second"),
    decided("2", "second", "first"),
    decided("3", "tie", "tie"),
    decided("4", "first", "second"),
]


@pytest.mark.parametrize(
    ("votes", "agree", "kappa"),
    [
        ({"1": "A", "2": "B", "3": "tie", "4": "A"}, 4, 1.0),
        ({"1": "A", "2": "A", "3": "A", "4": "A"}, 2, 0.0),
        ({"1": "B", "2": "A", "3": "A", "4": "B"}, 0, -0.6),
        ({"1": "A", "4": "A"}, 2, None),
        ({}, 0, None),
    ],
)
def test_kappa_is_agreement_beyond_chance(votes: dict[str, str], agree: int, kappa: float | None) -> None:
    found = agreement(WON, votes)
    assert (found["agree"], found["questions"], found["kappa"]) == (agree, len(votes), kappa)


def test_votes_on_questions_that_checks_decided_are_not_compared_with_the_judge() -> None:
    checked = WON[0].model_copy(update={"by": "check"})
    assert agreement([checked], {"1": "A"})["questions"] == 0
