"""The content of a turn: a text, or a list of parts as OpenAI, Anthropic, Bedrock, Gemini and LLaMA-Factory write them."""

import json
from typing import Any, NamedTuple

from selfinstruct.dataset.io.tool_calls import as_json, call_of
from selfinstruct.errors import RecordError
from selfinstruct.records import JsonObject

_TEXT = {"text", "input_text", "output_text"}
_THOUGHT = {"thinking", "reasoning"}


class Content(NamedTuple):
    """What a turn says, thinks, calls and was told by tools."""

    text: str
    thought: str = ""
    calls: tuple[JsonObject, ...] = ()
    results: tuple[JsonObject, ...] = ()


def content_of(value: Any, where: str) -> Content:
    """Return the content of a turn; `where` names it in errors. Raises RecordError for a part that is no text, thought or tool's."""
    if value is None or isinstance(value, str):
        return Content(value or "")
    if isinstance(value, dict):
        parts = value.get("parts")
        return content_of(parts, where) if isinstance(parts, list) else Content(json.dumps(value, ensure_ascii=False))
    if not isinstance(value, list):
        raise RecordError(f"{where} must be a text, or a list of parts with text")
    found = [_part(part, where) for part in value]
    return Content(
        "".join(one.text for one in found),
        "\n".join(one.thought for one in found if one.thought),
        tuple(call for one in found for call in one.calls),
        tuple(result for one in found for result in one.results),
    )


def _part(part: Any, where: str) -> Content:
    if isinstance(part, str):
        return Content(part)
    if not isinstance(part, dict):
        raise RecordError(f"{where} holds a part that is neither a text nor an object; repair or remove the row")
    kind, part = _typed(part)
    text = next((part[key] for key in ("text", "value", "thinking") if isinstance(part.get(key), str)), None)
    if text is not None and kind in _THOUGHT:
        return Content("", text)
    if text is not None and kind in _TEXT:
        return Content(text)
    if kind == "tool_call" and part.get("value"):
        return Content("", calls=tuple(call_of(as_json(part["value"])).get("tool_calls") or ()))
    if kind == "tool_use":
        function = {"name": part.get("name"), "arguments": as_json(part.get("input") or {})}
        named = {"id": part["id"]} if part.get("id") else {}
        return Content("", calls=({**named, "type": "function", "function": function},))
    if kind == "tool_result":
        named = {"tool_call_id": part["tool_use_id"]} if part.get("tool_use_id") else {}
        return Content("", results=({"role": "tool", **named, "content": _told(part.get("content"), where)},))
    named_kind = f"a part of type `{kind}`" if kind else "a part without a type"
    raise RecordError(f"{where} holds {named_kind}; a row holds text alone; describe it in words, or remove the row")


def _typed(part: JsonObject) -> tuple[str, JsonObject]:
    """Return (type, part) of a part; those of Bedrock and Gemini, which have no type, as Anthropic's."""
    for key, kind in (("toolUse", "tool_use"), ("functionCall", "tool_use")):
        if isinstance(held := part.get(key), dict):
            return kind, {
                "id": held.get("toolUseId"),
                "name": held.get("name"),
                "input": held.get("input", held.get("args")),
            }
    for key in ("toolResult", "functionResponse"):
        if isinstance(held := part.get(key), dict):
            return "tool_result", {
                "tool_use_id": held.get("toolUseId"),
                "content": held.get("content", held.get("response")),
            }
    if isinstance(held := part.get("reasoningContent"), dict):
        inner = held.get("reasoningText")
        return "thinking", {"text": inner.get("text") if isinstance(inner, dict) else inner}
    if part.get("thought") is True:
        return "thinking", part
    return str(part.get("type") or ("text" if "text" in part else "")), part


def _told(value: Any, where: str) -> str:
    """Return the content of a tool's result as text."""
    return content_of(value, where).text if isinstance(value, list | str) else as_json(value)
