"""Scores of each entry to all earlier ones at once: their mean, and the most similar entries.

In Hyyrö's recurrence a token that an entry does not contain changes nothing. So the bit vectors of all entries are updated together, and
each token of the query updates only the entries that contain it: about one step per pair of texts, not per pair of tokens.
"""

import numpy as np
from numba import types

from selfinstruct.rouge.kernels.arrays import F8S_OUT, I4S, I4S_OUT, I8, I8S, TEXTS, U8S, U8S_OUT, Array, Texts, kernel
from selfinstruct.rouge.kernels.lcs import WORD, f_measure, lcs, mark, popcount


@kernel(types.void(U8S_OUT, I8S, I4S, U8S, I4S, I8))
def _step(vectors: Array, first: Array, listed: Array, masks: Array, query: Array, limit: int) -> None:
    """Compute the LCS bit vectors of entries 0..limit for a query."""
    vectors[:limit] = ~np.uint64(0)
    for position in range(len(query)):
        token = query[position]
        if token < 0 or token + 1 >= len(first):
            continue
        for place in range(first[token], first[token + 1]):
            entry = listed[place]
            if entry >= limit:
                break
            match = vectors[entry] & masks[place]
            vectors[entry] = (vectors[entry] + match) | (vectors[entry] - match)


@kernel(types.void(F8S_OUT, I8))
def _tabulate(table: Array, size: int) -> None:
    """Write into table[n * 65 + k] the score of a query of this size and a text of n tokens (up to 64) with LCS length k."""
    for other in range(1, WORD + 1):
        for common in range(1, min(size, other) + 1):
            table[other * (WORD + 1) + common] = f_measure(common, size, other)


@kernel(types.void(I4S_OUT, F8S_OUT, I8, I8, types.float64))
def _insert(entries: Array, scores: Array, last: int, entry: int, score: float) -> None:
    """Insert an entry into the sorted most similar ones, after equal scores; drops the one at `last`."""
    while last > 0 and scores[last - 1] < score:
        entries[last], scores[last] = entries[last - 1], scores[last - 1]
        last -= 1
    entries[last], scores[last] = entry, score


@kernel(types.void(TEXTS, I8S, I4S, U8S, I8, I8, U8S_OUT, U8S_OUT, F8S_OUT, I4S_OUT, F8S_OUT))
def statistics(
    texts: Texts,
    first: Array,
    listed: Array,
    masks: Array,
    begin: int,
    end: int,
    vectors: Array,
    marks: Array,
    means: Array,
    entries: Array,
    scores: Array,
) -> None:
    """Write for each entry begin..end the mean score to all earlier entries, and the most similar ones with their scores.

    `first`, `listed` and `masks` are an inverted index of entries of up to 64 tokens (see `CompiledPool.by_token`). `entries` and `scores`
    have an equal number of elements per entry. `vectors` and `marks` are working memory, per entry and per token (all zero).
    """
    table, most = np.zeros((WORD + 1) * (WORD + 1)), len(entries) // len(means)
    for number in range(begin, end):
        start, stop, total = texts.offsets[number], texts.offsets[number + 1], 0.0
        size = stop - start
        chain = np.empty(size if size > WORD else 0, np.int32)
        mark(marks, chain, texts.tokens, start, stop)
        _step(vectors, first, listed, masks, texts.tokens[start:stop], number)
        _tabulate(table, size)
        best, best_scores = entries[number * most : (number + 1) * most], scores[number * most : (number + 1) * most]
        best_scores[:] = -1.0
        for entry in range(number):
            length = texts.offsets[entry + 1] - texts.offsets[entry]
            score = 0.0
            if length <= WORD:
                score = table[length * (WORD + 1) + np.int64(popcount(~vectors[entry]))]
            else:
                common = lcs(marks, chain, size, texts.tokens, texts.offsets[entry], texts.offsets[entry + 1])
                score = f_measure(common, size, length) if common > 0 else 0.0
            total += score
            if score > best_scores[most - 1]:
                _insert(best, best_scores, most - 1, entry, score)
        means[number] = total / max(number, 1)
        for position in range(start, stop):
            marks[texts.tokens[position]] = np.uint64(0)
