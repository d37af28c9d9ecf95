"""Nearest neighbours by ROUGE-L, for all parts of the diff.

All results are exact. Single nearest texts come from the index of `rouge`; where several are needed, all pairs are
scored except those whose lengths rule out the score.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from selfinstruct.rouge import Index, f_measure

_AT_ONCE = 4_096
"""Texts added to the index per call."""
_BLOCK = 256
"""Queries scored per call: 256 x 52,000 two-byte counts are 27 MB."""
_LONGEST = 600
"""Tokens of a text that are compared; rows with the same first 600 tokens count as equal."""


_MANY = 300_000
"""Number of pairs above which loading the compiled kernels is faster than plain Python."""


class NearRow(NamedTuple):
    """A text of the pool near a query."""

    query: int
    """Position of the query."""
    pool: int
    """Position in the pool."""
    score: float


Texts = Sequence[Sequence[str]]
"""Token lists."""


def _index(pairs: int) -> Index:
    """Return an index suited to a number of pairs; compiled from the start for many, or if kernels are loaded."""
    loaded = "selfinstruct.rouge.compiled" in sys.modules
    return Index(0) if loaded or pairs > _MANY else Index()


def nearest(queries: Texts, pool: Texts, above: float) -> Iterator[NearRow]:
    """Yield each query's nearest text of the pool (the first of equals) if it scores more than `above`."""
    index = _index(len(queries) * len(pool))
    index.extend(index.block((text[:_LONGEST], 1.0) for text in pool))
    for position, query in enumerate(queries):
        if found := index.nearest(query[:_LONGEST], above):
            yield NearRow(position, found.position, found.score)


def nearest_before(texts: Texts, above: float) -> Iterator[NearRow]:
    """Yield each text's nearest earlier text (the first of equals) if it scores more than `above`."""
    index = _index(len(texts) ** 2 // 2)
    for start in range(0, len(texts), _AT_ONCE):
        found = index.admit(index.block((text[:_LONGEST], 1.0) for text in texts[start : start + _AT_ONCE]))
        for query, (entry, value) in enumerate(zip(found.entries, found.scores, strict=True), start):
            if entry >= 0 and value > above:
                yield NearRow(query, entry, value)


def mutual(left: Texts, right: Texts, above: float) -> list[NearRow]:
    """Return the pairs that are each other's nearest text and score more than `above`."""
    back = {one.query: one.pool for one in nearest(right, left, above)}
    return [one for one in nearest(left, right, above) if back.get(one.pool) == one.query]


def neighbours(queries: Texts, pool: Texts, above: float, most: int) -> Iterator[NearRow]:
    """Yield up to `most` texts of the pool per query that score more than `above`: best first, then earliest."""
    encode = _Encoder()
    texts = _Pool([encode(text) for text in pool], above, most)
    encoded = [encode(text) for text in queries]
    found: list[list[NearRow]] = [[] for _ in encoded]
    order = sorted((position for position, text in enumerate(encoded) if text), key=lambda one: len(encoded[one]))
    for start in range(0, len(order), _BLOCK):
        block = order[start : start + _BLOCK]
        for position, near in zip(block, texts.near([encoded[one] for one in block]), strict=True):
            found[position] = [NearRow(position, other, score) for other, score in near]
    for one in found:
        yield from one


def nearest_others(texts: Texts) -> list[float]:
    """Return each text's score to its nearest other text; 0 when there is none."""
    from rapidfuzz import process
    from rapidfuzz.distance import LCSseq

    encode = _Encoder()
    encoded = [encode(text) for text in texts]
    lengths, best = np.array([len(text) for text in encoded]), np.zeros(len(encoded))
    for start in range(0, len(encoded), _BLOCK):
        # each pair once: the score is symmetric
        block, rest = slice(start, start + _BLOCK), slice(start, None)
        common = process.cdist(encoded[block], encoded[rest], scorer=LCSseq.similarity, dtype=np.uint16, workers=-1)
        scores = 2.0 * common / np.maximum(lengths[block, None] + lengths[rest], 1)
        np.fill_diagonal(scores, 0)
        best[block] = np.maximum(best[block], scores.max(axis=1))
        best[rest] = np.maximum(best[rest], scores.max(axis=0))
    return best.tolist()


class _Pool:
    """Encoded texts, sorted by length."""

    def __init__(self, texts: Sequence[str], above: float, most: int) -> None:
        self._above, self._most = above, most
        lengths = np.array([len(text) for text in texts], dtype=np.int64)
        self._order = np.argsort(lengths, kind="stable")
        self._lengths = lengths[self._order]
        self._texts = [texts[position] for position in self._order]

    def near(self, queries: Sequence[str]) -> Iterator[list[tuple[int, float]]]:
        """Yield the (position, score) of each query's nearest texts; queries must be sorted by length."""
        from rapidfuzz import process
        from rapidfuzz.distance import LCSseq

        window = self._window(len(queries[0]), len(queries[-1]))
        counts = process.cdist(queries, self._texts[window], scorer=LCSseq.similarity, dtype=np.uint16, workers=-1)
        order, lengths = self._order[window], self._lengths[window]
        for query, common in zip(queries, counts, strict=True):
            size = len(query)
            # approximate scores first, slightly below the bound; then the exact formula for the few left
            rough = 2.0 * common / (lengths + size)
            least = self._above
            if len(rough) > self._most:
                least = max(least, float(np.partition(rough, -self._most)[-self._most]))
            likely = np.nonzero(rough > least - 1e-9)[0]
            scored = [(int(order[at]), f_measure(int(common[at]), size, int(lengths[at]))) for at in likely]
            near = [one for one in scored if one[1] > self._above]
            yield sorted(near, key=lambda one: (-one[1], one[0]))[: self._most]

    def _window(self, shortest: int, longest: int) -> slice:
        """Return the range of texts whose length allows the score: F is at most 2 * shorter / (shorter + longer)."""
        ratio = self._above / (2 - self._above)
        low = np.searchsorted(self._lengths, max(1, int(shortest * ratio)), "left")
        high = np.searchsorted(self._lengths, longest / ratio + 1, "right") if ratio else len(self._lengths)
        return slice(int(low), int(high))


class _Encoder:
    """Encodes each token as one character, for rapidfuzz's bit-parallel LCS."""

    def __init__(self) -> None:
        self._characters: dict[str, str] = {}

    def __call__(self, text: Sequence[str]) -> str:
        return "".join(self._characters.get(token) or self._new(token) for token in text[:_LONGEST])

    def _new(self, token: str) -> str:
        code = len(self._characters) + 1
        character = chr(code if code < 0xD800 else code + 0x800)
        self._characters[token] = character
        return character
