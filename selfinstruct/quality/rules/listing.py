"""Lists in a text: the items of an answer that is clearly one list, and plain sequences of numbers or words."""

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from selfinstruct.quality.rules.numerals import DIGIT, number, whole

_INLINE = re.compile(r"(?:(?<=[\s。；;，,：:！？!?和与及])|\A)[*_#(（\[]{0,3}([0-9]{1,2})\s?[.)、．）\]](?![0-9])")
_NUMBERED = re.compile(r"(\s*)[>*_#\s]{0,8}[(（\[]?(?:[Nn]o\.|#)?([0-9]{1,3}|[一二三四五六七八九十]{1,3}(?=[、.．]))\s?(?:[.)、．）\]:：](?![0-9])|(?=[《“「]))")  # fmt: skip
_BULLET = re.compile(r"(\s*)(?:[-–—*•·●○▪◦➢✓]\s*(?=\S)|[*+]\s+)")
_BOLD = re.compile(r"\s*\*{2,3}[^*]+\*{2,3}\W*\Z")
"""A line in bold, which is no bullet."""
_CIRCLED = {ord("①") + place: f" {place + 1}. " for place in range(20)}
_BRACKETS = re.compile(r"[(（\[【][^()（）\[\]【】\n]{0,80}[)）\]】]")
_COMMAS = re.compile(r"\s*[,;，；、]\s*(?![0-9]{3}(?![0-9]))")
_AND = re.compile(r"\s+(?:and|&|or)\s+|\s*(?:以及|[和与及或])\s*", re.IGNORECASE)
_FIRST_AND = re.compile(r"\A(?:and|or|以及|还有|和) ?", re.IGNORECASE)
_LEAD = re.compile(r"\A[^:：\n]{0,160}[:：]\s*")
_SAYS = re.compile(
    r"\A(?:the|in|here|these|sorted|[\u4e00-\u9fff])[^,，:：、\n]{4,80}(?: (?:is|are) (?=\S)|(?<=[序后])[是为])",
    re.IGNORECASE,
)
"""A lead without a colon: `The words in order are`."""
_MOST_WORDS, _MOST_CHARACTERS = 4, 8
"""Longest item of a comma list, in English words or Chinese characters: above, commas separate clauses."""
_SEPARATOR = re.compile(r"\s*(?:[,，、;；\n>＞<＜]|->|→|\s(?:and|&)\s)\s*(?:and\s|&\s)?|\s*[和与]\s?(?=[-−]?[0-9])|\s+(?=[-−]?[0-9])")  # fmt: skip
_MARK = re.compile(r"\A\s*(?:[-*•·]\s+|[(（]?[0-9]{1,2}[.)、）]\s+)")
_THOUSANDS = re.compile(r"(?<![0-9])[0-9]{1,3},[0-9]{3}(?![0-9])")
"""A comma that may stand within a number or between two."""
_TRIM = " \t\r\n.。!！[](){}（）【】\"“”'‘’「」*`"
_LONGEST = 2_000
"""Characters of a text that may be one sequence."""


class Listing(NamedTuple):
    """The items of a list, and all numbers of items that a reader could count."""

    items: tuple[str, ...]
    counts: frozenset[int]
    is_marked: bool
    """Whether its items have numbers or bullets."""


@lru_cache(maxsize=4)
def listing(text: str) -> Listing | None:
    """Return the list that a text clearly is, or None; two lists, tables and groups under headings are none."""
    text = text.translate(_CIRCLED) if not text.isascii() else text
    lines = [line.rstrip() for line in text.split("\n") if re.search(r"\w|---|\*\*\*", line)]
    if "|" in text or "```" in text:
        return None
    if any(map(_NUMBERED.match, lines)) or (DIGIT.search(text) and _INLINE.search(text)):
        return _numbered(text, lines)
    if any(map(_BULLET.match, lines)):
        return _bulleted(lines)
    return _by_line(lines) if len(lines) > 1 else _by_comma(text)


def sequence(text: str) -> list[str]:
    """Return the items of a text that is one sequence, without a lead that ends in a colon; [] if it is none."""
    if len(text) > _LONGEST or _THOUSANDS.search(text):
        return []
    body = _SAYS.sub("", _LEAD.sub("", text.strip(), count=1), count=1).strip(_TRIM)
    lines = [_MARK.sub("", line) for line in body.split("\n") if line.strip()]
    items = [part.strip(_TRIM) for part in _SEPARATOR.split("\n".join(lines))]
    return items if len(items) > 1 and all(items) else []


def numbers(items: Sequence[str]) -> list[Fraction]:
    """Return the values of items that are all numbers in figures, or []."""
    values = [number(item) if re.search("[0-9]", item) else None for item in items]
    return [value for value in values if value is not None] if None not in values else []


def _numbered(text: str, lines: Sequence[str]) -> Listing | None:
    """Return a list numbered 1, 2, 3 ... in its lines or within one, without a second start and without a gap."""
    marked = [(found, line) for line in lines if (found := _NUMBERED.match(line))]
    left = min((len(found[1]) for found, _ in marked), default=0)
    outer = [(found, line) for found, line in marked if len(found[1]) == left]
    marks = list(_INLINE.finditer(text))
    are_counted = [int(found[1]) for found in marks] == [*range(1, len(marks) + 1)]
    if len(outer) < 2:
        ends = [*(found.start() for found in marks[1:]), len(text)]
        items = tuple(text[found.end() : end] for found, end in zip(marks, ends, strict=False))
        return Listing(items, frozenset({len(items)}), True) if are_counted and len(items) > 1 else None
    before = lines[: lines.index(outer[0][1])]
    if sum(bool(_BULLET.match(line)) for line in before) > 1:
        return None
    if [whole(found[2]) for found, _ in outer] != [*range(1, len(outer) + 1)]:
        return None
    items = tuple(line[found.end() :] for found, line in outer)
    return Listing(items, frozenset({len(items), max(len(marks), len(items)) if are_counted else len(items)}), True)


def _bulleted(lines: Sequence[str]) -> Listing | None:
    """Return bullets of the outermost level that no other line interrupts and that are no headings, under a bold one."""
    lines = lines[1:] if _BOLD.match(lines[0]) and not any(map(_BOLD.match, lines[1:2])) else lines
    bullets = [(place, len(found[1])) for place, line in enumerate(lines) if (found := _BULLET.match(line))]
    left = min((indent for _, indent in bullets), default=0)
    places = [place for place, indent in bullets if indent == left]
    items = tuple(_BULLET.sub("", lines[place], count=1) for place in places)
    if len(items) < 2 or any(item.rstrip("*").endswith((":", "：")) for item in items):
        return None
    if any(not line[: left + 1].isspace() and not _BULLET.match(line) for line in lines[places[0] : places[-1]]):
        return None
    return Listing(items, frozenset({len(items)}), True)


def _by_line(lines: Sequence[str]) -> Listing | None:
    """Return short lines, one item each, under a lead that may end in a colon."""
    rest = [line.strip() for line in lines]
    rest = rest[1:] if rest[0].endswith((":", "：")) else rest
    if len(rest) < 2 or any(re.search(r"[:：,，、;；]|[.。!！?？]\s*\S", line) for line in rest):
        return None
    return Listing(tuple(rest), frozenset({len(rest)}), False) if all(_is_short(line, 2) for line in rest) else None


def _by_comma(text: str) -> Listing | None:
    """Return the short items of one line, counted with and without a split at `and`."""
    body = _LEAD.sub("", _BRACKETS.sub("", text.strip()), count=1).strip(" .。!！[]")
    parts = [part for part in _COMMAS.split(body) if part.strip()]
    if len(parts) < 3 or re.search(r"[.。!！?？:：\n]", body) or ("、" in body and re.search("[,，;；]", body)):
        return None
    items = [_FIRST_AND.sub("", part.strip()) for part in parts]
    split = [one for item in items for one in _AND.split(item) if one]
    counts = frozenset(range(len(items), len(split) + 1))
    return Listing(tuple(items), counts, False) if all(_is_short(item, 1) for item in items) else None


def _is_short(item: str, times: int) -> bool:
    han = len(re.findall(r"[\u3400-\u9fff]", item))
    return han <= _MOST_CHARACTERS * times if han else len(item.split()) <= _MOST_WORDS * times
