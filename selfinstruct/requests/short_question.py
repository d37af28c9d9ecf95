"""Questions with one short answer on a text: which a small teacher may ask, and what their answers must hold.

What it gets wrong has forms that can be seen without understanding it: of 41 English questions that readers had judged these checks keep 25, of which 23 were good, and
drop 16, of which 7 were; of 50 Chinese ones they keep 33, of which 20 were good, and drop 17, of which 5 were.
"""

import re
from typing import Final

from selfinstruct.language import LANGUAGES, Language
from selfinstruct.records import Candidate, LanguageCode

_CONTENT: Final = re.compile(r"[a-z]{4,}|[0-9]{2,}|(?![的了是在和有也就都着过把被])[\u4e00-\u9fff]")
"""Words, numbers and Chinese characters; not such as stand in any text."""
_STEM: Final = 4
_TIME: Final = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|today|tonight|tomorrow|yesterday|noon|midnight)\b|\b\d{1,2}(?::\d\d)?\s?(?:[ap]\.?m\b|o'clock)"
    r"|(?:周|星期|礼拜)[一二三四五六日天末]|[今明昨后前][天晚]|[\d一二三四五六七八九十两]{1,3}[点号日](?:半|[\d一二三四五六七八九十]{1,3}分?)?",
)
_IMPLIED: Final = {"today", "今天"}
_LETTERS: Final = re.compile(r"[a-z]+|[\u4e00-\u9fff]")


def is_short_question(instruction: str, language: LanguageCode) -> bool:
    """Return whether a task is a question with one short answer: yes or no, who, where, when, what colour, how many."""
    words = LANGUAGES[language]
    asked = words.folded(instruction.rstrip())
    return asked.endswith(("?", "？")) and any(
        words.matches(wording, asked) for wording in (words.asks_for_one, words.asks_yes_or_no)
    )


def asks_yes_or_no(instruction: str, language: LanguageCode) -> bool:
    """Return whether a task is a question that yes or no answers."""
    words = LANGUAGES[language]
    return bool(words.matches(words.asks_yes_or_no, words.folded(instruction)))


def why_not_asked(instruction: str, given: str, language: LanguageCode) -> str:
    """Return why a question on a text is not to be answered by a small teacher, or "".

    One about itself is answered in the wrong person; one on what the text does not name, or asks itself, by invention.
    """
    words = LANGUAGES[language]
    if not is_short_question(instruction, language):
        return "the tasks shown are questions with one short answer, and this is not"
    if words.matches(words.of_myself, words.folded(instruction)):
        return "it asks about the one who asks"
    whether = asks_yes_or_no(instruction, language)
    if whether and any(mark in given for mark in "?？"):
        return "whether it is so is what the text itself asks"
    if whether or words.matches(words.asks_how_many, words.folded(instruction)):
        strange = _not_in(instruction, given, words)
        return f"the text does not speak of {strange}" if strange else ""
    return ""


def _not_in(instruction: str, given: str, words: Language) -> str:
    """Return the first word of a question, those aside of which any question consists, that stands in its text in no form."""
    known, asking = content(given), words.sets["asking_words"]
    found = (word for word in _CONTENT.findall(instruction.lower()) if word not in asking)
    return next((word for word in found if word[:_STEM] not in known), "")


def misses(candidate: Candidate) -> bool:
    """Return whether an answer to a question on a text lacks what such an answer has: a yes or no, each time of the text, a colour and nothing else."""
    words, asked = LANGUAGES[candidate.language], LANGUAGES[candidate.language].folded(candidate.instruction)
    said = words.folded(candidate.output)
    if words.matches(words.asks_yes_or_no, asked):
        return not words.matches(words.says_whether, said)
    if words.matches(words.asks_when, asked):
        times = set(_TIME.findall(said))
        return not times or not times.issuperset(set(_TIME.findall(words.folded(candidate.input))) - _IMPLIED)
    if words.matches(words.asks_what_colour, asked):
        return bool(
            set(_LETTERS.findall(said))
            - words.sets["colours"]
            - words.sets["little_words"]
            - set(_LETTERS.findall(asked))
        )
    return False


def content(text: str) -> set[str]:
    """Return the words of four letters by their first four, the numbers and the Chinese characters of a text."""
    return {word[:_STEM] for word in _CONTENT.findall(text.lower())}
