"""The record of a language, and the share of Chinese characters in a text."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from selfinstruct.language.answer_words import AnswerWords
from selfinstruct.language.media_words import MediaWords
from selfinstruct.language.task_words import TaskWords
from selfinstruct.language.wording import Wording
from selfinstruct.records import LanguageCode

_NO_WORD = re.compile(r"\W+")
_LOOK = 2_000
"""Characters of a text that are searched for a wording; longer instructions are `too_long`, refusals come early."""


@dataclass(frozen=True)
class Language:
    """The words, limits and wordings of one language."""

    code: LanguageCode
    name: str
    instruction_words: tuple[str, ...]
    """Labels before an instruction; our prompts write the first."""
    input_words: tuple[str, ...]
    output_words: tuple[str, ...]
    label_words: tuple[str, ...]
    number_words: tuple[str, ...]
    """Labels before an item number: Task 4, 任务4."""
    no_input: tuple[str, ...]
    """Markers for an empty input; our prompts write the first."""
    no_input_phrase: str
    """Longer phrases for it: a pattern for lower-case text without spaces and marks."""
    closing_remark: str
    """Closing remarks after the last item: a pattern."""
    colon: str
    semicolon: str
    """Between the parts of a list in one line."""
    gap: str
    """Between two sentences."""
    names_subject: Wording
    """A short instruction that names what to define or explain."""
    courtesy: str
    """Words of courtesy: a pattern."""
    length: tuple[int, int]
    """Minimum and maximum length of an instruction: words in English, characters in Chinese."""
    asks_for_program: Wording
    """The instruction asks for a program and nothing more definite."""
    asks_for_translation: Wording
    """The instruction asks for an answer in another language."""
    breaks_off: Wording
    """The instruction ends in a word that cannot end a sentence."""
    asks_to_complete: Wording
    about_numbers: Wording
    about_faces: Wording
    about_garbling: Wording
    """The instruction is about garbled characters, which are then no defect."""
    stops_short: Wording
    """The answer ends in a word or mark that needs a continuation."""
    fillers: frozenset[str]
    """Filler words, ignored when an answer is compared with its instruction."""
    may_stay: Wording
    """An instruction to which the unchanged input may be a correct answer."""
    repeats: Wording
    """The instruction asks for verse or repetition: a refrain is then no loop."""
    about_markup: Wording
    """The instruction is about code, tags or escapes, which are then no leak."""
    about_links: Wording
    about_prompts: Wording
    """The instruction is about prompts, exercises or dialogues: field headings are then no leak."""
    about_press: Wording
    only: str
    """The instruction asks for nothing but code or data: a pattern."""
    operators: tuple[tuple[str, str], ...]
    """Spoken arithmetic as (pattern, sign), in the order of application."""
    asks_for_sum: str
    """Text allowed before a sum that is asked for: a pattern."""
    option_lists: tuple[str, ...]
    """Patterns of option lists; group 1 is the list."""
    option_ends: str
    """Separator between two options: a pattern."""
    asks_to_choose: Wording
    """The instruction asks for one of several options and no more."""
    odd_sums: Wording
    """The instruction allows false sums or another arithmetic."""
    about_faults: Wording
    """The instruction is about code that may be faulty."""
    explains_code: Wording
    """The instruction asks about code, not for code: what is shown may be a fragment."""
    asks_for_name: Wording
    """The instruction asks for a title, motto or dish, which may be in its own language."""
    short_form: Wording
    """The instruction asks for verse, a title or a list, whose last line needs no full stop."""
    task: TaskWords
    """Words with which an instruction points to material."""
    media: MediaWords
    """Words for what a text cannot hold."""
    answer: AnswerWords
    """Stock phrases of answers that are none."""
    simple: str = ""
    """Pairs of traditional and simplified characters; patterns use the simplified ones."""

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

    def matches(self, wording: Wording, text: str) -> re.Match[str] | None:
        """Return the first match of a wording in the first 2,000 characters, ignoring case, or None."""
        return wording.find(self._looked_at(text) if self.simple else text[:_LOOK])

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
