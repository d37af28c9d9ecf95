"""Check digits: numbers with a valid one are found, with any other one not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.language import LANGUAGES
from selfinstruct.quality.rules.identity import identity_number
from tests.support.rule_examples import RuleExample

BODIES = [f"1101081901031746{last}" for last in range(10, 32)]


def is_found(number: str) -> bool:
    row = RuleExample("zh", "写一份登记表。", "", f"号码：{number}").candidate()
    return bool(identity_number(row, LANGUAGES["zh"]))


def remainder(number: str) -> int:
    """Return the number modulo 11 as ISO 7064 (MOD 11-2) has it: each step doubles what stands before; X is ten."""
    total = 0
    for mark in number:
        total = (total * 2 + (10 if mark == "X" else int(mark))) % 11
    return total


@pytest.mark.parametrize("body", BODIES[:11])
def test_only_the_right_check_digit_makes_an_identity_number(body: str) -> None:
    number = body[:17]
    found = [mark for mark in "0123456789X" if is_found(number + mark)]

    assert found == [mark for mark in "0123456789X" if remainder(number + mark) == 1]
    assert len(found) == 1


def test_all_eleven_check_digits_occur() -> None:
    numbers = [f"1101081901031{serial}" + mark for serial in range(7460, 7490) for mark in "0123456789X"]

    assert {number[-1] for number in numbers if is_found(number)} == set("0123456789X")


@given(st.integers(10**14, 10**15 - 1))
def test_of_ten_numbers_that_differ_in_the_last_digit_one_is_a_card(body: int) -> None:
    number = "4" + str(body)[1:]
    found = [mark for mark in "0123456789" if is_found(number + mark)]

    assert len(found) <= 1
    assert found or len(set(number)) <= 3 or number.startswith(("4242", "4012", "4111", "4532"))


def test_a_date_that_is_none_makes_no_identity_number() -> None:
    assert not any(is_found("11010819010230746"[:17] + mark) for mark in "0123456789X")
