"""Every kind of condition, in both languages: answers that keep it are proved, answers that break it are found."""

import json
import random
from collections import Counter
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.language import LANGUAGES
from selfinstruct.quality.rules import INSTRUCTION_RULES
from selfinstruct.records import Candidate, LanguageCode
from selfinstruct.verifiers import constraints
from selfinstruct.verifiers.kind import Draw, Kind, Row, Task
from selfinstruct.verifiers.registry import fault_of
from tests.verifiers.constraint_cases_en import ENGLISH, Case
from tests.verifiers.constraint_cases_zh import CHINESE

_NAMES = sorted(
    path.stem for path in Path(constraints.__path__[0]).glob("*.py") if path.stem not in {"__init__", "condition"}
)
_TASKS: dict[LanguageCode, str] = {"en": "How should I look after an umbrella?", "zh": "雨伞平时应该怎么保养？"}
_TABLES: tuple[tuple[LanguageCode, tuple[Case, ...]], ...] = (("en", ENGLISH), ("zh", CHINESE))
_CASES = [
    (kind, language, arguments, answer, right)
    for language, table in _TABLES
    for kind, arguments, kept, broken in table
    for answers, right in ((kept, True), (broken, False))
    for answer in answers
]


def kind_of(name: str) -> Kind:
    kind = import_module(f"selfinstruct.verifiers.constraints.{name}").KIND
    assert isinstance(kind, Kind)
    assert kind.name == name
    return kind


@cache
def drawn(name: str, language: LanguageCode) -> tuple[Task, ...]:
    draw = kind_of(name).draw
    assert draw
    made = (draw(Draw(random.Random(number), language, 1 if number % 2 else 2)) for number in range(3000))
    return tuple(task for task in made if isinstance(task, Task))


def row(language: LanguageCode, condition: str, arguments: dict[str, Any], answer: str) -> Row:
    joint = " " if language == "en" else ""
    return Row(language, f"{_TASKS[language]}{joint}{condition}", "", answer, json.loads(json.dumps(arguments)))


def condition_of(name: str, language: LanguageCode, arguments: dict[str, Any]) -> str:
    return next(task.instruction for task in drawn(name, language) if task.arguments == arguments)


@pytest.mark.parametrize(("name", "language", "arguments", "answer", "right"), _CASES)
def test_an_answer_is_judged_rightly(
    name: str, language: LanguageCode, arguments: dict[str, Any], answer: str, right: bool
) -> None:
    fault = kind_of(name).fault(row(language, condition_of(name, language, arguments), arguments, answer))
    assert (fault == "") is right, fault


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", _NAMES)
def test_every_kind_has_its_cases_and_wordings(name: str, language: LanguageCode) -> None:
    cases = Counter(right for kind, of, _, _, right in _CASES if (kind, of) == (name, language))
    assert cases.total() >= 4
    assert set(cases) == {True, False}
    first = drawn(name, language)[0].arguments
    alike = {task.instruction for task in drawn(name, language) if set(task.arguments) == set(first)}
    assert len(alike) >= 5


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", _NAMES)
def test_a_condition_breaks_no_rule_and_survives_json(name: str, language: LanguageCode) -> None:
    for task in drawn(name, language)[:120]:
        assert json.loads(json.dumps(task.arguments)) == task.arguments
        assert task.instruction[-1] in '.!”"。»>]', task.instruction
        asked = row(language, task.instruction, task.arguments, "").instruction
        candidate = Candidate(language=language, index=0, position=0, instruction=asked, input="", output="")
        assert not [rule.__name__ for rule in INSTRUCTION_RULES if rule(candidate, LANGUAGES[language])], asked


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", _NAMES)
def test_a_row_without_the_condition_or_without_an_answer_is_at_fault(name: str, language: LanguageCode) -> None:
    kind = kind_of(name)
    kept = next(case for case in _CASES if case[0] == name and case[1] == language and case[4])
    assert kind.fault(row(language, "", kept[2], kept[3]))
    for task in drawn(name, language)[:40]:
        for empty in ("", " \n", "😊", "——"):
            assert kind.fault(row(language, task.instruction, task.arguments, empty)), (task, empty)
    others = [task for task in drawn(name, language) if task.arguments != kept[2]]
    assert all(kind.fault(row(language, task.instruction, kept[2], kept[3])) for task in others[:40])


@pytest.mark.parametrize(
    ("language", "task", "right"),
    [
        ("en", "Give three tips for the bus.", True),
        ("en", "Give four tips for the bus.", False),
        ("en", "Name 5 easy dishes.", False),
        ("en", "What can I do in ten minutes?", True),
        ("en", "Name some easy dishes.", True),
        ("zh", "给出三条坐公交的建议。", True),
        ("zh", "给出四条坐公交的建议。", False),
        ("zh", "说出5种水果。", False),
        ("zh", "三个月的宝宝怎么抱？", True),
        ("zh", "怎么写一封信？", True),
    ],
)
def test_a_task_that_names_another_number_of_its_own_is_at_fault(
    language: LanguageCode, task: str, right: bool
) -> None:
    arguments = {"items": 3}
    condition, answer = condition_of("items", language, arguments), "- a1\n- b2\n- c3"
    fault = kind_of("items").fault(Row(language, f"{task} {condition}", "", answer, arguments))
    assert (fault == "") is right, fault


def test_three_things_in_two_paragraphs_are_no_contradiction() -> None:
    arguments = {"paragraphs": 2}
    condition = condition_of("paragraphs", "en", arguments)
    for task, right in (("Name three fruits.", True), ("Write three paragraphs on tea.", False)):
        assert (
            kind_of("paragraphs").fault(Row("en", f"{task} {condition}", "", "One.\n\nTwo.", arguments)) == ""
        ) is right


def test_a_mark_that_the_condition_names_is_asked_for() -> None:
    dash = next(task for task in drawn("items", "en") if "-" in task.instruction)
    other = next(
        task for task in drawn("items", "en") if "-" not in task.instruction and task.arguments == dash.arguments
    )
    for mark, task, right in (("-", dash, True), ("*", dash, False), ("-", other, True), ("*", other, True)):
        answer = "\n".join(f"{mark} {number}a" for number in range(dash.arguments["items"]))
        assert (kind_of("items").fault(row("en", task.instruction, task.arguments, answer)) == "") is right


def test_a_condition_that_a_kind_of_task_cannot_bear_says_so() -> None:
    prose = {name for name in _NAMES if kind_of(name).needs == "prose"}
    assert {"sentences", "paragraphs", "heading", "question_end", "ends_with"} <= prose
    assert not prose & {"words_at_most", "keyword_absent", "json_object", "title"}


@pytest.mark.parametrize(
    ("language", "second"),
    [
        ("en", 'Use at most two words with the letter "w".'),
        ("en", 'No more than two words in your answer may contain the letter "w".'),
        ("zh", "写的时候请用上“小心”和“安静”这两个词。"),
    ],
)
def test_the_number_of_words_in_a_second_condition_is_no_other_number_of_items(
    language: LanguageCode, second: str
) -> None:
    condition = condition_of("items", language, {"items": 5})
    answer = "\n".join(f"- {one}" for one in "abcde")
    assert fault_of("items", row(language, f"{condition} {second}", {"items": 5}, answer)) == ""
    named = f"{condition} Name two birds." if language == "en" else f"{condition}说出两个鸟名。"
    assert fault_of("items", row(language, named, {"items": 5}, answer))
