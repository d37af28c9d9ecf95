"""What the classifier sees of a row: hashed character n-grams of its parts, and a few signs of its shape.

A part is a window of a field: the task (instruction and input), and beginning, body and end of the answer. Each n-gram is hashed with the
part that it stands in, so `sorry` at the beginning of an answer is another feature than `sorry` in a letter. All of it is arithmetic on
code points: the same on every Python and machine. Source: Weinberger et al. 2009, feature hashing.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from selfinstruct.quality.classifier.shape import answer_signs, task_signs
from selfinstruct.records import LanguageCode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BITS = 16
"""Buckets of n-grams, as a power of two."""
_ORDERS: dict[LanguageCode, tuple[int, ...]] = {"en": (3, 5, 7), "zh": (1, 2, 3)}
"""Characters of an n-gram: about a syllable, a word, a word with its neighbour."""
_SPACE = re.compile(r"\s+")
_DIGIT = re.compile(r"\d")


class Part(NamedTuple):
    """A window of a field."""

    salt: int
    text: str


def task_parts(instruction: str, given: str) -> list[Part]:
    """Return what is seen of a task: the beginning and end of the instruction, and its input."""
    return [Part(1, instruction[:300]), Part(2, instruction[-40:]), Part(3, given[:160])]


def answer_parts(instruction: str, output: str) -> list[Part]:
    """Return what is seen of an answer: its beginning, its body and its end, beside the instruction."""
    return [Part(4, output[:60]), Part(5, output[:500]), Part(6, output[-48:]), Part(7, instruction[:200])]


def hashed(parts: list[Part], language: LanguageCode) -> "tuple[NDArray[np.uint32], NDArray[np.float32]]":
    """Return (buckets, values) of the n-grams of some parts; the squares of a part's values sum to 1."""
    import numpy as np

    buckets, values = [np.zeros(0, np.uint32)], [np.zeros(0, np.float32)]
    for salt, text in ((part.salt, _folded(part.text)) for part in parts if part.text):
        found = [
            *_ngrams(np.frombuffer(f"\x02{text}\x03".encode("utf-32-le", "surrogatepass"), np.uint32), salt, language)
        ]
        count = sum(map(len, found))
        buckets += found
        values.append(np.full(count, count**-0.5 if count else 0, np.float32))
    return np.concatenate(buckets), np.concatenate(values)


def _ngrams(codes: "NDArray[np.uint32]", salt: int, language: LanguageCode) -> "Iterator[NDArray[np.uint32]]":
    """Yield the buckets of the n-grams of each order."""
    import numpy as np

    codes = codes * np.uint32(0x9E3779B1)
    rolling, length = codes, 1
    for order in _ORDERS[language]:
        while length < order:
            rolling = rolling[:-1] * np.uint32(0x01000193) ^ codes[length:]
            length += 1
        mixed = (rolling ^ np.uint32((salt * 0x85EBCA6B + order * 0xC2B2AE35) & 0xFFFFFFFF)) * np.uint32(0x27D4EB2F)
        yield (mixed ^ mixed >> np.uint32(15)) >> np.uint32(8) & np.uint32((1 << BITS) - 1)


def signs_of_task(instruction: str, given: str, language: LanguageCode) -> list[int]:
    """Return the buckets of the shape of a task."""
    return [bucket(sign) for sign in task_signs(instruction, given, language)]


def signs_of_answer(instruction: str, given: str, output: str, language: LanguageCode) -> list[int]:
    """Return the buckets of the shape of an answer."""
    return [bucket(sign) for sign in answer_signs(instruction, given, output, language)]


def bucket(sign: str) -> int:
    """Return the bucket of a sign, behind those of the n-grams."""
    import zlib

    return (1 << BITS) + zlib.crc32(sign.encode()) % SIGNS


SIGNS = 1 << 12


def _folded(text: str) -> str:
    return _DIGIT.sub("0", _SPACE.sub(" ", text.lower()))
