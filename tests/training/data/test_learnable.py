"""Which rows the trainer teaches, and what is said of the others."""

from typing import Any

import pytest

from selfinstruct.errors import InputError
from selfinstruct.training.data.learnable import learnable
from tests.support.rich_rows import call, tool
from tests.support.rows import distinct

CHANGES: tuple[dict[str, Any], ...] = (
    {},
    {"tools": (tool("weather"),)},
    {"calls": (call("weather", {}),), "output": ""},
    {"output": " \n"},
    {"rejected": "No."},
    {"reasoning": "Hm."},
)
PLAIN, TOLD, CALLED, EMPTY, PAIR, THOUGHT = (
    row.model_copy(update=changes) for row, changes in zip(distinct(6), CHANGES, strict=True)
)


def test_rows_without_an_answer_are_left_out_and_counted_and_an_answer_may_be_a_call() -> None:
    said: list[str] = []
    kept = [PLAIN, TOLD, CALLED, PAIR, THOUGHT]
    assert learnable([PLAIN, TOLD, CALLED, EMPTY, PAIR, THOUGHT], said.append) == kept
    assert [text.split(" ")[0] for text in said] == ["preference", "1"]


def test_plain_rows_are_taken_without_a_word() -> None:
    said: list[str] = []
    assert (learnable([PLAIN], said.append), learnable([], said.append), said) == ([PLAIN], [], [])


def test_nothing_to_learn_is_an_error() -> None:
    with pytest.raises(InputError, match="no row has an answer"):
        learnable([EMPTY], lambda _: None)
