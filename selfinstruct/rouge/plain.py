"""PlainPool: the pool in plain Python, used while it is small; it documents the kernels and is their test oracle."""

from collections.abc import Sequence

from selfinstruct.rouge.block import Block, BlockDecisions, Numbers
from selfinstruct.rouge.score import common, f_measure, positions
from selfinstruct.rouge.workers import ALONE, Workers

_FIBONACCI = 0x9E3779B97F4A7C15
SLACK = 1 - 1e-12
"""Factor on bounds: different scores of texts of a million tokens differ by 1e-7, rounding errors are 1e-16."""


def signature(query: Sequence[int]) -> int:
    """Return the 64-bit signature of a text: one bit per token, by Fibonacci hashing."""
    bits = 0
    for token in query:
        if token >= 0:
            bits |= 1 << ((token * _FIBONACCI & (1 << 64) - 1) >> 58)
    return bits


class PlainPool:
    """A pool of token lists, numbered in order and scanned linearly."""

    def __init__(self) -> None:
        """Start empty."""
        self.entries: list[Sequence[int]] = []
        self._signatures: list[int] = []
        self.compared = 0
        """Pairs that `nearest` compared token by token, as their signatures did not tell them apart."""

    def __len__(self) -> int:
        return len(self.entries)

    def add(self, entry: Sequence[int]) -> None:
        """Append an entry."""
        self.entries.append(entry)
        self._signatures.append(signature(entry))

    def nearest(self, query: Sequence[int], min_score: float) -> tuple[int, float]:
        """Return (position, score) of the entry with the highest score of at least `min_score`, else (-1, min_score).

        Of equal scores the lowest position wins.
        """
        best, score, mine, where = -1, min_score, signature(query), positions(query)
        for position, (entry, other) in enumerate(zip(self.entries, self._signatures, strict=True)):
            # a bit set in only one signature is a token that the other text does not contain
            most = min(len(entry) - (other & ~mine).bit_count(), len(query) - (mine & ~other).bit_count())
            if 2 * most >= score * SLACK * (len(entry) + len(query)):
                self.compared += 1
                value = f_measure(common(where, len(query), entry), len(query), len(entry))
                if value > score or (value == score and best < 0):
                    best, score = position, value
        return best, score

    def within(self, query: Sequence[int], min_score: float, before: int) -> list[tuple[int, float]]:
        """Return (position, score) of those of the first `before` entries with a score of at least `min_score`, in order."""
        found, mine, where = [], signature(query), positions(query)
        for position in range(before):
            entry, other = self.entries[position], self._signatures[position]
            most = min(len(entry) - (other & ~mine).bit_count(), len(query) - (mine & ~other).bit_count())
            if 2 * most >= min_score * SLACK * (len(entry) + len(query)):
                value = f_measure(common(where, len(query), entry), len(query), len(entry))
                if value >= min_score:
                    found.append((position, value))
        return found

    def admit(self, block: Block, found: BlockDecisions, _workers: Workers = ALONE) -> None:
        """Decide on the texts of a block in order and add the kept ones."""
        for text, query in enumerate(block):
            entry, score = self.nearest(query, found.scores[text])
            found.entries[text], found.scores[text] = entry, score
            found.kept[text] = entry < 0 or score <= block.thresholds[text]
            if found.kept[text]:
                self.add(query)

    def extend(self, block: Block) -> None:
        """Append all texts of a block."""
        for entry in block:
            self.add(entry)

    @property
    def arrays(self) -> tuple[Numbers, Numbers]:
        """(tokens, offsets) of all entries; entry k is tokens[offsets[k]:offsets[k + 1]]."""
        block = Block()
        for entry in self.entries:
            block.append(entry)
        return block.tokens, block.offsets
