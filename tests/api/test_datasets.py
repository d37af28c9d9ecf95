"""Files and rows through the library: the same findings, decisions and errors as by the command line."""

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pandas as pd
import pytest

import selfinstruct as si

Cli = Callable[..., CompletedProcess[str]]
ROWS = [
    {"instruction": "Name a river in France.", "input": "", "output": "The Loire."},
    {"instruction": "写一首关于春天的诗。", "input": "", "output": ""},
    {"instruction": "Name a river in France", "input": "", "output": "The Seine."},
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS), encoding="utf-8")
    return path


def test_validate_finds_the_same_in_a_file_in_rows_and_by_the_command(file: Path, selfinstruct: Cli) -> None:
    by_command = json.loads(selfinstruct("validate", file, "--json").stdout)
    of_file, of_rows = si.validate(file), si.validate(ROWS)
    assert of_file.document() == by_command
    assert [one.finding for one in of_rows.findings] == [one.finding for one in of_file.findings]
    assert (of_file.rows, of_file.errors, of_file.warnings) == (3, len(of_file.findings), 0)
    assert "empty_output" in {one.finding.rule for one in of_file.findings}


@pytest.mark.parametrize("disable", ["empty_output", ["empty_output"], {"zh": ["empty_output"]}])
def test_validate_without_a_rule(disable: Any) -> None:
    assert "empty_output" not in {one.finding.rule for one in si.validate(ROWS, disable=disable).findings}


def test_validate_refuses_a_rule_that_is_none_and_a_row_that_is_none() -> None:
    with pytest.raises(si.ConfigError, match="empty_outptu"):
        si.validate(ROWS, disable=["empty_outptu"])
    with pytest.raises(si.RecordError, match=r"rows\[1\]"):
        si.validate([ROWS[0], {"instruction": 3}])
    with pytest.raises(si.InputError, match="no such file"):
        si.validate("nowhere.jsonl")


def test_validate_takes_a_table_of_pandas_and_refuses_texts() -> None:
    found = si.validate(pd.DataFrame([*ROWS, {"instruction": "Name a lake.", "output": float("nan")}]))
    assert (found.rows, "empty_output" in {one.finding.rule for one in found.findings}) == (4, True)
    with pytest.raises(si.RecordError, match=r"rows\[0\]: is a str, not a row"):
        si.validate(["a text"])  # type: ignore[list-item]


def test_filter_file_counts_what_it_wrote(file: Path, tmp_path: Path) -> None:
    counts = si.filter_file(file, tmp_path / "kept.jsonl", tmp_path / "dropped.jsonl")
    assert counts[:4] == (3, 2, 1, 0)
    dropped = json.loads((tmp_path / "dropped.jsonl").read_text(encoding="utf-8"))
    assert (dropped["line"], dropped["nearest"]["line"], dropped["score"]) == (3, 1, 1.0)
    with pytest.raises(si.ConfigError, match="is the file of INPUT"):
        si.filter_file(file, file, tmp_path / "dropped.jsonl")


def test_one_path_alone_is_a_list_of_one(file: Path, tmp_path: Path) -> None:
    counts = si.filter_file(file, tmp_path / "kept.jsonl", tmp_path / "dropped.jsonl", pool=str(file))
    assert (counts.kept, counts.dropped) == (0, 3)
    with pytest.raises(si.ConfigError, match="did you mean `instruction`"):
        si.filter_file(file, tmp_path / "a.jsonl", tmp_path / "b.jsonl", by="instructions")  # type: ignore[arg-type]


def test_diff_and_its_renderings(file: Path, tmp_path: Path) -> None:
    head = tmp_path / "head.jsonl"
    head.write_text(file.read_text(encoding="utf-8").replace("Loire", "Rhône"), encoding="utf-8")
    found = si.diff(file, head, fail_on="changed>0")
    assert (found.counts["changed"], [gate.failed for gate in found.gates]) == (1, [True])
    assert "Rhône" in si.render(found)
    assert json.loads(si.render(found, "json"))["counts"] == found.counts
    assert all("Rhône" in si.render(found, name) for name in ("markdown", "html"))
    with pytest.raises(si.ConfigError, match="did you mean `markdown`"):
        si.render(found, "markdwn")


def test_repair_writes_another_file(file: Path, tmp_path: Path) -> None:
    file.write_text('{"instruction": "Name a colour. ", "input": "<noinput>", "output": "Blue"}\n', encoding="utf-8")
    done = si.repair(file, tmp_path / "repaired.jsonl")
    assert (done.rows, done.changed) == (1, 1)
    assert json.loads((tmp_path / "repaired.jsonl").read_text(encoding="utf-8"))["instruction"] == "Name a colour."


def test_seeds_that_ship_have_no_finding() -> None:
    assert [one["findings"] for one in si.check_seeds().values()] == [[], []]


def test_a_project_is_begun_once(tmp_path: Path) -> None:
    folder = si.init(tmp_path / "new")
    assert (folder / "selfinstruct.toml").is_file()
    with pytest.raises(si.InputError, match="is not empty"):
        si.init(folder)


@pytest.mark.parametrize("name", ["journal/000001.jsonl", "dataset/en.jsonl", "manifest.json", "provenance.jsonl"])
def test_no_file_of_a_run_is_written_over(file: Path, tmp_path: Path, name: str) -> None:
    for part in ("journal/000001.jsonl", "dataset/en.jsonl", "manifest.json", "provenance.jsonl"):
        (tmp_path / "run" / part).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "run" / part).write_text("{}", encoding="utf-8")
    target, other = tmp_path / "run" / name, tmp_path / "other.jsonl"
    writes: list[Callable[[], object]] = [
        lambda: si.report(file, target),
        lambda: si.repair(file, target),
        lambda: si.filter_file(file, target, other),
        lambda: si.filter_file(file, other, target),
    ]
    for write in writes:
        with pytest.raises(si.ConfigError, match="belongs to the run"):
            write()
    assert target.read_text(encoding="utf-8") == "{}"


def test_a_report_does_not_take_the_place_of_its_dataset(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(si.ConfigError, match="is the file of the dataset"):
        si.report(file, file)
    assert file.read_bytes() == before


def test_a_pipe_is_written_to_and_not_replaced(file: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as thread:
        read = thread.submit(pipe.read_bytes)
        si.filter_file(file, tmp_path / "kept.jsonl", pipe)
        assert b"near_duplicate" in read.result(20)
    assert pipe.is_fifo()
