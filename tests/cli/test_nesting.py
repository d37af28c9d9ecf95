"""JSON or TOML nested without end, wherever it is read, is a message and never a traceback."""

import json
from pathlib import Path

import pytest

from tests.support.command import Cli, rows
from tests.support.edited_run import Case, MakeConfig

pytestmark = pytest.mark.bounds

DEEP = "[" * 100_000 + "]" * 100_000
ROW = {"id": "y", "instruction": "Name a lake.", "input": "", "output": "Como"}


@pytest.mark.parametrize(
    "verb",
    [
        ("validate", "in.jsonl"),
        ("validate", "in.json"),
        ("filter", "in.jsonl", "--output", "k.jsonl", "--rejected", "d.jsonl"),
        ("diff", "in.jsonl", "in.json"),
        ("seeds", "in.jsonl"),
        ("export", "--dataset", "in.jsonl", "--format", "alpaca", "--output", "out"),
        ("status", "--config", "deep.toml"),
        ("git", "merge-file", "in.jsonl", "row.jsonl", "row.jsonl", "en.jsonl"),
        ("git", "textconv", "in.jsonl"),
    ],
)
def test_a_file_that_is_nested_without_end(selfinstruct: Cli, tmp_path: Path, verb: tuple[str, ...]) -> None:
    deep = json.dumps(ROW)[:-1] + f', "more": {DEEP}}}'
    (tmp_path / "in.jsonl").write_text(deep + "\n", encoding="utf-8")
    (tmp_path / "in.json").write_text(f"[{deep}]", encoding="utf-8")
    (tmp_path / "deep.toml").write_text(f"a = {DEEP}", encoding="utf-8")
    rows(tmp_path / "row.jsonl", ROW)
    done = selfinstruct(*verb)
    assert "Traceback" not in done.stderr
    assert done.returncode == (0 if verb[0] == "git" else 2)  # git merges it line by line, and shows it as it is


@pytest.mark.parametrize("depth", range(900, 1_000, 9))
@pytest.mark.parametrize("verb", ["validate", "diff", "merge-file"])
def test_what_just_can_be_read_ends_in_no_traceback(selfinstruct: Cli, tmp_path: Path, verb: str, depth: int) -> None:
    row = json.dumps(ROW)[:-1] + f', "tools": {"[" * depth}1{"]" * depth}}}'
    (tmp_path / "in.jsonl").write_text(row + "\n", encoding="utf-8")
    options = {"diff": ["in.jsonl", "in.jsonl"], "validate": ["in.jsonl", "--fix", "--output", "fixed.jsonl"]}
    merge = ["git", verb, "in.jsonl", "in.jsonl", "in.jsonl", "en.jsonl"]
    done = selfinstruct(verb, *options[verb]) if verb in options else selfinstruct(*merge)
    assert ("Traceback" in done.stderr, done.returncode in {0, 1, 2}) == (False, True)


@pytest.mark.parametrize("name", ["manifest.json", "provenance.jsonl", "rejected.jsonl", "dataset/zh.jsonl"])
@pytest.mark.parametrize("verb", [("status",), ("report",), ("diff", "run", "run"), ("filter",), ("explain", "zh/0.0")])
def test_a_run_that_holds_it(
    selfinstruct: Cli, make_config: MakeConfig, tmp_path: Path, name: str, verb: tuple[str, ...]
) -> None:
    run = Case(make_config(), tmp_path / "run")
    (run.path / name).write_text(f'{{"id": {DEEP}}}\n', encoding="utf-8")
    done = selfinstruct(verb[0], "--run", "run", *verb[1:])
    assert ("Traceback" in done.stderr, done.returncode in {0, 1, 2}) == (False, True)
