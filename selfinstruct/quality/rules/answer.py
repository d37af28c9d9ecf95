"""Rules for answers that are empty, or repeat the task or its material."""

import re
import unicodedata
from collections.abc import Container, Sequence
from functools import lru_cache

from selfinstruct.config import THRESHOLD
from selfinstruct.language import LANGUAGES, Language
from selfinstruct.quality.rules.text import carried
from selfinstruct.records import Candidate
from selfinstruct.rouge import score, tokens

_WORD = re.compile(r"\w")
_LOOK = 2_000
_HEADS = (24, 100)
"""Characters of an answer that nearly always tell that it is no echo."""


def empty_output(candidate: Candidate, _: Language) -> str:
    """Answer without a letter, digit or pictogram, unless the instruction names just that mark.

    Source: AlpacaDataCleaned, defects 3 and 4; Self-Instruct drops empty outputs
    """
    text = candidate.output.strip()
    if _WORD.search(text) or text in {"[]", "{}"}:  # what a program prints
        return ""
    named = text and (
        text in candidate.instruction[:-1]
        or any(LANGUAGES[code].asks_for_mark.search(candidate.instruction) for code in LANGUAGES)
    )
    pictured = any(unicodedata.category(mark) in {"So", "Sm"} for mark in text[:80])
    return "" if named or pictured else "has no letter or digit"


def echoes_instruction(candidate: Candidate, language: Language) -> str:
    """Answer that is nearly the instruction (ROUGE-L above 0.7) and adds nothing to it but `please` and its like.

    An answer in a whole sentence often repeats the question, with one word or number more. A corrected sentence may
    stay near an instruction that quotes it: half of the words before it must be there too.
    Source: Self-Instruct's and Alpaca's measure and threshold, turned from the pool to the answer
    """
    fillers, asks_back = language.sets["fillers"], candidate.output.rstrip().endswith(("?", "？"))
    lowered = unicodedata.normalize("NFKC", candidate.instruction[:_LOOK].lower())
    if (candidate.instruction.rstrip().endswith(("?", "？")) and not asks_back) or any(
        _adds(tokens(candidate.output[:head])[:-1], lowered, fillers) for head in _HEADS
    ):
        return ""  # nearly every answer; and `Is it A or B?` is answered by `It is A.`
    asked = tokens(candidate.instruction[:_LOOK])
    said = tokens(candidate.output[: 4 * _LOOK])
    is_of_marks = candidate.instruction.strip() != candidate.output.strip() and (
        _FULL_STOP.search(lowered) or _MARKS.search(lowered)
    )
    if not asked or is_of_marks or language.chats.search(language.folded(candidate.instruction[:_LOOK])):
        return ""
    if asked == said:
        return "is the instruction" if len(asked) > 1 else ""
    if _adds(said, asked, fillers) or carried(candidate.instruction):
        return ""  # `Make it polite: "Send the report."` may well be answered by its own words
    if asks_back:
        return "asks the same" if len(said) >= len(asked) / 2 else ""
    first, again = ([one for one in words if one not in fillers][:1] for words in (asked, said))
    near = score(asked, said) if first == again else 0.0  # an answer in a whole sentence has another first word
    return f"ROUGE-L {near:.3f} to the instruction" if near > THRESHOLD else ""


def _adds(said: Sequence[str], asked: Container[str], fillers: Container[str]) -> bool:
    """Return whether something is said that the instruction does not have."""
    return any(one not in asked and one not in fillers for one in said)


def echoes_input(candidate: Candidate, language: Language) -> str:
    """Answer that is the input unchanged, where the task calls for a change.

    One word may stay as it is (the plural of `sheep`).
    Source: Self-Instruct drops rows whose input is the output
    """
    found = _echo(candidate.instruction, candidate.input, candidate.output.strip(), language)
    return "" if found == UNCHANGED and _may_be_right(candidate, language) else found


def may_echo_input(candidate: Candidate, language: Language) -> str:
    """Answer that is the input, where that is to be corrected and may be right already."""
    found = _echo(candidate.instruction, candidate.input, candidate.output.strip(), language)
    return found if found == UNCHANGED and _may_be_right(candidate, language) else ""


def _may_be_right(candidate: Candidate, language: Language) -> bool:
    return language.matches(language.corrects, candidate.instruction) is not None


@lru_cache(maxsize=4)
def _echo(asked: str, material: str, said: str, language: Language) -> str:
    """Return how an answer is the material of its task, which the instruction may hold."""
    least = 1 if material else 4
    material = material or (_BEHIND.split(asked, maxsplit=1)[-1] if _MARKED.search(asked) else "")
    given = material.strip()
    own = _LABEL.match(given)
    given = given[own.end() :] if own and language.units(given[own.end() :]) >= _LABELLED[language.code] else given
    if not given or material == asked or len(said) > len(given) + _MORE:
        return ""
    label = re.match(r"\W*(\w{1,12})\s?[:：]\s?", said)
    said = said[label.end() :] if label and label[1] in asked else said
    ends = _ENDS + (_QUOTES if given[0] in _QUOTES else "")
    ours, theirs = given.strip(ends), said.strip(ends)
    near = theirs.removeprefix(ours) in _PARTICLES or _THIS.sub("", ours) == _THIS.sub("", theirs)
    particle = near and language.matches(language.rewords, asked)
    same = given == said or bool(particle) or (ours == theirs and not _FULL_STOP.search(asked))
    quoted = None if same or not language.matches(language.finds_faults, asked) else _LAST_QUOTED.search(said)
    if not same and not (quoted and quoted[1].strip(_FINAL) == given.strip(_FINAL)):
        return ""
    translates = language.matches(language.asks_for_translation, asked)
    if not translates and len(tokens(given)) <= least:
        return ""
    if quoted:
        return "the correction is the input"
    return "" if language.matches(language.may_stay, asked) else UNCHANGED


UNCHANGED = "is the input"
_LABEL = re.compile(r"[^\n:：\W][^\n:：]{0,23}[:：]\s*(?=\S)")
_LABELLED = {"en": 6, "zh": 10}
"""Words or characters behind a label in the input (`Sentence: `) that are the material."""
_BEHIND = re.compile(r"[:：]\s*|\n+")
_MARKED = re.compile(r"[:：\n]")
"""Marks behind which an instruction has its material."""
_MORE = 300
"""Characters of a remark before the correction."""
_FINAL = ' .。"“”'
_LAST_QUOTED = re.compile(r"[\"“「]([^\"“”「」]{4,400})[\"”」]\W*\Z")


_ENDS = " .。;；"
_QUOTES = '"“”'
_FULL_STOP = re.compile(r"\bperiods?\b|full stop|punctuat|semicolon|[句分]号|句点|标点", re.IGNORECASE)
"""The last mark may be what is asked for."""
_MARKS = re.compile(r"\bcommas?\b|[逗冒]号", re.IGNORECASE)
"""Marks may be all that is to be changed, and tokens have none."""
_THIS = re.compile(r"\A[这那该]一?[个项件种本位]?|\A(?:this|that|the) ", re.IGNORECASE)
_PARTICLES = frozenset("呢啊呀吧哦了")
"""What a text hardly differs by that should be put in other words."""
