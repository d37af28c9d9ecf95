"""Kernels for nearest-neighbour search; `plain.py` shows in a few lines what they compute.

`nearest` iterates over the postings of a query's tokens, rarest first, and compares only entries that can still be the best. Three exact
upper bounds on the LCS of a query of m tokens and an entry of n tokens filter them:

    prefix      if the first i tokens of the query and the first j of the entry (both sorted by rarity) share none, the LCS is at most
                min(m - i, n - j). Chaudhuri et al. 2006; Bayardo et al. 2007; positions as in Xiao et al. 2008 (PPJoin)
    length      at most min(m, n)
    signature   each bit that is set in only one of the two signatures is a token that the other text does not contain

For the rest, about one pair in a thousand, the LCS is computed, in one machine word for a query of up to 64 tokens. Bounds are compared
with a slack far above the rounding error; decisions use the float formula itself.
"""

import numpy as np
from numba import types

from selfinstruct.rouge.kernels.arrays import (
    BEST,
    F8,
    F8S,
    F8S_OUT,
    I4S,
    I4S_OUT,
    I8,
    POSTINGS,
    QUERY,
    SCRATCH,
    TEXTS,
    U8,
    Array,
    Postings,
    Query,
    Scratch,
    Texts,
    kernel,
)
from selfinstruct.rouge.kernels.lcs import WORD, f_measure, lcs, mark, popcount

_STRIDE = 256
_SLACK = 1 - 1e-12
"""Factor on bounds: different scores of texts of a million tokens differ by 1e-7, rounding errors are 1e-16."""


@kernel(BEST(QUERY, TEXTS, I8, I8, F8))
def _compare(query: Query, texts: Texts, text: int, best: int, score: float) -> tuple[int, float]:
    """Compare one text; returns the better of it and the best so far, by higher score, then lower position."""
    begin, end, entry = texts.offsets[text], texts.offsets[text + 1], texts.entries[text]
    common = lcs(query.masks, query.chain, query.size, texts.tokens, begin, end)
    if common > 0:
        value = f_measure(common, query.size, end - begin)
        if value > score or (value == score and (best < 0 or entry < best)):
            return entry, value
    return best, score


@kernel(I8(QUERY, U8, I8))
def _lcs_bound(query: Query, other: int, size: int) -> int:
    """Return an upper bound on the LCS with a text of this signature and size."""
    return min(
        size - np.int64(popcount(other & ~query.signature)), query.size - np.int64(popcount(query.signature & ~other))
    )


@kernel(I8(QUERY, TEXTS, I8, I8, F8))
def _count_possible(query: Query, texts: Texts, begin: int, end: int, score: float) -> int:
    """Return how many of the texts can reach `score`, by signature and size.

    The loop is branch-free over slices, so that the compiler vectorises it: a third of a nanosecond per text.
    """
    signatures, begins, ends = texts.signatures[begin:end], texts.offsets[begin:end], texts.offsets[begin + 1 : end + 1]
    reach, hits = score * _SLACK, 0
    for at in range(len(signatures)):
        size = ends[at] - begins[at]
        hits += 2 * _lcs_bound(query, signatures[at], size) >= reach * (query.size + size)
    return hits


@kernel(BEST(QUERY, TEXTS, I8, I8, I8, F8))
def _scan(query: Query, texts: Texts, begin: int, end: int, best: int, score: float) -> tuple[int, float]:
    """Scan texts begin..end by signature, in strides, and return the best (entry, score)."""
    for start in range(begin, end, _STRIDE):
        stop = min(start + _STRIDE, end)
        if _count_possible(query, texts, start, stop, score) == 0:
            continue
        for text in range(start, stop):
            size = texts.offsets[text + 1] - texts.offsets[text]
            possible = 2 * _lcs_bound(query, texts.signatures[text], size) >= score * _SLACK * (query.size + size)
            if possible and texts.entries[text] >= 0:
                best, score = _compare(query, texts, text, best, score)
    return best, score


@kernel(BEST(QUERY, TEXTS, POSTINGS, I4S, I8, SCRATCH, I8, F8))
def _search_postings(
    query: Query,
    texts: Texts,
    postings: Postings,
    ranked: Array,
    start: int,
    scratch: Scratch,
    best: int,
    score: float,
) -> tuple[int, float]:
    """Search the postings of the query's tokens, whose ranks are `ranked[start:]`, rarest first; return the best (entry, score)."""
    scratch.queries[0] += 1
    for place in range(query.size):
        rank, left = ranked[start + place], query.size - place
        if 2 * left < score * _SLACK * (query.size + left):
            break
        if rank + 1 >= len(postings.first) or (place > 0 and rank == ranked[start + place - 1]):
            continue
        posting, end = postings.first[rank], postings.first[rank + 1]
        while posting < end:
            size, stop = postings.lengths[posting], postings.skips[posting]
            need = int(np.ceil(score * _SLACK * (query.size + size) / 2))
            if need > left:
                break
            while posting < stop and postings.places[posting] + need <= size:
                other = postings.signatures[posting]
                if (
                    np.int64(popcount(other & ~query.signature)) + need <= size
                    and np.int64(popcount(query.signature & ~other)) + need <= query.size
                ):
                    text = postings.texts[posting]
                    if scratch.seen[text] != scratch.queries[0]:
                        scratch.seen[text] = scratch.queries[0]
                        best, score = _compare(query, texts, text, best, score)
                        need = int(np.ceil(score * _SLACK * (query.size + size) / 2))
                posting += 1
            posting = stop
    return best, score


@kernel(types.void(TEXTS, POSTINGS, I8, TEXTS, I4S, I8, I8, SCRATCH, I4S_OUT, F8S_OUT))
def nearest(
    texts: Texts,
    postings: Postings,
    listed: int,
    queries: Texts,
    ranked: Array,
    begin: int,
    end: int,
    scratch: Scratch,
    entries: Array,
    scores: Array,
) -> None:
    """Find the nearest entry of each query begin..end: the first `listed` texts by postings, the others by a scan.

    `scores`: as input the minimum scores, above 0; overwritten by the best scores. `entries` (output): positions of the nearest entries,
    -1 for none.
    """
    for number in range(begin, end):
        start, stop = queries.offsets[number], queries.offsets[number + 1]
        chain = np.empty(stop - start if stop - start > WORD else 0, np.int32)
        mark(scratch.masks, chain, queries.tokens, start, stop)
        query = Query(stop - start, queries.signatures[number], scratch.masks, chain)
        best, score = _search_postings(query, texts, postings, ranked, start, scratch, -1, scores[number])
        entries[number], scores[number] = _scan(query, texts, listed, len(texts.signatures), best, score)
        for position in range(start, stop):
            scratch.masks[max(queries.tokens[position], 0)] = np.uint64(0)


@kernel(types.void(TEXTS, I8, I8, I8, SCRATCH, F8S, I4S_OUT))
def recheck(queries: Texts, begin: int, end: int, step: int, scratch: Scratch, scores: Array, flags: Array) -> None:
    """Flag each `step`-th query from `begin` on that an earlier query of the block may score as high with as its nearest entry does.

    `flags` (output): non-zero for one that `resolve` has to compare with the block; lower scores than those found flag more of them.
    """
    chain = np.empty(0, np.int32)
    for number in range(begin, end, step):
        size = queries.offsets[number + 1] - queries.offsets[number]
        query = Query(size, queries.signatures[number], scratch.masks, chain)
        flags[number] = _count_possible(query, queries, 0, number, scores[number])


@kernel(I8(TEXTS, F8S, I4S, I8, SCRATCH, I4S_OUT, I4S_OUT, F8S_OUT))
def resolve(
    block: Texts,
    thresholds: Array,
    flags: Array,
    entry: int,
    scratch: Scratch,
    kept: Array,
    entries: Array,
    scores: Array,
) -> int:
    """Decide on the texts of a block in order, comparing each with the kept texts before it in the block; run after `nearest` and `recheck`.

    `kept` (output, the same array as `block.entries`): position of a kept text, counted from `entry`, else -1. Returns the next position.
    """
    for text in range(len(thresholds)):
        if flags[text]:
            start, stop = block.offsets[text], block.offsets[text + 1]
            chain = np.empty(stop - start if stop - start > WORD else 0, np.int32)
            mark(scratch.masks, chain, block.tokens, start, stop)
            query = Query(stop - start, block.signatures[text], scratch.masks, chain)
            entries[text], scores[text] = _scan(query, block, 0, text, entries[text], scores[text])
            for position in range(start, stop):
                scratch.masks[block.tokens[position]] = np.uint64(0)
        kept[text] = -1
        if entries[text] < 0 or scores[text] <= thresholds[text]:
            kept[text] = entry
            entry += 1
    return entry


@kernel(I8(TEXTS, TEXTS, I8, F8, SCRATCH, I4S_OUT, F8S_OUT))
def within(
    texts: Texts, query_texts: Texts, before: int, min_score: float, scratch: Scratch, entries: Array, scores: Array
) -> int:
    """Write those of the first `before` entries with a score of at least `min_score`, in order; returns their number."""
    chain = np.empty(query_texts.offsets[1] if query_texts.offsets[1] > WORD else 0, np.int32)
    mark(scratch.masks, chain, query_texts.tokens, 0, query_texts.offsets[1])
    query, count = Query(query_texts.offsets[1], query_texts.signatures[0], scratch.masks, chain), 0
    for start in range(0, before, _STRIDE):
        stop = min(start + _STRIDE, before)
        if _count_possible(query, texts, start, stop, min_score) == 0:
            continue
        for text in range(start, stop):
            entry, score = _compare(query, texts, text, -1, min_score)
            if entry >= 0:
                entries[count], scores[count] = entry, score
                count += 1
    for token in query_texts.tokens:
        scratch.masks[max(token, 0)] = np.uint64(0)
    return count
