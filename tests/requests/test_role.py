"""What a teacher says out of its role: as the author of a task, and as a user."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from selfinstruct.records import Candidate, LanguageCode, Recipe, Reply, Task
from selfinstruct.requests import Plan, Visible, compose, read
from tests.support.mixes import mixed_plan

TOLD: dict[LanguageCode, str] = {
    "en": "The lift stands still until Friday. Take the stairs, or ask the caretaker to carry what is heavy.",
    "zh": "电梯停用到周五。请走楼梯，重物由管理员帮忙搬运。",
}
PARENT: dict[LanguageCode, str] = {
    "en": "Tell the people of a house with forty flats how the old lift is mended, what they do in the mean time, and whom they call at night.",
    "zh": "给一栋四十户的楼写通知，说明旧电梯怎么修、这段时间住户该怎么办、夜里卡在两层之间该打给谁。",
}
NAMES = {"leaked_scaffold", "leaked_prompt", "self_reference", "refusal", "other_speaker"}


class Case(NamedTuple):
    kind: str
    language: LanguageCode
    recipe: Recipe
    text: str
    left: str
    told: str


def cases(kind: str) -> list[Case]:
    lines = Path(__file__).parents[1].joinpath("support", "role_texts.txt").read_text(encoding="utf-8").splitlines()
    found = (line.split("\t") for line in lines if line.startswith(f"{kind} "))
    return [_case(head, text.replace("\\n", "\n")) for head, text in found]


def _case(head: str, text: str) -> Case:
    kind, language, part = head.split()
    text, _, told = text.partition("||")
    text, _, left = text.partition("=>")
    code: LanguageCode = "en" if language == "en" else "zh"
    return Case(kind, code, "evolve" if part == "child" else "conversation", text, left or text, told or TOLD[code])


@cache
def plan_of(language: LanguageCode, recipe: Recipe) -> Plan:
    return mixed_plan(language, {recipe: 1.0})


def heard(case: Case) -> Candidate:
    parent = Task(id="p", instruction=PARENT[case.language], input="", output=case.told)
    plan = plan_of(case.language, case.recipe)._replace(parents=(parent,))
    (candidate,) = read(compose(plan, 0, case.recipe, Visible()), Reply(text=case.text))
    return candidate


def named(case: Case) -> str:
    return f"{case.language}-{case.text[:40]}"


@pytest.mark.parametrize("case", [*cases("good"), *cases("bare")], ids=named)
def test_what_a_task_or_a_user_says_stays_without_its_wrapper(case: Case) -> None:
    candidate = heard(case)
    assert (candidate.fault, candidate.instruction) == ("", case.left)


@pytest.mark.parametrize("case", cases("bad"), ids=named)
def test_what_no_task_and_no_user_says_has_a_name_or_is_taken_off(case: Case) -> None:
    candidate = heard(case)
    if candidate.instruction == case.text:
        assert candidate.fault in NAMES


def test_the_reason_has_the_words_that_were_found() -> None:
    said = heard(Case("bad", "en", "conversation", "You're welcome! Enjoy the party.", "", TOLD["en"]))
    assert (said.fault, said.lacks) == ("other_speaker", "answers, and asks nothing: you're welcome")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_who_was_asked_for_a_text_hands_it_over(language: LanguageCode) -> None:
    text = {"en": "Sure, here is the text: The lift is out.", "zh": "好的，以下是原文：电梯停用。"}[language]
    asks = {"en": "Could you paste the text?", "zh": "请把原文发给我。"}[language]
    assert heard(Case("bad", language, "conversation", text, text, TOLD[language])).fault == "other_speaker"
    assert not heard(Case("good", language, "conversation", text, text, asks)).fault
