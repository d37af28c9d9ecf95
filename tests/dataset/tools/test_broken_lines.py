"""Lines that are no rows: all of them named at once, one row explained in spite of them, and one too large set aside."""

import json
from pathlib import Path

import pytest

from selfinstruct.api.datasets import explain_row, filter_file, validate
from selfinstruct.errors import RecordError
from selfinstruct.system.limits import reading_limits
from tests.support.command import Cli

SOUND = [
    {"instruction": "Name a river in France.", "input": "", "output": "The Loire."},
    {"instruction": "说出三种水果。", "input": "", "output": "苹果、梨、桃。"},
]


def _file(path: Path, *broken: str) -> Path:
    first, second = (json.dumps(row, ensure_ascii=False) for row in SOUND)
    path.write_text("\n".join([first, *broken, second]) + "\n", encoding="utf-8")
    return path


def test_validate_names_every_line_that_is_no_row_and_what_sorts_them_out(tmp_path: Path) -> None:
    path = _file(tmp_path / "x.jsonl", "{broken", '{"instruction": "说出一条河。"}', "[1, 2]")
    with pytest.raises(RecordError) as told:
        validate(path)
    said = str(told.value).splitlines()
    assert [line.split(": ")[0] for line in said[:3]] == [f"{path}:{number}" for number in (2, 3, 4)]
    assert f"`selfinstruct filter {path} --fix --rules --output KEPT --rejected DROPPED`" in said[3]


def test_filter_names_every_line_that_is_no_row_and_what_sorts_them_out(tmp_path: Path) -> None:
    path = _file(tmp_path / "x.jsonl", "{broken", '{"instruction": "说出一条河。"}', "[1, 2]")
    with pytest.raises(RecordError) as told:
        filter_file(path, tmp_path / "kept.jsonl", tmp_path / "dropped.jsonl")
    said = str(told.value).splitlines()
    assert [line.split(": ")[0] for line in said[:2]] == [f"{path}:{number}" for number in (2, 4)]
    assert f"`selfinstruct filter {path} --fix --rules --output KEPT --rejected DROPPED`" in said[2]


def test_of_very_many_ten_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    path = _file(tmp_path / "x.jsonl", *["{broken"] * 30)
    with pytest.raises(RecordError) as told:
        validate(path)
    said = str(told.value).splitlines()
    assert len(said) == 12
    assert said[10] == "and 20 more lines"


def test_a_row_is_explained_in_spite_of_another_line_that_is_none(tmp_path: Path) -> None:
    path = _file(tmp_path / "x.jsonl", "{broken")
    assert explain_row(path, 3).fields[0].text == SOUND[1]["instruction"]
    with pytest.raises(RecordError, match=r"x\.jsonl:2: not JSON"):
        explain_row(path, 2)


@pytest.mark.parametrize("end", ["", "\n\n"])
@pytest.mark.parametrize("size", [3_000, 700_000])
def test_a_row_above_the_limit_is_set_aside_and_the_others_stay(
    selfinstruct: Cli, tmp_path: Path, size: int, end: str
) -> None:
    large = json.dumps({"instruction": "Say it.", "input": "", "output": "说" * size}, ensure_ascii=False)
    path = _file(tmp_path / "x.jsonl", large)
    path.write_text(path.read_text("utf-8") + large + end, encoding="utf-8")
    options = ("--output", "kept.jsonl", "--rejected", "dropped.jsonl", "--max-row-bytes", "2000")
    done = selfinstruct("filter", path, "--fix", "--rules", *options)
    assert done.returncode == 0, done.stderr
    kept = [json.loads(line)["instruction"] for line in (tmp_path / "kept.jsonl").read_text("utf-8").splitlines()]
    assert kept == [row["instruction"] for row in SOUND]
    dropped = [json.loads(line) for line in (tmp_path / "dropped.jsonl").read_text("utf-8").splitlines()]
    assert [(one["line"], one["rule"]) for one in dropped] == [(2, "too_large"), (4, "too_large")]
    assert f"a row of {len(large.encode()):,} bytes, more than 2,000" in dropped[0]["detail"]
    assert large.startswith(dropped[0]["text"])


def test_without_repair_a_row_above_the_limit_is_an_error(tmp_path: Path) -> None:
    path = _file(tmp_path / "x.jsonl", "x" * 3_000)
    with reading_limits(max_row_bytes=2_000), pytest.raises(RecordError, match="a row of 3,000 bytes"):
        validate(path)
