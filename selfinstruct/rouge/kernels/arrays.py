"""Argument types of the kernels, and the decorator that compiles them.

All signatures are explicit. The arrays of an index are read-only, so that one in shared memory needs no separate compilation.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from numba import njit, types

Array = Any
"""A numpy array; dtype and meaning are documented at each field."""


class Texts(NamedTuple):
    """Concatenated token lists."""

    tokens: Array
    """int32: token ids of the vocabulary; -1 for an unknown token."""
    offsets: Array
    """int64: text k is tokens[offsets[k]:offsets[k + 1]]."""
    signatures: Array
    """uint64, per text: see `sign`."""
    entries: Array
    """int32, per text: its position in the index; negative when it is not an entry."""


class Postings(NamedTuple):
    """Inverted index: for each token rank a list of the texts that contain it, sorted by (length, place, text)."""

    first: Array
    """int64: the list of rank r is first[r]:first[r + 1]. Rank 0 is the most frequent token."""
    texts: Array
    """int32, per posting: number of the text."""
    signatures: Array
    """uint64, per posting: signature of the text."""
    lengths: Array
    """int32, per posting: number of tokens of the text."""
    places: Array
    """int32, per posting: number of rarer tokens in the text."""
    skips: Array
    """int64, per posting: end of the postings of the same length in the list."""


class Scratch(NamedTuple):
    """Mutable working memory of one thread."""

    masks: Array
    """uint64, per token: its positions in the query (see `mark`); all zero between queries."""
    seen: Array
    """int64, per text: number of the last query that compared it."""
    queries: Array
    """int64[1]: number of queries so far."""


class Query(NamedTuple):
    """A query whose token positions are marked in `masks` and `chain` (see `mark`)."""

    size: int
    signature: int
    masks: Array
    chain: Array


def _array(dtype: Any, readonly: bool = True) -> Any:
    return types.Array(dtype, 1, "C", readonly=readonly)


I4, I8, U8, F8 = types.int32, types.int64, types.uint64, types.float64
I4S, I8S, U8S, F8S = map(_array, (I4, I8, U8, F8))
I4S_OUT, I8S_OUT, U8S_OUT, F8S_OUT = (_array(dtype, readonly=False) for dtype in (I4, I8, U8, F8))
TEXTS = types.NamedTuple([I4S, I8S, U8S, I4S], Texts)
POSTINGS = types.NamedTuple([I8S, I4S, U8S, I4S, I4S, I8S], Postings)
SCRATCH = types.NamedTuple([U8S_OUT, I8S_OUT, I8S_OUT], Scratch)
QUERY = types.NamedTuple([I8, U8, U8S_OUT, I4S_OUT], Query)
BEST = types.Tuple([I8, F8])


def kernel(*signature: Any) -> Callable[[Any], Any]:
    """Compile for one signature, cached on disk; without a writable cache, compile in each process."""
    options = {"nogil": True, "error_model": "numpy"}

    def compiled(function: Any) -> Any:
        try:
            return njit(*signature, cache=True, **options)(function)
        except (RuntimeError, OSError):
            return njit(*signature, **options)(function)

    return compiled
