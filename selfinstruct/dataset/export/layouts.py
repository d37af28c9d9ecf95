"""Exports: the dataset in the layouts that other tools read. `load` reads every one of them.

A layout of chat turns says instruction and input as one user turn, so what comes back has them together; the others lose nothing
but id and language, which are computed again.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from selfinstruct.records import Row


class Layout(NamedTuple):
    """How a row is written for others."""

    write: Callable[[Row], dict[str, Any]]
    stem: str
    """File name without its ending, of a file that holds all rows."""
    ending: str


def alpaca(row: Row) -> dict[str, Any]:
    """Return instruction, input, output in this order, and `history` last where a conversation went before, as LLaMA-Factory reads it."""
    value = {"instruction": row.instruction, "input": row.input, "output": row.output}
    return value | ({"history": _pairs(row)} if row.history else {})


def messages(row: Row) -> dict[str, Any]:
    """Return `messages` with a user and an assistant turn, those of the history before them, as OpenAI and TRL have it."""
    return {"messages": _turns(row, ("role", "content"), ("user", "assistant"))}


def sharegpt(row: Row) -> dict[str, Any]:
    """Return `id` and `conversations`, as FastChat reads it."""
    return {"id": row.id, "conversations": _turns(row, ("from", "value"), ("human", "gpt"))}


def chatglm(row: Row) -> dict[str, Any]:
    """Return prompt, response and history, the three columns of ChatGLM's trainers; the history is there also when it is empty."""
    return {"prompt": user_turn(row), "response": row.output, "history": _pairs(row)}


def complete(row: Row) -> dict[str, Any]:
    """Return all keys of a row."""
    return row.model_dump(mode="json")


def user_turn(row: Row) -> str:
    """Return instruction and input as one user turn."""
    return f"{row.instruction}\n\n{row.input}" if row.input else row.instruction


LAYOUTS = {
    "alpaca": Layout(alpaca, "alpaca", ".json"),
    "messages": Layout(messages, "messages", ".jsonl"),
    "sharegpt": Layout(sharegpt, "sharegpt", ".json"),
    "parquet": Layout(complete, "dataset", ".parquet"),
    "chatglm": Layout(chatglm, "chatglm", ".jsonl"),
}
"""Format -> its layout. A `.json` array is laid out like Stanford's `alpaca_data.json`: four blanks deep, one key a line."""


def values(rows: Sequence[Row], layout: Layout) -> list[dict[str, Any]]:
    """Return rows in a layout."""
    return [layout.write(row) for row in rows]


def _turns(row: Row, keys: tuple[str, str], speakers: tuple[str, str]) -> list[dict[str, str]]:
    pairs = [*row.history, (user_turn(row), row.output)]
    return [dict(zip(keys, turn, strict=True)) for pair in pairs for turn in zip(speakers, pair, strict=True)]


def _pairs(row: Row) -> list[list[str]]:
    return [list(pair) for pair in row.history]
