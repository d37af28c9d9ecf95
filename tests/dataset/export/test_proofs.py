"""What proved a row goes with it where a format can hold it, and is counted where it cannot."""

import json
from pathlib import Path
from typing import Any

import pytest

import selfinstruct as si
from selfinstruct.dataset.export.layouts import LAYOUTS
from selfinstruct.dataset.io.rows import load_rows
from tests.support.command import Cli, rows
from tests.support.proof_breaks import proved_rows


@pytest.fixture(scope="module")
def proved() -> list[dict[str, Any]]:
    """Return rows with checks, some on a document."""
    return proved_rows("en", 24) + proved_rows("zh", 24)


@pytest.mark.thorough
def test_checks_and_source_come_back_from_parquet_and_from_lines(
    selfinstruct: Cli, tmp_path: Path, proved: list[dict[str, Any]]
) -> None:
    assert any(row.get("source") for row in proved)
    rows(tmp_path / "rows.jsonl", *proved)
    done = selfinstruct("export", "--dataset", "rows.jsonl", "--format", "parquet", "--output", "out")
    assert done.returncode == 0, done.stderr
    assert "left out" not in done.stderr + done.stdout
    (path,) = (tmp_path / "out").rglob("*.parquet")
    back = {row.id: row.model_dump(mode="json") for row in load_rows(path)}
    assert back == {row["id"]: row for row in proved}
    assert not [one for one in si.validate(path).findings if one.finding.rule == "check_failed"]
    assert {row.id: row.model_dump(mode="json") for row in load_rows(tmp_path / "rows.jsonl")} == back


@pytest.mark.parametrize("name", sorted(set(LAYOUTS) - {"parquet"}))
def test_a_format_that_cannot_hold_them_says_so_and_keeps_the_rows(
    selfinstruct: Cli, tmp_path: Path, proved: list[dict[str, Any]], name: str
) -> None:
    rows(tmp_path / "rows.jsonl", *proved)
    done = selfinstruct("export", "--dataset", "rows.jsonl", "--format", name, "--output", "out")
    assert done.returncode == 0, done.stderr
    assert f"source and checks of {len(proved)} rows left out" in done.stderr + done.stdout
    (path,) = (tmp_path / "out").rglob(f"*{LAYOUTS[name].ending}")
    text = path.read_text(encoding="utf-8")
    assert '"checks"' not in text
    assert len(load_rows(path)) == len(proved)


@pytest.mark.parametrize("trainer", ["axolotl", "llamafactory", "swift"])
def test_the_folder_of_a_trainer_says_so_too(
    selfinstruct: Cli, tmp_path: Path, proved: list[dict[str, Any]], trainer: str
) -> None:
    rows(tmp_path / "rows.jsonl", *proved)
    done = selfinstruct("export", "--dataset", "rows.jsonl", "--format", trainer, "--output", "out", "--model", "base")
    assert done.returncode == 0, done.stderr
    assert "source and checks of" in done.stderr + done.stdout
    assert not [path for path in (tmp_path / "out").rglob("*.json*") if '"checks"' in path.read_text(encoding="utf-8")]


def test_checks_as_a_text_of_json_are_read(proved: list[dict[str, Any]]) -> None:
    row = proved[0]
    as_text = row | {"checks": json.dumps(row["checks"], ensure_ascii=False)}
    broken = as_text | {"output": "something else"}
    assert not [one for one in si.validate([as_text]).findings if one.finding.rule == "check_failed"]
    assert (
        "check_failed" in {one.finding.rule for one in si.validate([broken]).findings}
        or row["checks"][0]["kind"] == "quote"
    )
