"""Mending the rows of a file in the layout they have: only texts change, keys and everything else stay as they stood."""

from typing import Any, NamedTuple

from selfinstruct.dataset.io.conversations import LAYOUTS, keys_of
from selfinstruct.dataset.io.rows import names_of
from selfinstruct.quality.repair import Field, mend

_FIELDS: tuple[Field, ...] = ("instruction", "input", "output")


class Repaired(NamedTuple):
    """A row after mending."""

    value: dict[str, Any]
    done: tuple[tuple[str, str], ...]
    """(field, what was repaired there), in order."""


def repaired(value: dict[str, Any]) -> Repaired:
    """Return a row with its texts repaired; the row that was given stays as it is."""
    done: list[tuple[str, str]] = []

    def text_of(held: Any, name: str, field: Field) -> Any:
        if not isinstance(held, str):
            return held
        text, rules = mend(held, field)
        done.extend((name, rule) for rule in rules)
        return text

    fields = dict(zip(names_of(value), _FIELDS, strict=True))
    row = {key: text_of(held, key, fields[key]) if key in fields else held for key, held in value.items()}
    for layout in LAYOUTS:
        if isinstance(turns := row.get(layout), list):
            row[layout] = [
                {
                    key: text_of(held, f"{layout}.{number}", "turn") if key == keys_of(turn, layout)[1] else held
                    for key, held in turn.items()
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
