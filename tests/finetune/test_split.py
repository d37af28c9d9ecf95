import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfinstruct.errors import InputError
from selfinstruct.finetune.split import held_out, instruction_key
from selfinstruct.records import Row

from .conftest import make_row, toy_rows

pytestmark = pytest.mark.finetune

some_rows = st.lists(
    st.builds(make_row, st.sampled_from(["en", "zh"]), st.text(min_size=1, max_size=3), st.just("answer")),
    min_size=2,
    max_size=40,
).filter(lambda rows: len({instruction_key(row.instruction) for row in rows}) > 1)
shares = st.floats(0.01, 0.99)


def held_ids(rows: list[Row], share: float) -> set[str]:
    return {row.id for row, held in zip(rows, held_out(rows, share), strict=True) if held}


@settings(deadline=None)
@given(some_rows, shares)
def test_there_is_always_a_row_to_learn_and_a_row_to_measure(rows: list[Row], share: float) -> None:
    assert set(held_out(rows, share)) == {True, False}


@settings(deadline=None)
@given(some_rows, shares)
def test_no_instruction_stands_on_both_sides(rows: list[Row], share: float) -> None:
    sides: dict[str, set[bool]] = {}
    for row, held in zip(rows, held_out(rows, share), strict=True):
        sides.setdefault(instruction_key(row.instruction), set()).add(held)
    assert all(len(side) == 1 for side in sides.values())


@settings(deadline=None)
@given(some_rows, shares, st.randoms())
def test_the_order_of_the_rows_does_not_matter(rows: list[Row], share: float, rng: object) -> None:
    shuffled = list(rows)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    assert held_ids(shuffled, share) == held_ids(rows, share)


def test_adding_rows_moves_none_of_the_others() -> None:
    few, many = toy_rows(100), toy_rows(400)
    assert held_ids(few, 0.2) == held_ids(many, 0.2) & {row.id for row in few}


def test_the_share_is_about_what_was_asked() -> None:
    rows = toy_rows(1000)
    assert len(held_ids(rows, 0.2)) == pytest.approx(200, abs=40)


def test_both_languages_are_held_out_and_trained_when_each_has_two_instructions() -> None:
    rows = toy_rows(4)
    for share in (0.001, 0.999):
        flags = held_out(rows, share)
        for language in ("en", "zh"):
            assert {held for row, held in zip(rows, flags, strict=True) if row.language == language} == {True, False}


def test_instructions_that_differ_only_in_width_case_or_space_are_one() -> None:
    rows = [
        make_row("en", "Name a  CAT", "Tom"),
        make_row("en", "name a cat", "Kit"),
        make_row("en", "Ｎame a cat", "Ivy"),
    ]
    with pytest.raises(InputError, match="1 different instruction"):
        held_out(rows, 0.5)
