"""Exports: the dataset in the layout that other tools read. One function from rows to {file name: text} for each format."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from selfinstruct.files import to_line
from selfinstruct.records import Row


def alpaca(rows: Sequence[Row]) -> dict[str, str]:
    """Return one JSON array with instruction, input, output in this order, laid out like Stanford's `alpaca_data.json`."""
    values = [{"instruction": row.instruction, "input": row.input, "output": row.output} for row in rows]
    return {"alpaca.json": json.dumps(values, ensure_ascii=False, indent=4) + "\n"}


def messages(rows: Sequence[Row]) -> dict[str, str]:
    """Return JSON lines of `messages` with a user and an assistant turn, the input below the instruction."""
    return {"messages.jsonl": "".join(to_line(_messages(row)) + "\n" for row in rows)}


def _messages(row: Row) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": user_turn(row)}, {"role": "assistant", "content": row.output}]}


def user_turn(row: Row) -> str:
    """Return instruction and input as one user turn."""
    return f"{row.instruction}\n\n{row.input}" if row.input else row.instruction


FORMATS: dict[str, Callable[[Sequence[Row]], dict[str, str]]] = {"alpaca": alpaca, "messages": messages}
