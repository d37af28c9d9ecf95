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
        r"\b(?:not|no|only|never|without|except|but|at most|at least|exactly|before|after|from|each)\b", re.IGNORECASE
    ),
    "zh": re.compile(r"不|没|无|别|只|仅|除|至少|最多|以上|以下|之前|之后|每"),
}
"""Words that turn a meaning round; each must stay."""
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
    if Counter(_turns(found, language)) != Counter(_turns(base, language)):
        return ""
    units = LANGUAGES[language].units
    if units(found) > _LONGER * units(base):
        return ""
    near = score(tokens(found), tokens(base))
    return found if _FURTHEST <= near <= _NEAREST and _is_instruction(found, language) else ""


def _turns(text: str, language: LanguageCode) -> list[str]:
    return [word.lower() for word in _TURNS[language].findall(text)]


def _is_instruction(text: str, language: LanguageCode) -> bool:
    candidate = Candidate(language=language, index=0, position=0, instruction=text)
    return not any(rule(candidate, LANGUAGES[language]) for rule in INSTRUCTION_RULES)
