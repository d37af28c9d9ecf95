"""Texts that are decided on together: their tokens in one array, and what came of each."""

from array import array
from collections.abc import Iterator, Sequence
from math import inf, nextafter
from typing import NamedTuple

LEAST = 1e-300
"""Below every score but 0."""


class Block:
    """Token lists as numbers, one after the other; each with the highest score that is kept."""

    def __init__(self) -> None:
        """Begin empty."""
        self.tokens = array("i")
        self.offsets = array("q", [0])
        """Where a text begins; text k ends at offsets[k + 1]."""
        self.thresholds = array("d")

    def __len__(self) -> int:
        return len(self.thresholds)

    def __iter__(self) -> Iterator["array[int]"]:
        return (self.tokens[begin:end] for begin, end in zip(self.offsets, self.offsets[1:], strict=False))

    def append(self, query: "array[int]", threshold: float) -> None:
        """Append a text."""
        self.tokens += query
        self.offsets.append(len(self.tokens))
        self.thresholds.append(threshold)


class Found(NamedTuple):
    """What came of the texts of a block, in their order."""

    entries: Sequence[int]
    """The nearest entry; -1 where none scores enough."""
    scores: Sequence[float]
    """Its score; before, the lowest that counts."""
    kept: Sequence[int]
    """1 for a text that became an entry."""
