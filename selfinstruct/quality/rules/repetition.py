"""Rule for answers that repeat themselves in a loop."""

import re
from collections import Counter
from itertools import groupby

from selfinstruct.language import Language
from selfinstruct.quality.rules.text import carried, looks_like_code, loop, prose
from selfinstruct.records import Candidate

_FLOOD = re.compile(r"([^\s\-=_*#.·…~─━—|+0-9])\1{29}")
_MARK = re.compile(
    r"[\s\d](?:(?<=\n)\s*(?:[-*•·#>]+\s*)?(?:[(（]?\d{1,3}[.)、．:：）]\s*)?|(?:(?<=[;；。]\s)\s*\d{1,3}|(?<=[;；。]\d)\d{0,2})[.)、．）](?!\d)|(?<=[a-z] )\d{1,3}\. (?=[A-Z]))"
)
"""A list mark; the first character is looked for alone, which is quicker."""
_UNIT = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
_DATA = re.compile(r"\s*(?:\w+ ){0,3}\w+(?:\[\w*\])? ?= ?[\[{(]|\s*\[[^\[\]]*\]\s*\Z")
_CODE_LINE = re.compile(r"[=;{}|\\<]|\w\(")
_LETTER = re.compile(r"[^\W\d_]")
_LINES, _SHORT_LINES, _WORDS, _TIMES = 4, 10, 12, 3
"""Least repetitions of a line, of one up to five characters, of words; a column of equal grades is no loop."""
_CODE = 16
"""How much more often code may repeat itself: rows of a table, cases of a switch, zeros of an array."""
_COMMA, _CLAUSE = re.compile("[,，、]"), re.compile("[.。!！?？:：;；]")
_LISTED, _LONGEST = 7, 25
"""Commas of a list, and characters that none of its items has."""
_PIECE, _TRIPLES, _FLOODED, _GLANCED, _MOST = 6, 8, 30, 4_000, 40_000


def repeats_itself(candidate: Candidate, language: Language) -> str:
    """Answer that runs in a loop: a line four times running, 12 words three times, one sign thirty times.

    The numbers of a list aside, a loop repeats its figures too: steps with other figures are none. Where verse or repetition is
    asked for, twice as much is allowed; words that the instruction names may alternate.
    Source: a small teacher's commonest defect
    """
    text = candidate.output
    text = _MARK.sub("\n", "\n" + prose(text)[:_MOST]) if "\n" in text or text[:1].isdigit() else prose(text)[:_MOST]
    if said := _list(text[:_GLANCED], candidate, language):
        return said
    if not _may_loop(text):
        return ""  # nearly every answer
    is_code = bool(looks_like_code(candidate.output) or _is_data(text))
    times = _CODE if is_code else 2 if language.matches(language.repeats, candidate.instruction) else 1
    if said := _line(text, times) or _words(text, candidate.instruction, times):
        return said
    flood = _FLOOD.search(text)
    return f"again and again: {flood[0][:20]}" if flood and times == 1 else ""


def _list(text: str, candidate: Candidate, language: Language) -> str:
    """Return the item that a list in one line has most often, if at least three and an eighth of it are there already."""
    line = text.strip().rsplit("\n", 1)[-1].rstrip(".。")
    if sum(map(line.count, ",，、")) < _LISTED or _CLAUSE.search(line):
        return ""  # nearly every answer
    items = [item.strip() for item in _COMMA.split(line) if _LETTER.search(item)]
    counts = Counter(items)
    again, is_given = len(items) - len(counts), candidate.input.strip() or carried(candidate.instruction)
    if (
        is_given
        or max(map(len, items), default=_LONGEST) >= _LONGEST
        or again < max(3, len(items) / 8)
        or len(counts) < _LISTED - 2
    ):
        return ""
    most, times = counts.most_common(1)[0]
    return "" if language.matches(language.repeats, candidate.instruction) else f"{times} times in a list: {most}"


def _may_loop(text: str) -> bool:
    """Return whether enough of a text comes twice; this is the same in far less time than to look for a loop."""
    words = text.split()
    if 12 * len(words) >= len(text) and len(words) - len(set(words)) <= _TRIPLES and "\n" not in text:
        return len(text) > _FLOODED and max(map(len, words), default=0) >= _FLOODED
    if 12 * len(words) < len(text):  # no spaces between words
        pieces = ((text[start : start + _PIECE], start) for start in range(0, len(text), _PIECE))
        return len(text) > _GLANCED or any(text.find(piece, start + 1) > 0 for piece, start in pieces)
    lines = text.split("\n") if text.count("\n") >= _LINES - 1 else []
    triples = set(zip(words, words[1:], words[2:], strict=False))
    return (
        len(words) - len(triples) > _TRIPLES
        or len(lines) - len(set(lines)) >= _LINES - 1
        or max(map(len, words), default=0) >= _FLOODED
    )


def _is_data(text: str) -> bool:
    """Return whether a text is one literal or one pattern, or has signs of code in two of three lines."""
    lines = [line for line in text.split("\n") if line.strip()]
    signs = sum(bool(_CODE_LINE.search(line)) for line in lines)
    return bool(_DATA.match(text)) or (text.isascii() and len(text.split()) == 1) or 3 * signs >= 2 * len(lines) > 2


def _line(text: str, times: int) -> str:
    """Return a line that comes several times running; a line of code or of a table may."""
    for line, run in groupby(line.strip() for line in text.split("\n") if line and not line.isspace()):
        said = len(list(run))
        least = (_LINES if len(line) > 5 else _SHORT_LINES) * (_CODE if _CODE_LINE.search(line) else times)
        if said >= least and len(line) > 1 and _LETTER.search(line):
            return f"{said} times running: {line[:40]}"
    return ""


def _words(text: str, asked: str, times: int) -> str:
    """Return words that come several times running, unless the instruction names all of them."""
    units = _UNIT.findall(text)
    said = loop(units, _WORDS, _TIMES * times) or loop(units, 40, 2 * (times if times == _CODE else 1))
    named = all(word in asked.lower() for word in said.lower().split())
    return f"again and again: {said[:60]}" if _LETTER.search(said) and not named else ""
