"""Findings on tool calls, thoughts, systems and earlier turns."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import Cli, rows
from tests.support.rich_rows import call, result, tool

ASKED: dict[str, Any] = {"instruction": "How warm is it in Cork?", "output": "21 degrees.", "tools": [tool("weather")]}


def broken(arguments: Any) -> dict[str, Any]:
    message = call("weather", {})
    message["tool_calls"][0]["function"]["arguments"] = arguments
    return message


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"calls": [call("weather", {"city": "Cork"}), result("21")]}, []),
        ({"calls": [broken({"city": "Cork"})]}, []),
        ({"calls": [broken("")]}, []),
        ({"calls": [broken('{"city": ')]}, ["malformed_call"]),
        ({"calls": [broken("[1]")]}, ["malformed_call"]),
        ({"calls": [call("delete_all", {})]}, ["unknown_tool"]),
        ({"tools": [], "calls": [call("delete_all", {})]}, []),
        ({"output": "", "calls": [call("weather", {})]}, []),
        ({"output": "", "calls": [call("weather", {}), result("21")]}, ["empty_output"]),
        ({"calls": [{"role": "assistant", "content": '{"name": "weather", "arguments": {"city'}]}, ["malformed_call"]),
        ({"calls": [{"role": "assistant", "content": "<tool_call>{'name': 'a'</tool_call>"}]}, ["malformed_call"]),
        (
            {"calls": [{"role": "assistant", "function_call": {"name": "ask", "arguments": "{"}}]},
            ["malformed_call", "unknown_tool"],
        ),
        ({"calls": [call("weather", {}), result("Use the key sk-proj-9fQ2xLz81TnVb4KdYw7RmPc0.")]}, ["secret_key"]),
        ({"system": "Be brief."}, []),
        ({"system": "Itâ€™s late."}, ["mojibake"]),
        ({"system": "Be brief.\r\n"}, ["stray_whitespace"]),
        ({"reasoning": "Look it up.\n\n"}, ["stray_whitespace"]),
    ],
)
def test_what_stands_around_an_answer_is_looked_at(
    selfinstruct: Cli, tmp_path: Path, changes: dict[str, Any], rules: list[str]
) -> None:
    rows(tmp_path / "in.jsonl", ASKED | changes)
    found = json.loads(selfinstruct("validate", "in.jsonl", "--json").stdout)["findings"]
    assert [one["rule"] for one in found] == rules


def test_another_system_or_history_makes_another_task(selfinstruct: Cli, tmp_path: Path) -> None:
    told = [
        ASKED,
        ASKED | {"system": "Guess.", "output": "30."},
        ASKED | {"tools": [tool("ask")], "output": "No idea."},
    ]
    rows(tmp_path / "in.jsonl", *told)
    assert json.loads(selfinstruct("validate", "in.jsonl", "--json").stdout)["findings"] == []


def test_a_thought_before_a_worse_answer_is_no_finding(selfinstruct: Cli, tmp_path: Path) -> None:
    pair = {
        "instruction": ASKED["instruction"],
        "chosen": "21 degrees.",
        "rejected": "<think>\nGuess.\n</think>\n\nThirty.",
    }
    rows(tmp_path / "in.jsonl", pair)
    assert json.loads(selfinstruct("validate", "in.jsonl", "--json").stdout)["findings"] == []
