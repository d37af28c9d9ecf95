"""Answers that run in a loop."""

import re
from itertools import groupby

from selfinstruct.language import Language
from selfinstruct.records import Candidate
from selfinstruct.rules.text import loop, prose, words_of

_FLOOD = re.compile(r"([^\s\-=_*#.·…~─━—|+0-9])\1{29}")
_LINES, _WORDS, _TIMES = 4, 12, 3


def repeats_itself(candidate: Candidate, language: Language) -> str:
    r"""Answer that runs in a loop: a line four times running, 12 words three times, one sign thirty times.

    Where verse or repetition is asked for, twice as much is allowed.
    Source: a small teacher's commonest defect
    Finds: List two tips. → 1. Practise every day\n2. Practise every day\n3. Practise every day\n4. Practise every day
    Keeps: Make a small table. → | a | none |\n| b | none |\n| c | none |\n| d | none |
    Finds: 列出建议。 → 1、保持良好的习惯\n2、保持良好的习惯\n3、保持良好的习惯\n4、保持良好的习惯
    Keeps: 写排比句。 → 爱是一缕阳光，温暖人心；爱是一滴甘露，滋润万物；爱是一把雨伞，遮风挡雨。
    """
    text = prose(candidate.output)
    patient = 2 if language.matches(language.repeats, candidate.instruction) else 1
    lines = (re.sub(r"^[\W\d]+", "", line).strip() for line in text.split("\n") if len(line) > 8 and "|" not in line)
    for line, run in groupby(lines):
        if len(line) > 5 and (times := sum(1 for _ in run)) >= _LINES * patient:
            return f"{times} times running: {line[:40]}"
    text = text[:40_000]
    numeric = sum(mark.isdigit() for mark in text) > 0.15 * len(text)
    units = re.findall(r"\w+", text) if numeric else words_of(text)
    if said := loop(units, _WORDS, _TIMES * patient) or loop(units, 40, 2):
        return f"again and again: {said[:60]}"
    flood = _FLOOD.search(text)
    return f"again and again: {flood[0][:20]}" if flood and patient == 1 else ""
