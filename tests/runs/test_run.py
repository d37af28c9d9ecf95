"""The whole run against a scripted teacher over HTTP: kills, resumption, replay, ledger, refusals."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from selfinstruct.errors import InputError, StorageError
from selfinstruct.journal import Journal
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.refilter import refilter
from selfinstruct.runs.run import Observer, generate
from selfinstruct.runs.stopping import StopSignal
from tests.support.runs import MakeConfig, digest, start
from tests.support.teacher_server import TeacherServer


@pytest.mark.parametrize("recipe", ["steered", "batch"])
def test_a_run_reaches_its_target_in_both_languages(make_config: MakeConfig, tmp_path: Path, recipe: str) -> None:
    manifest = start(make_config(recipe), tmp_path / "run")
    assert manifest["stop"] == "target reached"
    for language in ("en", "zh"):
        lines = (tmp_path / "run" / "dataset" / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        assert [list(row) for row in rows] == [["id", "language", "instruction", "input", "output"]] * 3
        assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
        assert {row["language"] for row in rows} == {language}


@pytest.mark.parametrize("recipe", ["steered", "batch"])
def test_the_ledger_adds_up(make_config: MakeConfig, tmp_path: Path, recipe: str) -> None:
    ledger = start(make_config(recipe), tmp_path / "run")["ledger"]
    for entry in ledger.values():
        assert entry["candidates"] == entry["accepted"] + sum(entry["rejected"].values()) + entry["pending"]
    assert ledger["total"]["candidates"] == ledger["en"]["candidates"] + ledger["zh"]["candidates"]
    rejected = (tmp_path / "run" / "rejected.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(rejected) == sum(ledger["total"]["rejected"].values())


@pytest.mark.parametrize("recipe", ["steered", "batch"])
def test_a_second_generate_and_a_filter_send_nothing_and_change_no_byte(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, recipe: str
) -> None:
    config = make_config(recipe)
    start(config, tmp_path / "run")
    before, sent = digest(tmp_path / "run"), len(server.requests)
    start(config, tmp_path / "run")
    server.close()
    refilter(config, RunDirectory(tmp_path / "run"))
    assert digest(tmp_path / "run") == before
    assert len(server.requests) == sent


def test_concurrency_does_not_change_a_byte(make_config: MakeConfig, tmp_path: Path) -> None:
    start(make_config(limits__concurrency=1), tmp_path / "one")
    start(make_config(limits__concurrency=16), tmp_path / "many")
    assert digest(tmp_path / "one") == digest(tmp_path / "many")


def test_a_held_request_becomes_a_rejected_candidate_and_damage_is_told(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    start(make_config(), folder)
    path = folder / "journal" / "000001.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    damaged = next(number for number, line in enumerate(lines) if b'"kind":"reply"' in line)
    slot = json.loads(lines[damaged])["slot"]
    lines[damaged] = lines[damaged].replace(b'"status":200', b'"status":500')
    path.write_bytes(b"".join(lines))
    with Journal(folder / "journal") as journal:
        assert journal.undecided == (slot,)
        asyncio.run(journal.withhold(slot))
    said: list[str] = []
    sent = len(server.requests)
    manifest = generate(make_config(), RunDirectory(folder), Observer(said.append, lambda *_: None), StopSignal())
    assert manifest["ledger"]["total"]["rejected"]["held"] == 1
    assert f"1 damaged record (first: 000001.jsonl, line {damaged + 1})" in "".join(said)
    resent = json.dumps([body["messages"] for body in server.requests[sent:]])
    held = next(one.request for one in Journal(folder / "journal", read_only=True).recorded() if one.kind == "held")
    assert json.dumps([message.model_dump() for message in held.messages])[1:-1] not in resent


@pytest.mark.thorough
def test_a_higher_target_goes_on_from_the_same_journal(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    start(make_config(), tmp_path / "run")
    sent = len(server.requests)
    start(make_config(target={"en": 5, "zh": 5}), tmp_path / "run")
    start(make_config(target={"en": 5, "zh": 5}), tmp_path / "at-once")
    assert len(server.requests) > sent
    assert digest(tmp_path / "run") == digest(tmp_path / "at-once")


def test_another_configuration_is_refused_and_fresh_sets_the_old_run_aside(
    make_config: MakeConfig, tmp_path: Path
) -> None:
    start(make_config(), tmp_path / "run")
    other = make_config(teacher__temperature=0.5)
    with pytest.raises(InputError, match=r"another configuration; changed: teacher\.temperature"):
        start(other, tmp_path / "run")
    start(other, tmp_path / "run", fresh=True)
    assert list(Journal(tmp_path / "run.1" / "journal", read_only=True).recorded())


def test_a_run_that_another_process_works_on_is_not_set_aside(make_config: MakeConfig, tmp_path: Path) -> None:
    start(make_config(), tmp_path / "run")
    with (
        Journal(tmp_path / "run" / "journal"),
        pytest.raises(StorageError, match="another selfinstruct process writes this run"),
    ):
        start(make_config(), tmp_path / "run", fresh=True)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["run"]


def test_a_dataset_that_came_without_its_journal_is_no_obstacle_to_a_fresh_run(
    make_config: MakeConfig, tmp_path: Path
) -> None:
    start(make_config(), tmp_path / "run")
    shutil.rmtree(tmp_path / "run" / "journal")
    assert start(make_config(teacher__temperature=0.5), tmp_path / "run", fresh=True)["stop"] == "target reached"


def test_limits_and_prices_may_change_within_a_run(make_config: MakeConfig, tmp_path: Path) -> None:
    start(make_config(), tmp_path / "run")
    start(make_config(limits__concurrency=2, teacher__price={"input": "9", "output": "9"}), tmp_path / "run")


def test_a_lower_threshold_is_applied_by_filter_without_a_request(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    start(make_config(), tmp_path / "run")
    sent = len(server.requests)
    manifest = refilter(make_config(filter__threshold=0.05), RunDirectory(tmp_path / "run"))
    assert manifest["ledger"]["total"]["rejected"]["near_duplicate"] > 0
    manifest = refilter(make_config(), RunDirectory(tmp_path / "run"))
    assert manifest["stop"] == "target reached"
    assert len(server.requests) == sent
