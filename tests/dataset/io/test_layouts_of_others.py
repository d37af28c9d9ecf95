"""Small files in the layouts of other tools and datasets, by somebody who had not seen the reader, with what a user wants of each."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.dataset.io.parse import load
from selfinstruct.dataset.io.rows import load_rows
from selfinstruct.dataset.tools.repair import repaired
from selfinstruct.errors import SelfInstructError
from selfinstruct.records import Row

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "layouts" / "cases.jsonl").read_text(encoding="utf-8").split("\n")
    if line
]


def written(case: dict[str, Any], folder: Path) -> Path:
    path: Path = folder / case["file"]
    path.write_bytes(base64.b64decode(case["base64"]) if "base64" in case else case["text"].encode())
    return path


def told(messages: Any) -> list[tuple[Any, ...]]:
    """Return calls and results without ids; calls of one message or of several are the same."""
    found: list[tuple[Any, ...]] = []
    for message in messages:
        calls = message.get("tool_calls") or ([message["function_call"]] if "function_call" in message else [])
        for call in calls if message["role"] == "assistant" else ():
            function = call.get("function", call)
            held = function.get("arguments")
            found.append((function["name"], json.loads(held) if isinstance(held, str) else held))
        if message["role"] != "assistant" or not calls:
            content = message.get("content")
            parts = [part["text"] for part in content] if isinstance(content, list) else [str(content)]
            found.append(("result" if message["role"] != "assistant" else "said", "".join(parts).strip()))
    return found


def content(row: Row) -> dict[str, Any]:
    return {
        "instruction": row.instruction.strip(),
        "input": row.input.strip(),
        "output": row.output.strip(),
        "rejected": row.rejected.strip(),
        "system": row.system.strip(),
        "reasoning": row.reasoning.strip(),
        "history": [list(pair) for pair in row.history],
        "tools": [tool.get("function", tool) for tool in row.tools],
        "calls": told(message for message in row.calls if "turn" not in message),
    }


def wanted(row: dict[str, Any]) -> dict[str, Any]:
    texts = {
        name: str(row.get(name) or "").strip() for name in ("instruction", "input", "rejected", "system", "reasoning")
    }
    return texts | {
        "output": str(row.get("chosen") or row.get("output") or "").strip(),
        "history": [list(pair) for pair in row.get("history") or []],
        "tools": [tool.get("function", tool) for tool in row.get("tools") or []],
        "calls": told(message for message in row.get("calls") or [] if "turn" not in message),
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
def test_a_layout_of_the_field_is_read_as_its_users_mean_it_or_refused(case: dict[str, Any], tmp_path: Path) -> None:
    path = written(case, tmp_path)
    if case["outcome"] == "refused":
        with pytest.raises(SelfInstructError, match=path.name) as caught:
            load_rows(path)
        assert caught.value.exit_code == 2
    else:
        assert content(load_rows(path)[0]) == wanted(case["row"])


@pytest.mark.parametrize("case", [case for case in CASES if case["outcome"] == "read"], ids=lambda case: case["file"])
def test_a_row_without_defects_is_not_changed_by_a_repair(case: dict[str, Any], tmp_path: Path) -> None:
    for one in load(written(case, tmp_path)):
        again = repaired(one.value)
        assert set(again.value) == set(one.value)
        assert again.done or again.value == one.value
