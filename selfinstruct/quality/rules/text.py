"""Readings of a text that several rules share: prose without code, text without quotations, words, loops."""

import re
from collections.abc import Sequence
from functools import lru_cache

_FENCED = re.compile(r"^[ \t]{0,8}(?:```|~~~).*?^[ \t]{0,8}(?:```|~~~)", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"(?<!`)(`{1,2})(?!`)[^`\n]{1,200}(?<!`)\1(?!`)")
_QUOTED = re.compile(r"[\"“「『《][^\"“”「」『』《》\n]{1,400}[\"”」』》]")
_CARRIED = re.compile(r"[\"“「『‘`][^\"“”「」『』‘’`]{1,4000}[\"”」』’`]|[:：].*|\n.*", re.DOTALL)
_FIVE_LETTERS = re.compile(r"(?:\W*\w){5}")
_UNIT = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_\u3040-\u30ff\u3400-\u9fff]+")
_ASCII_UNIT = re.compile("[A-Za-z]+")
_TWO_LETTERS, _DIGIT = re.compile(r"[^\W\d_]{2}"), re.compile(r"\d")
_FIRST_WORD = re.compile(r"#?\w+")
_CODE_TEXT = (
    "SELECT INSERT UPDATE DELETE CREATE def class import from return if for while let const var public #include"
)
_CODE_WORDS = frozenset(_CODE_TEXT.split())
_CODE_SIGNS = re.compile(
    r"</\w+>|=>|\w\(\)|\A(?:print|console\.log)\s?\(|\A(?:if|elif|else)\b[^\n]*:\Z|\A\((?:define|defun|defn|let\*?|lambda|cond|if)(?:\s|\Z)"
)
_GLANCE = 4
"""Length of a run of words to look for first: without a repeated one there is no loop."""


@lru_cache(maxsize=8)
def prose(text: str) -> str:
    """Return a text without fenced code and code in backticks."""
    return _INLINE.sub(" ", _FENCED.sub("\n", text)) if "`" in text or "~~~" in text else text


def outlined(text: str) -> str:
    """Return a text with one mark in place of each block of fenced code."""
    return _FENCED.sub("\n`\n", text) if "```" in text or "~~~" in text else text


def fenced(text: str) -> str:
    """Return the fenced code of a text."""
    return "\n".join(_FENCED.findall(text)) if "```" in text or "~~~" in text else ""


@lru_cache(maxsize=8)
def unquoted(text: str) -> str:
    """Return a text without its quotations, unless that would remove nearly all."""
    rest = _QUOTED.sub(" ", text)
    return rest if _FIVE_LETTERS.match(rest) else text


@lru_cache(maxsize=8)
def english_words(text: str) -> frozenset[str]:
    """Return the English words of a text in lower case: what a rule looks for first, since that costs nothing."""
    return frozenset(_ASCII_UNIT.findall(text.lower()))


def carried(instruction: str) -> str:
    """Return the material that an instruction contains."""
    return " ".join(_CARRIED.findall(instruction))


@lru_cache(maxsize=8)
def own_words(instruction: str) -> str:
    """Return an instruction without its material: quotations, and what follows a colon or a line break."""
    return _CARRIED.sub(" ", instruction)


def is_sum(instruction: str) -> bool:
    """Return whether an instruction is a sum in figures alone: it is whole, and in no language."""
    return not _TWO_LETTERS.search(instruction) and bool(_DIGIT.search(instruction))


@lru_cache(maxsize=8)
def looks_like_code(text: str) -> bool:
    """Return whether at least two lines, and a third of all, have signs of code."""
    lines = [line for line in text.split("\n") if line and not line.isspace()] if "\n" in text else []
    signs = sum(map(_is_code, lines))
    return signs >= 2 and 3 * signs >= len(lines)


def _is_code(line: str) -> bool:
    line = line[:300].strip()
    first = _FIRST_WORD.match(line)
    return line.endswith((";", "{", "}")) or bool((first and first[0] in _CODE_WORDS) or _CODE_SIGNS.search(line))


def words_of(text: str) -> list[str]:
    """Return words and single CJK characters, without digits, so that list numbers do not hide a loop."""
    return (_ASCII_UNIT if text.isascii() else _UNIT).findall(text)


def loop(units: Sequence[str], size: int, times: int) -> str:
    """Return the run of at least `size` units in total that a text repeats `times` times in a row, or "".

    A refrain or a term that comes back after other words does not count. Linear: each is compared with its last place.
    """
    glances = len(units) - _GLANCE + 1
    parts = (units[offset:] for offset in range(_GLANCE))
    if len(units) < size or len(set(zip(*parts, strict=False))) == glances:
        return ""  # nearly every text: no run of words occurs twice
    last: dict[tuple[str, ...], int] = {}
    run_gap = run_start = 0
    for start in range(len(units) - size + 1):
        gram = tuple(units[start : start + size])
        gap = start - last.get(gram, start)
        last[gram] = start
        if not gap or gap != run_gap:
            run_gap, run_start = gap, start
        if gap and start - run_start + size >= gap * (times - 1):
            return " ".join(units[start : start + min(gap, size)])
    return ""
