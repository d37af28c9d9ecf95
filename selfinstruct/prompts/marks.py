"""The marks of the item format, line by line: field heads (`4. Instruction:`, `**输入**：`) and breaks (`###`, `---`, `Task 4`)."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from selfinstruct.language import LANGUAGES


class Mark(NamedTuple):
    """One line that structures a reply."""

    line: int
    """Index of the line, from 0."""
    field: str
    """`instruction`, `input`, `output` or `break`."""
    number: str
    """The number it carries, empty if none; `-` for a rule of dashes or stars."""
    dress: str
    """How it is set off: `#`, `*`, both or neither."""
    rest: str
    """What stands on the line after the mark."""


_WORDS = {
    field: tuple(word for language in LANGUAGES.values() for word in language.field_words[field])
    for field in ("instruction", "input", "output")
}
_PRIMARY = {language.field_words[field][0].lower(): field for language in LANGUAGES.values() for field in _WORDS}
_FIELD_OF = {word.lower(): field for field, words in _WORDS.items() for word in words}
_NUMBER_WORDS = "|".join(re.escape(word) for language in LANGUAGES.values() for word in language.number_words)
_ANY_WORD = "|".join(sorted(map(re.escape, _FIELD_OF), key=len, reverse=True))

_HEAD = re.compile(
    rf"^[ \t>]{{0,8}}(?:[-*•][ \t]+)?(?P<hash>\#{{1,6}})?[ \t]*(?P<bold>\*\*|__)?[ \t]*"
    rf"(?:(?:{_NUMBER_WORDS})?[ \t]*[\(（\[]?(?P<number>\d{{1,4}})[ \t]*[.)、．:：）\]题条]?[ \t]*[-–—]?[ \t]*(?P<inner>\*\*|__)?[ \t]*)?"
    rf"(?P<word>{_ANY_WORD})(?:[ \t]*(?P<after>\d{{1,4}}))?[ \t]*"
    rf"(?:(?P<close>\*\*|__)[ \t]*(?P<colon>[:：])|(?P<colon2>[:：])(?P<close2>\*\*|__)?|(?P<close3>\*\*|__)?[ \t]*$)(?P<rest>.*)$",
    re.IGNORECASE,
)
_BREAK = re.compile(
    rf"^[ \t]{{0,8}}(?:\#{{2,8}}[ \t]*(?P<number>\d{{0,4}})[ \t]*[.)、．]?|(?P<rule>-{{3,40}}|\*{{3,40}}|_{{3,40}}|={{3,40}})"
    rf"|(?:\#{{1,6}}[ \t]*)?(?:\*\*)?(?:{_NUMBER_WORDS})[ \t]*(?P<task>\d{{1,4}})[ \t]*[题条]?[ \t]*[:：.]?(?:\*\*)?)[ \t]*$",
    re.IGNORECASE,
)
_FENCE = re.compile(r"^[ \t>]{0,8}(?:```|~~~)")


def is_special(line: str) -> bool:
    """Return whether a line would be read as a mark, so that it needs a backslash when it is content."""
    return _head(0, line) is not None or _break(0, line) is not None


def find_marks(lines: Sequence[str], considered: Sequence[bool]) -> list[Mark]:
    """Return the marks of a reply in order.

    A word that is not a primary one (Answer, 问题) counts only for a field whose primary word (Output, 指令) never occurs.
    """
    found = [_head(i, line) or _break(i, line) for i, line in enumerate(lines) if considered[i]]
    marks = [mark for mark in found if mark]
    words = {mark.line: _HEAD.match(lines[mark.line]) for mark in marks if mark.field != "break"}
    primary = {line for line, match in words.items() if match and match["word"].lower() in _PRIMARY}
    settled = {mark.field for mark in marks if mark.line in primary}
    return [mark for mark in marks if mark.field == "break" or mark.line in primary or mark.field not in settled]


def outside_fences(lines: Sequence[str]) -> list[bool]:
    """Return for each line whether marks count there: not inside a code fence that closes before the next numbered item."""
    outside = [True] * len(lines)
    opened: int | None = None
    for number, line in enumerate(lines):
        head = _head(number, line) if opened is not None else None
        if head and head.field == "instruction" and head.number:
            opened = None  # the fence was never closed: its item ended here
        elif _FENCE.match(line):
            if opened is None:
                opened = number
            else:
                outside[opened : number + 1] = [False] * (number + 1 - opened)
                opened = None
    return outside


def _head(number: int, line: str) -> Mark | None:
    match = _HEAD.match(line) if len(line) < 20_000 else _HEAD.match(line[:20_000])
    if not match:
        return None
    bare = not (match["colon"] or match["colon2"])
    if bare and not (match["hash"] or match["bold"]):
        return None
    opened = bool(match["bold"] or match["inner"])
    if opened != bool(match["close"] or match["close2"] or match["close3"]):
        return None
    dress = ("#" if match["hash"] else "") + ("*" if opened else "")
    rest = line[match.start("rest") :]
    return Mark(number, _FIELD_OF[match["word"].lower()], match["number"] or match["after"] or "", dress, rest)


def _break(number: int, line: str) -> Mark | None:
    match = _BREAK.match(line)
    if not match:
        return None
    return Mark(number, "break", "-" if match["rule"] else match["number"] or match["task"] or "", "", "")
