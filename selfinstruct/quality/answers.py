"""Answers that many different questions share.

A sentence that ten questions share is noticed: a label (`positive`, `不相关`) may be the answer to thousands, a sentence seldom is. A long
answer that ten questions share answers nine of them wrongly at least: there the first row stands, as it does for a duplicate.
"""

import hashlib
from array import array
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from selfinstruct.language import LANGUAGES
from selfinstruct.records import LanguageCode

MANY = 10
"""Different questions from which an answer is no chance."""
_SENTENCE: dict[LanguageCode, int] = {"en": 6, "zh": 10}
"""Words, or Chinese characters, from which an answer is no label."""
_LONG: dict[LanguageCode, int] = {"en": 40, "zh": 60}
_SHOWN = 60


class Repeated(NamedTuple):
    """One answer that many different questions have."""

    lines: "array[int]"
    """Lines of its rows, in order."""
    questions: int
    long: bool
    beginning: str


class RepeatedAnswers:
    """Counts the questions of each answer; holds hashes of texts, and not the texts."""

    def __init__(self) -> None:
        """Begin without a row."""
        self._alone: dict[bytes, tuple[int, bytes]] = {}
        """Answer -> (line, question) where one row has it: nearly all."""
        self._groups: dict[bytes, _Group] = {}

    def add(self, line: int, language: LanguageCode, question: tuple[str, str], answer: str) -> None:
        """Count a row; `question` is its instruction and its input."""
        size = LANGUAGES[language].units(answer)
        if size < _SENTENCE[language]:
            return
        long = size >= _LONG[language]
        # one instruction on many inputs may well be answered by one sentence: that is classification
        asked = digest(*question) if long else digest(question[0])
        words = " ".join(answer.split())
        key = digest(words)
        if key not in self._alone:
            self._alone[key] = line, asked
            return
        group = self._groups.setdefault(key, _Group(*self._alone[key], long))
        group.lines.append(line)
        group.questions.add(asked)
        if len(group.questions) == MANY:
            group.beginning = words[:_SHOWN] + ("…" if len(words) > _SHOWN else "")

    def found(self) -> Iterator[Repeated]:
        """Yield the answers that many different questions have, in order of their first rows."""
        for one in sorted(self._groups.values(), key=lambda group: group.lines[0]):
            if len(one.questions) >= MANY:
                yield Repeated(one.lines, len(one.questions), one.long, one.beginning)


class _Group:
    __slots__ = ("beginning", "lines", "long", "questions")

    def __init__(self, line: int, asked: bytes, long: bool) -> None:
        self.lines, self.questions, self.long, self.beginning = array("q", [line]), {asked}, long, ""


@lru_cache(maxsize=8)
def digest(*texts: str) -> bytes:
    """Return a hash of some texts, whatever stands in them."""
    return hashlib.blake2b(repr(texts).encode("utf-8", "surrogatepass"), digest_size=16).digest()
