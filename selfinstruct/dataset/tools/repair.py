"""Repair of rows in any layout: only texts change, keys and other values stay."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from selfinstruct.dataset.io.names import BETTER, REASONING, SYSTEM, names_of
from selfinstruct.dataset.io.preferences import turns_in
from selfinstruct.dataset.io.turns import LAYOUTS, THOUGHTS, is_turn_list, keys_of, pair_keys
from selfinstruct.errors import RecordError
from selfinstruct.quality.repair import Field, repair_text


class Repaired(NamedTuple):
    """A row after repair."""

    value: dict[str, Any]
    done: tuple[tuple[str, str], ...]
    """(field, name of the repair), in order."""


def repaired(value: dict[str, Any]) -> Repaired:
    """Return a repaired copy of a row."""
    done: list[tuple[str, str]] = []

    def text_of(text: Any, name: str, field: Field) -> Any:
        if not isinstance(text, str):
            return text
        text, rules = repair_text(text, field)
        done.extend((name, rule) for rule in rules)
        return text

    fields = _fields(value)
    row = {key: text_of(text, key, fields[key]) if key in fields else text for key, text in value.items()}
    for name, held in row.items():
        if (name in {*LAYOUTS, "history"} and isinstance(held, list)) or is_turn_list(held):
            row[name] = [_turn(turn, name, f"{name}.{number}", text_of) for number, turn in enumerate(held)]
        elif is_turn_list([held]):
            row[name] = _turn(held, name, name, text_of)
    return Repaired(row, tuple(done))


def _fields(value: Mapping[str, Any]) -> dict[str, Field]:
    """Return {key: kind of text} of the texts of a row that are no turns."""
    fields: dict[str, Field] = dict.fromkeys((*SYSTEM, *REASONING, *BETTER), "turn")
    try:
        names = None if turns_in(value)[0] else names_of(value, "", needs_answer=False)
    except RecordError:  # a pair whose question and answers are turns
        names = None
    if names is None:
        return fields
    return fields | {names.question: "instruction", names.input: "input", names.answer: "output"}


def _turn(turn: Any, layout: str, name: str, text_of: Callable[[Any, str, Field], Any]) -> Any:
    """Return a turn, or a pair of texts, repaired."""
    if isinstance(turn, list):
        return [text_of(text, name, "turn") for text in turn]
    if not isinstance(turn, dict):
        return turn
    pair = pair_keys(turn)
    keys = pair or (*keys_of(turn, layout)[1:], *THOUGHTS)
    return {
        key: text_of(text, f"{name}.{key}" if pair else name, "turn") if key in keys else text
        for key, text in turn.items()
    }
