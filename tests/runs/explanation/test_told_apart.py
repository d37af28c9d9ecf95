"""The score that is shown is on the same side of the threshold as the one that was compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.cli.messages import in_chinese
from selfinstruct.rouge.score import f_measure
from selfinstruct.runs.explanation.checks import told_apart
from selfinstruct.runs.explanation.find import _unknown


@pytest.mark.parametrize(
    ("common", "left", "right", "shown"),
    [
        (7, 9, 11, "0.7000000000000001"),
        (7, 10, 10, "0.7000"),
        (8, 11, 11, "0.7273"),
        (70, 99, 101, "0.7000000000000001"),
    ],
)
def test_as_many_digits_are_shown_as_tell_a_score_from_the_threshold(
    common: int, left: int, right: int, shown: str
) -> None:
    assert told_apart(f_measure(common, left, right), 0.7) == shown


@given(st.integers(1, 200), st.integers(1, 200), st.data(), st.sampled_from([0.7, 0.5, 0.65, 1.0]))
def test_what_is_shown_is_above_the_threshold_only_if_the_score_is(
    left: int, right: int, data: st.DataObject, threshold: float
) -> None:
    found = f_measure(data.draw(st.integers(0, min(left, right))), left, right)
    shown = float(told_apart(found, threshold))
    assert (shown > threshold, shown == threshold) == (found > threshold, found == threshold)


@pytest.mark.parametrize(("ids", "told"), [(6, "begins 6 ids: a0, a1, a2, a3, a4, ...;"), (5, "a3, a4;")])
def test_that_more_ids_begin_so_than_are_listed_is_said(ids: int, told: str) -> None:
    text = _unknown("a", [f"a{number}" for number in range(ids)], [])
    assert told in text
    assert told.replace("begins 6 ids: ", "6 个 id 以它开头：").replace(", ", "、").rstrip(";") in in_chinese(
        text
    ).replace(", ", "、")
