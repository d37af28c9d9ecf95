"""One list of turns in any layout, as turns: who speaks, what is said, thought and called."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from selfinstruct.dataset.io.names import refuse_media
from selfinstruct.dataset.io.parts import Content, content_of
from selfinstruct.dataset.io.thoughts import split_written
from selfinstruct.dataset.io.tool_calls import as_json, call_of, tagged_calls
from selfinstruct.errors import RecordError
from selfinstruct.records import JsonObject

LAYOUTS = {
    "messages": ("role", "content"),
    "conversations": ("from", "value"),
    "conversation": ("from", "value"),
    "contents": ("role", "parts"),
    "items": ("from", "value"),
}
"""Field of a row -> default keys of a turn's speaker and text."""
_KEYS = (("role", "content"), ("from", "value"), ("role", "value"), ("from", "content"), ("role", "parts"))
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
    "user": ("user", "human", "prompter", "人类", "用户", "用戶", "人", "我", "问", "問", "提问", "提问者", "客户"),
    "assistant": (
        *("assistant", "gpt", "chatgpt", "bard", "bing", "model", "bot", "chatbot"),
        *("助手", "机器人", "機器人", "答", "回答", "模型", "客服", "智能助手", "ai助手", "ai"),
    ),
    "system": ("system", "developer", "系统", "系統"),
    "call": ("function_call", "tool_call", "tool_calls"),
    "result": (
        "tool",
        "function",
        "observation",
        "environment",
        "ipython",
        "tool_response",
        "tool_result",
        "function_response",
        "function_result",
    ),
}
_ROLE: dict[str, Role] = {name: role for role, names in _ROLES.items() for name in names}
_OPENAI_RESULTS = {"tool", "function"}
THOUGHTS = ("reasoning_content", "reasoning", "thinking")
"""Fields with what was thought before an answer."""
_TOOLS = {"tools", "functions"}
"""Fields of a system's turn that may stand in place of a text."""
_CALLS = ("tool_calls", "function_call", "function_calls")
WEIGHTS = ("weight", "train", "loss")
"""Fields that say, with 0 or false, that an answer is not learned: OpenAI's, axolotl's, ms-swift's."""


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
        refuse_media(turn, f"{where}: field `{place}`")
        if pair := pair_keys(turn):
            yield from _pair(turn, pair, place, where)
        else:
            yield from _turn(turn, *keys_of(turn, layout), place, where)


def is_turn_list(value: Any) -> bool:
    """Return whether a value is a whole conversation: a list of objects that each say who speaks."""
    return isinstance(value, list) and bool(value) and all(_is_turn(one) for one in value)


def _is_turn(value: Any) -> bool:
    return isinstance(value, dict) and any(speaker in value and text in value for speaker, text in _KEYS)


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
        thought, text = split_written(answered)
        yield Turn("assistant", text, f"{place}.{keys[1]}", thought, learned=is_learned(turn))


def _turn(turn: JsonObject, role_key: str, text_key: str, place: str, where: str) -> Iterator[Turn]:
    role, name = _role(turn, role_key, place, where)
    said = content_of(turn.get(text_key), f"{where}: field `{place}.{text_key}`")
    yield from (Turn("result", "", place, message=message) for message in said.results)
    if role == "result":
        yield from _of_tool(turn, name, said.text, place) if not said.results else ()
    elif role == "call":
        yield Turn(role, "", place, message=call_of(said.text))
    elif role == "assistant" and (said.calls or any(turn.get(key) for key in _CALLS)):
        yield Turn(
            "call", "", place, message=_calling(turn, said, is_openai=role_key == "role" and name == "assistant")
        )
    elif role == "assistant":
        yield _spoken(turn, said, text_key, place, where)
    elif turn.get(text_key) is None and not turn.keys() & _TOOLS:
        raise _no_text(place, text_key, where)
    elif said.text or not said.results:
        yield Turn(role, said.text, place, message=turn if role == "system" else None)


def _spoken(turn: JsonObject, said: Content, text_key: str, place: str, where: str) -> Turn:
    """Return an assistant's turn without calls of OpenAI's API."""
    stated = next((held for key in THOUGHTS if (held := _thought(turn.get(key), place, where))), said.thought)
    if turn.get(text_key) is None and not stated:
        raise _no_text(place, text_key, where)
    inline, text = split_written(said.text)
    if tagged := tagged_calls(text):
        return Turn("call", "", place, message=tagged | ({"reasoning_content": inline} if inline else {}))
    return Turn("assistant", text, place, stated or inline, learned=is_learned(turn))


def _no_text(place: str, text_key: str, where: str) -> RecordError:
    return RecordError(f"{where}: field `{place}.{text_key}` must be a text, or a list of parts with text")


def _role(turn: JsonObject, key: str, place: str, where: str) -> tuple[Role, str]:
    name = turn.get(key)
    spoken = re.sub(r"[- ]", "_", name.strip().lower()) if isinstance(name, str) else ""
    if spoken not in _ROLE:
        keys, known = ", ".join(turn) or "none", ", ".join(_ROLE)
        raise RecordError(f"{where}: field `{place}.{key}` must name who speaks; keys: {keys}; known: {known}")
    return _ROLE[spoken], spoken


def _calling(turn: JsonObject, said: Content, *, is_openai: bool) -> JsonObject:
    """Return an assistant's turn that calls tools as a message of OpenAI's API; one that is already is unchanged."""
    kept = turn if is_openai else {key: turn[key] for key in (*_CALLS, *THOUGHTS) if turn.get(key)}
    message: JsonObject = {"role": "assistant", **kept}
    if isinstance(stated := message.get("tool_calls"), str):  # the list inside a text
        message["tool_calls"] = call_of(stated).get("tool_calls") or stated
    if said.calls:
        message |= {"content": said.text or None, "tool_calls": list(said.calls)}
        message |= {"reasoning_content": said.thought} if said.thought else {}
    if stated := message.pop("function_calls", None):  # open-instruct writes calls as text
        message["content"] = "\n\n".join(filter(None, (said.text, as_json(stated))))
    elif "content" not in message and not is_openai:
        message = {"role": "assistant", "content": said.text or None} | message
    return message


def _of_tool(turn: JsonObject, name: str, text: str, place: str) -> Iterator[Turn]:
    """Yield a tool's result, after its call where ChatGLM3 writes both in one turn."""
    if "observation" in turn and "parameters" in turn:
        call = {"name": turn.get("name") or "", "arguments": turn["parameters"]}
        yield Turn("call", "", place, message=call_of(as_json(call)))
        text = as_json(turn["observation"])
    elif name in _OPENAI_RESULTS and "role" in turn:
        yield Turn("result", "", place, message=turn)
        return
    named = {key: turn[key] for key in ("tool_call_id", "name") if turn.get(key)}
    yield Turn("result", "", place, message={"role": "tool", **named, "content": text})


def _thought(value: Any, place: str, where: str) -> str:
    """Return the thought in a field: a text, or parts."""
    if isinstance(value, list):
        found = content_of(value, f"{where}: field `{place}`")
        return found.text + found.thought
    return value if isinstance(value, str) else ""


def is_learned(turn: Mapping[str, Any]) -> bool:
    """Return whether an answer is trained on: no weight says that it is not."""
    return all(key not in turn or turn[key] is None or bool(turn[key]) for key in WEIGHTS)
