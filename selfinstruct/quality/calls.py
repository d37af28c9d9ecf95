"""Defects of tool calls: arguments that are no JSON object, and tools that the row does not have."""

import json
from collections.abc import Iterator, Sequence

from selfinstruct.records import JsonObject


def call_defects(messages: Sequence[JsonObject], tools: Sequence[JsonObject]) -> Iterator[tuple[str, str]]:
    """Yield (`malformed_call` or `unknown_tool`, detail) of calls in messages of OpenAI's API; a call that is plain text has none."""
    known = {name for tool in tools if (name := _name_of(tool))}
    for message in messages:
        calls = message.get("tool_calls")
        for call in calls if isinstance(calls, list) else ():
            function = call.get("function") if isinstance(call, dict) else None
            function = function if isinstance(function, dict) else {}
            name = str(function.get("name") or "")
            if not _is_object(function.get("arguments")):
                yield "malformed_call", f"the arguments of the call of `{name}` are no JSON object"
            if known and name not in known:
                yield "unknown_tool", f"calls `{name}`; the row's tools: {', '.join(sorted(known))}"


def _name_of(tool: JsonObject) -> str:
    function = tool.get("function")
    return str((function if isinstance(function, dict) else tool).get("name") or "")


def _is_object(arguments: object) -> bool:
    """Return whether the arguments of a call are a JSON object, or a text that is one, or none at all."""
    if isinstance(arguments, str) and arguments.strip():
        try:
            arguments = json.loads(arguments)
        except (ValueError, RecursionError):
            return False
    return isinstance(arguments, dict) or not arguments
