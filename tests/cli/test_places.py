"""A row is named by its line where it has one, and else by its position."""

import json
from pathlib import Path

import pytest

from tests.support.command import Cli

ROWS = [
    {"instruction": "Name a river in France.", "output": "The Loire."},
    {"instruction": "说出一座山的名字。", "output": "泰山"},
    {"instruction": "Describe how bread is made at home.", "output": ""},
]


def _write(path: Path, *, array: bool) -> None:
    text = json.dumps(ROWS, ensure_ascii=False) if array else "".join(json.dumps(row) + "\n" for row in ROWS)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(("array", "place", "unit"), [(True, "f.json, row 3: ", "row"), (False, "f.json:3: ", "line")])
def test_validate_says_line_of_what_has_lines_only(
    selfinstruct: Cli, tmp_path: Path, array: bool, place: str, unit: str
) -> None:
    _write(tmp_path / "f.json", array=array)
    assert selfinstruct("validate", "f.json").stdout.startswith(place)
    found = json.loads(selfinstruct("validate", "f.json", "--json").stdout)["findings"]
    assert [(one["line"], one["unit"]) for one in found] == [(3, unit)]


@pytest.mark.parametrize(("array", "told"), [(True, "row 1 has the same task"), (False, "line 1 has the same task")])
def test_findings_name_other_rows_the_same_way(selfinstruct: Cli, tmp_path: Path, array: bool, told: str) -> None:
    twice = [*ROWS[:2], ROWS[0]]
    text = json.dumps(twice) if array else "".join(json.dumps(row) + "\n" for row in twice)
    (tmp_path / "f.json").write_text(text, encoding="utf-8")
    assert told in selfinstruct("validate", "f.json").stdout


@pytest.mark.parametrize(("array", "place"), [(True, "bad.json, row 2: "), (False, "bad.json:2: ")])
def test_an_invalid_row_is_named_the_same_way(selfinstruct: Cli, tmp_path: Path, array: bool, place: str) -> None:
    broken = [ROWS[0], {"instruction": "Name a lake."}]
    text = json.dumps(broken) if array else "".join(json.dumps(row) + "\n" for row in broken)
    (tmp_path / "bad.json").write_text(text, encoding="utf-8")
    assert place in selfinstruct("diff", "bad.json", "bad.json").stderr


def test_a_match_with_an_evaluation_set_names_its_position(selfinstruct: Cli, tmp_path: Path) -> None:
    _write(tmp_path / "exam.json", array=True)
    (tmp_path / "old.jsonl").write_text(json.dumps(ROWS[1]) + "\n", encoding="utf-8")
    (tmp_path / "new.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS[:2]), encoding="utf-8")
    done = selfinstruct("diff", "old.jsonl", "new.jsonl", "--held-out", "exam.json", "--json")
    assert "exam.json, row 1" in done.stdout
