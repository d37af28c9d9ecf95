"""The near-duplicate filter: nearest neighbour among seeds and earlier accepted instructions, kept up to a threshold.

A candidate is dropped when its ROUGE-L is greater than the threshold; exactly the threshold is kept, as in self-instruct and Alpaca.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack
from itertools import islice
from typing import Literal, NamedTuple, TypeVar

from selfinstruct.records import Neighbour
from selfinstruct.rouge import Block, Found, Index, score, tokens

Neighbours = Literal["all", "dropped"]
_BLOCK = 2048
"""Texts that are compared with the pool at once, by several threads, and then with each other."""
_T = TypeVar("_T")
_U = TypeVar("_U")


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
        return Neighbour(id=self._ids[found.position], score=found.score) if found else None

    def is_near(self, neighbour: Neighbour | None) -> bool:
        """Return whether a neighbour is so near that the candidate is dropped."""
        return neighbour is not None and neighbour.score > self.threshold


class Decision(NamedTuple):
    """What the filter decided on one text of a list."""

    position: int
    """Position in the input, from 0."""
    nearest: int | None
    """Position in the input of its nearest earlier kept text; negative: -1 - position in the pool. None if there is none before it."""
    score: float
    kept: bool


def deduplicate(texts: Iterable[str], threshold: float = 0.7) -> list[str]:
    """Return the texts that are not near-duplicates of one before them.

    >>> deduplicate(["写一首关于春天的诗", "写一首关于春天的诗。", "Sort a list of numbers"])
    ['写一首关于春天的诗', 'Sort a list of numbers']
    """
    texts = list(texts)
    decisions = near_duplicates(texts, threshold, neighbours="dropped")
    return [text for text, decision in zip(texts, decisions, strict=True) if decision.kept]


def near_duplicates(
    texts: Iterable[str],
    threshold: float = 0.7,
    pool: Iterable[str] = (),
    *,
    neighbours: Neighbours = "all",
    workers: int = 1,
) -> Iterator[Decision]:
    """Yield one Decision for each text in order, comparing it with the pool and the texts kept before it.

    With `neighbours="dropped"` no neighbour is looked for that does not decide, which is several times faster: the nearest of a text
    that is kept is then None. The number of workers (threads) changes nothing but the time.

    >>> for decision in near_duplicates(["写一首关于春天的诗", "写一首关于春天的诗。", "Sort a list of numbers"]):
    ...     print(decision.kept, decision.nearest, decision.score)
    True None 0.0
    False 0 1.0
    True 0 0.0
    """
    return decide(((text, threshold) for text in texts), pool, neighbours=neighbours, workers=workers)


def decide(
    texts: Iterable[tuple[str, float]],
    pool: Iterable[str] = (),
    *,
    neighbours: Neighbours = "all",
    workers: int = 1,
) -> Iterator[Decision]:
    """Do what `near_duplicates` does, with a threshold for each text."""
    index, origin = Index(), array("q")
    for batch in _batches(pool):
        index.extend(index.block((tokens(text), 1.0) for text in batch))
    origin.extend(range(-1, -1 - len(index), -1))
    blocks = (index.block((tokens(text), limit) for text, limit in batch) for batch in _batches(texts))
    with ExitStack() as stack:
        threads = stack.enter_context(ThreadPoolExecutor(workers)) if workers > 1 else None

        def admit(block: Block) -> Found:
            return index.admit(block, neighbours == "all", threads, workers)

        position = 0
        for found in _ahead(admit, blocks, stack.enter_context(ThreadPoolExecutor(1)) if threads else None):
            for entry, value, kept in zip(found.entries, found.scores, found.kept, strict=True):
                yield _decision(position, entry, value, bool(kept), origin, neighbours)
                if kept:
                    origin.append(position)
                position += 1


def apart(instruction: str, others: Iterable[str], threshold: float) -> bool:
    """Return whether an instruction is near none of a few others."""
    query = tokens(instruction)
    return all(score(query, tokens(other)) <= threshold for other in others)


def _decision(
    position: int, entry: int, value: float, kept: bool, origin: "array[int]", neighbours: Neighbours
) -> Decision:
    if entry >= 0:
        return Decision(position, origin[entry], value, kept)
    # nothing shares a token with it: then the first entry is as near as any
    return Decision(position, origin[0] if origin and neighbours == "all" else None, 0.0, kept)


def _batches(items: Iterable[_T]) -> Iterator[list[_T]]:
    rest = iter(items)
    while batch := list(islice(rest, _BLOCK)):
        yield batch


def _ahead(work: Callable[[_T], _U], items: Iterable[_T], other: Executor | None) -> Iterator[_U]:
    """Yield what comes of the items, in order; with an executor the next item is made while the one before is worked on."""
    if other is None:
        yield from map(work, items)
        return
    before: Future[_U] | None = None
    for item in items:
        current = other.submit(work, item)
        if before:
            yield before.result()
        before = current
    if before:
        yield before.result()
