"""What a language has to say about itself, and the share of Chinese characters in a text."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from selfinstruct.language.wording import Wording
from selfinstruct.records import LanguageCode

_NO_WORD = re.compile(r"\W+")
_LOOK = 2_000
"""Characters in which a wording is looked for: a longer instruction is `too_long`, a refusal stands early."""


@dataclass(frozen=True)
class Language:
    """One language of seeds, prompts and dataset."""

    code: LanguageCode
    name: str
    instruction_words: tuple[str, ...]
    """What a teacher writes before an instruction; the first is what our prompts write."""
    input_words: tuple[str, ...]
    output_words: tuple[str, ...]
    label_words: tuple[str, ...]
    number_words: tuple[str, ...]
    """What a teacher writes before the number of an item: Task 4, 任务4."""
    no_input: tuple[str, ...]
    """The first is what our prompts write for an empty input."""
    no_input_phrase: str
    """Longer ways to say so, as a pattern over lower-case text without spaces and marks."""
    closing_remark: str
    """How a teacher takes its leave after the last item, as a pattern."""
    colon: str
    names_subject: Wording
    """The instruction is short and says what is to be defined or explained."""
    courtesy: str
    """Words that only make an instruction polite, as a pattern."""
    length: tuple[int, int]
    """Least and most units of an instruction: words in English, characters in Chinese."""
    sentence_end: str
    quoted: Wording
    """Material that an instruction carries in itself: a quotation, code, or what follows a colon."""
    needs_input: Wording
    """The instruction speaks of material that has to be given with it, and does not carry it."""
    asks_for_label: Wording
    """The instruction asks to choose from a closed set for one piece of material."""
    names_labels: Wording
    """The instruction itself lists the labels to choose from, or asks a question of yes or no."""
    asks_for_media: Wording
    """The instruction needs images, sound, a file or the network."""
    asks_for_program: Wording
    """The instruction asks for a program and nothing more definite."""
    asks_for_translation: Wording
    """An answer in another language is what was asked for."""
    speaks_of_machines: Wording
    """The instruction is about a language model or a robot, or has one speak: `As an AI` is no refusal then."""
    asks_for_message: Wording
    """The answer speaks to somebody in a role: a letter that declines or asks for papers is no refusal."""
    breaks_off: Wording
    """The instruction ends in a word that cannot end one."""
    asks_to_complete: Wording
    about_numbers: Wording
    about_faces: Wording
    about_garbling: Wording
    """The instruction is about broken characters: they are no defect then."""
    gives_voice: Wording
    """The instruction has somebody speak, perhaps a machine of itself."""
    self_reference: Wording
    """The answer speaks of the teacher: a model, its makers, its lack of feelings."""
    lacks_life: Wording
    """The answer says that its speaker has no body, childhood or feelings."""
    addresses: Wording
    """The instruction asks the reader about himself."""
    refusal: Wording
    """The answer declines or asks for its material, as no person would in a letter."""
    declines: Wording
    """The answer begins by declining or asking back, in words that a letter could hold as well."""
    stops_short: Wording
    """The answer ends in a word or mark after which more must come."""
    unsafe: Wording
    """A request that does not belong into a general dataset."""
    placeholder: Wording
    """The whole answer stands for no answer; its group 1 is the word."""
    may_be_nothing: Wording
    """To the instruction, `None` may be a true answer."""
    extracts: Wording
    """The instruction looks for something in its input, which may not hold it: `None` may be a true answer then."""
    fillers: frozenset[str]
    """Words that add nothing to a sentence: an instruction with only these added is still the instruction."""
    may_stay: Wording
    """To the instruction, the input unchanged may be a true answer."""
    repeats: Wording
    """The instruction asks for verse or repetition: a refrain is no loop."""
    about_markup: Wording
    """The instruction is about code, tags or escapes: they are no leak then."""
    about_links: Wording
    about_prompts: Wording
    """The instruction is about prompts, exercises or dialogues: heads of fields are no leak then."""
    about_press: Wording
    about_media: Wording
    """The instruction is about file names or pages: a mention of a picture is none that is missing then."""
    refers_back: str
    """Words for what an earlier part of a longer instruction has named, as a pattern: `these problems`."""
    asks_how: str
    """What stands before a deed that is to be explained and not done, as a pattern."""
    directive: str
    """How a further sentence of an instruction begins; one that begins otherwise is material."""
    media_as_text: Wording
    """Of what is seen as media, that which an input can hold as text: a table, a link, a file's content."""
    shows_media: Wording
    """An input or an answer that stands for a picture, sound or file that is not there."""
    only: str
    """The instruction wants nothing beside the code or data, as a pattern."""
    operators: tuple[tuple[str, str], ...]
    """Spoken arithmetic as (pattern, sign) in the order in which they are read."""
    asks_for_sum: str
    """Pattern around a sum that is asked for: what may stand before it."""
    option_lists: tuple[str, ...]
    """Patterns whose group 1 is the list of options of an instruction that lists them."""
    option_ends: str
    """What stands between two options, as a pattern."""
    asks_to_choose: Wording
    """The instruction wants one of some options, and no more than that."""
    odd_sums: Wording
    """To the instruction, a sum may well be false or in another arithmetic."""
    about_faults: Wording
    """The instruction is about code that may not run."""
    explains_code: Wording
    """The instruction asks about code, and for none: what is shown may be a fragment."""
    asks_for_name: Wording
    """The instruction asks for a title, a motto, a dish: what may stand in its own language."""
    short_form: Wording
    """The instruction asks for verse, a title or a list: its last line needs no full stop."""
    simple: str = ""
    """Pairs of a traditional and a simplified character: patterns are written in simplified ones."""

    @cached_property
    def field_words(self) -> dict[str, tuple[str, ...]]:
        """Field name -> the words that announce it."""
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

    def matches(self, wording: Wording, text: str) -> re.Match[str] | None:
        """Return where a text says something (in its first 2,000 characters, case-insensitively), or None."""
        return wording.find(self._looked_at(text) if self.simple else text[:_LOOK])

    def units(self, text: str) -> int:
        """Return the length of a text in words (English) or letters without spaces and marks (Chinese)."""
        return len(text.split()) if self.code == "en" else len(_NO_WORD.sub("", text))


_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_HAN_OR_WORD = re.compile(rf"[{_HAN}]|[^\W\d_{_HAN}]+")


def han_share(text: str) -> float:
    """Return the share of Chinese characters among characters and words of other scripts; 0 when there is neither.

    >>> han_share("用Python排序")
    0.75
    """
    if text.isascii():
        return 0.0
    units = _HAN_OR_WORD.findall(text)
    return sum("\u3400" <= unit <= "\u9fff" or unit >= "\uf900" for unit in units) / len(units) if units else 0.0
