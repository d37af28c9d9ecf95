"""Another wording of an instruction by the teacher, and whether it still says the same."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from selfinstruct.language import LANGUAGES
from selfinstruct.quality.rules import INSTRUCTION_RULES
from selfinstruct.records import Candidate, LanguageCode
from selfinstruct.rouge import score, tokens

_NEAREST, _FURTHEST = 0.97, 0.3
"""ROUGE-L between two wordings of one instruction."""
_LONGER = 1.8
"""How much longer the other wording may be."""
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_TURNS: Final = {
    "en": re.compile(
        r"\b(?:not|no|only|never|without|except|but|at most|at least|exactly|before|after|from|each|every|more|less|fewer|over|under"
        r"|above|below|other|others|else|rest|remaining|besides|both|neither|first|last)\b|n['’]t\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"不|没|无|别|只|仅|除|外|至少|最多|以上|以下|之前|之后|每|超过|高于|低于|多于|少于|大于|小于|另|其他|其余|剩"
    ),
}
"""Words that turn a meaning round or bound it; each must stay."""
_QUOTED: Final = re.compile(r"[\"“「『`]([^\"“”「」『』`\n]{1,80})[\"”」』`]")
_UNITS: Final = {
    "en": re.compile(
        r"[$€£%°]|\b(?:second|minute|hour|day|night|week|month|year|dollar|euro|pound|cent|percent|met(?:re|er)|kilomet(?:re|er)"
        r"|centimet(?:re|er)|mile|inch|foot|feet|gram|kilogram|ounce|lit(?:re|er)|km|cm|mm|kg|ml|am|pm)(?=s?\b)",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"[元角%℃]|秒|分钟|小时|天|周|星期|月|年|岁|公里|千米|厘米|毫米|米|公斤|千克|克|斤|毫升|升|上午|下午|晚上"
    ),
}
"""Units of measurement and parts of the day; another wording has the same."""
_END: Final = {"en": (".", "?", "!", ":"), "zh": ("。", "？", "！", "：")}


def reworded(base: str, text: str, kept: Sequence[str], language: LanguageCode) -> str:
    """Return the other wording in a reply; "" where it says something else, lacks what must be kept, or is no instruction."""
    found = text.strip().split("\n", 1)[0].strip()
    if len(found) > 1 and (found[0], found[-1]) in {('"', '"'), ("“", "”")}:
        found = found[1:-1].strip()
    if not found.endswith(_END[language]) or not all(part in found for part in kept):
        return ""
    if Counter(_NUMBER.findall(found)) != Counter(_NUMBER.findall(base)):
        return ""
    if Counter(_turns(found, language)) != Counter(_turns(base, language)) or _terms(found, language) != _terms(
        base, language
    ):
        return ""
    units = LANGUAGES[language].units
    if units(found) > _LONGER * units(base):
        return ""
    near = score(tokens(found), tokens(base))
    return found if _FURTHEST <= near <= _NEAREST and _is_instruction(found, language) else ""


def _turns(text: str, language: LanguageCode) -> list[str]:
    return [word.lower() for word in _TURNS[language].findall(text)]


def _terms(text: str, language: LanguageCode) -> tuple[set[str], set[str]]:
    """Return what stands in quotation marks, and the units."""
    return set(_QUOTED.findall(text)), {unit.lower() for unit in _UNITS[language].findall(text)}


def _is_instruction(text: str, language: LanguageCode) -> bool:
    candidate = Candidate(language=language, index=0, position=0, instruction=text)
    return not any(rule(candidate, LANGUAGES[language]) for rule in INSTRUCTION_RULES)
