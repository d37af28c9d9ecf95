"""The near-duplicate filter: nearest neighbours among seeds and earlier accepted instructions.

A candidate is dropped when its ROUGE-L is greater than the threshold; one exactly at it is kept, as in Self-Instruct
and Alpaca.
"""

import sys
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack
from functools import lru_cache
from itertools import compress, count, islice
from typing import Literal, NamedTuple, TypeVar

from selfinstruct.config import THRESHOLD
from selfinstruct.records import Neighbour
from selfinstruct.rouge import (
    TEXTS_PER_CHUNK,
    Block,
    BlockDecisions,
    Engine,
    Index,
    Workers,
    f_measure,
    score,
    token_lists,
    tokens,
)
from selfinstruct.rouge.score import LONGEST

Neighbours = Literal["all", "dropped"]
_BLOCK = 4096
"""Texts per block: compared with the pool by several threads, then with each other."""
_TURN = 0.0001
"""Switch interval in seconds of the reading thread; other threads need the interpreter only to start a kernel."""
_MOST_AHEAD, _FEWEST_AHEAD = 16, 2
"""Most and fewest blocks read ahead.

They are read in bursts, while a part of each decision runs on one thread only.
"""
_T = TypeVar("_T")
_U = TypeVar("_U")


class Pool:
    """The instructions of seeds and accepted rows, by id, in order of arrival."""

    def __init__(self, threshold: float) -> None:
        """Create an empty pool; `threshold` is the highest ROUGE-L that is kept."""
        self.threshold = threshold
        self._index = Index()
        self._ids: list[str] = []
        self._read: tuple[str, list[str]] = "", []
        """The last text and its tokens: one that was looked up is usually added next."""

    def add(self, identifier: str, instruction: str) -> None:
        """Append an instruction."""
        self._index.add(self._tokens(instruction))
        self._ids.append(identifier)

    def nearest(self, instruction: str) -> Neighbour | None:
        """Return the nearest entry (highest score, then earliest), or None while the pool is empty."""
        found = self._index.nearest(self._tokens(instruction), comes=True)
        return Neighbour(id=self._ids[found.position], score=found.score) if found else None

    def is_near(self, neighbour: Neighbour | None) -> bool:
        """Return whether a neighbour is above the threshold, so that the candidate is dropped."""
        return neighbour is not None and neighbour.score > self.threshold

    def _tokens(self, text: str) -> list[str]:
        if self._read[0] != text:
            self._read = text, tokens(text)
        return self._read[1]


class Decision(NamedTuple):
    """The decision on one text."""

    position: int
    """Position in the input, from 0."""
    nearest: int | None
    """Position of its nearest earlier kept text; negative: -1 - position in the pool. None if there is none."""
    score: float
    kept: bool
    size: int
    """Number of tokens; a text without tokens is always kept."""


class Similarity(NamedTuple):
    """Similarity of a kept text to the pool and earlier kept texts, as Stanford Alpaca stored it."""

    position: int
    mean: float
    """Mean score, Alpaca's `avg_similarity_score`."""
    most_similar: tuple[tuple[int, float], ...]
    """(position as in Decision, score) of the ten nearest, highest score first."""


def near_duplicates(
    texts: Iterable[str],
    threshold: float = THRESHOLD,
    pool: Iterable[str] = (),
    *,
    neighbours: Neighbours = "all",
    workers: int = 1,
) -> Iterator[Decision]:
    """Yield one Decision per text, in order, compared with the pool and earlier kept texts.

    With `neighbours="dropped"` the nearest of a text that is kept is not looked for, which is several times faster. The number of
    workers (threads) changes nothing but the time.

    >>> for decision in near_duplicates(["写一首关于春天的诗", "写一首关于春天的诗。", "Sort a list of numbers"]):
    ...     print(decision.kept, decision.nearest, decision.score)
    True None 0.0
    False 0 1.0
    True 0 0.0
    """
    return NearDuplicateFilter(pool, neighbours, workers).decide((text, threshold) for text in texts)


class NearDuplicateFilter:
    """A streaming near-duplicate filter with one threshold per text; it stores the kept texts."""

    def __init__(
        self,
        pool: Iterable[str] = (),
        neighbours: Neighbours = "all",
        workers: int = 1,
        engine: Engine | None = None,
    ) -> None:
        """Create a filter with the texts of a pool; an engine holds the kept ones, once they are many."""
        self._index, self._neighbours, self._workers = Index(engine=engine), neighbours, workers
        for batch in _batches(pool):
            self._index.extend(self._index.block((one, 1.0) for one in token_lists(batch)))
        self._origin = array("q", range(-1, -1 - len(self._index), -1))
        """Entry -> position of its text; negative in the pool."""

    def decide(self, texts: Iterable[tuple[str, float]]) -> Iterator[Decision]:
        """Yield one Decision per (text, highest score that is kept), in order."""
        blocks = (self._index.block(_read(batch)) for batch in _batches(texts))
        with ExitStack() as stack:
            threads = stack.enter_context(ThreadPoolExecutor(self._workers)) if self._workers > 1 else None
            if threads:
                stack.callback(sys.setswitchinterval, sys.getswitchinterval())
                sys.setswitchinterval(_TURN)

            def admit(block: Block) -> tuple[Block, BlockDecisions]:
                return block, self._index.admit(block, self._neighbours == "all", Workers(threads, self._workers))

            position = 0
            for block, found in _ahead(admit, blocks, stack.enter_context(ThreadPoolExecutor(1)) if threads else None):
                yield from self._decisions(position, block, found)
                position += len(block)

    def similarities(self) -> Iterator[Similarity]:
        """Yield the similarity of each kept text to all before it."""
        begin = sum(position < 0 for position in self._origin)
        with ThreadPoolExecutor(self._workers) as threads:
            for entry, one in enumerate(self._index.statistics(begin, Workers(threads, self._workers)), begin):
                most_similar = tuple((self._origin[position], score) for position, score in one.most_similar)
                yield Similarity(self._origin[entry], one.mean, most_similar)

    def _decisions(self, position: int, block: Block, found: BlockDecisions) -> Iterator[Decision]:
        """Yield the decisions on a block whose first text is at `position` in the input."""
        empty = not self._origin
        self._origin.extend(compress(count(position), found.kept))
        # if nothing shares a token with a text, its nearest entry is the first
        first = self._origin[0] if self._neighbours == "all" else None
        nearest = [self._origin[entry] if entry >= 0 else first for entry in found.entries]
        if empty:
            nearest[0] = None
        scores = [score if entry >= 0 else 0.0 for entry, score in zip(found.entries, found.scores, strict=True)]
        return map(Decision, count(position), nearest, scores, map(bool, found.kept), block.sizes)


def apart(instruction: str, others: Iterable[str], threshold: float) -> bool:
    """Return whether an instruction is not near any of a few others, which are asked about again and again."""
    query, having = _seen(instruction)
    repeated = len(query) - len(having)
    for text in others:
        other, words = _seen(text)
        most = repeated + len(having & words)  # of the tokens in common: no subsequence is longer
        near = most and f_measure(min(most, len(query), len(other)), len(query), len(other)) > threshold
        if near and score(query, other) > threshold:
            return False
    return True


@lru_cache(maxsize=1024)
def _seen(text: str) -> tuple[list[str], frozenset[str]]:
    query = tokens(text)[:LONGEST]
    return query, frozenset(query)


def _read(batch: Sequence[tuple[str, float]]) -> Iterator[tuple[list[str], float]]:
    """Yield (tokens, highest score that is kept), a few at a time so as not to block other threads."""
    for begin in range(0, len(batch), TEXTS_PER_CHUNK):
        texts, limits = zip(*batch[begin : begin + TEXTS_PER_CHUNK], strict=True)
        yield from zip(token_lists(texts), limits, strict=True)


def _batches(items: Iterable[_T]) -> Iterator[list[_T]]:
    rest = iter(items)
    while batch := list(islice(rest, _BLOCK)):
        yield batch


def _ahead(work: Callable[[_T], _U], items: Iterable[_T], other: Executor | None) -> Iterator[_U]:
    """Yield the results of `work` in order; with an executor, the next few are computed ahead."""
    if other is None:
        yield from map(work, items)
        return
    waiting: deque[Future[_U]] = deque()
    for item in items:
        waiting.append(other.submit(work, item))
        if len(waiting) > _MOST_AHEAD:
            while len(waiting) > _FEWEST_AHEAD:
                yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
