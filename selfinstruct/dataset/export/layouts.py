"""Export layouts: dataset rows as other tools read them. `load` reads each of them back.

A layout of chat turns joins instruction and input into one user turn, so reading it back does not separate them; the
others lose only id and language, which are computed again.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from selfinstruct.records import Row


class Layout(NamedTuple):
    """A file layout: how a row is written, and the file's name."""

    write: Callable[[Row], dict[str, Any]]
    stem: str
    """File name without suffix, for a file with all rows."""
    ending: str


def alpaca(row: Row) -> dict[str, Any]:
    """Return instruction, input and output in this order; `history` last if there are earlier turns.

    LLaMA-Factory reads this.
    """
    value = {"instruction": row.instruction, "input": row.input, "output": row.output}
    return value | ({"history": _pairs(row)} if row.history else {})


def messages(row: Row) -> dict[str, Any]:
    """Return `messages` with user and assistant turns, earlier turns first, as OpenAI and TRL read them."""
    return {"messages": _turns(row, ("role", "content"), ("user", "assistant"))}


def sharegpt(row: Row) -> dict[str, Any]:
    """Return `id` and `conversations`, as FastChat reads it."""
    return {"id": row.id, "conversations": _turns(row, ("from", "value"), ("human", "gpt"))}


def chatglm(row: Row) -> dict[str, Any]:
    """Return prompt, response and history, as ChatGLM's trainers read them; history is present even when empty."""
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
"""Format name -> layout; a `.json` array looks like Stanford's `alpaca_data.json`: one key per line, indented."""


def values(rows: Sequence[Row], layout: Layout) -> list[dict[str, Any]]:
    """Return the rows as JSON objects of a layout."""
    return [layout.write(row) for row in rows]


def _turns(row: Row, keys: tuple[str, str], speakers: tuple[str, str]) -> list[dict[str, str]]:
    pairs = [*row.history, (user_turn(row), row.output)]
    return [dict(zip(keys, turn, strict=True)) for pair in pairs for turn in zip(speakers, pair, strict=True)]


def _pairs(row: Row) -> list[list[str]]:
    return [list(pair) for pair in row.history]
