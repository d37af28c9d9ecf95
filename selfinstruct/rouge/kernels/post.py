"""Token ranks, and the postings built from them; threads may process parts of both in parallel."""

from numba import types

from selfinstruct.rouge.kernels.arrays import I4S, I4S_OUT, I8, I8S, I8S_OUT, U8S, U8S_OUT, Array, kernel
from selfinstruct.rouge.kernels.lcs import WORD

RAREST = 2**31 - 1
"""Rank of an unknown token."""


@kernel(types.void(I4S, I8S, I4S, I4S_OUT, I8, I8))
def rank(tokens: Array, offsets: Array, ranks: Array, ranked: Array, begin: int, end: int) -> None:
    """Write the token ranks of texts begin..end, sorted from rarest to most frequent; unsorted for texts above 64 tokens."""
    for text in range(begin, end):
        start, stop = offsets[text], offsets[text + 1]
        for position in range(start, stop):
            new = RAREST if tokens[position] < 0 else ranks[tokens[position]]
            place = position
            while stop - start <= WORD and place > start and ranked[place - 1] < new:
                ranked[place] = ranked[place - 1]
                place -= 1
            ranked[place] = new


@kernel(types.void(I4S, I8S, I8S, I8, I8, I8S_OUT))
def count(ranked: Array, offsets: Array, by_length: Array, begin: int, end: int, counts: Array) -> None:
    """Add to `counts` the number of texts in by_length[begin:end] that contain each rank."""
    for number in range(begin, end):
        start = offsets[by_length[number]]
        for position in range(start, offsets[by_length[number] + 1]):
            if position == start or ranked[position] != ranked[position - 1]:
                counts[ranked[position]] += 1


@kernel(types.void(I4S, I8S, I8S, U8S, I8, I8, I8S_OUT, I4S_OUT, U8S_OUT, I4S_OUT, I4S_OUT))
def post(
    ranked: Array,
    offsets: Array,
    by_length: Array,
    signatures: Array,
    begin: int,
    end: int,
    cursor: Array,
    texts: Array,
    marks: Array,
    lengths: Array,
    places: Array,
) -> None:
    """Write the postings of the texts by_length[begin:end]; all texts of one length must be in one part.

    Order: by length, then place, then text. `cursor` holds the next free position in the list of each rank.
    """
    done = begin
    while done < end:
        size = offsets[by_length[done] + 1] - offsets[by_length[done]]
        stop = done
        while stop < end and offsets[by_length[stop] + 1] - offsets[by_length[stop]] == size:
            stop += 1
        for place in range(size):
            for number in range(done, stop):
                text = by_length[number]
                rank_here = ranked[offsets[text] + place]
                if place > 0 and rank_here == ranked[offsets[text] + place - 1]:
                    continue
                posting = cursor[rank_here]
                cursor[rank_here] += 1
                texts[posting], marks[posting] = text, signatures[text]
                lengths[posting], places[posting] = size, place
        done = stop


@kernel(types.void(I8S, I4S, I8, I8, I8S_OUT))
def skip(first: Array, lengths: Array, begin: int, end: int, skips: Array) -> None:
    """Write for each posting of ranks begin..end the end of the postings of the same length in its list."""
    for number in range(begin, end):
        stop = first[number + 1]
        for posting in range(first[number + 1] - 1, first[number] - 1, -1):
            if posting + 1 < first[number + 1] and lengths[posting] != lengths[posting + 1]:
                stop = posting + 1
            skips[posting] = stop
