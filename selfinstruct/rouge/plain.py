"""PlainPool: the pool in plain Python, used while it is small; it documents the kernels and is their test oracle."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import chain

from selfinstruct.rouge.block import Block, BlockDecisions, Numbers
from selfinstruct.rouge.score import common, f_measure, positions
from selfinstruct.rouge.workers import ALONE, Workers

SLACK = 1 - 1e-12
"""Factor on bounds: different scores of texts of a million tokens differ by 1e-7, rounding errors are 1e-16."""


class PlainPool:
    """A pool of token lists, numbered in order.

    An index from tokens to entries gives how many tokens each has in common with a query, which bounds the score; a token that stands
    twice counts twice. Only entries that may still win are scored: a handful of two thousand.
    """

    def __init__(self) -> None:
        """Start empty."""
        self.entries: list[Sequence[int]] = []
        self._having: dict[int, list[int]] = {}
        """{token, its occurrence in the upper bits: entries that have it so often}."""
        self.compared = 0
        """Pairs that `nearest` compared token by token, as a bound did not tell them apart."""

    def __len__(self) -> int:
        return len(self.entries)

    def add(self, entry: Sequence[int]) -> None:
        """Append an entry."""
        for token in _numbered(entry):
            self._having.setdefault(token, []).append(len(self.entries))
        self.entries.append(entry)

    def nearest(self, query: Sequence[int], min_score: float) -> tuple[int, float]:
        """Return (position, score) of the entry with the highest score of at least `min_score`, else (-1, min_score).

        Of equal scores the lowest position wins.
        """
        shared = self._shared(query)
        if not shared:
            return -1, min_score
        where, size = positions(query), len(query)
        likely = max(shared, key=shared.__getitem__)
        best, score = -1, max(min_score, self._score(where, size, likely))
        for position in self._possible(shared, size, score):
            most = f_measure(shared[position], size, len(self.entries[position]))
            if most > score or (most == score and best < 0):
                self.compared += 1
                value = self._score(where, size, position)
                if value > score or (value == score and best < 0):
                    best, score = position, value
        return best, score

    def within(self, query: Sequence[int], min_score: float, before: int) -> list[tuple[int, float]]:
        """Return (position, score) of those of the first `before` entries with a score of at least `min_score`, in order."""
        where, size = positions(query), len(query)
        possible = self._possible(self._shared(query), size, min_score)
        found = ((position, self._score(where, size, position)) for position in possible if position < before)
        return [(position, value) for position, value in found if value >= min_score]

    def _shared(self, query: Sequence[int]) -> Counter[int]:
        """Return {entry: number of tokens that it has in common with a query} of those that have any."""
        return Counter(chain.from_iterable(self._having.get(token, ()) for token in _numbered(query)))

    def _possible(self, shared: Counter[int], size: int, score: float) -> list[int]:
        """Return the entries that may have this score or more with a query of this size, in order."""
        entries, needed = self.entries, score * SLACK
        return sorted(one for one, many in shared.items() if 2 * many >= needed * (len(entries[one]) + size))

    def _score(self, where: Mapping[Hashable, int], size: int, position: int) -> float:
        entry = self.entries[position]
        return f_measure(common(where, size, entry), size, len(entry))

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


def _numbered(query: Sequence[int]) -> Iterable[int]:
    """Return the known tokens of a text, each further occurrence of one as a token of its own."""
    if len(set(query)) == len(query):
        return (token for token in query if token >= 0)
    seen = Counter[int]()
    numbered = []
    for token in query:
        if token >= 0:
            numbered.append(token | seen[token] << 32)
            seen[token] += 1
    return numbered
