"""A pool in plain Python: what the kernels do, said shortly. It documents them, is their oracle, and serves while a pool is small."""

from collections.abc import Sequence

from selfinstruct.rouge.block import Block, BlockDecisions, Numbers
from selfinstruct.rouge.score import f_measure, lcs
from selfinstruct.rouge.workers import ALONE, Workers

_FIBONACCI = 0x9E3779B97F4A7C15
SLACK = 1 - 1e-12
"""Bounds are compared with a slack: two scores of texts of a million tokens differ by 1e-7, rounding errors are 1e-16."""


def signature(query: Sequence[int]) -> int:
    """Return 64 bits in which each token has set one."""
    bits = 0
    for token in query:
        if token >= 0:
            bits |= 1 << ((token * _FIBONACCI & (1 << 64) - 1) >> 58)
    return bits


class PlainPool:
    """Entries in order, compared one by one."""

    def __init__(self) -> None:
        """Begin empty."""
        self.entries: list[Sequence[int]] = []
        self._signatures: list[int] = []

    def __len__(self) -> int:
        return len(self.entries)

    def add(self, entry: Sequence[int]) -> None:
        """Append an entry."""
        self.entries.append(entry)
        self._signatures.append(signature(entry))

    def nearest(self, query: Sequence[int], least: float) -> tuple[int, float]:
        """Return the entry with the highest score of at least `least`, the first of equals, and its score; else (-1, least)."""
        best, score, mine = -1, least, signature(query)
        for position, (entry, other) in enumerate(zip(self.entries, self._signatures, strict=True)):
            # a bit that only one of the two has set is a token without a partner
            most = min(len(entry) - (other & ~mine).bit_count(), len(query) - (mine & ~other).bit_count())
            if 2 * most >= score * SLACK * (len(entry) + len(query)):
                value = f_measure(lcs(query, entry), len(query), len(entry))
                if value > score or (value == score and best < 0):
                    best, score = position, value
        return best, score

    def admit(self, block: Block, found: BlockDecisions, _workers: Workers = ALONE) -> None:
        """Decide on the texts of a block in order; what is kept becomes an entry."""
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
        """The tokens of all entries, one after the other, and where each begins."""
        block = Block()
        for entry in self.entries:
            block.append(entry)
        return block.tokens, block.offsets
