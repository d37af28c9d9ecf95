"""Conversations in the `messages` and ShareGPT layouts: turns, and their question-answer pairs."""

import json
from typing import Any, NamedTuple

from selfinstruct.errors import RecordError

LAYOUTS = {"messages": ("role", "content"), "conversations": ("from", "value"), "conversation": ("from", "value")}
"""Field of a row -> default keys of a turn's speaker and text."""
_KEYS = (("role", "content"), ("from", "value"))
_CALLS = ("tool_calls", "function_call")
_ROLES = {
    "user": ("user", "human", "prompter"),
    "assistant": ("assistant", "gpt", "chatgpt", "bard", "bing", "model", "bot"),
    "": ("system", "developer", "tool", "function", "function_call", "observation"),
}
_ROLE = {name: role for role, names in _ROLES.items() for name in names}


class Conversation(NamedTuple):
    """A conversation as question-answer pairs."""

    pairs: tuple[tuple[str, str], ...]
    """(user, assistant) pairs; an answer is empty when none follows."""
    defect: str
    """Error in the order of the turns, or ""."""
    others: tuple[str, ...]
    """System and tool texts and tool calls, which are in no pair."""
    unanswered: bool
    """Whether the last question has no answer."""
    fields: tuple[str, ...]
    """Field of each text of the pairs, such as `messages.0`; "" when it is missing."""


class _Turn(NamedTuple):
    """One turn."""

    role: str
    """user, assistant, or "" for a turn that is in no pair."""
    text: str
    others: tuple[str, ...]


def conversation(turns: list[Any], layout: str, where: str) -> Conversation:
    """Return the pairs of a conversation; raises RecordError, naming the field, for an invalid turn."""
    pairs: list[tuple[str, str]] = []
    fields: list[str] = []
    others: list[str] = []
    defect, before, place = "", "", 0
    for number, turn in enumerate(turns):
        role, text, extra = _read(turn, layout, number, where)
        others += extra
        if not role:
            continue
        if role == before:
            defect = defect or f"turns {place} and {number + 1} are both of the {role}"
        if role == "user":
            pairs.append((text, ""))
            fields += [f"{layout}.{number}", ""]
        elif pairs:
            pairs[-1], fields[-1] = (pairs[-1][0], text), f"{layout}.{number}"
        else:
            defect = defect or "the first turn is of the assistant"
        before, place = role, number + 1
    defect = defect or ("" if pairs else "nobody asks anything")
    return Conversation(tuple(pairs), defect, tuple(others), before == "user", tuple(fields))


def keys_of(turn: Any, layout: str) -> tuple[str, str]:
    """Return the keys of a turn's speaker and text: those it has, else the layout's default."""
    return next((keys for keys in _KEYS if isinstance(turn, dict) and keys[0] in turn), LAYOUTS[layout])


def as_text(value: Any) -> str:
    """Return a text unchanged, "" for an empty value, and any other value as JSON."""
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False) if value else ""
    except RecursionError as error:
        raise RecordError("a value is nested too deeply; repair or remove it") from error


def _read(turn: Any, layout: str, number: int, where: str) -> _Turn:
    """Return a parsed turn; an assistant's tool call without text is in no pair."""
    role_key, text_key = keys_of(turn, layout)
    role = _role(turn, role_key, f"{where}: field `{layout}.{number}")
    text, calls = turn.get(text_key), {key: turn[key] for key in _CALLS if turn.get(key)}
    if not role:
        rest = {key: held for key, held in turn.items() if key not in {role_key, text_key} and held}
        said = "\n".join(filter(None, (as_text(text), as_text(rest))))
        return _Turn("", "", (said,) if said else ())
    extra = (as_text(calls),) if calls else ()
    if role == "assistant" and calls and not text:
        return _Turn("", "", extra)
    if not isinstance(text, str):
        raise RecordError(f"{where}: field `{layout}.{number}.{text_key}` must be a text")
    return _Turn(role, text, extra)


def _role(turn: Any, key: str, where: str) -> str:
    """Return user, assistant, or "" for other known roles; raises RecordError for an unknown one."""
    name = turn.get(key) if isinstance(turn, dict) else None
    if not isinstance(name, str) or name.lower() not in _ROLE:
        known = ", ".join(_ROLE)
        raise RecordError(f"{where}.{key}` must name who speaks; known: {known}")
    return _ROLE[name.lower()]
