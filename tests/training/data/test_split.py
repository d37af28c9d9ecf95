import pytest

from selfinstruct.errors import InputError
from selfinstruct.training.data.split import validation_flags
from tests.support.models import toy_rows

pytestmark = pytest.mark.finetune


def test_what_the_dataset_holds_out_is_held_out() -> None:
    rows = toy_rows(10)
    chosen = {rows[0].id, rows[7].id, "of a row that was left out as too long"}
    assert [position for position, flag in enumerate(validation_flags(rows, 0.5, chosen)) if flag] == [0, 7]


def test_a_split_of_which_one_side_was_left_out_is_made_anew() -> None:
    rows = toy_rows(10)
    assert set(validation_flags(rows, 0.2, {row.id for row in rows})) == {True, False}
    assert set(validation_flags(rows, 0.2, {"of a row that was left out as too long"})) == {True, False}


def test_one_instruction_is_not_enough() -> None:
    with pytest.raises(InputError, match="1 different instruction"):
        validation_flags(toy_rows(2)[:1], 0.5)
