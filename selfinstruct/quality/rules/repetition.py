"""Rule for answers that repeat themselves in a loop."""

import re
from itertools import groupby

from selfinstruct.language import Language
from selfinstruct.quality.rules.text import all_differ, cycle, looks_like_code, loop, prose, words_of
from selfinstruct.records import Candidate

_FLOOD = re.compile(r"([^\s\-=_*#.·…~─━—|+0-9])\1{29}")
_RUN = re.compile(r"(\S)\1{3}")
_MARKUP = re.compile(r"</?\w+[^<>]{0,80}>|\[[^\]\s]{1,12}\]\{|\\[A-Za-z]+")
_LINES, _SHORT_LINES, _WORDS, _TIMES, _ITEMS = 4, 10, 12, 3, 16
"""Least repetitions of a line, of one up to five characters, of words; a column of equal grades is no loop."""
_CODE = 16
"""How much more often code may repeat itself: rows of a table, cases of a switch, zeros of an array."""
_ITEM_ENDS = re.compile(r"[\n,，、;；]")
_LITERAL = re.compile(r"\s*(?:\w+ ){0,3}\w+(?:\[\w*\])? ?= ?[\[{(]|\s*\[[^\[\]]*\]\s*\Z")
_NUMBERED = re.compile(r"\A\s*(?:[-*•·]\s*|[(（]?\d{1,3}[.)、．）]\s*)")
_LETTERS = bytes(code if chr(code).isalpha() and code < 128 else 32 for code in range(256))
_MOST = 40_000


def repeats_itself(candidate: Candidate, language: Language) -> str:
    r"""Answer that runs in a loop: a line four times running, 12 words three times, one sign thirty times.

    Or two to four items that take turns over 16 places. Where verse or repetition is asked for, twice as much is allowed;
    items and labels that the instruction names may alternate.
    Source: a small teacher's commonest defect
    Finds: List two tips. → 1. Practise every day\n2. Practise every day\n3. Practise every day\n4. Practise every day
    Finds: List hobbies. → chess, golf, chess, golf, chess, golf, chess, golf, chess, golf, chess, golf, chess, golf, chess, golf
    Keeps: Mark 1 to 4 as odd or even. → 1: odd\n2: even\n3: odd\n4: even
    Keeps: Make a small table. → | a | none |\n| b | none |\n| c | none |\n| d | none |
    Keeps: Create an array of 16 zeros. → a = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    Finds: 列出建议。 → 1、保持良好的习惯\n2、保持良好的习惯\n3、保持良好的习惯\n4、保持良好的习惯
    Keeps: Row-reduce the matrix. → $\\begin{bmatrix} 2 & 4 \\\\ 1 & 3 \\end{bmatrix} \\to \\begin{bmatrix} 1 & 2 \\\\ 1 & 3 \\end{bmatrix} \\to \\begin{bmatrix} 1 & 2 \\\\ 0 & 1 \\end{bmatrix}$
    Keeps: 定义十六个零的数组。 → a = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    Keeps: 写排比句。 → 爱是一缕阳光，温暖人心；爱是一滴甘露，滋润万物；爱是一把雨伞，遮风挡雨。
    """
    text = prose(candidate.output)[:_MOST]
    if not _may_loop(text) and not _may_flood(text):
        return ""  # nearly every answer
    units = words_of(text)
    patient = 2 if language.matches(language.repeats, candidate.instruction) else 1
    is_code = bool(looks_like_code(text) or _LITERAL.match(text))
    patient = _CODE if is_code else patient
    if said := _line(text, patient) or _turns(text, candidate.instruction, patient):
        return said
    if (
        _are_labels(text, candidate.instruction)
        or len(_MARKUP.findall(text)) > 5
        or not re.search(r"\s|[^\x00-\x7f]", text.strip())
    ):
        return ""  # tags, commands and the classes of a pattern come back
    if is_code or len(re.findall(r"\d", text)) > 0.15 * len(text):
        units = re.findall(r"\w+", text)  # the numbers tell its terms apart
    if said := loop(units, _WORDS, _TIMES * patient) or loop(units, 40, 2 * (patient if is_code else 1)):
        return f"again and again: {said[:60]}"
    flood = _FLOOD.search(text)
    return f"again and again: {flood[0][:20]}" if flood and patient == 1 else ""


def _may_loop(text: str) -> bool:
    """Return whether a text repeats twelve words and four of them in a row, or is a column of few words."""
    units = text.encode().translate(_LETTERS).decode().split() if text.isascii() else words_of(text)
    repeated = len(units) - len(set(units))
    if len(units) <= 20:
        return "\n" in text or repeated >= _WORDS
    return repeated >= _WORDS and not all_differ(units, 4 if text.isascii() else 8)


def _may_flood(text: str) -> bool:
    """Return whether one sign may stand thirty times running, so that four times in every seventh place."""
    return _RUN.search(text[::7]) is not None


def _line(text: str, patient: int) -> str:
    lines = (re.sub(r"^[\W\d]+", "", line).strip() for line in text.split("\n") if "|" not in line)
    for line, run in groupby(lines):
        times = len(list(run))
        if len(line) > 1 and times >= (_LINES if len(line) > 5 else _SHORT_LINES) * patient:
            return f"{times} times running: {line[:40]}"
    return ""


def _turns(text: str, asked: str, patient: int) -> str:
    """Return two to four items that take turns, unless the instruction names them."""
    if len(_ITEM_ENDS.findall(text)) < _ITEMS - 1:
        return ""
    parts = (_NUMBERED.sub("", part).strip(" .。;；,，") for part in re.split(r"\n|[,，、;；](?!\d{3})", text))
    turns = cycle([part for part in parts if part], _ITEMS * patient)
    return f"again and again: {', '.join(turns)[:60]}" if turns and not _named(turns, asked) else ""


def _named(items: tuple[str, ...], instruction: str) -> bool:
    asked = instruction.lower()
    return all(item.lower() in asked for item in items)


def _are_labels(text: str, instruction: str) -> bool:
    """Return whether every line gives another number one of a few labels that the instruction names: `Day 3: rest`."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    alike = len(lines) >= 4 and len(set(lines)) == len(lines)
    if not alike or not all(len(line) < 60 and re.search(r"\d", line) for line in lines):
        return False
    labels = {re.sub(r"[\W\d]+", " ", line).split(" ")[-1][:40] for line in lines[:400]}
    return len(labels) <= 4 and _named(tuple(labels), instruction)
