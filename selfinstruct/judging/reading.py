"""A reply of the judge: which answer is better and why, or by what it could not be read.

A verdict is the JSON object that was asked for. One within other words is taken too, and so is one with the keys of the other language,
which is counted; prose is not: FastChat's search for `[[A]]` anywhere takes a quotation for a verdict. An object that stands in one of the
answers is a quotation, wherever the judge repeats it.
"""

import json
import re
import unicodedata
from collections.abc import Sequence
from itertools import islice
from typing import Any, Literal

from selfinstruct.language import LANGUAGES
from selfinstruct.language.guess import guess_language
from selfinstruct.quality.rules.wording import refusal
from selfinstruct.records import Candidate, LanguageCode, Record, Reply

Better = Literal["first", "second", "tie", ""]
_KEYS: dict[LanguageCode, tuple[str, str]] = {"en": ("reason", "better"), "zh": ("理由", "更好")}
_OBJECT = re.compile(r"\{[^{}]*\}")
_FIELD = re.compile(r"[\"“](?:better|更好)[\"”]\s*[:：]\s*[\"“]?([^\"”,}\n]{1,20})")
_BLOCK = re.compile(r"```\w*\s*(\{.*\})\s*```", re.DOTALL)
"""A reply that is one block of code."""
_MOST_OBJECTS = 100
"""Objects of a reply that are tried, from the last."""
_LONGEST_REASON = 1_000
_TASK: dict[LanguageCode, str] = {"en": "Compare the two answers.", "zh": "比较这两份回答。"}
"""By which a refusal is told from prose."""
_NAMED = re.compile(r"(?:the )?(?:answer|response|option|回答|答案|第)?\s*([12])\s*(?:个|份|更好|is better)?[.。]?")
_TIES = frozenset(
    ("tie", "tied", "equal", "neither", "both", "平", "平局", "打平", "一样", "都一样", "不分上下", "相当")
)


class Reading(Record):
    """What the judge said in one order, of the answers as they stood there."""

    better: Better = ""
    """Empty when it could not be read."""
    reason: str = ""
    fault: str = ""
    """Why it could not be read: the fault of the reply, or `refusal`, `prose`, `no_verdict`, `truncated`."""
    is_strict: bool = False
    """The reply was the object that was asked for and nothing else."""
    is_in_other_language: bool = False
    """Its keys or its reason are of the other language."""


def read_pair(reply: Reply, language: LanguageCode, answers: Sequence[str] = ()) -> Reading:
    """Return what a reply says of two answers, in any order; never raises.

    What the reply repeats from the answers is no verdict, unless it is the whole reply.
    """
    if reply.fault:
        return Reading(fault=reply.fault)
    text = _plain(reply.text)
    if found := _whole(text, language) or _within(text, language, list(map(_plain, answers))):
        return found
    return Reading(fault=_why(reply, text), reason=reply.text[:_LONGEST_REASON])


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _whole(text: str, language: LanguageCode) -> Reading | None:
    """Return the verdict of a reply that is one object and nothing else."""
    block = _BLOCK.fullmatch(text)
    return _read(_loaded(block[1]), language, strict=False) if block else _read(_loaded(text), language, strict=True)


def _within(text: str, language: LanguageCode, answers: Sequence[str]) -> Reading | None:
    """Return the verdict within other words, the last one: a model that thinks aloud says its last word last."""
    quoted = {_same(_loaded(one)) for answer in answers for one in _OBJECT.findall(answer)}
    for one in islice(reversed(_OBJECT.findall(text)), _MOST_OBJECTS):
        value = _loaded(one)
        if (found := _read(value, language, strict=False)) and _same(value) not in quoted:
            return found
    repeated = {one[0] for answer in answers for one in _FIELD.finditer(answer)}
    fields = [one for one in _FIELD.finditer(text) if one[0] not in repeated]
    said = {_better(one[1].strip()) for one in fields}  # of an object that is broken by a quotation mark
    return Reading(better=better, reason=text[:_LONGEST_REASON]) if len(said) == 1 and (better := said.pop()) else None


def _same(value: Any) -> str:
    """Return a form in which an object equals its repetition with other blanks or another order."""
    return json.dumps(value, sort_keys=True)


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _read(value: Any, language: LanguageCode, *, strict: bool) -> Reading | None:
    if not isinstance(value, dict):
        return None
    for code, (reason, better) in _KEYS.items():
        if better in value and (said := _better(value[better])):
            why = value.get(reason)
            text = why[:_LONGEST_REASON] if isinstance(why, str) else ""
            return Reading(
                better=said,
                reason=text,
                is_strict=strict and set(value) == {reason, better} and code == language,
                is_in_other_language=code != language or _is_other(text, language),
            )
    return None


def _better(value: Any) -> Better:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = str(value).strip().strip("\"'“”「」*_`").strip().lower()
    if text in _TIES:
        return "tie"
    found = _NAMED.fullmatch(text)
    if not found:
        return ""
    return "first" if found[1] == "1" else "second"


def _is_other(reason: str, language: LanguageCode) -> bool:
    return len(reason) > 3 and guess_language(reason) != language


def _why(reply: Reply, text: str) -> str:
    if reply.cut:
        return "truncated"
    if _OBJECT.search(text):
        return "no_verdict"
    return "refusal" if any(_declines(reply.text, code) for code in _KEYS) else "prose"


def _declines(text: str, language: LanguageCode) -> str:
    """Return by what a text declines in the words of a language; a judge does not always refuse in that of the question."""
    said = Candidate(language=language, index=0, position=0, instruction=_TASK[language], output=text)
    return refusal(said, LANGUAGES[language])
