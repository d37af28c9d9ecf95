"""CompiledPool: the same results as `plain.PlainPool`, for millions of entries and several threads.

Most entries are in an immutable inverted index (postings); newer ones are scanned by signature, at a third of a nanosecond each. When they
exceed one in `_REBUILD_SHARE`, the postings are rebuilt. Tokens are ranked by frequency; new tokens get the highest, rarest ranks until
the pool has doubled and all are ranked again. Any total order gives the same results; a better one gives them faster.
Importing this loads numpy and numba.
"""

import numpy as np

from selfinstruct.rouge import kernels
from selfinstruct.rouge.block import Block, BlockDecisions, Found, Numbers
from selfinstruct.rouge.column import Column, frozen
from selfinstruct.rouge.kernels import Array, Postings, Scratch, Texts
from selfinstruct.rouge.workers import ALONE, Workers

_REBUILD_SHARE = 16
_MAX_UNLISTED = 1024
"""Entries outside the postings below which they are not rebuilt: a rebuild takes 1 ms, a scan of 1,000 entries 0.3 µs."""
_NONE = frozen(np.empty(0, np.int32))


class CompiledPool:
    """A pool of token lists, numbered in order. Not thread-safe, except for its own worker threads."""

    def __init__(self, max_unlisted: int = _MAX_UNLISTED) -> None:
        """Start empty; up to `max_unlisted` entries may be outside the postings."""
        self._max_unlisted = max_unlisted
        self.tokens, self.offsets = Column(np.int32), Column(np.int64, [0])
        self._ranked, self._signatures, self._numbers = Column(np.int32), Column(np.uint64), Column(np.int32)
        self._ranks, self._ranked_at = Column(np.int32, [0]), 0
        """Rank of each token id, 0 for the most frequent, and the pool size at the last ranking."""
        self.postings, self._listed = _postings(self._ranked.view, self.texts, 0, ALONE), 0
        self._scratch: list[Scratch] = []
        self._prepared: tuple[bytes | None, Texts, Array] = (None, self.texts, _NONE)
        """The last query in kernel form, cached because a query is usually added next."""

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, entry: Numbers) -> None:
        """Append an entry."""
        self._extend(*self._prepare(entry))

    def nearest(self, query: Numbers, min_score: float) -> tuple[int, float]:
        """Return (position, score) of the entry with the highest score of at least `min_score`, else (-1, min_score).

        Of equal scores the lowest position wins.
        """
        texts, ranked = self._prepare(query)
        entries, scores = np.empty(1, np.int32), np.array([min_score])
        self._search(texts, ranked, entries, scores)
        return int(entries[0]), float(scores[0])

    def within(self, query: Numbers, min_score: float, before: int) -> list[tuple[int, float]]:
        """Return (position, score) of those of the first `before` entries with a score of at least `min_score`, in order."""
        texts, _ = self._prepare(query)
        self._make_scratch(1)
        entries, scores = np.empty(before, np.int32), np.empty(before)
        count = kernels.within(self.texts, texts, before, min_score, self._scratch[0], entries, scores)
        return list(zip(entries[:count].tolist(), scores[:count].tolist(), strict=True))

    def admit(self, block: Block, found: BlockDecisions, workers: Workers = ALONE) -> None:
        """Decide on the texts of a block in order and add the kept ones; the result does not depend on `workers`."""
        kept = np.full(len(block), -1, np.int32)
        texts = self.queries(block, frozen(kept))
        entries, scores = np.frombuffer(found.entries, np.int32), np.frombuffer(found.scores, np.float64)
        ranked = self._rank_tokens(texts, workers)
        self._search(texts, ranked, entries, scores, workers)
        flags = self._recheck(texts, scores, workers)
        thresholds = frozen(np.frombuffer(block.thresholds, np.float64))
        kernels.resolve(texts, thresholds, flags, len(self), self._scratch[0], kept, entries, scores)
        np.frombuffer(found.kept, np.int8)[:] = kept >= 0
        self._extend(texts, ranked, kept >= 0, workers)

    def search(self, block: Block, scores: Array, begin: int, step: int) -> Found:
        """Return the nearest entry of each text with at least the score in `scores`; of each `step`-th text from `begin` on also whether the block has to be compared with it."""
        texts, scores = self.queries(block), np.array(scores, np.float64)
        entries, flags = np.empty(len(block), np.int32), np.zeros(len(block), np.int32)
        self._search(texts, self._rank_tokens(texts), entries, scores)
        kernels.recheck(texts, begin, len(block), step, self._scratch[0], frozen(scores), flags)
        return Found(entries, scores, flags)

    def extend(self, block: Block) -> None:
        """Append all texts of a block."""
        texts = self.queries(block)
        self._extend(texts, self._rank_tokens(texts))

    def queries(self, block: Block, kept: Array = _NONE) -> Texts:
        """Return the texts of a block in kernel form."""
        return self._make_texts(np.frombuffer(block.tokens, np.int32), np.frombuffer(block.offsets, np.int64), kept)

    def by_token(self) -> tuple[Array, Array, Array]:
        """Return an inverted index of entries of up to 64 tokens, as (first, entries, masks).

        The list of token t is first[t]:first[t + 1]; a mask has one bit for each occurrence of the token in the entry.
        """
        lengths = np.diff(self.offsets.view)
        entry = np.repeat(self._numbers.view, lengths)
        place = np.arange(len(self.tokens)) - np.repeat(self.offsets.view[:-1], lengths)
        short = np.repeat(lengths <= kernels.WORD, lengths)
        token, entry, place = self.tokens.view[short], entry[short], place[short].astype(np.uint64)
        order = np.argsort(token, kind="stable")
        token, entry, bits = token[order], entry[order], np.uint64(1) << place[order]
        starts = np.flatnonzero(np.diff(token, prepend=-1) | np.diff(entry, prepend=-1))
        first = np.concatenate(([0], np.cumsum(np.bincount(token[starts], minlength=len(self._ranks)))))
        masks = np.bitwise_or.reduceat(bits, starts) if len(starts) else bits
        return frozen(first), frozen(entry[starts]), frozen(masks)

    def _prepare(self, numbers: Numbers) -> tuple[Texts, Array]:
        """Return one text in kernel form, and its sorted ranks."""
        text = np.asarray(numbers, np.int32).tobytes()
        if text != self._prepared[0]:
            texts = self._make_texts(np.frombuffer(text, np.int32), np.array([0, len(numbers)]))
            self._prepared = text, texts, self._rank_tokens(texts)
        return self._prepared[1:]

    def _make_texts(self, tokens: Array, offsets: Array, numbers: Array = _NONE) -> Texts:
        """Return texts in kernel form; new tokens get the highest ranks."""
        tokens, offsets = frozen(tokens), frozen(offsets)
        signatures = np.empty(len(offsets) - 1, np.uint64)
        known, needed = len(self._ranks), kernels.sign(tokens, offsets, signatures) + 1
        if needed > known:
            self._ranks.extend(np.arange(known, needed))
        return Texts(tokens, offsets, frozen(signatures), numbers)

    def _search(self, texts: Texts, ranked: Array, entries: Array, scores: Array, workers: Workers = ALONE) -> None:
        """Find the nearest entry of each text; writes `entries` and `scores`."""
        self._make_scratch(workers.number)
        free = list(self._scratch)

        def search(begin: int, end: int) -> None:
            scratch = free.pop()
            kernels.nearest(
                self.texts, self.postings, self._listed, texts, ranked, begin, end, scratch, entries, scores
            )
            free.append(scratch)

        workers.share(search, workers.parts(len(entries)))

    def _recheck(self, texts: Texts, scores: Array, workers: Workers) -> Array:
        """Return which texts of a block `kernels.resolve` has to compare with those before them; run after `_search`."""
        scores, flags = frozen(scores), np.empty(len(scores), np.int32)

        def recheck(begin: int, end: int) -> None:
            kernels.recheck(texts, begin, end, 1, self._scratch[0], scores, flags)

        workers.share(recheck, workers.parts(len(scores)))
        return frozen(flags)

    def _make_scratch(self, workers: int) -> None:
        """Allocate scratch arrays of each worker for all tokens and all entries in the postings."""
        last = self._scratch[-1] if len(self._scratch) >= workers else None
        if last is None or len(last.masks) < len(self._ranks) or len(last.seen) < self._listed:
            masks, seen = len(self._ranks) * 3 // 2 + 1, self._listed * 3 // 2
            self._scratch = [
                Scratch(np.zeros(masks, np.uint64), np.zeros(seen, np.int64), np.zeros(1, np.int64))
                for _ in range(workers)
            ]

    def _rank_tokens(self, texts: Texts, workers: Workers = ALONE) -> Array:
        """Return the ranks of all tokens, sorted within each text from rarest to most frequent."""
        ranked = np.empty(len(texts.tokens), np.int32)

        def rank(begin: int, end: int) -> None:
            kernels.rank(texts.tokens, texts.offsets, self._ranks.view, ranked, begin, end)

        workers.share(rank, workers.parts(len(texts.signatures)))
        long = np.flatnonzero(np.diff(texts.offsets) > kernels.WORD) if len(ranked) > kernels.WORD else ()
        for text in long:
            ranked[texts.offsets[text] : texts.offsets[text + 1]][::-1].sort()
        return frozen(ranked)

    def _extend(self, texts: Texts, ranked: Array, chosen: Array | None = None, workers: Workers = ALONE) -> None:
        """Append all or the chosen texts; rebuild the postings when too many entries are outside them."""
        tokens, ends, signatures = texts.tokens, texts.offsets[1:], texts.signatures
        if chosen is not None:
            lengths = np.diff(texts.offsets)
            of_chosen = np.repeat(chosen, lengths)
            tokens, ranked, signatures = tokens[of_chosen], ranked[of_chosen], signatures[chosen]
            ends = np.cumsum(lengths[chosen])
        self.offsets.extend(len(self.tokens) + ends)
        self.tokens.extend(tokens)
        self._ranked.extend(ranked)
        self._signatures.extend(signatures)
        self._numbers.extend(np.arange(len(self), len(self) + len(ends)))
        if len(self) - self._listed > max(self._max_unlisted, len(self) // _REBUILD_SHARE):
            self._rebuild_postings(workers)

    def _rebuild_postings(self, workers: Workers) -> None:
        texts = self.texts
        if len(self) > 2 * self._ranked_at:
            counts = np.bincount(texts.tokens, minlength=len(self._ranks))
            ranks = np.empty(len(counts), np.int32)
            ranks[np.argsort(-counts, kind="stable")] = np.arange(len(counts))
            self._ranks.replace(ranks)
            self._ranked.replace(self._rank_tokens(texts, workers))
            self._ranked_at, self._prepared = len(self), (None, texts, _NONE)
        self.postings = _postings(self._ranked.view, texts, len(self._ranks), workers)
        self._listed = len(self)

    def whole(self) -> "CompiledPool":
        """Return all entries as a pool in this process: itself."""
        return self

    @property
    def arrays(self) -> tuple[Array, Array]:
        """(tokens, offsets) of all entries; entry k is tokens[offsets[k]:offsets[k + 1]]."""
        return self.tokens.view, self.offsets.view

    @property
    def texts(self) -> Texts:
        """All entries in kernel form."""
        return Texts(self.tokens.view, self.offsets.view, self._signatures.view, self._numbers.view)


def _postings(ranked: Array, texts: Texts, ranks: int, workers: Workers) -> Postings:
    lengths = np.diff(texts.offsets)
    lengths = lengths.astype(
        np.min_scalar_type(lengths.max(initial=0))
    )  # numpy uses radix sort for small integer types
    by_length = frozen(np.argsort(lengths, kind="stable"))
    edges = _snap_to_lengths(lengths[by_length], workers.parts(len(lengths)))
    counts = np.zeros((len(edges) - 1, ranks), np.int64)
    parts = dict(zip(edges, counts, strict=False))
    workers.share(lambda begin, end: kernels.count(ranked, texts.offsets, by_length, begin, end, parts[begin]), edges)
    first = frozen(np.concatenate(([0], np.cumsum(counts.sum(0)))))
    counts[:] = first[:-1] + np.cumsum(counts, 0) - counts  # start of each part's section in the list of each rank
    listed, marks, sizes, places, skips = (
        np.empty(first[-1], dtype) for dtype in (np.int32, np.uint64, np.int32, np.int32, np.int64)
    )

    def post(begin: int, end: int) -> None:
        arrays = parts[begin], listed, marks, sizes, places
        kernels.post(ranked, texts.offsets, by_length, texts.signatures, begin, end, *arrays)

    workers.share(post, edges)
    workers.share(lambda begin, end: kernels.skip(first, sizes, begin, end, skips), workers.parts(ranks))
    return Postings(first, *map(frozen, (listed, marks, sizes, places, skips)))


def _snap_to_lengths(lengths: Array, edges: list[int]) -> list[int]:
    """Snap part edges to length boundaries, as `kernels.post` needs all texts of one length in one part."""
    inner = np.searchsorted(lengths, lengths[edges[1:-1]]) if len(lengths) else []
    return sorted({edges[0], *map(int, inner), edges[-1]})
