"""The compiled half of the index: loops over flat arrays for numba. `plain.py` says in a few lines what each of them computes.

`nearest` walks the postings of a query's tokens, rarest first, and compares only what can still win. Three bounds on the common
subsequence of a query of m tokens and an entry of n decide that, and none is approximate:

    prefix      no token among the first i of the query and the first j of the entry is shared (both sorted by rarity): at most
                min(m - i, n - j). Chaudhuri et al. 2006; Bayardo et al. 2007; positions as in Xiao et al. 2008 (PPJoin)
    length      at most min(m, n)
    signature   every bit in one text's signature and not in the other's is a token without a partner

What survives (about one pair in a thousand) gets its longest common subsequence, in one machine word for a query of up to 64 tokens.
Bounds are compared with a slack far above a rounding error; decisions use the float formula itself.
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
from selfinstruct.rouge.kernels.lcs import WORD, f_measure, lcs, mark, ones

_STRIDE = 256
_SLACK = 1 - 1e-12
"""Two scores of texts of a million tokens differ by 1e-7, rounding errors are 1e-16."""


@kernel(BEST(QUERY, TEXTS, I8, I8, F8))
def _compare(query: Query, texts: Texts, text: int, best: int, score: float) -> tuple[int, float]:
    """Return the better of an entry and the best one so far: the higher score, then the lower position."""
    begin, end, entry = texts.offsets[text], texts.offsets[text + 1], texts.entries[text]
    common = lcs(query.masks, query.chain, query.size, texts.tokens, begin, end)
    if common > 0:
        value = f_measure(common, query.size, end - begin)
        if value > score or (value == score and (best < 0 or entry < best)):
            return entry, value
    return best, score


@kernel(I8(QUERY, U8, I8))
def _most(query: Query, other: int, size: int) -> int:
    """Return a bound on the common subsequence with a text of this signature and size: a bit that one lacks is a token without partner."""
    return min(size - np.int64(ones(other & ~query.signature)), query.size - np.int64(ones(query.signature & ~other)))


@kernel(I8(QUERY, TEXTS, I8, I8, F8))
def _possible(query: Query, texts: Texts, begin: int, end: int, score: float) -> int:
    """Return how many texts can score as much, by signature and size.

    The loop has no branch and runs over slices, so that the compiler makes vectors of it: a third of a nanosecond a text.
    """
    signatures, begins, ends = texts.signatures[begin:end], texts.offsets[begin:end], texts.offsets[begin + 1 : end + 1]
    reach, hits = score * _SLACK, 0
    for at in range(len(signatures)):
        size = ends[at] - begins[at]
        hits += 2 * _most(query, signatures[at], size) >= reach * (query.size + size)
    return hits


@kernel(BEST(QUERY, TEXTS, I8, I8, I8, F8))
def _scan(query: Query, texts: Texts, begin: int, end: int, best: int, score: float) -> tuple[int, float]:
    """Go through texts one by one, a few hundred at a time, by signature."""
    for start in range(begin, end, _STRIDE):
        stop = min(start + _STRIDE, end)
        if _possible(query, texts, start, stop, score) == 0:
            continue
        for text in range(start, stop):
            size = texts.offsets[text + 1] - texts.offsets[text]
            possible = 2 * _most(query, texts.signatures[text], size) >= score * _SLACK * (query.size + size)
            if possible and texts.entries[text] >= 0:
                best, score = _compare(query, texts, text, best, score)
    return best, score


@kernel(BEST(QUERY, TEXTS, POSTINGS, I4S, I8, SCRATCH, I8, F8))
def _walk(
    query: Query,
    texts: Texts,
    postings: Postings,
    ranked: Array,
    start: int,
    scratch: Scratch,
    best: int,
    score: float,
) -> tuple[int, float]:
    """Go through the lists of the query's tokens; `ranked[start:]` are their ranks, the rarest first."""
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
                    np.int64(ones(other & ~query.signature)) + need <= size
                    and np.int64(ones(query.signature & ~other)) + need <= query.size
                ):
                    text = postings.texts[posting]
                    if scratch.seen[text] != scratch.queries[0]:
                        scratch.seen[text] = scratch.queries[0]
                        best, score = _compare(query, texts, text, best, score)
                        need = int(np.ceil(score * _SLACK * (query.size + size) / 2))
                posting += 1
            posting = stop
    return best, score


@kernel(types.void(TEXTS, POSTINGS, I8, TEXTS, I4S, I8, I8, SCRATCH, I4S_OUT, F8S_OUT, I4S_OUT))
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
    again: Array,
) -> None:
    """Find for queries begin..end the best of all texts: the first `listed` by their postings, the others one by one.

    `scores` holds the lowest score that counts, above 0; it is replaced where there is such an entry. `again`, to be written: whether
    a query before this one may be as near.
    """
    for number in range(begin, end):
        start, stop = queries.offsets[number], queries.offsets[number + 1]
        chain = np.empty(stop - start if stop - start > WORD else 0, np.int32)
        mark(scratch.masks, chain, queries.tokens, start, stop)
        query = Query(stop - start, queries.signatures[number], scratch.masks, chain)
        best, score = _walk(query, texts, postings, ranked, start, scratch, -1, scores[number])
        entries[number], scores[number] = _scan(query, texts, listed, len(texts.signatures), best, score)
        again[number] = _possible(query, queries, 0, number, scores[number])
        for position in range(start, stop):
            scratch.masks[max(queries.tokens[position], 0)] = np.uint64(0)


@kernel(I8(TEXTS, F8S, I4S, I8, SCRATCH, I4S_OUT, I4S_OUT, F8S_OUT))
def resolve(
    block: Texts,
    thresholds: Array,
    again: Array,
    entry: int,
    scratch: Scratch,
    kept: Array,
    entries: Array,
    scores: Array,
) -> int:
    """Decide on the texts of a block in order: each against those kept before it in the block too, after `nearest` of all earlier ones.

    `kept` is `block.entries`, to be written: the position of a text that is kept (`entry` is the next), else -1. Returns the next one.
    """
    for text in range(len(thresholds)):
        if again[text]:
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
