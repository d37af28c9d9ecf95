"""The index: the token lists of a pool, and which of them is nearest to a query, exactly.

    >>> index = Index()
    >>> index.add(tokens("Sort a list of numbers"))
    0
    >>> index.nearest(tokens("Sort a list of names"))
    Nearest(position=0, score=0.8000000000000002)
    >>> index.nearest(tokens("把一组数字排序"), above=0.7)

A small pool is compared one by one, in Python; from `COMPILED_FROM` entries on the kernels do it, which numba compiles once on a machine.
Positions and scores are the same, bit for bit.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, islice
from math import inf, nextafter
from typing import IO, TYPE_CHECKING, NamedTuple, Self

from selfinstruct.rouge import store
from selfinstruct.rouge.block import LEAST, Block, BlockDecisions, found_in
from selfinstruct.rouge.plain import PlainPool
from selfinstruct.rouge.statistics import Statistics, compiled_statistics, plain_statistics
from selfinstruct.rouge.tokens import tokens as tokens  # noqa: PLC0414 - the example above uses it
from selfinstruct.rouge.vocabulary import Vocabulary
from selfinstruct.rouge.workers import ALONE, AT_ONCE, Workers

if TYPE_CHECKING:
    from selfinstruct.rouge.compiled import CompiledPool

COMPILED_FROM = 2000
"""Entries from which the half second that it takes to load numba pays: one by one, an entry costs a query 0.2 microseconds."""


class Nearest(NamedTuple):
    """An entry of an index and how near it is."""

    position: int
    """From 0, in the order added."""
    score: float
    """ROUGE-L F-measure, 0 to 1."""


class Index:
    """A growing pool of token lists. One thread at a time."""

    def __init__(self, compiled_from: int = COMPILED_FROM) -> None:
        """Begin empty; the kernels take over at `compiled_from` entries."""
        self._compiled_from = compiled_from
        self._vocabulary = Vocabulary()
        self._pool: PlainPool | CompiledPool = PlainPool()

    def __len__(self) -> int:
        return len(self._pool)

    def add(self, query: Sequence[str]) -> int:
        """Append a token list and return its position."""
        self._compile_for(1)
        self._pool.add(self._vocabulary.encode(query))
        return len(self._pool) - 1

    def nearest(self, query: Sequence[str], above: float | None = None) -> Nearest | None:
        """Return the entry with the highest score, the first of equals; None when the index is empty.

        With `above`, None as well when no entry scores more than that. Then most entries are never looked at: to ask whether anything is
        nearer than 0.7 is ten times faster than to ask what is nearest.
        """
        if not len(self):
            return None
        position, score = self._pool.nearest(self._vocabulary.look_up(query), _least(above))
        if position >= 0:
            return Nearest(position, score)
        return Nearest(0, 0.0) if above is None else None

    def block(self, texts: Iterable[tuple[Sequence[str], float]]) -> Block:
        """Return token lists, each with the highest score that is kept, as `admit` takes them."""
        numbers, sizes, thresholds, rest = array("i"), array("q"), array("d"), iter(texts)
        while some := list(islice(rest, AT_ONCE)):
            queries, limits = zip(*some, strict=True)
            numbers.extend(self._vocabulary.encode(chain.from_iterable(queries)))
            sizes.extend(map(len, queries))
            thresholds.extend(limits)
        return Block(numbers, array("q", accumulate(sizes, initial=0)), thresholds)

    def admit(self, block: Block, every: bool = True, workers: Workers = ALONE) -> BlockDecisions:
        """Decide on the texts of a block in order; one is kept, and becomes an entry, unless its nearest entry is above its threshold.

        With `every` the nearest entry of each text is found, else only of those that are dropped, which is faster. The decisions do not
        depend on the number of workers.
        """
        found = found_in(block, every)
        self._compile_for(len(block))
        self._pool.admit(block, found, workers)
        return found

    def extend(self, block: Block) -> None:
        """Append all texts of a block."""
        self._compile_for(len(block))
        self._pool.extend(block)

    def statistics(self, begin: int = 0, workers: Workers = ALONE) -> Iterator[Statistics]:
        """Yield for each entry from `begin` on how near it is to all entries before it."""
        if isinstance(self._pool, PlainPool):
            return plain_statistics(self._pool, begin)
        return compiled_statistics(self._pool, begin, workers)

    def save(self, file: IO[bytes]) -> None:
        """Write the index to a file that is open for writing bytes."""
        store.save(file, self._vocabulary.words(), *self._pool.arrays)

    @classmethod
    def load(cls, file: IO[bytes]) -> Self:
        """Return the index of a file that is open for reading bytes; raises InputError for one that `save` did not write."""
        index = cls()
        words, tokens, offsets = store.load(file)
        index._vocabulary = Vocabulary(words)
        index._compile_for(len(offsets) - 1)
        index._pool.extend(Block(array("i", tokens.tobytes()), array("q", offsets.tobytes())))
        return index

    def _compile_for(self, more: int) -> None:
        """Take the kernels when there will be enough entries."""
        if isinstance(self._pool, PlainPool) and len(self) + more > self._compiled_from:
            from selfinstruct.rouge.compiled import CompiledPool

            compiled = CompiledPool()
            compiled.extend(Block(*self._pool.arrays))
            self._pool = compiled


def _least(above: float | None) -> float:
    return LEAST if above is None else max(nextafter(above, inf), LEAST)
