"""Headings of a text: lines that begin with a word and a colon; and what a text says of a section of `language/*/leaks.txt`."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from selfinstruct.language import LANGUAGES

HEAD = re.compile(r"[ \t>]{0,8}([-*] |#{1,6}|\*\*|[\[【])?[ \t]{0,3}(?:(\d{1,3})[ \t]?[.)、])?[ \t]{0,3}\*{0,2}([A-Za-z]{1,12}|[\u4e00-\u9fff]{1,4})[ \t]?(\d{0,3})(?:\*\*|[\]】])?[ \t]{0,3}[:：]")  # fmt: skip


class Head(NamedTuple):
    """A line that begins with a word and a colon."""

    line: int
    text: str
    mark: str
    is_numbered: bool
    word: str
    has_number: bool
    """Whether a number follows the word: `Task 3:`."""

    def is_of(self, kind: str) -> bool:
        """Return whether the word is one of those of a section of `leaks.txt`."""
        return self.word.lower() in words_of(kind)


@cache
def words_of(kind: str) -> frozenset[str]:
    """Return the words of a section of `leaks.txt`, of both languages."""
    return frozenset(word for language in LANGUAGES.values() for word in language.sets[kind])


def said_of(kind: str, text: str) -> str:
    """Return what a text says of a section of `leaks.txt`, or ""."""
    lowered = text.lower()
    found = next((found for one in LANGUAGES.values() if (found := getattr(one, kind).search(lowered))), None)
    return text[found.start() : found.end()].strip() if found else ""


@lru_cache(maxsize=8)
def heads_of(text: str) -> tuple[Head, ...]:
    """Return the headings of a text, in order."""
    if ":" not in text and "：" not in text:
        return ()
    lines = enumerate(text.split("\n"))
    found = ((n, HEAD.match(line)) for n, line in lines if ":" in line[:40] or "：" in line[:40])
    return tuple(Head(n, one[0].strip(), one[1] or "", bool(one[2]), one[3], bool(one[4])) for n, one in found if one)
