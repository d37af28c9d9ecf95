"""Every kind of provable task, in both languages: what it draws is proved, survives JSON, breaks no rule; a broken answer is found."""

import json
import random
from typing import Literal

import pytest

from selfinstruct.quality.rules import all_broken
from selfinstruct.records import Candidate, LanguageCode
from selfinstruct.verifiers.kind import Draw, Row, Scene, Task
from selfinstruct.verifiers.registry import KINDS, fault_of

LANGUAGE_CODES: tuple[LanguageCode, ...] = ("en", "zh")
COMPLETE = sorted(name for name, kind in KINDS.items() if kind.part != "task" and kind.draw)


def drawn(name: str, language: LanguageCode, number: int, level: Literal[1, 2] = 1) -> Task:
    """Return a complete task; of a kind on passages on the example text of its scene."""
    kind = KINDS[name]
    draw = Draw(random.Random(f"{name}/{language}/{number}"), language, level)
    assert kind.draw
    made = kind.draw(draw)
    if isinstance(made, Scene):
        assert kind.build
        built = kind.build(draw, Scene(made.what, made.example[0], made.example), made.example[1])
        assert built is not None
        return built
    return made


def row(task: Task, language: LanguageCode, **changed: str) -> Row:
    """Return the row of a task as it comes back from a file."""
    fields = {"instruction": task.instruction, "input": task.input, "output": task.output} | changed
    return Row(language=language, arguments=json.loads(json.dumps(task.arguments)), **fields)


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize("language", LANGUAGE_CODES)
@pytest.mark.parametrize("name", COMPLETE)
def test_what_a_kind_draws_is_proved_and_breaks_no_rule(
    name: str, language: LanguageCode, level: Literal[1, 2]
) -> None:
    for number in range(40):
        task = drawn(name, language, number, level)
        assert fault_of(name, row(task, language)) == "", task
        assert all(part in task.instruction for part in task.kept), task
        fields = {"instruction": task.instruction, "input": task.input, "output": task.output}
        candidate = Candidate(language=language, index=0, position=0, **fields)
        assert all_broken(candidate) == [], task


@pytest.mark.parametrize("language", LANGUAGE_CODES)
@pytest.mark.parametrize("name", COMPLETE)
def test_a_broken_answer_is_found(name: str, language: LanguageCode) -> None:
    for number in range(20):
        task = drawn(name, language, number)
        rng = random.Random(number)
        place = rng.randrange(len(task.output))
        for output in (
            task.output[:place] + "#" + task.output[place:],
            task.output + " 7",
            "",
            task.output[: len(task.output) // 2],
        ):
            assert fault_of(name, row(task, language, output=output)), (task, output)
        if task.input:
            assert fault_of(name, row(task, language, input="", instruction="")), task


@pytest.mark.parametrize("name", sorted(KINDS))
def test_arguments_of_another_form_are_a_fault_and_raise_nothing(name: str) -> None:
    for arguments in ({}, {"most": None}, {"most": "x"}, {"bought": 3}, {"bought": [[1, 2]]}):
        assert isinstance(fault_of(name, Row("en", "Do it.", "", "Done.", arguments)), str)
    assert fault_of("no_such_kind", Row("en", "Do it.", "", "Done.", {}))


@pytest.mark.parametrize("language", LANGUAGE_CODES)
@pytest.mark.parametrize("name", COMPLETE)
def test_the_tasks_of_a_kind_differ(name: str, language: LanguageCode) -> None:
    texts = [f"{task.instruction}\n{task.input}" for task in (drawn(name, language, number) for number in range(12))]
    assert len(set(texts)) >= 6


@pytest.mark.parametrize("language", LANGUAGE_CODES)
@pytest.mark.parametrize("name", ["average", "date_after", "discount", "duration", "units"])
def test_another_number_in_the_question_is_found(name: str, language: LanguageCode) -> None:
    for number in range(10):
        task = drawn(name, language, number)
        assert fault_of(name, row(task, language, instruction=f"{task.instruction} 417")), task
