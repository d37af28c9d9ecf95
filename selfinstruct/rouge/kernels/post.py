"""Building the postings of an index."""

from numba import types

from selfinstruct.rouge.kernels.arrays import I4S, I4S_OUT, I8S, I8S_OUT, U8S, U8S_OUT, Array, kernel


@kernel(types.void(I4S, I8S, I8S, U8S, I8S, I4S_OUT, U8S_OUT, I4S_OUT, I4S_OUT, I8S_OUT))
def post(
    ranked: Array,
    offsets: Array,
    by_length: Array,
    signatures: Array,
    first: Array,
    texts: Array,
    marks: Array,
    lengths: Array,
    places: Array,
    skips: Array,
) -> None:
    """Fill the arrays of Postings: texts in order of length, one place of all texts of a length after the other."""
    cursor, done = first[:-1].copy(), 0
    while done < len(by_length):
        size = offsets[by_length[done] + 1] - offsets[by_length[done]]
        end = done
        while end < len(by_length) and offsets[by_length[end] + 1] - offsets[by_length[end]] == size:
            end += 1
        for place in range(size):
            for number in range(done, end):
                text = by_length[number]
                rank = ranked[offsets[text] + place]
                if place > 0 and rank == ranked[offsets[text] + place - 1]:
                    continue
                posting = cursor[rank]
                cursor[rank] += 1
                texts[posting], marks[posting] = text, signatures[text]
                lengths[posting], places[posting] = size, place
        done = end
    for rank in range(len(cursor)):
        stop = first[rank + 1]
        for posting in range(first[rank + 1] - 1, first[rank] - 1, -1):
            if posting + 1 < first[rank + 1] and lengths[posting] != lengths[posting + 1]:
                stop = posting + 1
            skips[posting] = stop
