"""The verdict in words: what would decide it, and what the rate at equal length is of."""

from pathlib import Path
from typing import Any

import pytest

import selfinstruct as si
from selfinstruct.comparison.verdict import at_equal_length, no_winner
from tests.support.command import rows


@pytest.fixture
def found(tmp_path: Path) -> si.Comparison:
    asked = rows(tmp_path / "q.jsonl", {"id": "q1", "instruction": "Name a river."})
    sides = [rows(tmp_path / f"{name}.jsonl", {"id": "q1", "answer": name}) for name in "ab"]
    return si.compare(*sides, questions=asked, judge="none", output=tmp_path / "out", say=lambda _: None)


@pytest.mark.parametrize(
    ("more", "unreadable", "wins", "told"),
    [
        (1, 0.0, (5, 0), "; some 1 question more would decide it, if the rate stays what it is"),
        (2517, 0.0, (2, 3), "; some 2,517 questions more would decide it, if the rate stays what it is"),
        (None, 0.2, (44, 20), "; no number of questions would decide it while 20% of the verdicts cannot be read"),
        (None, 0.2, (20, 20), ""),
        (None, 0.0, (1, 1), ""),
    ],
)
def test_what_would_decide_it(
    found: si.Comparison, more: int | None, unreadable: float, wins: tuple[int, int], told: str
) -> None:
    total = found.total.model_copy(update={"a": wins[0], "b": wins[1]})
    one = found.model_copy(update={"more_questions": more, "unreadable": unreadable, "total": total})
    assert no_winner(one) == f"No winner: the interval holds 50 %, or too few questions were won{told}"


@pytest.mark.parametrize(
    ("held", "told"),
    [
        ({"missing": 8}, "; 8 questions without an answer of a side, which have no length, count as in the rate above"),
        ({}, ""),
    ],
)
def test_what_the_rate_at_equal_length_is_of(found: si.Comparison, held: dict[str, Any], told: str) -> None:
    said = {"win_rate": 0.4, "interval": (0.3, 0.5), "longer": 0.6, "why_not": "", **held}
    one = found.model_copy(update={"length_controlled": found.length_controlled.model_copy(update=said)})
    assert at_equal_length(one) == (
        f"At equal length A wins 40.0% (30.0% to 50.0%); its answers are the longer ones in 60%{told}"
    )


def test_why_there_is_none_at_equal_length(found: si.Comparison) -> None:
    assert at_equal_length(found) == (
        "No rate at equal length: 0 of the decided questions were answered by both sides, and it takes 20"
    )
