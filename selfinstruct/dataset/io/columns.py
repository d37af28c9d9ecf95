"""The columns of a file that a row has no place for, such as a rating or a note."""

from typing import Any

from selfinstruct.dataset.io.loaded import Loaded
from selfinstruct.dataset.io.names import BETTER, REASONING, SYSTEM, TOOLS, answers_of
from selfinstruct.dataset.io.turns import LAYOUTS
from selfinstruct.records import Row

_FORMED = ("source", "checks")
"""Fields of a row that are taken in our own form alone."""
_OWN = frozenset(Row.model_fields) - set(_FORMED)
_READ = frozenset(
    {
        *SYSTEM,
        *TOOLS,
        *REASONING,
        *BETTER,
        *BETTER.values(),
        *LAYOUTS,
        "calls",
        "unlearned",
        "history",
        "answers",
        "instances",
        "chat",
    }
)
_TURNS = frozenset({"prompt", "completion", "response", "data"})
"""Columns that may be a list of turns, or the question of a pair."""


def columns_left(one: Loaded) -> dict[str, Any]:
    """Return {column: value} of what a row of a file holds and a dataset row has no place for; empty values aside."""
    if one.value.keys() <= _OWN:
        return {}
    taken = {field.partition(".")[0] for field in one.fields} | (_TURNS if one.is_conversation else set())
    return {
        name: value
        for name, value in one.value.items()
        if value not in (None, "", [], {}) and not _is_taken(one, name, taken)
    }


def _is_taken(one: Loaded, name: str, taken: set[str]) -> bool:
    if name in _FORMED:
        return bool(getattr(one, name))
    other_answers = answers_of(one.fields[0]) if one.fields else ()  # which are spoken of by themselves
    return name in _OWN or name in taken or name.lower() in _READ or name.lower() in other_answers
