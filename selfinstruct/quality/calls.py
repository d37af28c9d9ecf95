"""Defects of tool calls: arguments that are no JSON object, and tools that the row does not have."""

import json
from collections.abc import Iterator, Sequence

from selfinstruct.records import JsonObject


def call_defects(messages: Sequence[JsonObject], tools: Sequence[JsonObject]) -> Iterator[tuple[str, str]]:
    """Yield (`malformed_call` or `unknown_tool`, detail) of calls in messages of OpenAI's API; a call that is plain text has none."""
    known = {name for tool in tools if (name := _name_of(tool))}
    for message in messages:
        if message.get("role") == "assistant" and _is_broken_text(message.get("content")):
            yield "malformed_call", "a call that is written as text is no JSON"
        for function in _functions(message):
            name = str(function.get("name") or "")
            if not _is_object(function.get("arguments")):
                yield "malformed_call", f"the arguments of the call of `{name}` are no JSON object"
            if known and name not in known:
                yield "unknown_tool", f"calls `{name}`; the row's tools: {', '.join(sorted(known))}"


def _functions(message: JsonObject) -> Iterator[JsonObject]:
    """Yield {name, arguments} of the calls of a message, in OpenAI's present, former and flat form."""
    calls = message.get("tool_calls")
    for call in [*(calls if isinstance(calls, list) else []), message.get("function_call")]:
        function = call.get("function", call) if isinstance(call, dict) else None
        if isinstance(function, dict):
            yield function
        elif call is not None:
            yield {"arguments": 0}


def _is_broken_text(content: object) -> bool:
    """Return whether a call that is a text begins as JSON, or in tags, and is not whole."""
    text = content.strip() if isinstance(content, str) else ""
    text = text.removeprefix("<tool_call>").removesuffix("</tool_call>").strip() if "<tool_call>" in text else text
    if not text.startswith(("{", "[{")) or "<tool_call>" in text:
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return True
    return False


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
