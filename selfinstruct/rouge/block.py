"""A block: texts processed together, as one token array, and the decisions on them."""

from array import array
from collections.abc import Iterable, Iterator
from math import inf, nextafter
from typing import Any, NamedTuple

MIN_SCORE = 1e-300
"""Smallest score threshold: below every score except 0."""


Numbers = Any
"""An `array` or numpy array of 32-bit integers (tokens) or 64-bit integers (offsets)."""


class Block:
    """Concatenated token lists as integer ids; each text with its threshold, the highest score that is kept."""

    def __init__(
        self,
        tokens: "Numbers | None" = None,
        offsets: "Numbers | None" = None,
        thresholds: "array[float] | None" = None,
    ) -> None:
        """Start with these texts, or empty."""
        self.tokens = array("i") if tokens is None else tokens
        self.offsets = array("q", [0]) if offsets is None else offsets
        """Text k is tokens[offsets[k]:offsets[k + 1]]."""
        self.thresholds = array("d", [inf]) * len(self) if thresholds is None else thresholds

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __iter__(self) -> Iterator["array[int]"]:
        return (self.tokens[begin:end] for begin, end in zip(self.offsets, self.offsets[1:], strict=False))

    @property
    def sizes(self) -> Iterator[int]:
        """Number of tokens of each text."""
        return (end - begin for begin, end in zip(self.offsets, self.offsets[1:], strict=False))

    def append(self, query: Iterable[int], threshold: float = inf) -> None:
        """Append a text."""
        self.tokens.extend(query)
        self.offsets.append(len(self.tokens))
        self.thresholds.append(threshold)


class BlockDecisions(NamedTuple):
    """Decisions on the texts of a block, in order; one element per text."""

    entries: "array[int]"
    """Position of the nearest entry; -1 if none has the minimum score."""
    scores: "array[float]"
    """Score of the nearest entry; as input, the minimum score."""
    kept: bytearray
    """1 for a text that was kept and became an entry, else 0."""


class Found(NamedTuple):
    """What one part of a pool says of the texts of a block, before they are compared with each other; numpy arrays, one element per text."""

    entries: Any
    """int32: position of the nearest entry; -1 if none has the minimum score."""
    scores: Any
    """float64: score of the nearest entry, else the minimum score."""
    flags: Any
    """int32: non-zero for a text that has to be compared with those before it in the block, of the texts that this part looked at for that."""


def initial_decisions(block: Block, every: bool) -> BlockDecisions:
    """Return the input of a search: minimum scores of 0 (exclusive) if `every`, else of the thresholds (exclusive)."""
    min_score = (MIN_SCORE if every else max(nextafter(threshold, inf), MIN_SCORE) for threshold in block.thresholds)
    return BlockDecisions(array("i", [-1]) * len(block), array("d", min_score), bytearray(len(block)))
