"""What code says of an answer."""

from typing import Any

import pytest

from selfinstruct.comparison.checkers import fault, is_whole
from selfinstruct.comparison.question import Question
from selfinstruct.comparison.questions import shipped_questions
from selfinstruct.records import Check, LanguageCode
from tests.support.right_answers import RIGHT_ANSWERS


def said(
    kind: str, arguments: dict[str, Any], answer: str, language: LanguageCode = "en", instruction: str = "?"
) -> str:
    question = Question(
        id="x", language=language, instruction=instruction, checks=(Check(kind=kind, arguments=arguments),)
    )
    return fault(question, answer)


@pytest.mark.parametrize(
    ("value", "answer", "right"),
    [
        ("12", "12", True),
        ("12", "18 / 3 = 6, and 6 × 2 = 12.\nAnswer: 12", True),
        ("12", "答案：12", True),
        ("12", "答案：１２", True),
        ("1200", "That makes 1,200 dollars.", True),
        ("22.5", "Each pays $22.50.", True),
        ("0.5", "The answer is 1/2.", True),
        ("-3", "It is −3 degrees.", True),
        ("12", "The answer is **12**, since 5 + 7 = 12; not 13.", True),
        ("12", r"So \boxed{12} it is, after 3 steps", True),
        ("12", "Twelve.", True),
        ("7", "三加四等于7。", True),
        ("7", "3加4等于7。", True),
        ("7", "一共7个。", True),
        ("7", "约7.0", True),
        ("7", "七", True),
        ("7", "答案：七", True),
        ("8", "一共7个。", False),
        ("480172", "快递单号是480172", True),
        ("12", "Answer: 13", False),
        ("12", "At first 12, in the end 14", False),
        ("12", "", False),
        ("0.5", "Answer: 1/0", False),
    ],
)
def test_a_number(value: str, answer: str, right: bool) -> None:
    assert (said("number", {"value": value}, answer) == "") == right


@pytest.mark.parametrize(
    ("options", "right", "answer", "passes"),
    [
        (["positive", "negative"], "positive", "Positive.", True),
        (["positive", "negative"], "positive", "It is positive, not negative.\n\npositive", True),
        (["positive", "negative"], "positive", "negative", False),
        (["positive", "negative"], "positive", "positive or negative", False),
        (["urgent", "routine"], "urgent", "This is insurgent", False),
        (["能", "不能", "不一定"], "能", "能", True),
        (["能", "不能", "不一定"], "能", "不能", False),
        (["好评", "差评", "中评"], "差评", "“差评”。", True),
        (["A", "B", "C"], "B", "答案是B。", True),
        (["A", "B", "C"], "B", "选Ｂ", True),
        (["A", "B", "C"], "B", "B选项正确", True),
        (["A", "B", "C"], "B", "ABC", False),
    ],
)
def test_a_choice(options: list[str], right: str, answer: str, passes: bool) -> None:
    assert (said("choice", {"options": options, "answer": right}, answer) == "") == passes


@pytest.mark.parametrize(
    ("answer", "passes"),
    [
        ('{"name": "Julia", "guests": 6}', True),
        ('```json\n{"guests": 6, "name": " julia "}\n```', True),
        ('Here it is: {"name": "Julia", "guests": 6}', True),
        ('{"name": "Julia", "guests": "6"}', False),
        ('{"name": "Julia"}', False),
        ("name: Julia", False),
        ("[" * 100_000, False),
    ],
)
def test_a_json_value(answer: str, passes: bool) -> None:
    assert (said("json", {"value": {"name": "Julia", "guests": 6}}, answer) == "") == passes


@pytest.mark.parametrize(
    ("answer", "passes"),
    [
        ("Porto\nLyon", True),
        ("1. Porto\n2. Lyon\n", True),
        ("- Porto\n- Lyon.", True),
        ("Lyon\nPorto", False),
        ("Porto, Lyon", False),
    ],
)
def test_lines(answer: str, passes: bool) -> None:
    assert (said("lines", {"lines": ["Porto", "Lyon"]}, answer) == "") == passes


def test_lines_in_any_order() -> None:
    assert said("lines", {"lines": ["Porto", "Lyon"], "any_order": True}, "Lyon\nPorto") == ""


def test_a_condition_of_the_verifiers_leaves_open_how_good_the_text_is() -> None:
    asked = "Describe the sea. Do not use any commas."
    assert said("no_comma", {}, "It is wide and blue.", instruction=asked) == ""
    assert said("no_comma", {}, "It is wide, and blue.", instruction=asked) != ""
    assert not is_whole(Check(kind="no_comma"))
    assert is_whole(Check(kind="number", arguments={"value": "1"}))
    assert is_whole(Check(kind="discount"))


def test_every_check_of_a_shipped_question_has_an_answer_that_passes_it_and_one_that_does_not() -> None:
    checked = {one.id: one for one in shipped_questions() if one.checks and one.checks[0].kind != "asserts"}
    answers = {name: text for name, text in RIGHT_ANSWERS.items() if name in checked}
    assert set(answers) == set(checked)
    assert {name: said for name, text in answers.items() if (said := fault(checked[name], text))} == {}
    assert [name for name, one in checked.items() if not fault(one, "")] == []


@pytest.mark.thorough
def test_every_program_that_is_asked_for_can_be_written() -> None:
    checked = {one.id: one for one in shipped_questions() if one.checks and one.checks[0].kind == "asserts"}
    assert len(checked) == 16
    assert {name: said for name, one in checked.items() if (said := fault(one, RIGHT_ANSWERS[name]))} == {}
    assert [name for name, one in checked.items() if not fault(one, "def nothing(): pass")] == []
