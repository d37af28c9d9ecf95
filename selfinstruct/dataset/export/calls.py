"""Which calls a layout can hold: what its trainer's own code makes of them."""

import json
from collections.abc import Sequence
from typing import Any

from selfinstruct.dataset.io.turns import WEIGHTS, is_learned
from selfinstruct.records import JsonObject, Row

_PLAIN = {
    "assistant": {"role", "content", "tool_calls"},
    "tool": {"role", "content", "tool_call_id", "name"},
    "function": {"role", "content", "name"},
}
"""Role -> keys that ShareGPT's layout can hold, or do without."""


def function_of(call: Any) -> dict[str, Any] | None:
    """Return {name, arguments} of a call, the arguments as an object, also where they were encoded twice; None where they are none."""
    function = call.get("function") if isinstance(call, dict) else None
    if not isinstance(function, dict) or not isinstance(function.get("name"), str):
        return None
    arguments = function.get("arguments")
    held = _decoded(arguments) if isinstance(arguments, str) and arguments else arguments or {}
    held = _decoded(held) if isinstance(held, str) else held
    return {"name": function["name"], "arguments": held} if isinstance(held, dict) else None


def _decoded(text: str) -> Any:
    """Return what JSON holds; None where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def encoded_once(call: Any) -> Any:
    """Return a call whose arguments were encoded twice, as a JSON text of a JSON text, with those of the inner text."""
    if function_of(call) is None:
        return call
    arguments = call["function"].get("arguments")
    inner = _decoded(arguments) if isinstance(arguments, str) else None
    return {**call, "function": {**call["function"], "arguments": inner}} if isinstance(inner, str) else call


def has_plain_calls(row: Row) -> bool:
    """Return whether LLaMA-Factory reads the calls of a row: functions alone, each followed by its result, and earlier turns answered."""
    alternate = all(
        _alternates(messages, may_end="turn" not in messages[-1] and not row.output) for messages in _turns(row)
    )
    return alternate and ends_each_turn(row) and all(map(_is_plain, row.calls))


def has_single_calls(row: Row) -> bool:
    """Return whether LLaMA-Factory reads the calls of a row also where the model's template knows no parallel ones."""
    return has_plain_calls(row) and all(len(_calls(message)) <= 1 for message in row.calls)


def ends_each_turn(row: Row) -> bool:
    """Return whether the arguments of all calls are objects, and each earlier turn ends in an answer, as ms-swift wants it."""
    answered = all(row.history[turn][1] for turn in {message["turn"] for message in row.calls if "turn" in message})
    return has_objects(row) and answered


def has_objects(row: Row) -> bool:
    """Return whether the arguments of all calls are JSON objects."""
    return all(function_of(call) is not None for message in row.calls for call in _calls(message))


def can_be_objects(row: Row) -> bool:
    """Return whether TRL hands the calls of a row to a chat template whole: with texts as contents, and all of them learned."""
    texts = all(text_of(message.get("content")) is not None for message in row.calls)
    return has_objects(row) and texts and all(map(is_learned, row.calls))


def as_learned(message: JsonObject) -> JsonObject:
    """Return a message that says nothing of whether it is learned."""
    return {key: value for key, value in message.items() if key not in WEIGHTS}


def text_of(content: Any) -> str | None:
    """Return a content as a text, the texts of parts on lines of their own; None for anything else."""
    parts = content if isinstance(content, list) else [content or ""]
    texts = [part.get("text") if isinstance(part, dict) else part for part in parts]
    whole = [text for text in texts if isinstance(text, str)]
    return "\n".join(whole) if len(whole) == len(texts) else None


def _calls(message: JsonObject) -> list[Any]:
    """Return the calls of a message; what is no list of them as one that is none."""
    held = message.get("tool_calls") or []
    return held if isinstance(held, list) else [held]


def _turns(row: Row) -> list[list[JsonObject]]:
    turns: dict[int | None, list[JsonObject]] = {}
    for message in row.calls:
        turns.setdefault(message.get("turn"), []).append(message)
    return list(turns.values())


def _alternates(messages: Sequence[JsonObject], *, may_end: bool) -> bool:
    """Return whether a call begins and results follow each call, but the last one that may be the answer."""
    before = "tool"
    for message in messages:
        role = "assistant" if message["role"] == "assistant" else "tool"
        if role == before == "assistant":
            return False
        before = role
    return messages[0]["role"] == "assistant" and (before == "tool" or may_end)


def _is_plain(message: JsonObject) -> bool:
    if not is_learned(message) or not {key for key, value in message.items() if value} <= _PLAIN[message["role"]] | {
        "turn"
    }:
        return False
    if message["role"] != "assistant":
        return isinstance(message.get("content"), str)
    return bool(message.get("tool_calls")) and not message.get("content") and _types_are_functions(message)


def _types_are_functions(message: JsonObject) -> bool:
    return all(call.get("type", "function") == "function" for call in _calls(message))
