"""Columns that a row has no place for are counted and said by `export`, and compared by `diff`."""

import json
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.dataset.io.rows import load_rows
from tests.support.command import Cli

RIVERS = {"en": ("Name a river in France.", "The Loire."), "zh": ("说出法国的一条河。", "卢瓦尔河。")}


def write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def row(language: str, **more: Any) -> dict[str, Any]:
    instruction, output = RIVERS[language]
    return {"instruction": instruction, "output": output} | more


def said(path: Path) -> str:
    lines: list[str] = []
    load_rows(path, lines.append)
    return " ".join(lines)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_export_says_which_columns_it_leaves_out(selfinstruct: Cli, tmp_path: Path, language: str) -> None:
    path = write(
        tmp_path / "rows.jsonl", row(language, rating=5, note="x"), {**row("en", note="y"), "instruction": "Hi"}
    )
    told = "`note` of 2 rows, `rating` of 1 row left out: a row has no place for them"
    done = selfinstruct("export", "--dataset", path, "--format", "alpaca", "--output", tmp_path / "out")
    assert (done.returncode, told in done.stderr) == (0, True)
    done = selfinstruct("export", "--dataset", path, "--format", "alpaca", "--output", tmp_path / "out", "--json")
    assert [told in note for note in json.loads(done.stdout)["notes"]] == [True]


@pytest.mark.parametrize(
    "value",
    [
        {"id": 7, "instruction": "Hi", "input": "", "output": "Yes.", "system": "s", "history": [], "rating": None},
        {"Prompt": "Hi", "completion": "Yes.", "system_prompt": "Be kind.", "reasoning_content": "t"},
        {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes."}], "tools": []},
        {"prompt": "Hi", "chosen": "Yes.", "rejected": "No."},
        {"prompt": [{"role": "user", "content": "Hi"}], "completion": [{"role": "assistant", "content": "Yes."}]},
        {"指令": "说出一条河。", "输出": "长江。"},
        {"instruction": "Hi", "output": "Yes.", "source": {"parent": "x"}, "checks": [{"kind": "c", "arguments": {}}]},
    ],
)
def test_what_is_taken_is_not_said_to_be_left_out(tmp_path: Path, value: dict[str, Any]) -> None:
    assert "no place" not in said(write(tmp_path / "rows.jsonl", value))


@pytest.mark.parametrize(
    ("more", "name"), [({"source": "web"}, "source"), ({"checks": "ok"}, "checks"), ({"label": True}, "label")]
)
def test_what_stands_in_another_form_is(tmp_path: Path, more: dict[str, Any], name: str) -> None:
    assert f"`{name}` of 1 row left out" in said(write(tmp_path / "rows.jsonl", row("en", **more)))


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_diff_compares_such_columns(selfinstruct: Cli, tmp_path: Path, language: str) -> None:
    base = write(tmp_path / "base.jsonl", row(language, rating=1))
    head = write(tmp_path / "head.jsonl", row(language, rating=9))
    done = selfinstruct("diff", base, head, "--json")
    found = json.loads(done.stdout)
    assert found["counts"]["changed"] == 1
    (change,) = found["changes"]
    assert change["fields"] == ["left_out"]
    assert (change["base"]["left_out"], change["head"]["left_out"]) == ("rating: 1", "rating: 9")
    assert json.loads(selfinstruct("diff", base, base, "--json").stdout)["counts"]["unchanged"] == 1
