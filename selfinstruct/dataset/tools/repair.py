"""Repair of rows in any layout: only texts change, keys and other values stay."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from selfinstruct.dataset.io.names import BETTER, REASONING, SYSTEM, names_of
from selfinstruct.dataset.io.preferences import turns_in
from selfinstruct.dataset.io.turns import LAYOUTS, THOUGHTS, is_turn_list, keys_of, pair_keys
from selfinstruct.errors import RecordError
from selfinstruct.quality.repair import (
    FIXABLE,
    SOFT_HYPHEN,
    Field,
    characters_without_width,
    repair_text,
    speaks_of_invisible,
    unwanted,
)


class Repaired(NamedTuple):
    """A row after repair."""

    value: dict[str, Any]
    done: tuple[tuple[str, str], ...]
    """(field, name of the repair), in order."""
    taken_out: Counter[str] = Counter()  # noqa: RUF012 - a NamedTuple, and never changed
    """{code point: how often it was taken out}, of characters without width."""
    details: tuple[str, ...] = ()
    """What each repair took out, in words; "" where that was no character without width."""
    soft_hyphens: int = 0
    """Soft hyphens that are left: they say where a word may be divided."""


def _in_words(counts: Counter[str]) -> str:
    return ", ".join(f"{code} {'once' if count == 1 else f'{count} times'}" for code, count in counts.most_common())


_ALL_BUT_MOJIBAKE = frozenset(FIXABLE) - {"mojibake"}
MARK = "U+FEFF"
"""The byte order mark, which `values_of` takes from the beginning of a line."""


def repaired(value: dict[str, Any], *, marked: bool = False) -> Repaired:
    """Return a repaired copy of a row; `marked` when its line began with a byte order mark, which counts as a repair."""
    done: list[tuple[str, str]] = [("", "invisible_characters")] if marked else []
    keeps = unwanted(_texts(value))
    taken_out, left = Counter({MARK: 1} if marked else ()), 0
    details = [_in_words(taken_out)] if marked else []

    def text_of(text: Any, name: str, field: Field) -> Any:
        if not isinstance(text, str):
            return text
        nonlocal left
        found = characters_without_width(text)
        before = text
        text, rules = repair_text(before, field, spares=bool(found) and about(), keeps=keeps)
        found = _well_read(before, field) if "mojibake" in rules else found
        done.extend((name, rule) for rule in rules)
        gone = found - characters_without_width(text) if "invisible_characters" in rules else Counter[str]()
        details.extend(_in_words(gone) if rule == "invisible_characters" else "" for rule in rules)
        if found:
            taken_out.update(gone)
            left += text.count(SOFT_HYPHEN)
        return text

    def about() -> bool:
        return any(map(speaks_of_invisible, _texts(value)))

    fields = _fields(value)
    row = {key: text_of(text, key, fields[key]) if key in fields else text for key, text in value.items()}
    for name, held in row.items():
        if (name in {*LAYOUTS, "history"} and isinstance(held, list)) or is_turn_list(held):
            row[name] = [_turn(turn, name, f"{name}.{number}", text_of) for number, turn in enumerate(held)]
        elif is_turn_list([held]):
            row[name] = _turn(held, name, name, text_of)
    return Repaired(row, tuple(done), taken_out, tuple(details), left)


def _well_read(text: str, field: Field) -> Counter[str]:
    """Return the characters without width of a text once it is read in its encoding: misread bytes look like some."""
    return characters_without_width(repair_text(text, field, keeps=_ALL_BUT_MOJIBAKE)[0])


def _texts(value: Any) -> Iterator[str]:
    """Yield all texts in a value, however deep."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict | list):
            waiting.extend(one.values() if isinstance(one, dict) else one)


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
