"""The score of a query to every entry at once: the mean of all, and the most similar ones.

In Hyyrö's recurrence a token that an entry does not hold changes nothing. So the bit vectors of all entries are kept side by side, and
each token of the query, in order, moves only those in its list: about one step for each pair of texts, not one for each pair of tokens.
"""

import numpy as np
from numba import types

from selfinstruct.rouge.kernels.arrays import F8S_OUT, I4S, I4S_OUT, I8, I8S, TEXTS, U8S, U8S_OUT, Array, Texts, kernel
from selfinstruct.rouge.kernels.lcs import WORD, f_measure, lcs, mark, ones


@kernel(types.void(U8S_OUT, I8S, I4S, U8S, I4S, I8))
def _step(vectors: Array, first: Array, listed: Array, masks: Array, query: Array, limit: int) -> None:
    """Move the vectors of entries 0..limit by the tokens of a query."""
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
    """Write the score of a query of this size and a text of n up to 64 tokens that share k into table[n * 65 + k]."""
    for other in range(1, WORD + 1):
        for common in range(1, min(size, other) + 1):
            table[other * (WORD + 1) + common] = f_measure(common, size, other)


@kernel(types.void(I4S_OUT, F8S_OUT, I8, I8, types.float64))
def _insert(entries: Array, scores: Array, last: int, entry: int, score: float) -> None:
    """Put an entry into its place among the most similar, behind those of the same score; the one at `last` falls out."""
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
    """Write for entries begin..end the mean score to all entries before it, and the most similar of those with their scores.

    `listed` and `masks`: for each token from first[token] the entries of up to 64 tokens that hold it, and where. `entries` and
    `scores` hold the same number of places for each entry. `vectors` and `marks` are scratch, by entry and by token (all zero).
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
                score = table[length * (WORD + 1) + np.int64(ones(~vectors[entry]))]
            else:
                common = lcs(marks, chain, size, texts.tokens, texts.offsets[entry], texts.offsets[entry + 1])
                score = f_measure(common, size, length) if common > 0 else 0.0
            total += score
            if score > best_scores[most - 1]:
                _insert(best, best_scores, most - 1, entry, score)
        means[number] = total / max(number, 1)
        for position in range(start, stop):
            marks[texts.tokens[position]] = np.uint64(0)
