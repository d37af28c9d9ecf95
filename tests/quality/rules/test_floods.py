"""No rule takes more than a second of processor time for 200 KB of anything."""

from functools import partial
from typing import Any

import pytest

from selfinstruct.language import LANGUAGES
from selfinstruct.quality.repair import defects, repair_text
from selfinstruct.quality.rules import DOUBTS, RULES
from selfinstruct.records import Candidate, LanguageCode
from tests.support.floods import UNITS, flood, slow

pytestmark = pytest.mark.bounds

EVERY = {**RULES, **{f"{name}, wider": rule for name, rule in DOUBTS.items()}}
TASKS: dict[LanguageCode, str] = {"en": "Add up the bill.", "zh": "请把这些账单加起来。"}


def candidate(language: LanguageCode, instruction: str, given: str, output: str) -> Candidate:
    texts: dict[str, Any] = {"instruction": instruction, "input": given, "output": output}
    return Candidate.model_construct(None, language=language, index=0, position=0, topic="", fault="", text="", **texts)


def test_there_are_at_least_sixty_floods() -> None:
    assert len(set(UNITS)) >= 60


@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_an_endless_answer_or_input_takes_no_time(unit: str) -> None:
    language: LanguageCode = "zh" if UNITS.index(unit) % 2 else "en"
    text = flood(unit)
    endless = candidate(language, TASKS[language], text, f"{text}x")
    assert slow({name: partial(rule, endless, LANGUAGES[language]) for name, rule in EVERY.items()}) == {}


@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_an_endless_instruction_takes_no_time(unit: str) -> None:
    language: LanguageCode = "en" if UNITS.index(unit) % 2 else "zh"
    endless = candidate(language, f"{flood(unit)}x", "", "5")
    assert slow({name: partial(rule, endless, LANGUAGES[language]) for name, rule in EVERY.items()}) == {}


@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_a_flood_is_repaired_without_delay(unit: str) -> None:
    text = f"{flood(unit)}x"
    work = {
        "output": lambda: repair_text(text, "output"),
        "input": lambda: repair_text(text, "input"),
        "defects": lambda: list(defects(text, "output")),
    }
    assert slow(work) == {}
