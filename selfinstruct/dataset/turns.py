"""Conversations of the `messages` and ShareGPT layouts: their turns, and the pairs of question and answer in them."""

from typing import Any, NamedTuple

from selfinstruct.errors import RecordError

LAYOUTS = {"messages": ("role", "content"), "conversations": ("from", "value"), "conversation": ("from", "value")}
"""Field of a row -> the fields of each turn."""
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
    others: int
    """Turns of the system or of a tool, which are in no pair."""


def conversation(turns: list[Any], layout: str, where: str) -> Conversation:
    """Return the pairs of a conversation; raises RecordError for a turn that is none, with its field."""
    role_key, text_key = LAYOUTS[layout]
    pairs: list[tuple[str, str]] = []
    defect, before, others = "", "", 0
    for number, turn in enumerate(turns):
        role = _role(turn, role_key, f"{where}: field `{layout}.{number}")
        text = turn.get(text_key)
        if role and not isinstance(text, str):
            raise RecordError(f"{where}: field `{layout}.{number}.{text_key}` must be a text")
        if role and role == before:
            defect = defect or f"turns {number} and {number + 1} are both of the {role}"
        if role == "user":
            pairs.append((str(text), ""))
        elif role and before != "user":
            defect = defect or "the first turn is of the assistant"
        elif role:
            pairs[-1] = (pairs[-1][0], str(text))
        others += not role
        before = role or before
    return Conversation(tuple(pairs), defect or ("" if pairs else "nobody asks anything"), others)


def _role(turn: Any, key: str, where: str) -> str:
    """Return user, assistant, or nothing for a turn that is part of no pair."""
    name = turn.get(key) if isinstance(turn, dict) else None
    if not isinstance(name, str) or name.lower() not in _ROLE:
        known = ", ".join(_ROLE)
        raise RecordError(f"{where}.{key}` must name who speaks; known: {known}")
    return _ROLE[name.lower()]
