"""Every row through every export and back: what the target can hold is the same, what it cannot is counted."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from selfinstruct.dataset.export.layouts import LAYOUTS, fitting, values
from selfinstruct.dataset.export.turns import system_in_user_turn, user_turn, with_objects
from selfinstruct.dataset.io.rows import load_rows
from selfinstruct.dataset.io.write import save
from selfinstruct.records import Row
from tests.support.command import Cli, rows
from tests.support.rich_rows import call, result, rich_rows, tool

quietly = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
CHAT = {"messages", "trl", "sharegpt", "chatglm"}


def back(row: Row, name: str, folder: Path) -> tuple[list[Row], tuple[str, ...]]:
    layout = LAYOUTS[name]
    fitted = fitting([row], layout)
    path = folder / f"rows{layout.ending}"
    save(path, values(fitted.rows, layout))
    return load_rows(path), fitted.notes


def as_held(row: Row, name: str) -> Row:
    """Return what a layout can hold of a row, with the id that the text then has."""
    from selfinstruct.records import row_id

    changes: dict[str, Any] = {} if name == "parquet" else {"source": None, "checks": ()}
    if name in CHAT:
        changes |= {"instruction": user_turn(row), "input": ""}
    if name == "trl":
        changes["calls"] = tuple(with_objects(row.calls))
    held = row.model_copy(update=changes)
    if name == "chatglm":
        held = system_in_user_turn(held)
    identifier = row_id(held.language, held.instruction, held.input, held.system, held.history, held.tools)
    return held.model_copy(update={"id": identifier})


@pytest.mark.parametrize("name", LAYOUTS)
@quietly
@given(row=rich_rows())
def test_what_a_layout_can_hold_comes_back(name: str, row: Row, tmp_path: Path) -> None:
    found, notes = back(row, name, tmp_path)
    if not found:
        assert "1 row left out" in notes[0]
        assert row.carries_tools or row.unlearned
        return
    language = {"language": row.language}  # chat layouts do not say it
    expected = as_held(row, name)
    assert found[0].model_copy(update={"id": "", **language}) == expected.model_copy(update={"id": ""})
    assert bool(notes) == bool(name != "parquet" and (row.source or row.checks))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_messages_of_openai_with_tools_go_through_byte_for_byte(
    selfinstruct: Cli, tmp_path: Path, language: str
) -> None:
    asked, answered = {"en": ("How warm is Cork?", "21 degrees."), "zh": ("北京多少度？", "二十一度。")}[language]
    calls = [
        {"id": f"call_{n}", "type": "function", "function": {"name": "weather", "arguments": "{}"}} for n in range(2)
    ]
    line: dict[str, Any] = {
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": asked},
            {"role": "assistant", "content": answered, "weight": 0},
            {"role": "user", "content": asked + "!"},
            {"role": "assistant", "content": None, "tool_calls": calls},
            {"role": "tool", "tool_call_id": "call_0", "content": "21"},
            {"role": "tool", "tool_call_id": "call_1", "content": "22"},
            {"role": "assistant", "content": answered},
        ],
        "tools": [tool("weather")],
    }
    ended = {"messages": [*line["messages"][:2], {"role": "assistant", "tool_calls": calls}], "tools": line["tools"]}
    source = rows(tmp_path / "in.jsonl", line, ended)
    done = selfinstruct("export", "--format", "messages", "--dataset", "in.jsonl", "--output", "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out" / "messages.jsonl").read_bytes() == source.read_bytes()


@pytest.mark.parametrize(
    ("how", "expected"),
    [("drop", "B"), ("tags", "<think>\nA\n</think>\n\nB"), ("empty", "<think>\nA\n</think>\n\nB"), ("field", "B")],
)
def test_a_thought_is_written_as_it_is_asked_for(selfinstruct: Cli, tmp_path: Path, how: str, expected: str) -> None:
    thought = {
        "instruction": "Say B.",
        "output": "B",
        "reasoning": "A",
        "history": [["x", "<think>\ny\n</think>\n\nz"]],
    }
    rows(tmp_path / "in.jsonl", thought, {"instruction": "Say C.", "output": "C"})
    done = selfinstruct("export", "--format", "messages", "--dataset", "in.jsonl", "--output", "o", "--reasoning", how)
    lines = (tmp_path / "o" / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    first, second = (json.loads(line)["messages"] for line in lines)
    assert first[-1]["content"] == expected
    assert first[-1].get("reasoning_content") == ("A" if how == "field" else None)
    assert second[-1]["content"] == ("<think>\n\n</think>\n\nC" if how == "empty" else "C")
    assert first[1]["content"] == ("z" if how == "drop" else "<think>\ny\n</think>\n\nz")
    assert ("reasoning of 1 row left out" in done.stderr) == (how == "drop")


@pytest.mark.parametrize("name", ["alpaca", "chatglm"])
def test_a_row_whose_tool_result_cannot_be_carried_is_left_out_and_counted(
    selfinstruct: Cli, tmp_path: Path, name: str
) -> None:
    value = {"instruction": "How warm?", "output": "21.", "calls": [call("weather", {}), result("21")]}
    rows(tmp_path / "in.jsonl", value, {"instruction": "Say C.", "output": "C"})
    done = selfinstruct("export", "--format", name, "--dataset", "in.jsonl", "--output", "o", "--json")
    assert (json.loads(done.stdout)["rows"], "1 row left out" in done.stderr) == (1, True)


@pytest.mark.parametrize("name", LAYOUTS)
def test_no_layout_writes_an_answer_without_the_system_text_that_it_obeys(
    selfinstruct: Cli, tmp_path: Path, name: str
) -> None:
    told: dict[str, Any] = {"instruction": "Say hello.", "output": "Arr, hello!", "system": "You are a pirate."}
    talk: dict[str, Any] = {
        "instruction": "打个招呼。",
        "output": "喵，你好！",
        "history": [["你在吗？", "喵。"]],
        "system": "你是一只猫。",
    }
    rows(tmp_path / "in.jsonl", told, talk)
    done = selfinstruct("export", "--format", name, "--dataset", "in.jsonl", "--output", "o")
    assert (done.returncode, done.stderr) == (0, "")
    back = {row.output: row for row in load_rows(next((tmp_path / "o").iterdir()))}
    for one in (told, talk):
        row = back[one["output"]]
        assert (row.system or [*(asked for asked, _ in row.history), row.instruction][0]).startswith(one["system"])


@pytest.mark.thorough
def test_a_late_history_is_a_column_from_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets")
    plain = {"instruction": "Describe a lake.", "output": "water " * 800}
    late = {"instruction": "And its depth?", "output": "Eleven metres.", "history": [["How large?", "Large."]]}
    called = {"instruction": "Look it up.", "output": "21", "calls": [call("weather", {}), result("21")]}
    source = rows(tmp_path / "in.jsonl", *[plain] * 3_000, late, called | {"system": "Be brief."})
    for name, file in (("chatglm", "chatglm.jsonl"), ("messages", "messages.jsonl")):
        layout = LAYOUTS[name]
        save(tmp_path / file, values(fitting(load_rows(source), layout).rows, layout))
        loaded = datasets.load_dataset(
            "json", data_files=str(tmp_path / file), split="train", cache_dir=str(tmp_path / name)
        )
        assert len(loaded) == 3_001 + (name == "messages")
