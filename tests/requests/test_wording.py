"""Another wording of an instruction is used only where it says the same."""

import pytest

from selfinstruct.records import LanguageCode
from selfinstruct.requests.wording import reworded

COUNT = {
    "en": ("How many of these things cost less than $30? Name them too.", "cost less than $30"),
    "zh": ("下面价格低于30元的有几样东西？请都列出来。", "价格低于30元"),
}


@pytest.mark.parametrize(
    ("language", "other"),
    [
        ("en", "List the things that cost less than $30 and say how many there are."),
        ("zh", "请列出下面价格低于30元的东西，并说明一共有几样。"),
    ],
)
def test_a_wording_that_keeps_the_condition_is_used(language: LanguageCode, other: str) -> None:
    base, condition = COUNT[language]
    assert reworded(base, other, (condition,), language) == other


@pytest.mark.parametrize(
    ("language", "other"),
    [
        ("en", "List the things that cost less than $30 and how many cost more."),
        ("en", "Which of these things cost less than $30 in a month? Name them too."),
        ("en", 'How many of the things called "cheap" cost less than $30? Name them.'),
        ("en", "List the other things on the list that cost less than $30."),
        ("zh", "请列出下面价格低于30元和超过30元的东西。"),
        ("zh", "请列出下面一天里价格低于30元的东西，一共有几样？"),
        ("zh", "请列出下面价格低于30元的“便宜货”，一共有几样？"),
        ("zh", "请列出下面价格低于30元的东西以外的东西。"),
    ],
)
def test_a_wording_with_another_bound_unit_or_quotation_is_not(language: LanguageCode, other: str) -> None:
    base, condition = COUNT[language]
    assert reworded(base, other, (condition,), language) == ""


def test_a_question_for_a_length_of_time_is_not_one_for_hours() -> None:
    base = "How long is a shop open that opens at 9:10 and closes at 17:30?"
    assert reworded(base, "How long does a shop stay open that opens at 9:10 and closes at 17:30?", (), "en")
    assert reworded(base, "How many hours is a shop open that opens at 9:10 and closes at 17:30?", (), "en") == ""
