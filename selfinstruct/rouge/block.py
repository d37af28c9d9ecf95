"""Texts that are decided on together: their tokens in one array, and what came of each."""

from array import array
from collections.abc import Iterable, Iterator
from math import inf, nextafter
from typing import Any, NamedTuple

LEAST = 1e-300
"""Below every score but 0."""


Numbers = Any
"""32-bit integers (tokens) or 64-bit ones (offsets): an `array`, or a numpy array where there are many."""


class Block:
    """Token lists as numbers, one after the other; each with the highest score that is kept."""

    def __init__(
        self,
        tokens: "Numbers | None" = None,
        offsets: "Numbers | None" = None,
        thresholds: "array[float] | None" = None,
    ) -> None:
        """Begin with these texts, or empty."""
        self.tokens = array("i") if tokens is None else tokens
        self.offsets = array("q", [0]) if offsets is None else offsets
        """Where a text begins; text k ends at offsets[k + 1]."""
        self.thresholds = array("d", [inf]) * len(self) if thresholds is None else thresholds

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __iter__(self) -> Iterator["array[int]"]:
        return (self.tokens[begin:end] for begin, end in zip(self.offsets, self.offsets[1:], strict=False))

    @property
    def sizes(self) -> Iterator[int]:
        """Tokens of each text."""
        return (end - begin for begin, end in zip(self.offsets, self.offsets[1:], strict=False))

    def append(self, query: Iterable[int], threshold: float = inf) -> None:
        """Append a text."""
        self.tokens.extend(query)
        self.offsets.append(len(self.tokens))
        self.thresholds.append(threshold)


class BlockDecisions(NamedTuple):
    """What came of the texts of a block, in their order."""

    entries: "array[int]"
    """The nearest entry; -1 where none scores enough."""
    scores: "array[float]"
    """Its score; before, the lowest that counts."""
    kept: bytearray
    """1 for a text that became an entry."""


def found_in(block: Block, every: bool) -> BlockDecisions:
    """Return what is known of a block before it is looked at: any score counts, or only those above the threshold."""
    least = (LEAST if every else max(nextafter(threshold, inf), LEAST) for threshold in block.thresholds)
    return BlockDecisions(array("i", [-1]) * len(block), array("d", least), bytearray(len(block)))
