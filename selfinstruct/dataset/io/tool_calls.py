"""Tool calls in the ways that the field writes them, as messages of OpenAI's API."""

import ast
import json
import re
from typing import Any

from selfinstruct.records import JsonObject

_LONGEST_LITERAL = 2**18
"""Characters; reading takes five hundred times their memory."""
_TAGGED_CALLS = re.compile(r"\s*(?:<tool_call>(?:(?!</tool_call>).)*</tool_call>\s*)+", re.DOTALL)
_TAGGED_CALL = re.compile(r"<tool_call>((?:(?!</tool_call>).)*)</tool_call>", re.DOTALL)


def call_of(text: str) -> JsonObject:
    """Return a turn that is a call, `{"name": ..., "arguments": ...}` or a list of such, as a message; as text where it is none."""
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        held = None
    calls = [_function(one) for one in (held if isinstance(held, list) else [held])]
    if not calls or None in calls:
        return {"role": "assistant", "content": text}
    return {"role": "assistant", "content": None, "tool_calls": [_named(one) for one in calls if one]}


def _function(call: Any) -> JsonObject | None:
    """Return an object with name and arguments, perhaps inside `function`; None for what is no call."""
    function = call.get("function", call) if isinstance(call, dict) else None
    return function if isinstance(function, dict) and isinstance(function.get("name"), str) else None


def tagged_calls(text: str) -> JsonObject | None:
    """Return calls in `<tool_call>` tags, each as JSON or as Python writes a dict; None for any other text."""
    calls = []
    if not _TAGGED_CALLS.fullmatch(text):
        return None
    for inside in _TAGGED_CALL.findall(text):
        call = _function(value_in(inside.strip()))
        if call is None:
            return None
        calls.append(_named(call))
    return {"role": "assistant", "content": None, "tool_calls": calls}


def value_in(text: str) -> Any:
    """Return the value that a text holds as JSON or as Python writes it; None for any other text."""
    for read in (json.loads, _literal):
        try:
            return read(text)
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            continue
    return None


def _literal(text: str) -> Any:
    """Return a literal of Python as JSON has it; raises TypeError for a set and others that it has not."""
    if len(text) > _LONGEST_LITERAL:
        raise ValueError("too long")
    return json.loads(json.dumps(ast.literal_eval(text), allow_nan=False))


def _named(call: JsonObject) -> JsonObject:
    return {"type": "function", "function": {"name": call["name"], "arguments": as_json(call.get("arguments", {}))}}


def calls_in(value: Any) -> JsonObject | None:
    """Return a list of calls, perhaps inside a text, as one message; None for what is none."""
    message = call_of(as_json(value))
    return message if message.get("tool_calls") else None


def as_json(value: Any) -> str:
    """Return a text unchanged, any other value as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
