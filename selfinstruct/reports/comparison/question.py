"""A question of a comparison as the script of its page has it."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from selfinstruct.comparison.result import Decision
from selfinstruct.judging.reading import Reading
from selfinstruct.reports.language import said, told, words
from selfinstruct.system.text import visible

_LONGEST = 20_000
"""Characters of a text on the page."""


def question(one: Decision, key: str, *, blind: bool) -> dict[str, Any]:
    """Return a question for the script of the page: both answers, who won, and what was said of them."""
    drawn = hashlib.sha256(f"{key}/{one.id}".encode("utf-8", "surrogatepass")).digest()[0] % 2
    places = words("answer 2", "answer 1") if drawn else words("answer 1", "answer 2")
    names = dict(zip("AB", places if blind else "AB", strict=True))
    return {
        "id": visible(one.id),
        "language": one.language,
        "kind": visible(told(one.kind)),
        "question": _text(one.question),
        "reference": _text(one.reference),
        "A": None if one.a is None else _text(one.a),
        "B": None if one.b is None else _text(one.b),
        "by": one.by,
        "outcome": one.outcome,
        "swapped": bool(drawn),
        "won": said("{side} wins", side=names[one.outcome])
        if one.outcome in names
        else said(one.outcome or "undecided"),
        "lines": [visible(line) for line in _lines(one, names)],
    }


def _lines(one: Decision, names: Mapping[str, str]) -> Iterator[str]:
    """Yield what the checks and the judge said of the answers, by {side: what the page calls its answer}."""
    a, b = names["A"], names["B"]
    for name, found in zip((a, b), one.checks or (), strict=False):
        yield said("Check of {name}: {found}", name=name, found=told(found) if found else said("passed"))
    for reading, order in zip(one.readings, ((a, b), (b, a)), strict=False):
        yield said("Judge, {name} first: {verdict}", name=order[0], verdict=_verdict_of(reading, order))


def _verdict_of(reading: Reading, order: tuple[str, str]) -> str:
    if not reading.better:
        return said("cannot be read ({fault}) {reason}", fault=reading.fault, reason=reading.reason[:300])
    if reading.better == "tie":
        return said("neither is better. {reason}", reason=reading.reason)
    side = order[reading.better == "second"]
    return said("{side} is better. {reason}", side=side, reason=reading.reason)


def _text(text: str) -> str:
    return visible(text if len(text) <= _LONGEST else text[:_LONGEST] + " …")
