"""A row as the messages that a server would hand to a chat template, whatever layout its calls came in."""

import json
import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from selfinstruct.dataset.export.calls import has_objects, text_of
from selfinstruct.dataset.export.turns import as_object, messages_of
from selfinstruct.dataset.io.thoughts import split_thought
from selfinstruct.records import JsonObject, Row

_ROLES = {"system", "user", "assistant", "tool"}
_TAGGED = re.compile(r"\s*<tool_response>\s*(.*?)\s*</tool_response>\s*", re.DOTALL)
"""A result as Hermes writes it; templates write the tags themselves."""


class NoPlaceError(Exception):
    """The prompt format has no place for a part of a row; says for which."""


def sent_messages(row: Row) -> tuple[JsonObject, ...]:
    """Return the messages of a row, thoughts apart from what is said; raises NoPlaceError for calls that no server takes."""
    if not has_objects(row):
        raise NoPlaceError("the arguments of a call are no JSON object")
    messages = [as_object(_of_today(one)) for one in messages_of(row)]
    if any(one["content"] is None or one["role"] not in _ROLES for one in messages):
        raise NoPlaceError("a call or its result holds more than text")
    return tuple(map(_apart, messages))


def sent_tools(row: Row) -> list[JsonObject]:
    """Return the tools of a row as OpenAI's API has them."""
    return [one if "function" in one else {"type": "function", "function": one} for one in row.tools]


def _of_today(message: JsonObject) -> JsonObject:
    """Return a message of OpenAI's first API for functions as it has them now, and a result without the tags around it."""
    if call := message.get("function_call"):
        kept = {key: value for key, value in message.items() if key != "function_call"}
        return {**kept, "tool_calls": [{"type": "function", "function": call}]} if isinstance(call, dict) else message
    if message["role"] not in {"tool", "function"}:
        return message
    content = message.get("content")
    tagged = _TAGGED.fullmatch(content) if isinstance(content, str) else None
    inside = tagged[1] if tagged and "<tool_response>" not in tagged[1] else content
    return {**message, "role": "tool", "content": inside}


def _apart(message: JsonObject) -> JsonObject:
    """Return a message with the thought apart from what is said."""
    if message["role"] != "assistant" or message.get("reasoning_content"):
        return message
    thought, said = split_thought(message["content"], half=False)
    return {**message, "content": said, "reasoning_content": thought}


def thoughts_in(row: Row) -> tuple[bool, bool]:
    """Return whether a row has thoughts before answers, and before calls."""
    told = [_apart({**one, "content": text_of(one.get("content")) or ""}) for one in messages_of(row)]
    before_calls = [bool(one.get("tool_calls")) for one in told if one.get("reasoning_content")]
    return False in before_calls, True in before_calls


def variants(messages: tuple[JsonObject, ...]) -> Iterator[tuple[JsonObject, ...]]:
    """Yield messages as servers hand them to templates: as they are, arguments as text (DeepSeek), and ids of nine letters (Mistral)."""
    as_text = tuple(map(_with_texts, messages))
    yield from (messages, as_text, with_short_ids(messages), with_short_ids(as_text))


def _with_texts(message: JsonObject) -> JsonObject:
    """Return a message whose arguments are JSON as text."""
    if not message.get("tool_calls"):
        return message
    calls = [
        {
            **one,
            "function": {**one["function"], "arguments": json.dumps(one["function"]["arguments"], ensure_ascii=False)},
        }
        for one in message["tool_calls"]
    ]
    return {**message, "tool_calls": calls}


def with_short_ids(messages: Sequence[JsonObject]) -> tuple[JsonObject, ...]:
    """Return messages whose calls and results have ids of nine letters; results without an id take those of the calls in order."""
    found: list[JsonObject] = []
    open_calls: list[str] = []
    for place, message in enumerate(messages):
        if calls := message.get("tool_calls"):
            open_calls = [_nine(call.get("id") or f"{place} {number}") for number, call in enumerate(calls)]
            named = [{**call, "id": one} for call, one in zip(calls, open_calls, strict=True)]
            found.append({**message, "tool_calls": named})
        elif message["role"] == "tool":
            given = message.get("tool_call_id")
            own = _nine(given) if given else (open_calls.pop(0) if open_calls else _nine(str(place)))
            found.append({**message, "tool_call_id": own})
        else:
            found.append(message)
    return tuple(found)


def _nine(name: object) -> str:
    return sha256(str(name).encode("utf-8", "surrogatepass")).hexdigest()[:9]


def writes_whole(written: str, message: JsonObject) -> str:
    """Return what of a call a template left out of what it wrote, or wrote as Python; empty when all is there, the text before the calls."""
    functions = [call["function"] for call in message["tool_calls"]]
    names = [function["name"] for function in functions]
    if any(written.count(name) < names.count(name) for name in names):
        return "the chat template writes no calls behind the prompt that it gives, or not all of a message"
    said = message["content"].strip()
    if said and not 0 <= written.find(said) < written.find(names[0], written.find(said) + len(said)):
        return "the chat template drops or moves the text before a call"
    for function in functions:
        arguments = function["arguments"]
        held = json.loads(arguments) if isinstance(arguments, str) else arguments
        as_json = (json.dumps(held, ensure_ascii=False), json.dumps(held))
        if repr(held) in written and not any(text in written for text in as_json):
            return "the chat template writes arguments as Python, not as JSON"
        if not all(any(text in written for text in _written(leaf)) for leaf in _leaves(held)):
            return "the chat template leaves out arguments of a call"
    return ""


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from (leaf for one in value.values() for leaf in _leaves(one))
    elif isinstance(value, list):
        yield from (leaf for one in value for leaf in _leaves(one))
    else:
        yield value


def _written(leaf: Any) -> set[str]:
    """Return the ways in which templates write a value."""
    as_json = {json.dumps(leaf, ensure_ascii=ascii_only) for ascii_only in (False, True)}
    if isinstance(leaf, str):
        return {leaf, leaf.strip(), repr(leaf)[1:-1], *(text[1:-1] for text in as_json)}
    return {*as_json, repr(leaf)}
