"""Rule for answers that repeat themselves in a loop."""

import re
from collections.abc import Sequence
from itertools import groupby

from selfinstruct.language import Language
from selfinstruct.quality.rules.text import all_differ, cycle, looks_like_code, loop, prose, words_of
from selfinstruct.records import Candidate

_FLOOD = re.compile(r"([^\s\-=_*#.·…~─━—|+0-9])\1{29}")
_DIGIT = re.compile(r"\d")
_LINES, _WORDS, _TIMES = 4, 12, 3
_MARKUP = re.compile(r"</?\w+[^<>]{0,80}>|\[[^\]\s]{1,12}\]\{")
_CODE = 16
"""How much more often code may repeat itself: rows of a table, cases of a switch, zeros of an array."""
_LITERAL = re.compile(r"\s*(?:\w+ ){0,3}\w+(?:\[\w*\])? ?= ?[\[{(]|\s*\[[^\[\]]*\]\s*\Z")
_COMMAND = re.compile(r"\\[A-Za-z]+(?:\{[a-z]+\})?")
"""A command of LaTeX."""
_SHORT_LINES = 10
"""Consecutive repetitions allowed for a line of up to five characters: a column of equal grades is no loop."""
_ITEMS = 16
_END = re.compile(r"[\n,，、;；]")
"""Separators of items."""
_NUMBERED = re.compile(r"\A\s*(?:[-*•·]\s*|[(（]?\d{1,3}[.)、．）]\s*)")


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
    text = prose(candidate.output)
    patient = 2 if language.matches(language.repeats, candidate.instruction) else 1
    is_code = bool(looks_like_code(text) or _LITERAL.match(text))
    patient = _CODE if is_code else patient
    lines = (re.sub(r"^[\W\d]+", "", line).strip() for line in text.split("\n") if "|" not in line)
    for line, run in groupby(lines):
        least = _LINES if len(line) > 5 else _SHORT_LINES
        if len(line) > 1 and (times := sum(1 for _ in run)) >= least * patient:
            return f"{times} times running: {line[:40]}"
    text = text[:40_000]
    enough = len(_END.findall(text)) >= _ITEMS - 1
    items = [item for line in text.split("\n") for item in _items(line)] if enough else []
    if (turns := cycle(items, _ITEMS * patient)) and not _named(turns, candidate.instruction):
        return f"again and again: {', '.join(turns)[:60]}"
    if _are_labels(text, candidate.instruction):
        return ""
    if len(_MARKUP.findall(text)) > 5 or (text.isascii() and not re.search(r"\s", text.strip())):
        return ""  # tags and the classes of a pattern come back
    if text.count("\\") > 3:  # in a formula the numbers tell its terms apart
        text, is_code = _COMMAND.sub(" ", text), True
    numeric = is_code or len(_DIGIT.findall(text)) > 0.15 * len(text)
    units = re.findall(r"\w+", text) if numeric else words_of(text)
    if not all_differ(units) and (
        said := loop(units, _WORDS, _TIMES * patient) or loop(units, 40, 2 * (patient if is_code else 1))
    ):
        return f"again and again: {said[:60]}"
    flood = _FLOOD.search(text)
    return f"again and again: {flood[0][:20]}" if flood and patient == 1 else ""


def _items(line: str) -> list[str]:
    """Return the items of a line, without list numbers and marks."""
    parts = (_NUMBERED.sub("", part).strip(" .。;；,，") for part in re.split(r"[,，、;；](?!\d{3})", line[:8_000]))
    return [part for part in parts if part]


def _named(items: Sequence[str], instruction: str) -> bool:
    asked = instruction.lower()
    return all(item.lower() in asked for item in items)


def _are_labels(text: str, instruction: str) -> bool:
    """Return whether every line gives another number one of a few labels that the instruction names: `Day 3: rest`."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if (
        len(lines) < 4
        or len(set(lines)) < len(lines)
        or not all(len(line) < 60 and _DIGIT.search(line) for line in lines)
    ):
        return False
    labels = {re.sub(r"[\W\d]+", " ", line).split(" ")[-1][:40] for line in lines[:400]}
    return len(labels) <= 4 and _named([*labels], instruction)
