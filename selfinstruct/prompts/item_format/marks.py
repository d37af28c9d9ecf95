"""The marks of the item format, recognized per line: field labels (`4. Instruction:`, `**输入**：`), breaks, fences.

Other modules decide what a mark means in its reply. All patterns are linear in time: repeats are possessive.
"""

import re
from typing import Literal, NamedTuple

from selfinstruct.language import LANGUAGES

Field = Literal["instruction", "input", "output", "break"]
FIELDS: tuple[Field, ...] = ("instruction", "input", "output")


class Mark(NamedTuple):
    """A line that is a mark."""

    line: int
    """Line index, from 0."""
    field: Field
    number: int | None = None
    """Number in the mark."""
    dress: str = ""
    """Style: `#`, `*`, a bracket, or several; kind of a break: `#`, `-`, `*`, `_`, `=`, `task` or `fence`."""
    rest: str = ""
    """Text on the line after the mark."""
    word: str = ""
    primary: bool = True
    """Whether its label is the one that our prompts use: Output is, Answer is not."""
    indented: bool = False
    """Whether it, with its field, is in a list or indented."""


_FIELD_OF: dict[str, Field] = {
    word.lower(): field for language in LANGUAGES.values() for field in FIELDS for word in language.field_words[field]
}
_PRIMARY = {language.field_words[field][0].lower() for language in LANGUAGES.values() for field in FIELDS}
_WORD = "|".join(sorted(map(re.escape, _FIELD_OF), key=len, reverse=True))
_COUNTED = "|".join(re.escape(word) for language in LANGUAGES.values() for word in language.number_words)
_NUMBER = r"[0-9０-９]{1,20}+|[一二三四五六七八九十]{1,3}+"
_GAP = r"[ \t\u3000\xa0]*+"
_FLAGS = re.IGNORECASE | re.VERBOSE | re.ASCII  # ASCII: no other letter counts as an i or an s

_BOXES = ("[]", "【】", "「」", "<>")

_HEAD = re.compile(
    rf"""
    (?P<lead>[ \t\u3000\xa0>]*+(?:(?:[-*•+·]|[\u2190-\u2bff\U0001f000-\U0001faff]\ufe0f?)[ \t]++)?+)
    (?P<dress>[\#*_`\[【「<(（ \t]*+)
    (?:(?:{_COUNTED})?+[ \t\#]*+(?P<number>{_NUMBER})(?:\.[0-9]{{1,2}}+)?+[ \t.)、．:：）\]】题条*_–—-]*+)?
    (?P<more>[*_`\[【「<(（ \t]*+)
    (?P<word>{_WORD})
    (?:{_GAP}[\#(（]?+(?P<after>{_NUMBER})[)）]?+)?+
    (?:{_GAP}[(（][^()（）]{{0,20}}+[)）])?+
    (?P<close>[*_`\]】」>)） \t\u3000]*+)
    (?P<colon>[:：])?+
    """,
    _FLAGS,
)
_BREAK = re.compile(
    rf"""
    [ \t>]*+(?:
      (?P<rule>-{{3,}}+|\*{{3,}}+|_{{3,}}+|={{3,}}+|[—─━]{{3,}}+|\#{{2,}}+)
    | \#{{1,6}}+{_GAP}(?P<number>{_NUMBER}){_GAP}[.)、．:：]?+
    | [\#*_ \t【\[(（]*+(?:{_COUNTED}){_GAP}\#?+(?P<task>{_NUMBER}){_GAP}[题条个]?+{_GAP}[:：.、】\])）*_ \t]*+
    ){_GAP}$
    """,
    _FLAGS,
)
_TITLE = re.compile(
    rf"""
    [ \t>]*+(?P<heading>\#{{1,6}}+[ \t]++(?=\S))?+[*_【\[(（ \t]*+
    (?:(?P<counted>{_COUNTED})?+{_GAP}\#?+(?P<number>{_NUMBER})(?P<sign>{_GAP}[题条]?+[.)、．:：】\])）*_ \t–—-]*+)(?P<name>.*+))?
    """,
    _FLAGS,
)
_NUMBERED = re.compile(
    rf"[ \t>]*+(?:\#{{1,6}}+{_GAP})?+[*_]*+(?:{_COUNTED})?+{_GAP}(?P<number>{_NUMBER}){_GAP}(?:[.)、．:：]|题[:：]?+)[*_ \t]*+",
    re.IGNORECASE | re.ASCII,
)
_FENCE = re.compile(r"[ \t>]*+(?P<sign>`{3,}+|~{3,}+)(?P<info>[^`]*+)$")


def read_mark(number: int, line: str) -> Mark | None:
    """Return the mark on a line, or None; `number` is the line's index."""
    return _head(number, line) or _break(number, line)


def read_fence(line: str, mark: Mark | None) -> tuple[str, bool] | None:
    """Return (fence characters, whether it can close) of a code fence on a line or after its mark."""
    match = _FENCE.match(mark.rest.lstrip() if mark and mark.field != "break" else line)
    return (match["sign"], not match["info"].strip() and mark is None) if match else None


def after_fence(opened: str, fence: tuple[str, bool]) -> str:
    """Return the fence that is open after one more fence line, by CommonMark's rules."""
    sign, closes = fence
    if not opened:
        return sign
    return "" if closes and sign.startswith(opened) else opened


def read_title(line: str) -> tuple[int | None, str] | None:
    """Return (number, `heading`, `task` or `list`) of a line that may be an item's title: `Task 4: A poem`."""
    match = _TITLE.match(line)
    if not match or not (match["heading"] or match["number"]):
        return None
    if match["heading"] or match["counted"]:
        return _value(match["number"]), "heading" if match["heading"] else "task"
    if not match["sign"].strip():
        return None  # an answer that is a number
    return _value(match["number"]), "list" if match["name"].strip() else "task"


def strip_number(line: str) -> tuple[int | None, str]:
    """Return (number or None, rest) of a line that may begin with a number."""
    match = _NUMBERED.match(line)
    return (_value(match["number"]), line[match.end() :]) if match else (None, line)


def _head(number: int, line: str) -> Mark | None:
    match = _HEAD.match(line)
    if not match:
        return None
    lead, hashes, found, word, after, close, colon = match.group(
        "lead", "dress", "number", "word", "after", "close", "colon"
    )
    before, word, rest = line[match.end("lead") : match.start("word")], word.lower(), line[match.end() :]
    bold = "*" in before or "_" in before
    boxed = next((box[0] for box in _BOXES if box[0] in before and box[1] in close), "") if close else ""
    counted = found or after
    dress = "#" * ("#" in hashes) + "*" * bold + boxed if hashes or bold or boxed else ""
    primary = word in _PRIMARY
    alone = (dress or (counted and primary)) and not rest.strip()
    if not (colon or alone or boxed):
        return None
    if bold and "*" not in close and "_" not in close:
        rest = _unbold(rest)
    return Mark(number, _FIELD_OF[word], _value(counted), dress, rest.lstrip(), word, primary, bool(lead))


def _unbold(rest: str) -> str:
    """Return the text after a mark without the end of the mark's bold style."""
    bare = rest.strip()
    if bare.startswith(("*", "_")):
        return bare.lstrip("*_")
    return bare.rstrip("*_") if bare.endswith(("**", "__")) and bare.count(bare[-2:]) % 2 else bare


def _break(number: int, line: str) -> Mark | None:
    match = _BREAK.match(line)
    if not match:
        return None
    kind = match["rule"][0] if match["rule"] else "#" if match["number"] else "task"
    kind = "-" if kind in "—─━" else kind
    return Mark(number, "break", _value(match["number"] or match["task"]), kind)


def _value(number: str | None) -> int | None:
    if not number:
        return None
    if number[0] not in "一二三四五六七八九十":
        return int(number)
    digits = [" 一二三四五六七八九".find(sign) for sign in number.replace("十", "")]
    tens, _, _ = number.partition("十")
    ones = digits[-1] if digits and not number.endswith("十") else 0
    return (digits[0] if tens else 1) * 10 + ones if "十" in number else digits[0]
