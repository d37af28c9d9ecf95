"""Conversations of the `messages` and ShareGPT layouts: their turns, and the pairs of question and answer in them."""

import json
from typing import Any, NamedTuple

from selfinstruct.errors import RecordError

LAYOUTS = {"messages": ("role", "content"), "conversations": ("from", "value"), "conversation": ("from", "value")}
"""Field of a row -> the keys of a turn that has neither pair of them."""
_KEYS = (("role", "content"), ("from", "value"))
_CALLS = ("tool_calls", "function_call")
_ROLES = {
    "user": ("user", "human", "prompter"),
    "assistant": ("assistant", "gpt", "chatgpt", "bard", "bing", "model", "bot"),
    "": ("system", "developer", "tool", "function", "function_call", "observation"),
}
_ROLE = {name: role for role, names in _ROLES.items() for name in names}


class Conversation(NamedTuple):
    """What a conversation asks and answers."""

    pairs: tuple[tuple[str, str], ...]
    """(user, assistant); the answer is empty where none follows."""
    defect: str
    """What is wrong with the order of the turns, or nothing."""
    others: tuple[str, ...]
    """What the system and tools say, and calls of tools: in no pair."""
    unanswered: bool
    """No answer follows the last question."""
    fields: tuple[str, ...]
    """Where each text of the pairs stands, such as `messages.0`, or nothing where it is missing."""


class _Turn(NamedTuple):
    """What one turn says."""

    role: str
    """user, assistant, or nothing for a turn that is in no pair."""
    text: str
    others: tuple[str, ...]


def conversation(turns: list[Any], layout: str, where: str) -> Conversation:
    """Return the pairs of a conversation; raises RecordError for a turn that is none, with its field."""
    pairs: list[tuple[str, str]] = []
    fields: list[str] = []
    others: list[str] = []
    defect, before, place = "", "", 0
    for number, turn in enumerate(turns):
        role, text, beside = _read(turn, layout, number, where)
        others += beside
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
    """Return the keys of a turn's speaker and text: those that it has, whatever the list is called."""
    return next((keys for keys in _KEYS if isinstance(turn, dict) and keys[0] in turn), LAYOUTS[layout])


def as_text(value: Any) -> str:
    """Return a text as it is, nothing as an empty text, and any other value as JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False) if value else ""


def _read(turn: Any, layout: str, number: int, where: str) -> _Turn:
    """Return what a turn says; a call of a tool that says nothing is in no pair."""
    role_key, text_key = keys_of(turn, layout)
    role = _role(turn, role_key, f"{where}: field `{layout}.{number}")
    text, calls = turn.get(text_key), {key: turn[key] for key in _CALLS if turn.get(key)}
    if not role:
        rest = {key: held for key, held in turn.items() if key not in {role_key, text_key} and held}
        said = "\n".join(filter(None, (as_text(text), as_text(rest))))
        return _Turn("", "", (said,) if said else ())
    beside = (as_text(calls),) if calls else ()
    if role == "assistant" and calls and not text:
        return _Turn("", "", beside)
    if not isinstance(text, str):
        raise RecordError(f"{where}: field `{layout}.{number}.{text_key}` must be a text")
    return _Turn(role, text, beside)


def _role(turn: Any, key: str, where: str) -> str:
    """Return user, assistant, or nothing for a turn that is part of no pair."""
    name = turn.get(key) if isinstance(turn, dict) else None
    if not isinstance(name, str) or name.lower() not in _ROLE:
        known = ", ".join(_ROLE)
        raise RecordError(f"{where}.{key}` must name who speaks; known: {known}")
    return _ROLE[name.lower()]
