"""The arrays that kernels work on, their types, and how a kernel is compiled.

All types are written down: the arrays of an index are read-only, so that one that lives in shared memory needs no other compilation.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from numba import njit, types

Array = Any
"""A numpy array; dtype and meaning stand beside each field."""


class Texts(NamedTuple):
    """Token lists, one after the other."""

    tokens: Array
    """int32: numbers of the vocabulary; -1 for a token that no entry has."""
    offsets: Array
    """int64: where a text begins; text k ends at offsets[k + 1]."""
    signatures: Array
    """uint64, by text."""
    entries: Array
    """int32, by text: its position in the index; negative when it is not an entry."""


class Postings(NamedTuple):
    """In which texts a token stands: for each rank a list in order of (length, place, text)."""

    first: Array
    """int64, by rank: where its list begins, in the end where the last one ends. Rank 0 is that of the most frequent token."""
    texts: Array
    """int32, by posting."""
    signatures: Array
    """uint64, by posting: the signature of the text."""
    lengths: Array
    """int32, by posting: tokens of the text."""
    places: Array
    """int32, by posting: how many tokens of the text are rarer."""
    skips: Array
    """int64, by posting: where the texts of this length end in the list."""


class Scratch(NamedTuple):
    """What one thread needs beside the index."""

    masks: Array
    """uint64, by token: where it stands in the query (see `mark`); all zero between queries."""
    seen: Array
    """int64, by text: the last query that compared it."""
    queries: Array
    """int64[1]: queries so far."""


class Query(NamedTuple):
    """A query that is marked in the masks of a scratch."""

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
    """Compile for one signature, kept on disk; where nothing can be kept (read-only install and no home), anew in each process."""
    options = {"nogil": True, "error_model": "numpy"}

    def compiled(function: Any) -> Any:
        try:
            return njit(*signature, cache=True, **options)(function)
        except (RuntimeError, OSError):
            return njit(*signature, **options)(function)

    return compiled
