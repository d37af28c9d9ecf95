"""A pool for the kernels: the same answers as `plain.PlainPool`, for up to millions of entries and several threads.

Most entries are listed in postings, which are frozen; younger ones are compared one by one, by signature, at a nanosecond each. When
they are one in `_SHARE`, all postings are made anew, with the ranks of tokens by their rarity of that day: any total order of the
tokens gives the same answers, so the vocabulary grows as it likes. Importing this loads numpy and numba.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from itertools import pairwise
from typing import TypeVar

import numpy as np

from selfinstruct.rouge import kernels
from selfinstruct.rouge.block import Block, Found
from selfinstruct.rouge.column import Column, frozen
from selfinstruct.rouge.kernels import Array, Postings, Scratch, Texts

_SHARE = 16
_FEWEST = 1024
"""Entries that may be unlisted in any case."""
_PARTS = 4
"""Parts of a block for each thread: texts differ, and nobody should wait long for the last one."""


class CompiledPool:
    """Entries in order. One thread at a time, apart from those of the executor that it is given."""

    def __init__(self, entries: Iterable[Sequence[int]] = ()) -> None:
        """Begin with these entries."""
        self.tokens, self.offsets = Column(np.int32), Column(np.int64, [0])
        self._signatures, self._numbers = Column(np.uint64), Column(np.int32)
        self._listed = 0
        self._ranks = np.zeros(1, np.int32)
        """By token: 1 for the rarest of those that are listed; 0 at the end, for all other tokens."""
        self._postings = _postings(np.zeros(0, np.int64), self._all)
        self._scratch: list[Scratch] = []
        for entry in entries:
            self.add(entry)

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, entry: Sequence[int]) -> None:
        """Append an entry."""
        self._extend(_texts(np.asarray(entry, np.int32), np.array([0, len(entry)])))

    def nearest(self, query: Sequence[int], least: float) -> tuple[int, float]:
        """Return the entry with the highest score of at least `least`, the first of equals, and its score; else (-1, least)."""
        texts = _texts(np.asarray(query, np.int32), np.array([0, len(query)]))
        entries, scores = np.empty(1, np.int32), np.array([least])
        self._nearest(texts, entries, scores, None, 1)
        return int(entries[0]), float(scores[0])

    def admit(self, block: Block, found: Found, threads: Executor | None = None, workers: int = 1) -> None:
        """Decide on the texts of a block in order, whatever the threads; what is kept becomes an entry."""
        kept = np.full(len(block), -1, np.int32)
        texts = _texts(np.frombuffer(block.tokens, np.int32), np.frombuffer(block.offsets, np.int64), kept)
        entries, scores = np.frombuffer(found.entries, np.int32), np.frombuffer(found.scores, np.float64)
        self._nearest(texts, entries, scores, threads, workers)
        thresholds = frozen(np.frombuffer(block.thresholds, np.float64))
        kernels.resolve(texts, thresholds, len(self), self._scratch[0], kept, entries, scores)
        np.frombuffer(found.kept, np.int8)[:] = kept >= 0
        self._extend(texts, kept >= 0)

    def _nearest(self, texts: Texts, entries: Array, scores: Array, threads: Executor | None, workers: int) -> None:
        """Compare texts with all entries, in as many threads as there are workers."""
        self._make_ready(int(texts.tokens.max(initial=0)) + 1, workers)
        ranked = frozen(_sorted(self._ranks, texts) & 0xFFFFFFFF, np.int32)
        free = list(self._scratch)

        def search(part: tuple[int, int]) -> None:
            scratch = free.pop()
            kernels.nearest(self._all, self._postings, self._listed, texts, ranked, *part, scratch, entries, scores)
            free.append(scratch)

        edges = np.linspace(0, len(entries), workers * _PARTS + 1).astype(int).tolist() if threads else [0, len(entries)]
        list((threads.map if threads else map)(search, pairwise(edges)))

    def _make_ready(self, tokens: int, workers: int) -> None:
        """List what is unlisted, when it is much, and give every worker its scratch."""
        if len(self) - self._listed > max(_FEWEST, len(self) // _SHARE):
            self._list()
        short = self._scratch and len(self._scratch[0].masks) < tokens
        if short or len(self._scratch) < workers:
            sizes = max(tokens * 3 // 2, 1024), max(self._listed, 1)
            self._scratch = [
                Scratch(np.zeros(sizes[0], np.uint64), np.zeros(sizes[1], np.int64), np.zeros(1, np.int64))
                for _ in range(workers)
            ]

    def _list(self) -> None:
        texts = self._all
        counts = np.bincount(texts.tokens)
        self._ranks = np.zeros(len(counts) + 1, np.int32)
        self._ranks[np.argsort(counts, kind="stable")] = np.arange(1, len(counts) + 1)
        self._postings = _postings(_sorted(self._ranks, texts), texts, len(counts))
        self._listed, self._scratch = len(self), []

    @property
    def _all(self) -> Texts:
        return Texts(self.tokens.view, self.offsets.view, self._signatures.view, self._numbers.view)

    def _extend(self, texts: Texts, chosen: Array | None = None) -> None:
        """Append texts, or those of them that are chosen."""
        lengths, tokens, signatures = np.diff(texts.offsets), texts.tokens, texts.signatures
        if chosen is not None:
            tokens, signatures = tokens[np.repeat(chosen, lengths)], signatures[chosen]
            lengths = lengths[chosen]
        self.offsets.extend(len(self.tokens) + np.cumsum(lengths))
        self.tokens.extend(tokens)
        self._signatures.extend(signatures)
        self._numbers.extend(np.arange(len(self), len(self) + len(lengths)))


def _texts(tokens: Array, offsets: Array, numbers: Array | None = None) -> Texts:
    tokens, offsets = frozen(tokens), frozen(offsets)
    signatures = np.empty(len(offsets) - 1, np.uint64)
    kernels.sign(tokens, offsets, signatures)
    return Texts(tokens, offsets, frozen(signatures), frozen(np.empty(0, np.int32) if numbers is None else numbers))


def _sorted(ranks: Array, texts: Texts) -> Array:
    """Return text << 32 | rank for every token, each text's in ascending order of rank."""
    number = np.repeat(np.arange(len(texts.offsets) - 1), np.diff(texts.offsets))
    return np.sort(number << 32 | ranks[np.minimum(texts.tokens, len(ranks) - 1)])


def _postings(ranked: Array, texts: Texts, tokens: int = 0) -> Postings:
    distinct = np.ones(len(ranked), np.bool_)
    np.not_equal(ranked[1:], ranked[:-1], out=distinct[1:])
    ranks = frozen(ranked & 0xFFFFFFFF, np.int32)
    first = np.concatenate(([0], np.cumsum(np.bincount(ranks[distinct], minlength=tokens + 1))))
    count = int(first[-1])
    arrays = [np.empty(count, dtype) for dtype in (np.int32, np.uint64, np.int32, np.int32, np.int64)]
    by_length = frozen(np.argsort(np.diff(texts.offsets), kind="stable"))
    first = frozen(first)
    kernels.post(ranks, texts.offsets, by_length, texts.signatures, first, *arrays)
    return Postings(first, *map(frozen, arrays))
