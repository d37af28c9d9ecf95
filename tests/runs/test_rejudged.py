"""`generate` under other rules than the dataset was made with says before its first request what becomes of the rows that stand."""

import json
from contextlib import suppress
from pathlib import Path

import pytest

from selfinstruct.errors import CapReachedError
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.run import Observer, generate
from selfinstruct.runs.stopping import StopSignal
from tests.support.runs import MakeConfig, start
from tests.support.teacher_server import TeacherServer

CHANGED = "changed since the dataset was written"


def ids(run: Path) -> set[str]:
    return {json.loads(line)["id"] for line in (run / "provenance.jsonl").read_text(encoding="utf-8").splitlines()}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_threshold_that_was_changed_is_told_before_anything_is_asked(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, language: str
) -> None:
    run, threshold = tmp_path / "run", {"en": 0.7, "zh": 0.7}
    made = make_config("batch", target={language: 3}, filter__threshold=threshold)
    start(made, run)
    stood, asked = ids(run), len(server.requests)
    heard: list[tuple[str, int]] = []

    def say(line: str) -> None:
        heard.append((line, len(server.requests)))

    lower = {"filter__threshold": threshold | {language: 0.3}, "limits__max_fruitless": 2}
    other = make_config("batch", target={language: 3}, **lower)
    with suppress(CapReachedError):
        generate(other, RunDirectory(run), Observer(say, lambda *_: None), StopSignal())
    ((line, requests),) = [one for one in heard if CHANGED in one[0]]
    assert requests == asked
    stand = len(stood & ids(run))
    assert f"filter.threshold.{language} (was 0.7, is 0.3); of 3 rows {stand} stand" in line
    heard.clear()
    with suppress(CapReachedError):
        generate(other, RunDirectory(run), Observer(say, lambda *_: None), StopSignal())
    assert not any(CHANGED in line for line, _ in heard)


def test_a_target_that_was_changed_is_no_other_rule(make_config: MakeConfig, tmp_path: Path) -> None:
    said: list[str] = []
    start(make_config("batch"), tmp_path / "run")
    config = make_config("batch", target={"en": 4, "zh": 4})
    generate(config, RunDirectory(tmp_path / "run"), Observer(said.append, lambda *_: None), StopSignal())
    assert CHANGED not in "\n".join(said)
