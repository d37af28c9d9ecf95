"""A diff sees what a model is told, thinks and calls beside question and answer."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.api.reports import diff as selfinstruct_diff
from selfinstruct.api.reports import render
from tests.support.command import Cli, rows
from tests.support.rich_rows import call, result, tool

ROW: dict[str, Any] = {
    "instruction": "成都今天多少度？",
    "output": "二十一度。",
    "system": "回答要简短。",
    "history": [["你好", "你好！"]],
    "reasoning": "查一下。",
    "tools": [tool("weather")],
    "calls": [call("weather", {"city": "成都"}), result("21")],
    "source": {"document": "a.md", "span": [1, 4]},
    "checks": [{"kind": "verbatim", "arguments": {}}],
}


def edit(field: str, change: Callable[[dict[str, Any]], None]) -> Any:
    return pytest.param(field, change, id=field)


EDITS = [
    edit("system", lambda row: row.update(system="像海盗一样说话。")),
    edit("history", lambda row: row.update(history=[["你好", "走开！"]])),
    edit("reasoning", lambda row: row.update(reasoning="猜一下。")),
    edit("tools", lambda row: row["tools"].append(tool("delete_all"))),
    edit("calls", lambda row: row["calls"][1].update(content="12")),
    edit("unlearned", lambda row: row.update(unlearned=[0])),
    edit("source", lambda row: row["source"].update(document="b.md")),
    edit("checks", lambda row: row.update(checks=[{"kind": "computed", "arguments": {}}])),
]


@pytest.mark.thorough
@pytest.mark.parametrize(("field", "change"), EDITS)
def test_an_edit_of_any_field_is_a_change(
    selfinstruct: Cli, tmp_path: Path, field: str, change: Callable[[dict[str, Any]], None]
) -> None:
    edited = copy.deepcopy(ROW)
    change(edited)
    rows(tmp_path / "a.jsonl", ROW)
    rows(tmp_path / "b.jsonl", edited)
    done = selfinstruct("diff", "a.jsonl", "b.jsonl", "--json", "--fail-on", "changed>0")
    diff = json.loads(done.stdout)
    assert (done.returncode, diff["counts"]["changed"], diff["changes"][0]["fields"]) == (1, 1, [field])
    told = f"edits beside question and answer: {field} 1" in diff["risk"]["reasons"]
    assert (told, diff["risk"]["level"]) == (field not in {"source", "checks"}, "medium")
    same = selfinstruct_diff(tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    for shown in ("text", "markdown", "html"):
        assert field in render(same, shown)


@pytest.mark.thorough
def test_the_same_rows_do_not_differ_whatever_their_layout(selfinstruct: Cli, tmp_path: Path) -> None:
    row = {key: value for key, value in ROW.items() if key not in {"source", "checks"}}
    rows(tmp_path / "a.jsonl", row)
    for name in ("messages", "sharegpt", "parquet"):
        done = selfinstruct("export", "--format", name, "--dataset", "a.jsonl", "--output", name)
        assert (done.returncode, done.stderr) == (0, "")
        (file,) = (tmp_path / name).iterdir()
        diff = json.loads(selfinstruct("diff", "a.jsonl", file, "--json").stdout)
        assert (diff["counts"]["unchanged"], diff["risk"]["level"]) == (1, "none")
