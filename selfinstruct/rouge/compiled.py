"""A pool for the kernels: the same answers as `plain.PlainPool`, for up to millions of entries and several threads.

Most entries are listed in postings, which are frozen; younger ones are compared one by one, by signature, at a third of a nanosecond
each. When they are one in `_SHARE`, all postings are made anew. Tokens are ranked by frequency; new ones come after all others, as the
rarest, until the pool has doubled and all are ranked anew: any total order gives the same answers, a good one gives them sooner.
Importing this loads numpy and numba.
"""

import numpy as np

from selfinstruct.rouge import kernels
from selfinstruct.rouge.block import Block, BlockDecisions, Numbers
from selfinstruct.rouge.column import Column, frozen
from selfinstruct.rouge.kernels import Array, Postings, Scratch, Texts
from selfinstruct.rouge.workers import ALONE, Workers

_SHARE = 16
_FEWEST = 1024
"""To make postings takes a millisecond, to go through a thousand entries a third of a microsecond."""
_NONE = frozen(np.empty(0, np.int32))


class CompiledPool:
    """Entries in order. One thread at a time, apart from those of the executor that it is given."""

    def __init__(self, fewest: int = _FEWEST) -> None:
        """Begin empty; `fewest` entries may be unlisted in any case."""
        self._fewest = fewest
        self.tokens, self.offsets = Column(np.int32), Column(np.int64, [0])
        self._ranked, self._signatures, self._numbers = Column(np.int32), Column(np.uint64), Column(np.int32)
        self._ranks, self._ranked_at = Column(np.int32, [0]), 0
        """By token: 0 for the most frequent; how many entries there were when that was so."""
        self.postings, self._listed = _postings(self._ranked.view, self.texts, 0, ALONE), 0
        self._scratch: list[Scratch] = []
        self._last: tuple[bytes | None, Texts, Array] = (None, self.texts, _NONE)
        """The text that was asked for or added last, ready for a kernel: mostly one is asked for, then added."""

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, entry: Numbers) -> None:
        """Append an entry."""
        self._extend(*self._ready(entry))

    def nearest(self, query: Numbers, least: float) -> tuple[int, float]:
        """Return the entry with the highest score of at least `least`, the first of equals, and its score; else (-1, least)."""
        texts, ranked = self._ready(query)
        entries, scores = np.empty(1, np.int32), np.array([least])
        self._search(texts, ranked, entries, scores)
        return int(entries[0]), float(scores[0])

    def admit(self, block: Block, found: BlockDecisions, workers: Workers = ALONE) -> None:
        """Decide on the texts of a block in order, the same whatever the workers; what is kept becomes an entry."""
        kept = np.full(len(block), -1, np.int32)
        texts = self.queries(block, frozen(kept))
        entries, scores = np.frombuffer(found.entries, np.int32), np.frombuffer(found.scores, np.float64)
        ranked = self._by_rarity(texts, workers)
        again = self._search(texts, ranked, entries, scores, workers)
        thresholds = frozen(np.frombuffer(block.thresholds, np.float64))
        kernels.resolve(texts, thresholds, again, len(self), self._scratch[0], kept, entries, scores)
        np.frombuffer(found.kept, np.int8)[:] = kept >= 0
        self._extend(texts, ranked, kept >= 0, workers)

    def extend(self, block: Block) -> None:
        """Append all texts of a block."""
        texts = self.queries(block)
        self._extend(texts, self._by_rarity(texts))

    def queries(self, block: Block, kept: Array = _NONE) -> Texts:
        """Return the texts of a block, for a kernel."""
        return self._texts(np.frombuffer(block.tokens, np.int32), np.frombuffer(block.offsets, np.int64), kept)

    def by_token(self) -> tuple[Array, Array, Array]:
        """Return where each token's list begins, and the lists: entries of up to 64 tokens that hold it, and a bit for each place."""
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

    def _ready(self, numbers: Numbers) -> tuple[Texts, Array]:
        """Return one text for a kernel, and its ranks."""
        text = np.asarray(numbers, np.int32).tobytes()
        if text != self._last[0]:
            texts = self._texts(np.frombuffer(text, np.int32), np.array([0, len(numbers)]))
            self._last = text, texts, self._by_rarity(texts)
        return self._last[1:]

    def _texts(self, tokens: Array, offsets: Array, numbers: Array = _NONE) -> Texts:
        """Return texts for a kernel; tokens that were never seen are ranked after all others."""
        tokens, offsets = frozen(tokens), frozen(offsets)
        signatures = np.empty(len(offsets) - 1, np.uint64)
        known, needed = len(self._ranks), kernels.sign(tokens, offsets, signatures) + 1
        if needed > known:
            self._ranks.extend(np.arange(known, needed))
        return Texts(tokens, offsets, frozen(signatures), numbers)

    def _search(self, texts: Texts, ranked: Array, entries: Array, scores: Array, workers: Workers = ALONE) -> Array:
        """Compare texts with all entries; `entries` and `scores` are written. Returns which to compare with those before them too."""
        self._make_scratch(workers.number)
        free, again = list(self._scratch), np.empty(len(entries), np.int32)

        def search(begin: int, end: int) -> None:
            scratch = free.pop()
            kernels.nearest(
                self.texts, self.postings, self._listed, texts, ranked, begin, end, scratch, entries, scores, again
            )
            free.append(scratch)

        workers.share(search, workers.parts(len(entries)))
        return frozen(again)

    def _make_scratch(self, workers: int) -> None:
        """Give every worker room for all tokens and all listed entries."""
        last = self._scratch[-1] if len(self._scratch) >= workers else None
        if last is None or len(last.masks) < len(self._ranks) or len(last.seen) < self._listed:
            masks, seen = len(self._ranks) * 3 // 2 + 1, self._listed * 3 // 2
            self._scratch = [
                Scratch(np.zeros(masks, np.uint64), np.zeros(seen, np.int64), np.zeros(1, np.int64))
                for _ in range(workers)
            ]

    def _by_rarity(self, texts: Texts, workers: Workers = ALONE) -> Array:
        """Return the ranks of all tokens, each text's from the rarest to the most frequent."""
        ranked = np.empty(len(texts.tokens), np.int32)

        def rank(begin: int, end: int) -> None:
            kernels.rank(texts.tokens, texts.offsets, self._ranks.view, ranked, begin, end)

        workers.share(rank, workers.parts(len(texts.signatures)))
        long = np.flatnonzero(np.diff(texts.offsets) > kernels.WORD) if len(ranked) > kernels.WORD else ()
        for text in long:
            ranked[texts.offsets[text] : texts.offsets[text + 1]][::-1].sort()
        return frozen(ranked)

    def _extend(self, texts: Texts, ranked: Array, chosen: Array | None = None, workers: Workers = ALONE) -> None:
        """Append texts, or those of them that are chosen; list what is unlisted, when it is much."""
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
        if len(self) - self._listed > max(self._fewest, len(self) // _SHARE):
            self._list(workers)

    def _list(self, workers: Workers) -> None:
        texts = self.texts
        if len(self) > 2 * self._ranked_at:
            counts = np.bincount(texts.tokens, minlength=len(self._ranks))
            ranks = np.empty(len(counts), np.int32)
            ranks[np.argsort(-counts, kind="stable")] = np.arange(len(counts))
            self._ranks.replace(ranks)
            self._ranked.replace(self._by_rarity(texts, workers))
            self._ranked_at, self._last = len(self), (None, texts, _NONE)
        self.postings = _postings(self._ranked.view, texts, len(self._ranks), workers)
        self._listed = len(self)

    @property
    def arrays(self) -> tuple[Array, Array]:
        """The tokens of all entries, one after the other, and where each begins."""
        return self.tokens.view, self.offsets.view

    @property
    def texts(self) -> Texts:
        """All entries, for a kernel."""
        return Texts(self.tokens.view, self.offsets.view, self._signatures.view, self._numbers.view)


def _postings(ranked: Array, texts: Texts, ranks: int, workers: Workers) -> Postings:
    lengths = np.diff(texts.offsets)
    lengths = lengths.astype(np.min_scalar_type(lengths.max(initial=0)))  # small numbers are sorted by radix
    by_length = frozen(np.argsort(lengths, kind="stable"))
    edges = _between_lengths(lengths[by_length], workers.parts(len(lengths)))
    counts = np.zeros((len(edges) - 1, ranks), np.int64)
    parts = dict(zip(edges, counts, strict=False))
    workers.share(lambda begin, end: kernels.count(ranked, texts.offsets, by_length, begin, end, parts[begin]), edges)
    first = frozen(np.concatenate(([0], np.cumsum(counts.sum(0)))))
    counts[:] = first[:-1] + np.cumsum(counts, 0) - counts  # where the list of each rank goes on
    listed, marks, sizes, places, skips = (
        np.empty(first[-1], dtype) for dtype in (np.int32, np.uint64, np.int32, np.int32, np.int64)
    )

    def post(begin: int, end: int) -> None:
        arrays = parts[begin], listed, marks, sizes, places
        kernels.post(ranked, texts.offsets, by_length, texts.signatures, begin, end, *arrays)

    workers.share(post, edges)
    workers.share(lambda begin, end: kernels.skip(first, sizes, begin, end, skips), workers.parts(ranks))
    return Postings(first, *map(frozen, (listed, marks, sizes, places, skips)))


def _between_lengths(lengths: Array, edges: list[int]) -> list[int]:
    """Return edges of parts moved to where the next length begins: the lists hold all texts of a length place by place."""
    inner = np.searchsorted(lengths, lengths[edges[1:-1]]) if len(lengths) else []
    return sorted({edges[0], *map(int, inner), edges[-1]})
