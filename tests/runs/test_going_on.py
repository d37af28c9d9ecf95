"""Runs of the recipes `evolve` and `conversation`: interrupted, resumed and written again they end in the same bytes, and everything adds up."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.dedup.contamination import EvaluationExample, EvaluationSets
from selfinstruct.errors import ConfigError, InputError
from selfinstruct.journal import Journal
from selfinstruct.records import Candidate, row_id
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.refilter import refilter
from selfinstruct.runs.run import Observer, generate
from selfinstruct.runs.stopping import StopSignal
from selfinstruct.system.files import bundled
from tests.support.mixes import LANGUAGES, dataset_rows, lines_of
from tests.support.runs import MakeConfig, digest, start, start_and_interrupt
from tests.support.teacher_server import TeacherServer

MIX = {"steered": 0.4, "evolve": 0.3, "conversation": 0.3}


def file_of_parents(folder: Path, languages: tuple[str, ...] = ("en", "zh")) -> Path:
    rows = {
        "en": {"instruction": "Name a fruit with a stone.", "input": "", "output": "A plum has a stone."},
        "zh": {"instruction": "说出一种有核的水果。", "input": "", "output": "李子有核。"},
    }
    path = folder / "parents.jsonl"
    path.write_text("".join(json.dumps(rows[one], ensure_ascii=False) + "\n" for one in languages), encoding="utf-8")
    return path


@pytest.mark.thorough
def test_rows_are_evolved_and_go_on_and_say_from_which(make_config: MakeConfig, tmp_path: Path) -> None:
    manifest = start(make_config("auto", generate__mix=MIX, target={"en": 14, "zh": 14}), tmp_path / "run")
    rows = {row["id"]: row for row in dataset_rows(tmp_path / "run")}
    lines = lines_of(tmp_path / "run" / "provenance.jsonl")
    for language in LANGUAGES:
        ledger = manifest["ledger"][language]
        assert ledger["candidates"] == ledger["accepted"] + sum(ledger["rejected"].values()) + ledger["pending"]
        made = Counter(line["recipe"] for line in lines if line["language"] == language)
        assert min(made[recipe] for recipe in MIX) >= 3
    for line in lines:
        row = rows[line["id"]]
        assert row.get("source", {}).get("parent") == line.get("parent")
        assert ("history" in row) == (line["recipe"] == "conversation") == ("persona" in line)
        system, history = row.get("system", ""), row.get("history", ())
        assert row["id"] == row_id(row["language"], row["instruction"], row["input"], system, history)
    refilter(make_config("auto", generate__mix=MIX, target={"en": 14, "zh": 14}), RunDirectory(tmp_path / "run"))
    assert {row["id"]: row for row in dataset_rows(tmp_path / "run")} == rows


def test_rows_of_a_file_go_on_each_in_its_turn(make_config: MakeConfig, tmp_path: Path) -> None:
    settings = {"generate__recipe": "conversation", "generate__parents": str(file_of_parents(tmp_path))}
    start(make_config(**settings, target={"en": 3, "zh": 3}), tmp_path / "run")
    first = {row["language"]: row["history"][0][0] for row in dataset_rows(tmp_path / "run")}
    assert first == {"en": "Name a fruit with a stone.", "zh": "说出一种有核的水果。"}


def test_an_evolved_row_is_confirmed_where_that_is_asked_for(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    settings = {"generate__recipe": "evolve", "generate__parents": str(file_of_parents(tmp_path))}
    start(make_config(**settings, generate__confirm=True, target={"en": 1, "zh": 1}), tmp_path / "run")
    assert {row["language"] for row in dataset_rows(tmp_path / "run")} == {"en", "zh"}
    assert sum(body.get("logprobs", False) for body in server.requests) >= 2


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"generate__recipe": "evolve", "languages": ("en",)}, "holds no row in the language `zh`"),
        ({"generate__recipe": "conversation", "languages": ()}, "holds no row in the language `en`"),
        (
            {"generate__recipe": "steered", "languages": ("en", "zh")},
            "of use to the recipes `evolve` and `conversation` alone",
        ),
    ],
)
def test_parents_that_are_of_no_use_are_named(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, settings: dict[str, Any], said: str
) -> None:
    parents = file_of_parents(tmp_path, settings.pop("languages"))
    with pytest.raises(ConfigError, match=said):
        start(make_config(**settings, generate__parents=str(parents)), tmp_path / "run")
    assert not server.requests


def test_a_run_does_not_go_on_from_other_parents(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    parents = file_of_parents(tmp_path)
    settings = {"generate__recipe": "conversation", "generate__parents": str(parents)}
    start(make_config(**settings, target={"en": 1, "zh": 1}), tmp_path / "run")
    asked = len(server.requests)
    parents.write_text(parents.read_text(encoding="utf-8").replace("李子有核。", "桃子有核。"), encoding="utf-8")
    with pytest.raises(InputError, match="changed: parents"):
        start(make_config(**settings, target={"en": 2, "zh": 2}), tmp_path / "run")
    assert len(server.requests) == asked


def test_a_place_of_parents_that_is_not_there_is_named(make_config: MakeConfig, tmp_path: Path) -> None:
    config = make_config(generate__recipe="evolve", generate__parents=str(tmp_path / "none.jsonl"))
    with pytest.raises(ConfigError, match=r"none\.jsonl: no such file or folder"):
        start(config, tmp_path / "run")


@pytest.mark.thorough
@pytest.mark.parametrize("recipe", ["evolve", "conversation"])
def test_nothing_starts_from_rows_that_an_evaluation_set_holds(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, recipe: str
) -> None:
    parents, exam = file_of_parents(tmp_path), tmp_path / "exam.jsonl"
    other = {"instruction": "Name a tool that cuts wood.", "input": "", "output": "A saw cuts wood."}
    talk = other | {"instruction": "And one more?", "history": [["Which nut grows on hazels?", "The hazelnut."]]}
    with parents.open("a", encoding="utf-8") as file:
        file.write(json.dumps(other) + "\n" + json.dumps(talk) + "\n")
    asked = [
        {"instruction": text, "output": "."} for text in ("Name a fruit with a stone!", "Which nut grows on hazels?")
    ]
    exam.write_text("".join(json.dumps(one) + "\n" for one in asked), encoding="utf-8")
    held_out = {"generate__parents": str(parents), "filter__held_out": [str(exam)]}
    config = make_config(generate__recipe=recipe, target={"en": 2, "zh": 1}, **held_out)
    said: list[str] = []
    generate(config, RunDirectory(tmp_path / "run"), Observer(said.append, lambda *_: None), StopSignal())
    assert not any("fruit with a stone" in json.dumps(body) for body in server.requests)
    assert not any("grows on hazels" in json.dumps(body) for body in server.requests)
    assert any("2 of 4 rows repeat an evaluation set, and nothing starts from them" in line for line in said)
    assert {line["parent"] for line in lines_of(tmp_path / "run/provenance.jsonl") if line["language"] == "en"}


def test_a_language_all_of_whose_rows_an_evaluation_set_holds_is_named(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    parents, exam = file_of_parents(tmp_path), tmp_path / "exam.jsonl"
    exam.write_text(
        json.dumps({"instruction": "说出一种有核的水果！", "output": "。"}, ensure_ascii=False), encoding="utf-8"
    )
    held_out = {"generate__parents": str(parents), "filter__held_out": [str(exam)]}
    with pytest.raises(ConfigError, match="in the language `zh` no other is left"):
        start(make_config(generate__recipe="evolve", **held_out), tmp_path / "run")
    assert not server.requests


def test_a_conversation_whose_earlier_turn_an_evaluation_set_holds_is_no_row() -> None:
    exam = EvaluationSets([EvaluationExample("exam.jsonl", 1, "zh", "说出一种有核的水果。", "", "李子。")])
    talk = Candidate(language="zh", index=0, position=0, instruction="那桃子呢？", output="也有核。")
    assert exam.find(talk, 0.7) is None
    match = exam.find(talk.model_copy(update={"history": (("说出一种有核的水果！", "李子有核。"),)}), 0.7)
    assert match
    assert match.how == "exact"


@pytest.mark.thorough
@pytest.mark.parametrize("recipe", ["evolve", "conversation"])
def test_interrupted_again_and_again_and_resumed_it_ends_in_the_same_bytes(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, recipe: str
) -> None:
    config = make_config(generate__recipe=recipe, target={"en": 20, "zh": 20})
    whole = start(config, tmp_path / "whole")
    for _ in range(8):
        start_and_interrupt(config, tmp_path / "cut", server, 5)
    resumed = start(config, tmp_path / "cut")
    assert digest(tmp_path / "cut") == digest(tmp_path / "whole")
    assert resumed["ledger"] == whole["ledger"]
    with Journal(tmp_path / "cut" / "journal", read_only=True) as journal:
        slots = [one.request.slot for one in journal.recorded()]
    assert len(slots) == len(set(slots))


def test_seeds_that_an_evaluation_set_holds_are_named(make_config: MakeConfig, tmp_path: Path) -> None:
    seeds = [json.loads(line) for line in bundled("seed_tasks/zh.jsonl").read_text(encoding="utf-8").splitlines()]
    exam = tmp_path / "exam.jsonl"
    asked = [{"instruction": one["instruction"], "output": "。"} for one in seeds if not one["instances"][0]["input"]][
        :1
    ]
    exam.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in asked), encoding="utf-8")
    config = make_config(filter__held_out=[str(exam)])
    said: list[str] = []
    generate(config, RunDirectory(tmp_path / "run"), Observer(said.append, lambda *_: None), StopSignal())
    (told,) = [line for line in said if "repeat an evaluation set" in line]
    assert "zh.jsonl: of " in told
    assert " seeds 1 repeat" in told
    assert "1.000 to the question of" in told
