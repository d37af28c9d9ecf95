"""Messages of programs with plurals or choices, `{n, plural, one {# apple} other {# apples}}`: what is said in the branches is translated, the rest is not.

Source: Unicode ICU MessageFormat; Chinese has the one branch `other`, English `one` too.
"""

import re
from collections.abc import Iterator
from typing import Final

_HEAD: Final = re.compile(r"\{\s?(\w{1,40})\s?,\s?(plural|selectordinal|select)\s?,", re.ASCII)
_BRANCH: Final = re.compile(r"\s*(?:=\d{1,6}|offset:\d{1,3}|[A-Za-z_]\w{0,40})\s*(\{)?", re.ASCII)
_LONGEST: Final = 2000
"""Characters of one message."""


def heads(text: str) -> list[tuple[str, str]]:
    """Return (name, kind) of each message with branches, in the order of their names.

    >>> heads("{n, plural, one {# apple} other {# apples}} in {where}")
    [('n', 'plural')]
    """
    return sorted((found[1], found[2]) for found in _HEAD.finditer(text))


def syntax(text: str) -> list[tuple[int, int]]:
    """Return (first character, one after the last) of each part that is no text of a branch: the head, and each keyword with its bracket.

    >>> text = "{n, plural, one {# apple} other {# apples}}"
    >>> [text[start:end] for start, end in syntax(text)]
    ['{n, plural,', ' one {', ' other {']
    """
    return [part for head in _HEAD.finditer(text) for part in _parts(text, head)]


def without_syntax(text: str) -> str:
    """Return a text with a blank in place of the heads and keywords of its messages."""
    parts, end = [], 0
    for first, last in sorted(syntax(text)):
        if first >= end:
            parts.append(text[end:first])
            end = last
    return " ".join([*parts, text[end:]])


def _parts(text: str, head: re.Match[str]) -> Iterator[tuple[int, int]]:
    yield head.start(), head.end()
    at, last = head.end(), min(len(text), head.start() + _LONGEST)
    while (branch := _BRANCH.match(text, at, last)) and branch.end() > at:
        yield branch.start(), branch.end()
        at = _closing(text, branch.end(), last) if branch[1] else branch.end()


def _closing(text: str, at: int, last: int) -> int:
    """Return the place behind the bracket that closes a branch, or the end."""
    depth = 1
    for found in re.compile(r"[{}]").finditer(text, at, last):
        depth += 1 if found[0] == "{" else -1
        if not depth:
            return found.end()
    return last
