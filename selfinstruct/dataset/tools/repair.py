"""Repair of rows in any layout: only texts change, keys and other values stay."""

from typing import Any, NamedTuple

from selfinstruct.dataset.io.conversations import LAYOUTS, keys_of
from selfinstruct.dataset.io.rows import names_of
from selfinstruct.quality.repair import Field, repair_text

_FIELDS: tuple[Field, ...] = ("instruction", "input", "output")


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

    fields = dict(zip(names_of(value), _FIELDS, strict=True))
    row = {key: text_of(text, key, fields[key]) if key in fields else text for key, text in value.items()}
    for layout in LAYOUTS:
        if isinstance(turns := row.get(layout), list):
            row[layout] = [
                {
                    key: text_of(text, f"{layout}.{number}", "turn") if key == keys_of(turn, layout)[1] else text
                    for key, text in turn.items()
                }
                if isinstance(turn, dict)
                else turn
                for number, turn in enumerate(turns)
            ]
    if isinstance(history := row.get("history"), list):
        row["history"] = [
            [text_of(text, f"history.{number}", "turn") for text in pair] if isinstance(pair, list) else pair
            for number, pair in enumerate(history)
        ]
    return Repaired(row, tuple(done))
