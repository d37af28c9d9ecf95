"""Passages: the paragraphs of a text, joined or parted so that each can be asked about, with their place in the document."""

import hashlib
import re
from collections.abc import Iterator
from typing import NamedTuple

from selfinstruct.records import LanguageCode


class Passage(NamedTuple):
    """A part of a document."""

    id: str
    """16 hex digits of the document's name and the text: the same while neither changes."""
    document: str
    """Name of the document, relative to the folder."""
    start: int
    """Characters of the document before it."""
    text: str
    language: LanguageCode


SIZE = {"en": (300, 1_200), "zh": (120, 500)}
"""(fewest, most) characters of a passage; a shorter rest goes to the one before."""
_PARAGRAPH = re.compile(r"\S(?:(?!\n[^\S\n]*\n).)*", re.DOTALL)
_ENDS = (re.compile(r"[.!?](?=\s)|[。！？][”’」』）]?"), re.compile(r"\n"), re.compile(r"\s|[；，、]"))
"""Where a paragraph that is too long is parted: after a sentence, else a line, else a word."""


def passages_of(document: str, text: str, language: LanguageCode) -> list[Passage]:
    """Return the passages of a text, in order; their characters stand in the text at their offsets, unchanged."""
    fewest, most = SIZE[language]
    spans: list[tuple[int, int]] = []
    for start, end in _pieces(text, most):
        joins = (
            spans and (end - spans[-1][0] <= most) and (end - start < fewest or spans[-1][1] - spans[-1][0] < fewest)
        )
        if joins:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [
        _passage(document, text, start, end, language)
        for start, end in spans
        if end - start >= fewest // 4 and _says_something(text[start:end])
    ]


def _says_something(text: str) -> bool:
    """Return whether half of a text or more is letters: columns of figures, a table of contents with its dots are not asked about."""
    shown = [mark for mark in text if not mark.isspace()]
    return 2 * sum(mark.isalpha() for mark in shown) >= len(shown)


def _pieces(text: str, most: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of paragraphs; one that is too long in runs of whole sentences, or of lines or words where it has none."""
    for found in _PARAGRAPH.finditer(text):
        start, end = found.span()
        while end - start > most:
            cut = _cut(text, start, start + most)
            yield start, cut
            start = next(place for place in range(cut, end) if not text[place].isspace())
        yield start, end


def _cut(text: str, start: int, limit: int) -> int:
    """Return the last place before `limit` where a paragraph may be parted."""
    for ending in _ENDS:
        ends = [found.end() for found in ending.finditer(text, start, limit)]
        if ends:
            return ends[-1]
    return limit


def _passage(document: str, text: str, start: int, end: int, language: LanguageCode) -> Passage:
    held = text[start:end].rstrip()
    digest = hashlib.sha256(f"{document}\0{held}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return Passage(digest, document, start, held, language)
