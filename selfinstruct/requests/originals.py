"""The rows that are carried into the other language, each under the number of its request, and what code decides of them without asking.

A number stays with the row that it was asked for: whatever is edited, added or moved in the source, a reply that was paid for is found again.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from selfinstruct.quality.translation.bound import bound, is_neutral
from selfinstruct.quality.translation.remains import holds
from selfinstruct.quality.translation.spans import outside
from selfinstruct.records import Drawn, LanguageCode, Original, Row, Source, whole_hash
from selfinstruct.requests.parts import MOST, divided

KEEP: Final = "keep"
BOUND: Final = "language_bound"
CHANGED: Final = "source_changed"
VOID: Final = "void"
"""Of a number that no row has any more, and that was never asked for."""
Key = tuple[object, ...]
_TOKENS_PER_BYTE: Final = 0.4
"""Of a translation, by the bytes of its source in UTF-8: four bytes an English token, three to four a Chinese one, and room to spare."""
_BESIDE: Final = 256
"""Tokens of a reply beside the texts."""
OTHER: Final[Mapping[LanguageCode, LanguageCode]] = {"en": "zh", "zh": "en"}


class Rules(NamedTuple):
    """What decides how rows are carried over."""

    to: LanguageCode
    glossary: tuple[tuple[str, str], ...] = ()
    """(term, its translation)."""
    most_tokens: int = 4096
    """Of a reply."""
    most_back: int | None = 0
    """Most rows that are translated back; None for all."""
    comments: bool = False
    """Comments and strings of code are translated."""


def original_of(row: Row, rules: Rules, seen: Collection[Key] = ()) -> Original:
    """Return a row as one that is carried over, with what code decides of it; `seen` are the keys of the rows before it."""
    names = ("id", "instruction", "input", "output", "system", "history", "reasoning")
    fields: dict[str, Any] = {name: getattr(row, name) for name in names}
    one = Original(text_hash="", own=row.language == rules.to, **fields)
    terms = tuple(pair for pair in rules.glossary if any(holds(outside(text), pair[0]) for text in one.texts.values()))
    known = {"text_hash": whole_hash(one.texts | {"language": row.language}), "terms": () if one.own else terms}
    one = one.model_copy(update=known)
    decided, detail = _decided(one, row, rules, seen)
    if decided or tokens_needed(one) <= rules.most_tokens:
        return one.model_copy(update={"decided": decided, "detail": detail})
    return one.model_copy(update=_in_parts(one, rules))


def originals_of(rows: Iterable[Row], rules: Rules) -> list[Original]:
    """Return rows as ones that are carried over: those that are in the wanted language first, which all others are compared with."""
    seen: set[Key] = set()
    found = []
    for row in sorted(rows, key=lambda row: row.language != rules.to):
        found.append(original_of(row, rules, seen))
        seen.add(found[-1].key)
    return _with_back(found, rules)


def following(rows: Iterable[Row], rules: Rules, seen: set[Key]) -> list[Original]:
    """Return further rows as ones that are carried over, in the order in which a run accepted them; `seen` holds the keys of all before them, and grows."""
    found: list[Original] = []
    for row in rows:
        one = original_of(row, rules, seen)
        back = _can_go_back(one) and (rules.most_back is None or len(seen) < rules.most_back)
        found.append(one.model_copy(update={"back": back}))
        seen.add(one.key)
    return found


def placed(originals: Sequence[Original], asked: Mapping[int, Key]) -> list[Original | None]:
    """Return each row under the number that its request has; None under one that was asked for a text that is not there any more.

    `asked` has the keys of the requests that were answered, by number.

    >>> a, b, c = (Original(id=name, text_hash=name, instruction=name) for name in "abc")
    >>> [one and one.id for one in placed([a, b, c], {0: ("b", ()), 2: ("gone", ())})]
    ['b', 'a', None, 'c']
    """
    numbers = {key: number for number, key in sorted(asked.items(), reverse=True)}
    found: dict[int, Original | None] = dict.fromkeys(asked)
    waiting = []
    for one in originals:
        number = None if one.decided else numbers.pop(one.key, None)
        if number is None:
            waiting.append(one)
        else:
            found[number] = one
    number = 0
    for one in waiting:
        while number in found:
            number += 1
        found[number] = one
    void = Original(id="", text_hash="", instruction="", decided=VOID)
    return [found.get(number, void) for number in range(max(found, default=-1) + 1)]


def drawn_of(one: Original, *, comments: bool = False) -> Drawn:
    """Return a row as what a request starts from; with `comments` those of its code are translated."""
    names = ("instruction", "input", "output", "system", "history", "reasoning")
    source = None if one.own else Source(translation_of=one.id, text_hash=one.text_hash)
    kind = "translate.comments" if comments else "translate"
    fields = {name: getattr(one, name) for name in (*names, "part_bytes")}
    return Drawn(kind=kind, source=source, details=one.terms, **fields)


def key_of(drawn: Drawn | None) -> Key:
    """Return the key of the row that a request starts from."""
    source = drawn.source if drawn else None
    return (source.text_hash if source else "", drawn.details if drawn else ())


def tokens_needed(one: Original) -> int:
    """Return how many tokens a reply with all texts of a row may take."""
    return tokens_of(one.texts.values())


def tokens_of(texts: Iterable[str]) -> int:
    """Return how many tokens a reply with these texts may take."""
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)
    return int(size * _TOKENS_PER_BYTE) + _BESIDE


def _decided(one: Original, row: Row, rules: Rules, seen: Collection[Key]) -> tuple[str, str]:
    """Return (what code decides, why); empty texts where the teacher is asked."""
    if fault := _fault(one, row, seen):
        return fault
    if one.own or is_neutral(one.texts, OTHER[rules.to]):
        return KEEP, ""
    if reason := bound(one.instruction, OTHER[rules.to]):
        return BOUND, reason
    return "", ""


def _in_parts(one: Original, rules: Rules) -> dict[str, Any]:
    """Return how a row that is too long for one reply is asked for: in parts, or not at all."""
    most = int((rules.most_tokens - _BESIDE) / _TOKENS_PER_BYTE)
    if most > 0 and divided(one.texts, most, comments=rules.comments):
        return {"part_bytes": most}
    detail = (
        f"its translation may take {tokens_needed(one)} tokens; [teacher] max_tokens is {rules.most_tokens}, and a line of it is longer than that "
        f"or it has more than {MOST} parts of that size"
    )
    return {"decided": "longer_than_reply", "detail": detail}


def _fault(one: Original, row: Row, seen: Collection[Key]) -> tuple[str, str] | None:
    """Return what makes a row none that can be carried over."""
    if row.carries_tools or row.rejected:
        return (
            "not_translatable",
            "it calls tools" if row.carries_tools else "it is a pair of a better and a worse answer",
        )
    if not one.output.strip():
        return "empty_output", "the source has no answer"
    if one.key in seen:
        return "duplicate", "an earlier row of the source has the same texts"
    return None


def _with_back(originals: list[Original], rules: Rules) -> list[Original]:
    asked = [number for number, one in enumerate(originals) if _can_go_back(one)]
    if rules.most_back is not None:
        asked = sorted(asked, key=lambda number: _hash(originals[number]))[: rules.most_back]
    drawn = set(asked)
    return [one.model_copy(update={"back": True}) if number in drawn else one for number, one in enumerate(originals)]


def _can_go_back(one: Original) -> bool:
    """Return whether one reply can hold the way back of a row that is asked for."""
    return not one.decided and not one.part_bytes


def _hash(one: Original) -> str:
    return hashlib.sha256(f"back/{one.text_hash}".encode()).hexdigest()
