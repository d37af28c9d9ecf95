"""The record of a language, and the share of Chinese characters in a text."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from selfinstruct.language.wording import Frames, Topic, Unless
from selfinstruct.language.words import AnswerWords, MediaWords, TaskWords
from selfinstruct.records import LanguageCode

_NO_WORD = re.compile(r"\W+")
_LOOK = 2_000
"""Characters of a text that are searched for a wording; longer instructions are `too_long`, refusals come early."""


@dataclass(frozen=True)
class Language:
    """The words, limits and wordings of one language."""

    code: LanguageCode
    name: str
    instruction_words: tuple[str, ...]  # Labels before an instruction; our prompts write the first
    input_words: tuple[str, ...]
    output_words: tuple[str, ...]
    label_words: tuple[str, ...]
    number_words: tuple[str, ...]  # Labels before an item number: Task 4, 任务4
    no_input: tuple[str, ...]  # Markers for an empty input; our prompts write the first
    no_input_phrase: str  # Longer phrases for it: a pattern for lower-case text without spaces and marks
    closing_remark: str  # Closing remarks after the last item: a pattern
    colon: str
    semicolon: str  # Between the parts of a list in one line
    gap: str  # Between two sentences
    courtesy: str  # Words of courtesy: a pattern
    length: tuple[int, int]  # Minimum and maximum length of an instruction: words in English, characters in Chinese
    names_subject: Frames  # A short instruction that names what to define or explain
    asks_for_program: Frames  # The instruction asks for a program and nothing more definite
    breaks_off: Frames  # The instruction ends in a word that cannot end a sentence
    stops_short: Frames  # The answer ends in a word or mark that needs a continuation
    asks_for_translation: (
        Topic  # What the instruction asks for or is about, so that something is no defect: another language
    )
    asks_to_complete: Topic  # A text that breaks off on purpose
    about_numbers: Topic  # Large ones
    about_faces: Topic  # Drawn with brackets
    about_garbling: Topic  # Garbled characters
    about_markup: Topic  # Code, tags or escapes
    about_links: Topic
    about_prompts: Topic  # Prompts, exercises or dialogues: field headings are then no leak
    about_press: Topic
    may_stay: Topic  # The unchanged input may be a correct answer
    repeats: Topic  # Verse or repetition: a refrain is no loop
    odd_sums: Topic  # False sums, or another arithmetic
    about_faults: Topic  # Code that may be faulty
    asks_for_name: Topic  # A title, motto or dish, which may be in its own language
    short_form: Topic  # Verse, a title or a list, whose last line needs no full stop
    asks_to_choose: Unless  # One of several options and no more
    explains_code: Unless  # About code, not for code: what is shown may be a fragment
    fillers: frozenset[str]  # Filler words, ignored when an answer is compared with its instruction
    only: str  # The instruction asks for nothing but code or data: a pattern
    operators: tuple[tuple[str, str], ...]  # Spoken arithmetic as (pattern, sign), in the order of application
    asks_for_sum: str  # Text allowed before a sum that is asked for: a pattern
    option_lists: tuple[str, ...]  # Patterns of option lists; group 1 is the list
    option_ends: str  # What stands between two options: a pattern
    task: TaskWords
    media: MediaWords
    answer: AnswerWords
    simple: str = ""  # Pairs of traditional and simplified characters; words are in the simplified ones

    @cached_property
    def field_words(self) -> dict[str, tuple[str, ...]]:
        """Field name -> labels that announce it."""
        return {"instruction": self.instruction_words, "input": self.input_words, "output": self.output_words}

    @cached_property
    def _fold(self) -> dict[int, int]:
        return {
            ord(traditional): ord(simple)
            for traditional, simple in zip(self.simple[::2], self.simple[1::2], strict=True)
        }

    @cached_property
    def _looked_at(self) -> Callable[[str], str]:
        return lru_cache(maxsize=8)(lambda text: text[:_LOOK].translate(self._fold))

    @cached_property
    def folded(self) -> Callable[[str], str]:
        """Return a text in lower case and in simplified characters, as the patterns are."""
        return lru_cache(maxsize=8)(lambda text: text.translate(self._fold).lower() if self.simple else text.lower())

    def matches(self, wording: Frames | Topic | Unless, text: str) -> re.Match[str] | None:
        """Return the first match of a wording in the first 2,000 characters, or None."""
        return wording.search(self._looked_at(text) if self.simple else text[:_LOOK])

    def units(self, text: str) -> int:
        """Return the length of a text in words (English) or characters without spaces and marks (Chinese)."""
        return len(text.split()) if self.code == "en" else len(_NO_WORD.sub("", text))


_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_IS_HAN = re.compile(f"[{_HAN}]")
_HAN_OR_WORD = re.compile(rf"[{_HAN}]|[^\W\d_{_HAN}]+")


def han_share(text: str) -> float:
    """Return the share of Chinese characters among characters and words of other scripts; 0 when there is neither.

    >>> han_share("用Python排序")
    0.75
    """
    if text.isascii():
        return 0.0
    units = len(_HAN_OR_WORD.findall(text))
    return len(_IS_HAN.findall(text)) / units if units else 0.0  # each Chinese character is a unit by itself
