"""The near-duplicate filter: nearest neighbour among seeds and earlier accepted instructions, kept up to a threshold.

A candidate is dropped when its ROUGE-L is greater than the threshold; exactly the threshold is kept, as in self-instruct and Alpaca.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from selfinstruct.records import Neighbour
from selfinstruct.rouge import Index, score, tokens


class Pool:
    """The instructions of seeds and accepted rows, by id, in order."""

    def __init__(self, threshold: float) -> None:
        """Start empty; `threshold` is the highest ROUGE-L that is still kept."""
        self.threshold = threshold
        self._index = Index()
        self._ids: list[str] = []

    def add(self, identifier: str, instruction: str) -> None:
        """Append an instruction."""
        self._index.add(tokens(instruction))
        self._ids.append(identifier)

    def nearest(self, instruction: str) -> Neighbour | None:
        """Return the nearest entry (highest score, then earliest), or None while the pool is empty."""
        found = self._index.nearest(tokens(instruction))
        return Neighbour(id=self._ids[found[0]], score=found[1]) if found else None

    def is_near(self, neighbour: Neighbour | None) -> bool:
        """Return whether a neighbour is so near that the candidate is dropped."""
        return neighbour is not None and neighbour.score > self.threshold


class Decision(NamedTuple):
    """What the filter decided on one text of a list."""

    position: int
    """Position in the input, from 0."""
    nearest: int | None
    """Position in the input of its nearest earlier kept text; negative: -1 - position in the pool."""
    score: float
    kept: bool


def near_duplicates(texts: Iterable[str], threshold: float = 0.7, pool: Iterable[str] = ()) -> Iterator[Decision]:
    """Yield one Decision for each text in order, comparing it with the pool and the texts kept before it.

    >>> [decision.kept for decision in near_duplicates(["写一首关于春天的诗", "写一首关于春天的诗。", "Sort a list of numbers"])]
    [True, False, True]
    """
    index, origin = Index(), list[int]()
    for position, text in enumerate(pool):
        index.add(tokens(text))
        origin.append(-1 - position)
    for position, text in enumerate(texts):
        query = tokens(text)
        found = index.nearest(query)
        kept = found is None or found[1] <= threshold
        yield Decision(position, origin[found[0]] if found else None, found[1] if found else 0.0, kept)
        if kept:
            index.add(query)
            origin.append(position)


def apart(instruction: str, others: Iterable[str], threshold: float) -> bool:
    """Return whether an instruction is near none of a few others."""
    query = tokens(instruction)
    return all(score(query, tokens(other)) <= threshold for other in others)
