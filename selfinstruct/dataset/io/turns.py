"""One list of turns in any layout, as turns: who speaks, what is said, thought and called."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from selfinstruct.errors import RecordError
from selfinstruct.records import JsonObject

LAYOUTS = {"messages": ("role", "content"), "conversations": ("from", "value"), "conversation": ("from", "value")}
"""Field of a row -> default keys of a turn's speaker and text."""
_KEYS = (("role", "content"), ("from", "value"), ("role", "value"), ("from", "content"))
PAIRS = (
    ("human", "assistant"),
    ("user", "assistant"),
    ("input", "output"),
    ("question", "answer"),
    ("prompt", "response"),
)
"""Keys of a turn that holds a question and its answer: Firefly's and MOSS's, XTuner's, and those of `history`."""
Role = Literal["system", "user", "assistant", "call", "result"]
_ROLES: dict[Role, tuple[str, ...]] = {
    "user": ("user", "human", "prompter"),
    "assistant": ("assistant", "gpt", "chatgpt", "bard", "bing", "model", "bot"),
    "system": ("system", "developer"),
    "call": ("function_call", "tool_call", "tool_calls"),
    "result": ("tool", "function", "observation", "environment", "ipython", "tool_response", "tool_result"),
}
_ROLE: dict[str, Role] = {name: role for role, names in _ROLES.items() for name in names}
_OPENAI_RESULTS = {"tool", "function"}
THOUGHTS = ("reasoning_content", "reasoning", "thinking")
"""Fields with what was thought before an answer."""
_CALLS = ("tool_calls", "function_call", "function_calls")
_WEIGHTS = ("weight", "train", "loss")
"""Fields that say, with 0 or false, that an answer is not learned: OpenAI's, axolotl's, ms-swift's."""
_TEXT_PARTS = {"text", "input_text", "output_text"}
_THOUGHT = re.compile(r"\s*<think>(.*?)</think>\s*", re.DOTALL)


class Turn(NamedTuple):
    """One turn."""

    role: Role
    text: str
    place: str
    """Its field, such as `messages.0`."""
    reasoning: str = ""
    message: JsonObject | None = None
    """A tool call or its result, as a message of OpenAI's API."""
    learned: bool = True
    """False for an answer that is context only."""


def turns_of(turns: Any, layout: str, where: str) -> Iterator[Turn]:
    """Yield the turns of a list; raises RecordError, naming the field, for an invalid one."""
    if not isinstance(turns, list):
        raise RecordError(f"{where}: field `{layout}` must be a list of turns")
    for number, turn in enumerate(turns):
        place = f"{layout}.{number}"
        if not isinstance(turn, dict):
            raise RecordError(f"{where}: field `{place}` must be an object that says who speaks, and what")
        if pair := pair_keys(turn):
            yield from _pair(turn, pair, place, where)
        else:
            yield from _turn(turn, *keys_of(turn, layout), place, where)


def keys_of(turn: Any, layout: str) -> tuple[str, str]:
    """Return the keys of a turn's speaker and text: those it has, else the layout's default."""
    return next(
        (keys for keys in _KEYS if isinstance(turn, dict) and keys[0] in turn and keys[1] in turn),
        next(
            (keys for keys in _KEYS[:2] if isinstance(turn, dict) and keys[0] in turn),
            LAYOUTS.get(layout, _KEYS[0]),
        ),
    )


def pair_keys(turn: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the keys of question and answer of a turn that holds both, or None."""
    if "role" in turn or "from" in turn:
        return None
    return next((keys for keys in PAIRS if keys[0] in turn and keys[1] in turn), None)


def with_thought(thought: str, answer: str) -> str:
    """Return an answer after its thought, between the tags that most chat templates know."""
    return f"<think>\n{thought}\n</think>\n\n{answer}" if thought else answer


def split_thought(text: str) -> tuple[str, str]:
    """Return (thought, answer) of a text that may begin with a thought between tags."""
    if not text.lstrip().startswith("<think>") or not (found := _THOUGHT.match(text)):
        return "", text
    return found[1].strip(), text[found.end() :]


def _pair(turn: Mapping[str, Any], keys: tuple[str, str], place: str, where: str) -> Iterator[Turn]:
    told = turn.get("system")
    if isinstance(told, str) and told:
        yield Turn("system", told, f"{place}.system")
    asked, answered = (turn[key] for key in keys)
    for key, text in zip(keys, (asked, answered), strict=True):
        if not isinstance(text, str | None):
            raise RecordError(f"{where}: field `{place}.{key}` must be a text")
    if asked:
        yield Turn("user", asked, f"{place}.{keys[0]}")
    if answered is not None:
        thought, text = split_thought(answered)
        yield Turn("assistant", text, f"{place}.{keys[1]}", thought, learned=_is_learned(turn))


def _turn(turn: JsonObject, role_key: str, text_key: str, place: str, where: str) -> Iterator[Turn]:
    role, name = _role(turn, role_key, f"{where}: field `{place}")
    text, thought, rest = _content(turn.get(text_key), f"{where}: field `{place}.{text_key}`")
    yield from (Turn("result", "", place, message=message) for message in rest.results)
    thought = next((held for key in THOUGHTS if isinstance(held := turn.get(key), str) and held), thought)
    if role == "result":
        yield Turn(role, "", place, message=_result(turn, name, text))
    elif role == "call":
        yield Turn(role, "", place, message=_call(text))
    elif role == "assistant" and (rest.calls or any(turn.get(key) for key in _CALLS)):
        message = (
            _calling(turn, text, rest.calls)
            if name == "assistant" and role_key == "role"
            else _calling(
                {"role": "assistant"} | {key: turn[key] for key in (*_CALLS, *THOUGHTS) if turn.get(key)},
                text,
                rest.calls,
            )
        )
        yield Turn("call", "", place, message=message)
    elif turn.get(text_key) is None and not (thought or rest.results):
        raise RecordError(f"{where}: field `{place}.{text_key}` must be a text, or a list of parts with text")
    elif role == "assistant":
        inline, said = split_thought(text)
        yield Turn(role, said, place, thought or inline, learned=_is_learned(turn))
    elif text or not rest.results:
        yield Turn(role, text, place)


def _role(turn: JsonObject, key: str, where: str) -> tuple[Role, str]:
    name = turn.get(key)
    if not isinstance(name, str) or name.lower() not in _ROLE:
        raise RecordError(
            f"{where}.{key}` must name who speaks; keys: {', '.join(turn) or 'none'}; known: {', '.join(_ROLE)}"
        )
    return _ROLE[name.lower()], name.lower()


class _Rest(NamedTuple):
    """Tool calls and results among the parts of a content."""

    calls: list[JsonObject]
    results: list[JsonObject]


def _content(value: Any, where: str) -> tuple[str, str, _Rest]:
    """Return (text, thought, tool calls and results) of a content: a text, or a list of parts."""
    rest = _Rest([], [])
    if value is None or isinstance(value, str):
        return value or "", "", rest
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False), "", rest
    if not isinstance(value, list):
        raise RecordError(f"{where} must be a text, or a list of parts with text")
    texts: list[str] = []
    thoughts: list[str] = []
    for part in value:
        kind = part.get("type", "text" if "text" in part else "") if isinstance(part, dict) else "text"
        held = part.get("thinking" if kind == "thinking" else "text") if isinstance(part, dict) else part
        if isinstance(held, str) and kind in {"thinking", *_TEXT_PARTS}:
            (thoughts if kind == "thinking" else texts).append(held)
        else:
            _take_tool(part, kind, rest, where)
    return "".join(texts), "\n".join(thoughts), rest


def _take_tool(part: Any, kind: str, rest: _Rest, where: str) -> None:
    """Add a part that calls a tool, or holds its result, as Anthropic writes it; raises RecordError for any other."""
    if kind == "tool_use":
        function = {"name": part.get("name"), "arguments": _as_json(part.get("input"))}
        rest.calls.append({"id": part.get("id"), "type": "function", "function": function})
    elif kind == "tool_result":
        text = _content(part.get("content"), where)[0]
        rest.results.append({"role": "tool", "tool_call_id": part.get("tool_use_id"), "content": text})
    else:
        named = f"a part of type `{kind}`" if kind else "a part without a type"
        raise RecordError(f"{where} holds {named}; a row holds text alone; describe it in words, or remove the row")


def _calling(turn: JsonObject, text: str, calls: list[JsonObject]) -> JsonObject:
    """Return an assistant's turn that calls tools as a message of OpenAI's API; one that is already is unchanged."""
    message = {key: value for key, value in turn.items() if key not in _WEIGHTS}
    if calls:
        message |= {"content": text or None, "tool_calls": calls}
    if stated := message.pop("function_calls", None):  # open-instruct writes calls as text
        message["content"] = "\n\n".join(filter(None, (text, stated if isinstance(stated, str) else _as_json(stated))))
    elif "content" not in message:
        message = {"role": "assistant", "content": text or None, **message}
    return message


def _call(text: str) -> JsonObject:
    """Return a turn that is a call, `{"name": ..., "arguments": ...}` or a list of such, as a message; as text where it is none."""
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        held = None
    calls = held if isinstance(held, list) else [held]
    if not calls or not all(isinstance(one, dict) and isinstance(one.get("name"), str) for one in calls):
        return {"role": "assistant", "content": text}
    return {"role": "assistant", "content": None, "tool_calls": [_named(one) for one in calls]}


def _named(call: JsonObject) -> JsonObject:
    return {"type": "function", "function": {"name": call["name"], "arguments": _as_json(call.get("arguments", {}))}}


def calls_in(value: Any) -> JsonObject | None:
    """Return a list of calls, perhaps inside a text, as one message; None for what is none."""
    message = _call(value if isinstance(value, str) else _as_json(value))
    return message if message.get("tool_calls") else None


def _result(turn: JsonObject, name: str, text: str) -> JsonObject:
    if name in _OPENAI_RESULTS and "role" in turn:
        return {key: value for key, value in turn.items() if key not in _WEIGHTS}
    named = {key: turn[key] for key in ("tool_call_id", "name") if turn.get(key)}
    return {"role": "tool", **named, "content": text}


def _as_json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _is_learned(turn: Mapping[str, Any]) -> bool:
    return all(key not in turn or turn[key] is None or bool(turn[key]) for key in _WEIGHTS)
