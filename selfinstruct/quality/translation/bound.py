"""Rows that live in their language: a translation would teach something else, or nothing. What is sure is said here, before a teacher is paid.

Reasons are those of the recipe's prompt. A sentence is sure by its structure, and each is one of a few shapes: an order makes a form ("Write a haiku", 写一副对联), or a text
that is given is worked on for one ("Is 'level' a palindrome?", “国”字有几画？). What fits no shape is the teacher's to decide, whatever words are in it: "Who invented the haiku?"
Source: translated Alpaca sets, in which rhymes, spelling tasks and corrections became nonsense (alpaca-lora #180, Alpaca-CoT #62).
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from selfinstruct.quality.rules.text import looks_like_code
from selfinstruct.quality.translation import asked_en, asked_zh
from selfinstruct.quality.translation.spans import outside
from selfinstruct.records import LanguageCode

REASONS: Final = ("grammar", "spelling", "rhyme", "word play", "letter counting", "translation")
_LOOK: Final = 600
"""Characters of an instruction that are looked at."""
_PROGRAMS: Final = re.compile(
    r"\b(?:python|javascript|java|sql|html|css|regex|regular expression|query|function|code|program|script|api|json|c\+\+|bash|excel|algorithm)\b|代码|函数|程序|脚本|编程|正则|算法",
    re.IGNORECASE,
)
"""An instruction about a program speaks of letters and words that are its data."""
_QUOTED: Final = re.compile(
    r"(?<![^\W_])['‘][^'‘’\n]{1,200}['’](?!\w)|\"[^\"\n]{1,300}\"|“[^“”\n]{1,300}”|「[^「」\n]{1,300}」"
)
_END: Final[Mapping[LanguageCode, re.Pattern[str]]] = {
    "en": re.compile(r"[.!?]+(?:\s|$)|\n+"),
    "zh": re.compile(r"[。！？!?；;\n]+"),
}
_ASKED: Final[Mapping[LanguageCode, tuple[Mapping[str, str], Mapping[str, str], tuple[str, ...]]]] = {
    "en": (asked_en.MADE, asked_en.FORMS, asked_en.SHAPES),
    "zh": (asked_zh.MADE, asked_zh.FORMS, asked_zh.SHAPES),
}
_LETTERS: Final = {"en": re.compile("[A-Za-z]{2}"), "zh": re.compile(r"[\u3400-\u9fff]")}


def bound(instruction: str, language: LanguageCode) -> str:
    """Return why a task cannot leave its language, one of REASONS, or "" where its instruction does not say so.

    >>> bound("Write a limerick about a cat.", "en"), bound("修改下面的病句。", "zh"), bound("What is a limerick?", "en")
    ('rhyme', 'grammar', '')
    """
    said = outside(instruction[:_LOOK])
    if _PROGRAMS.search(said):
        return ""
    sentences = _END[language].split(_QUOTED.sub(_masked, said))
    found = (shape.search(one) for one in sentences for shape in _shapes(language))
    return next((str(one.lastgroup).replace("_", " ") for one in found if one), "")


@cache
def _shapes(language: LanguageCode) -> tuple[re.Pattern[str], ...]:
    """Return the shapes of a language, with a named group for each reason in the places of MADE and FORM."""
    made, forms, shapes = _ASKED[language]
    written = (one.replace("MADE", _named(made)).replace("FORM", _named(forms)) for one in shapes)
    return tuple(re.compile(one, re.IGNORECASE) for one in written)


def _named(forms: Mapping[str, str]) -> str:
    return f"(?:{'|'.join(f'(?P<{reason}>{words})' for reason, words in forms.items())})"


def _masked(quoted: re.Match[str]) -> str:
    """Return what stands for a quoted text; a letter stands for itself."""
    inner = quoted[0][1:-1]
    return inner if len(inner) == 1 and inner.isascii() and inner.isalpha() else "«»"


def is_neutral(texts: Mapping[str, str], language: LanguageCode) -> bool:
    """Return whether a row holds no word of its language: code, formulas, figures and signs alone.

    >>> is_neutral({"instruction": "12 * (3 + 4) = ?", "output": "84"}, "en"), is_neutral({"instruction": "Add 3.", "output": "3"}, "en")
    (True, False)
    """
    return not any(_LETTERS[language].search("" if looks_like_code(text) else outside(text)) for text in texts.values())
