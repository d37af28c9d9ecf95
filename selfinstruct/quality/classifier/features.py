"""What the classifier sees of a row: hashed character n-grams of its parts.

A part is a window of a field: beginning, body and end of the answer, and the instruction. Each n-gram is hashed with
the part that it begins in, so `sorry` at the beginning of an answer is another feature than `sorry` in a letter. All of it is arithmetic on
code points: the same on every Python and machine. Source: Weinberger et al. 2009, feature hashing.
"""

import re
from typing import TYPE_CHECKING, NamedTuple

from selfinstruct.records import LanguageCode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BITS = 16
"""Buckets of n-grams, as a power of two."""
_ORDERS: dict[LanguageCode, tuple[int, ...]] = {"en": (3, 5, 7), "zh": (1, 2, 3)}
"""Characters of an n-gram: about a syllable, a word, a word with its neighbour."""
_SPACE, _DIGIT = re.compile(r"\s+"), re.compile(r"\d")


class Part(NamedTuple):
    """A window of a field."""

    salt: int
    text: str


class Features(NamedTuple):
    """The n-grams of a row; the squares of a part's values sum to about 1."""

    buckets: "NDArray[np.uint32]"
    values: "NDArray[np.float32]"


def of_answer(instruction: str, given: str, output: str, language: LanguageCode) -> Features:
    """Return what is seen of an answer: its beginning, body and end, beside the instruction; how long it is, whether it asks, and whether there is an input."""
    length = chr(0x10 + len(output).bit_length())
    about = length + ("?" if output.rstrip().endswith(("?", "？")) else ".") + ("+" if given.strip() else "-")
    parts = [
        Part(4, output[:60]),
        Part(5, output[:400]),
        Part(6, output[-48:]),
        Part(7, instruction[:200]),
        Part(8, about * 4),
    ]
    return hashed(parts, language)


def hashed(parts: list[Part], language: LanguageCode) -> Features:
    """Return the hashed n-grams of some parts, in the order of their length."""
    import numpy as np

    texts = [f"\x02{_DIGIT.sub('0', _SPACE.sub(' ', part.text.lower()))}\x03" for part in parts]
    lengths = [len(text) for text in texts]
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32) * np.uint32(0x9E3779B1)
    salts = np.repeat(np.array([part.salt * 0x85EBCA6B & 0xFFFFFFFF for part in parts], np.uint32), lengths)
    orders = _ORDERS[language]
    weight = np.repeat(np.array([(length * len(orders)) ** -0.5 for length in lengths], np.float32), lengths)
    rolling, reach, buckets = codes, 1, []
    for order in orders:
        while reach < order:
            rolling = rolling[:-1] * np.uint32(0x01000193) ^ codes[reach:]
            reach += 1
        mixed = (rolling ^ salts[: len(rolling)] ^ np.uint32(order * 0xC2B2AE35 & 0xFFFFFFFF)) * np.uint32(0x27D4EB2F)
        buckets.append((mixed ^ mixed >> np.uint32(15)) >> np.uint32(8) & np.uint32((1 << BITS) - 1))
    return Features(np.concatenate(buckets), np.concatenate([weight[: len(one)] for one in buckets]))
