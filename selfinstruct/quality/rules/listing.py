"""The items of an answer that is clearly one list: numbered, bulleted, one per line, or separated by commas."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from selfinstruct.quality.rules.numerals import whole

_MARK = re.compile(r"(?:(?<=[\s。；;，,：:！？!?和与及])|\A)[*_#(（\[]{0,3}([0-9]{1,2})\s?[.)、．）\]](?![0-9])")
_LINE_MARK = re.compile(
    r"(\s*)[>*_#\s]{0,8}[(（\[]?(?:[Nn]o\.|#)?([0-9]{1,3}|[一二三四五六七八九十]{1,3}(?=[、.．]))\s?(?:[.)、．）\]:：](?![0-9])|(?=[《“「]))"
)
_BULLET = re.compile(r"(\s*)(?:[-–—*•·●○▪◦➢✓]\s*(?=\S)|[*+]\s+)")
_RULE = re.compile(r"\s*[-*_=—]{3,}\s*")
_CIRCLED = {ord("①") + place: f" {place + 1}. " for place in range(20)}
_BRACKETS = re.compile(r"[(（\[【][^()（）\[\]【】\n]{0,80}[)）\]】]")
_COMMAS = re.compile(r"\s*[,;，；、]\s*(?![0-9]{3}(?![0-9]))")
_AND = re.compile(r"\s+(?:and|&|or)\s+|\s*(?:以及|[和与及或])\s*", re.IGNORECASE)
_LEAD = re.compile(r"\A[^:：\n]{0,120}[:：]\s*")
_MOST_WORDS, _MOST_CHARACTERS = 4, 8
"""Longest item of a comma list, in English words or Chinese characters: above, commas separate clauses."""


class Listing(NamedTuple):
    """The items of a list, and all numbers of items that a reader could count."""

    kind: str
    items: tuple[str, ...]
    counts: frozenset[int]


def listing(text: str) -> Listing | None:
    """Return the list that a text clearly is, or None; two lists, tables and groups under headings are none."""
    text = text.translate(_CIRCLED)
    lines = [line.rstrip() for line in text.split("\n") if re.search(r"\w", line) or _RULE.fullmatch(line)]
    if any("|" in line or "```" in line for line in lines):
        return None
    numbers = [found for line in lines if (found := _LINE_MARK.match(line))]
    if numbers or _MARK.search(text):
        return _numbered(text, lines)
    if any(_BULLET.match(line) for line in lines):
        return _bulleted(lines)
    return _by_line(lines) if len(lines) > 1 else _by_comma(text)


def _numbered(text: str, lines: Sequence[str]) -> Listing | None:
    """Return a list numbered 1, 2, 3 ... without a second start and without a gap."""
    marked = [(found, line) for line in lines if (found := _LINE_MARK.match(line))]
    left = min((len(found[1]) for found, _ in marked), default=0)
    outer = [(found, line) for found, line in marked if len(found[1]) == left]
    inline = _chain([int(found[1]) for found in _MARK.finditer(text)])
    if len(outer) < 2:
        return _inline(text, inline) if inline > 1 and not outer[1:] else None
    if [_ordinal(found[2]) for found, _ in outer] != [*range(1, len(outer) + 1)]:
        return None
    if _has_bullets_apart(lines):
        return None
    if any(re.match(r"\s*[-–*•·]?\s*(?:#|\*\*)", line) and not _LINE_MARK.match(line) for line in lines[1:-1]):
        return None  # headings group the items
    items = tuple(line[found.end() :] for found, line in outer)
    return Listing("numbered", items, frozenset({len(items), max(inline, len(items))}))


def _has_bullets_apart(lines: Sequence[str]) -> bool:
    """Return whether a list of bullets stands before the first number."""
    first = next(place for place, line in enumerate(lines) if _LINE_MARK.match(line))
    return sum(_BULLET.match(line) is not None for line in lines[:first]) > 1


def _ordinal(mark: str) -> int:
    return whole(mark) or 0


def _chain(numbers: Sequence[int]) -> int:
    """Return how far 1, 2, 3 ... goes in a row of numbers; 0 where it starts again."""
    reached = 0
    for number in numbers:
        if number == 1 and reached > 1:
            return 0
        reached += number == reached + 1
    return reached


def _inline(text: str, count: int) -> Listing | None:
    """Return a list numbered within its lines: `1. tea 2. milk`."""
    marks = [found for found in _MARK.finditer(text) if int(found[1]) <= count]
    if [int(found[1]) for found in marks] != [*range(1, count + 1)]:
        return None
    ends = [*(found.start() for found in marks[1:]), len(text)]
    items = tuple(text[found.end() : end] for found, end in zip(marks, ends, strict=True))
    return Listing("numbered", items, frozenset({count}))


def _bulleted(lines: Sequence[str]) -> Listing | None:
    """Return bullets of the outermost level that no other line interrupts."""
    left = min(len(found[1]) for line in lines if (found := _BULLET.match(line)))
    places = [place for place, line in enumerate(lines) if (found := _BULLET.match(line)) and len(found[1]) == left]
    inside = lines[places[0] : places[-1]]
    if len(places) < 2 or any(not line[: left + 1].isspace() and not _BULLET.match(line) for line in inside):
        return None
    items = tuple(_BULLET.sub("", lines[place], count=1) for place in places)
    if any(item.rstrip("*").endswith((":", "：")) for item in items):
        return None  # each is a heading
    return Listing("bulleted", items, frozenset({len(items)}))


def _by_line(lines: Sequence[str]) -> Listing | None:
    """Return short lines, one item each, under a lead that may end in a colon."""
    rest = [line.strip() for line in lines]
    if rest[0].endswith((":", "：")):
        rest = rest[1:]
    if len(rest) < 2 or not all(_is_short(line, 2) and not line.endswith((":", "：", ",", "，")) for line in rest):
        return None
    if any(re.search(r"[:：,，、;；]|[.。!！?？]\s*\S", line) for line in rest):
        return None
    return Listing("lines", tuple(rest), frozenset({len(rest)}))


def _by_comma(text: str) -> Listing | None:
    """Return the short items of one line, counted with and without a split at `and`."""
    body = _LEAD.sub("", _BRACKETS.sub("", text.strip()), count=1).strip(" .。!！[]")
    parts = [part for part in _COMMAS.split(body) if part.strip()]
    if len(parts) < 3 or re.search(r"[.。!！?？:：\n]", body) or ("、" in body and re.search("[,，;；]", body)):
        return None
    items = [re.sub(r"\A(?:and|or|以及|还有|和) ?", "", part.strip(), flags=re.IGNORECASE) for part in parts]
    if not all(_is_short(item, 1) for item in items):
        return None
    split = [one for item in items for one in _AND.split(item) if one]
    return Listing("commas", tuple(items), frozenset(range(len(items), len(split) + 1)))


def _is_short(item: str, times: int) -> bool:
    han = len(re.findall(r"[\u3400-\u9fff]", item))
    words = len(item.split())
    return han <= _MOST_CHARACTERS * times if han else words <= _MOST_WORDS * times
