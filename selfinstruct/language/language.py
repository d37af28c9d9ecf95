"""The record of a language, and the share of Chinese characters in a text."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from selfinstruct.language.wording import Wording, Wordings, read_wordings
from selfinstruct.records import LanguageCode

_NO_WORD = re.compile(r"\W+")
_LOOK = 2_000
"""Characters of a text that are searched for a wording; longer instructions are `too_long`, refusals come early."""


class _Lines:
    """The lines of a section that holds texts."""

    def __set_name__(self, _: type, name: str) -> None:
        self.name = name

    def __get__(self, language: "Language", _: type) -> tuple[str, ...]:
        return language.read.lines[self.name]


class _Pattern:
    """The one pattern of a section."""

    def __set_name__(self, _: type, name: str) -> None:
        self.name = name

    def __get__(self, language: "Language", _: type) -> str:
        return language.read.lines[self.name][0]


@dataclass(frozen=True, eq=False)
class Language:
    """The words, limits and wordings of one language: `language.repeats` is the section `repeats` of its files, which says what it is for."""

    code: LanguageCode
    name: str
    colon: str
    semicolon: str  # Between the parts of a list in one line
    gap: str  # Between two sentences
    length: tuple[int, int]  # Minimum and maximum length of an instruction: words in English, characters in Chinese

    instruction_words = _Lines()
    input_words = _Lines()
    output_words = _Lines()
    label_words = _Lines()
    number_words = _Lines()
    no_input = _Lines()
    option_lists = _Lines()
    closing_remark = _Pattern()
    courtesy = _Pattern()
    only = _Pattern()
    asks_for_sum = _Pattern()
    option_ends = _Pattern()

    @cached_property
    def read(self) -> Wordings:
        """Words, frames and lines of the files, read when they are first asked for."""
        return read_wordings(self.code)

    def __getattr__(self, name: str) -> Wording:
        """Return a wording of the files. Raises AttributeError for one that they do not have."""
        if name.startswith("_") or name not in self.read.wordings:
            raise AttributeError(f"{self.code}/*.txt has no words, frames or pairs `{name}`")
        self.__dict__[name] = self.read.wordings[name]  # the next time it is found at once
        return self.read.wordings[name]

    @cached_property
    def operators(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        """Spoken arithmetic as (pattern, sign), in the order of application."""
        pairs = (line.split(" => ") for line in self.read.lines["operators"])
        return tuple((re.compile(pattern, re.IGNORECASE), sign.strip('"')) for pattern, sign in pairs)

    @cached_property
    def sets(self) -> Mapping[str, frozenset[str]]:
        """The sections of texts, in which whole ones are looked up."""
        return {name: frozenset(lines) for name, lines in self.read.lines.items()}

    @cached_property
    def field_words(self) -> dict[str, tuple[str, ...]]:
        """Field name -> labels that announce it."""
        return {"instruction": self.instruction_words, "input": self.input_words, "output": self.output_words}

    @cached_property
    def _simple(self) -> Callable[[str], str]:
        """Return a text in simplified characters, as the words are."""
        both = "".join(self.read.lines.get("simple", ()))
        fold = {ord(traditional): ord(simple) for traditional, simple in zip(both[::2], both[1::2], strict=True)}
        return lru_cache(maxsize=16)(lambda text: text.translate(fold)) if fold else str

    @cached_property
    def folded(self) -> Callable[[str], str]:
        """Return a text in lower case and in simplified characters, as the patterns are."""
        return lru_cache(maxsize=16)(lambda text: self._simple(text).lower())

    def matches(self, wording: Wording, text: str) -> re.Match[str] | None:
        """Return the first match of a wording in the first 2,000 characters, or None."""
        return wording.search(self._simple(text[:_LOOK]))

    def pattern(self, name: str) -> str:
        """Return the pattern of a section."""
        return self.read.lines[name][0]

    def units(self, text: str) -> int:
        """Return the length of a text in words (English) or characters without spaces and marks (Chinese)."""
        return _units(text, spaced=self.code == "en")


@lru_cache(maxsize=16)
def _units(text: str, *, spaced: bool) -> int:
    return len(text.split()) if spaced else len(_NO_WORD.sub("", text))


ENGLISH = Language("en", "English", colon=":", semicolon=";", gap=" ", length=(3, 150))
CHINESE = Language("zh", "Chinese", colon="：", semicolon="；", gap="", length=(3, 300))

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_HAN_RUN, _OTHER_WORD = re.compile(f"[{_HAN}]+"), re.compile(rf"[^\W\d_{_HAN}]+")


def han_share(text: str) -> float:
    """Return the share of Chinese characters among characters and words of other scripts; 0 when there is neither.

    >>> han_share("用Python排序")
    0.75
    """
    if text.isascii():
        return 0.0
    han = sum(map(len, _HAN_RUN.findall(text)))  # each Chinese character is a unit by itself
    return han / (han + len(_OTHER_WORD.findall(text))) if han else 0.0
