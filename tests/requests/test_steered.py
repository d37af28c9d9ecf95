"""What a steered prompt shows: each example under a topic of its own, and after a word that it begins with."""

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.records import LanguageCode, Task
from selfinstruct.requests import Plan, Visible, compose
from selfinstruct.seeds.read import read_seeds, tasks_of
from tests.support.bootstraps import run
from tests.support.mixes import LANGUAGES, Recording, mixed_plan

FRAME = {"en": r"Topic: (.*)\. Start with: (.*)", "zh": r"主题：(.*)。开头用：(.*)"}
INSTRUCTIONS: dict[LanguageCode, tuple[str, ...]] = {
    "en": ("Whichever kettle boils first, say so.", "Kettles leak. List why.", "Between tea and cocoa, choose one."),
    "zh": ("把下面的句子改成被字句：雨打湿了书。", "用一句话说说秋天。", "“清风”和“微风”有什么不同？"),
}


def shown(plan: Plan, index: int, visible: Visible = Visible()) -> list[tuple[str, str, str]]:  # noqa: B008 - it is immutable
    """Return (topic, first word, instruction) of each example in a request."""
    messages = compose(plan, index, "steered", visible).messages[1:-1]
    frames = [re.fullmatch(FRAME[plan.language], message.content) for message in messages[::2]]
    pairs = zip(frames, messages[1::2], strict=True)
    return [(frame[1], frame[2], message.content) for frame, message in pairs if frame]


def own_seeds(folder: Path, language: LanguageCode, **fields: Any) -> tuple[Task, ...]:
    """Return seeds of a user, without a topic unless `fields` names one."""
    lines = [
        {"id": f"s{number}", "name": "kettle", "instruction": text, "instances": [{"output": "Yes."}]} | fields
        for number, text in enumerate(INSTRUCTIONS[language])
    ]
    path = folder / f"{language}.jsonl"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return tasks_of(read_seeds(path).seeds, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_of_another_recipe_is_no_example_of_a_topic(language: LanguageCode) -> None:
    plan = mixed_plan(language, {"batch": 0.5, "steered": 0.5})
    bare = [Task(id=f"b{n}", instruction=f"{INSTRUCTIONS[language][0]} {n}", output="x") for n in range(9)]
    of_passage = [one.model_copy(update={"id": f"d{n}", "topic": "mill.txt#1"}) for n, one in enumerate(bare)]
    rows = [*bare, *of_passage]
    own = [Task(id=f"o{n}", instruction=f"Own {n}", output="x", topic=f"own {n}", plain=True) for n in range(3)]
    for index in range(20):
        found = {text for _, _, text in shown(plan, index, Visible([*rows, *own]))}
        assert found.isdisjoint(row.instruction for row in rows)
        assert not found.isdisjoint(row.instruction for row in own)


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_of_batch_stay_out_of_the_steered_prompts_of_a_mix(language: LanguageCode) -> None:
    asked = Recording()
    plan = mixed_plan(language, {"batch": 0.7, "steered": 0.3}, target=40)
    bootstrap = run(plan, asked, 4, random.Random(1))
    recipes = {
        row.id: verdict.candidate.recipe
        for row, verdict in zip(bootstrap.rows, (one for one in bootstrap.verdicts if one.accepted), strict=True)
    }
    steered = [request for request, _ in asked.heard if request.step == "instruction"]
    assert {recipes[name] for request in steered for name in request.shown if name in recipes} == {"steered"}


@pytest.mark.parametrize(
    ("language", "fields", "topic"),
    [
        ("en", {"category": "open_qa"}, "open qa"),
        ("zh", {"category": "mathematics"}, "数学"),
        ("zh", {"category": "谜语"}, "谜语"),
        ("zh", {"category": "riddles", "topic": "Python"}, "Python"),
    ],
)
def test_a_seed_without_a_topic_stands_under_its_category_in_its_language(
    tmp_path: Path, language: LanguageCode, fields: dict[str, str], topic: str
) -> None:
    plan = mixed_plan(language)._replace(seeds=own_seeds(tmp_path, language, **fields))
    assert {found for found, _, _ in shown(plan, 0)} == {topic}


def test_a_chinese_seed_whose_category_is_no_chinese_word_is_not_shown(tmp_path: Path) -> None:
    plan = mixed_plan("zh")._replace(seeds=own_seeds(tmp_path, "zh", category="riddles"))
    assert shown(plan, 0) == []


def test_a_small_teacher_reads_no_empty_topic(tmp_path: Path) -> None:
    plan = mixed_plan("zh", kind="embedded")._replace(seeds=own_seeds(tmp_path, "zh", category="riddles"))
    messages = compose(plan, 0, "steered").messages
    assert [message for message in messages if message.content.startswith("话题：riddles。")]
    assert not [message for message in messages if "话题：。" in message.content]


@pytest.mark.parametrize(
    ("language", "words"), [("en", {"Whichever", "Kettles", "Between"}), ("zh", {"把", "用", "清风"})]
)
def test_an_example_begins_with_a_whole_word(tmp_path: Path, language: LanguageCode, words: set[str]) -> None:
    plan = mixed_plan(language)._replace(seeds=own_seeds(tmp_path, language, topic="x"))
    assert {word for _, word, _ in shown(plan, 0)} == words
