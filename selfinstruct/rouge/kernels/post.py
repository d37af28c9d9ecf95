"""Ranks of tokens, and the postings of an index made from them. Parts of both may be worked on at once."""

from numba import types

from selfinstruct.rouge.kernels.arrays import I4S, I4S_OUT, I8, I8S, I8S_OUT, U8S, U8S_OUT, Array, kernel
from selfinstruct.rouge.kernels.lcs import WORD

RAREST = 2**31 - 1
"""Rank of a token that was never seen."""


@kernel(types.void(I4S, I8S, I4S, I4S_OUT, I8, I8))
def rank(tokens: Array, offsets: Array, ranks: Array, ranked: Array, begin: int, end: int) -> None:
    """Write the ranks of the tokens of texts begin..end, each text's from the rarest to the most frequent; unsorted above 64 tokens."""
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
    """Add up in how many of the texts by_length[begin:end] each rank stands."""
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
    """Fill the arrays of Postings for the texts by_length[begin:end], where no length may be cut in two.

    In order of length, one place of all texts of a length after the other. `cursor` says where the list of each rank goes on.
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
    """Write for each posting of ranks begin..end where the texts of its length end in the list."""
    for number in range(begin, end):
        stop = first[number + 1]
        for posting in range(first[number + 1] - 1, first[number] - 1, -1):
            if posting + 1 < first[number + 1] and lengths[posting] != lengths[posting + 1]:
                stop = posting + 1
            skips[posting] = stop
