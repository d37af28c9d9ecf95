"""What the kinds on conditions share: the drawn sentence and whether a row holds it, numbers and words as it shows them, a count of the task itself."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from selfinstruct.records import LanguageCode
from selfinstruct.verifiers.kind import Draw, Row, Task

Wordings = Mapping[str, tuple[str, ...]]

_COUNTS: Final = {
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    "zh": tuple("零一两三四五六七八九十"),
}
_OWN = {
    "en": re.compile(
        r"\b(two|three|four|five|six|seven|eight|nine|ten|\d{1,2})[ -](?!(?:minute|hour|day|week|month|year|o'clock|percent|people)|words? (?:with the letter|in your answer may|at most))(?:[a-z-]+ ){0,2}?[a-z-]+s\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"(?<!这)([一两二三四五六七八九十]|\d{1,2})(?:个|条|种|句|点|项|样|件|首|段|则|步)(?!月|小时|人|星期|钟)"
    ),
}


def count_word(number: int, language: LanguageCode) -> str:
    """Return a number up to ten as it is written before a noun."""
    return _COUNTS[language][number]


def counted(number: int, language: LanguageCode) -> dict[str, str]:
    """Return how a condition shows a number of things."""
    return {"count": count_word(number, language)}


def quoted_words(words: Sequence[str], language: LanguageCode, joint: str, behind: str = "") -> dict[str, str]:
    """Return how a condition shows one word or two; in Chinese `behind` follows two.

    >>> quoted_words(["early", "calm"], "en", "or")
    {'words': 'the words "early" or "calm"'}
    """
    if language == "en":
        shown = f" {joint} ".join(f'"{word}"' for word in words)
        return {"words": f"the word{'s' if len(words) > 1 else ''} {shown}"}
    one = "这个字" if len(words[0]) == 1 else "这个词"
    return {"words": "和".join(f"“{word}”" for word in words) + (one if len(words) == 1 else behind)}


def condition(
    draw: Draw, wordings: Wordings, arguments: dict[str, Any], shown: Mapping[str, object] | None = None
) -> Task:
    """Return a condition in one of its wordings, which show the arguments, or what is shown in their stead."""
    return Task(draw.rng.choice(wordings[draw.language]).format(**(shown or arguments)), arguments=arguments)


def stated(row: Row, wordings: Wordings, shown: Mapping[str, object]) -> str:
    """Return the condition as it stands in the instruction; "" when it does not."""
    told = (wording.format(**shown) for wording in wordings[row.language])
    return max((sentence for sentence in told if sentence in row.instruction), key=len, default="")


def unmet(row: Row, wordings: Wordings, shown: Mapping[str, object]) -> str:
    """Return what is wrong with a row before its answer is looked at: no such condition in its instruction, or no answer."""
    if not stated(row, wordings, shown):
        return "the instruction does not hold the condition"
    return "" if re.search(r"\w", row.output) else "there is no answer"


def other_count(row: Row, wordings: Wordings, shown: Mapping[str, object], number: int, things: str = "") -> str:
    """Return what is wrong when the task itself asks for another number of things than its condition; `things`: only of these.

    A second condition on words stands in the task too: its “这两个词” and `two words with the letter` are none of these things.
    """
    task = row.instruction.replace(stated(row, wordings, shown), "")
    for found in _OWN[row.language].finditer(task):
        if not re.search(things, found[0]):
            continue
        told = found[1].lower().replace("二", "两")
        if told not in {str(number), count_word(number, row.language), "一"}:
            return f"the task itself names {found[0]}"
    return ""
