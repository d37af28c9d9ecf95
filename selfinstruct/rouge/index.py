"""Index: exact nearest-neighbour search by ROUGE-L over a pool of token lists.

    >>> index = Index()
    >>> index.add(tokens("Sort a list of numbers"))
    0
    >>> index.nearest(tokens("Sort a list of names"))
    Nearest(position=0, score=0.8000000000000002)
    >>> index.nearest(tokens("把一组数字排序"), above=0.7)

A small pool is scanned in Python; from `COMPILED_FROM` entries on, or after `COMPILED_AFTER` comparisons, kernels do it, which numba compiles
once per machine. Both give bit-identical positions and scores. With an engine a pool above its bound is spread over shards, with the same
results. Of a text longer than `score.LONGEST` tokens the first ones are compared.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, islice
from math import inf, nextafter
from typing import IO, TYPE_CHECKING, NamedTuple, Self

from selfinstruct.rouge import store
from selfinstruct.rouge.block import MIN_SCORE, Block, BlockDecisions, initial_decisions
from selfinstruct.rouge.plain import PlainPool
from selfinstruct.rouge.score import LONGEST
from selfinstruct.rouge.shard import Engine
from selfinstruct.rouge.statistics import Statistics, compiled_statistics, plain_statistics
from selfinstruct.rouge.tokens import tokens as tokens  # noqa: PLC0414 - the example above uses it
from selfinstruct.rouge.vocabulary import Vocabulary
from selfinstruct.rouge.workers import ALONE, TEXTS_PER_CHUNK, Workers

if TYPE_CHECKING:
    from selfinstruct.rouge.compiled import CompiledPool
    from selfinstruct.rouge.sharded import ShardedPool

COMPILED_FROM = 2000
"""Pool size from which loading numba (0.5 s) pays off; in Python a query takes 0.2 µs per entry that its signature tells apart."""
COMPILED_AFTER = 100_000
"""Comparisons token by token, 10 µs each in Python, after which it pays off too: texts of few different words are not told apart."""


class Nearest(NamedTuple):
    """An entry of an index and its similarity to a query."""

    position: int
    """From 0, in the order added."""
    score: float
    """ROUGE-L F-measure, 0 to 1."""


class Index:
    """A growing pool of token lists. Not thread-safe."""

    def __init__(self, compiled_from: int = COMPILED_FROM, engine: Engine | None = None) -> None:
        """Start empty; kernels are used from `compiled_from` entries on, and the shards of an engine above its own bound."""
        self._compiled_from, self._engine = compiled_from, engine
        self._vocabulary = Vocabulary()
        self._pool: PlainPool | CompiledPool | ShardedPool = PlainPool()

    def __len__(self) -> int:
        return len(self._pool)

    def add(self, query: Sequence[str]) -> int:
        """Append a token list and return its position."""
        self._grow(1)
        self._pool.add(self._vocabulary.encode(query[:LONGEST]))
        return len(self._pool) - 1

    def nearest(self, query: Sequence[str], above: float | None = None, *, comes: bool = False) -> Nearest | None:
        """Return the entry with the highest score, of equals the first; None when the index is empty.

        With `above`, also None when no score is above it. This skips most entries: a search above 0.7 is ten times faster than an
        unrestricted one. A query that usually `comes` into the index next has its tokens numbered for that at once.
        """
        if not len(self):
            return None
        number = self._vocabulary.encode if comes else self._vocabulary.look_up
        position, score = self._pool.nearest(number(query[:LONGEST]), _min_score(above))
        if position >= 0:
            return Nearest(position, score)
        return Nearest(0, 0.0) if above is None else None

    def within(self, query: Sequence[str], above: float, before: int | None = None) -> list[Nearest]:
        """Return all entries with a score above `above`, in order; with `before`, only of the first `before` entries."""
        last = len(self) if before is None else before
        known = self._vocabulary.look_up(query[:LONGEST])
        return [Nearest(*found) for found in self._pool.within(known, _min_score(above), last)]

    def block(self, texts: Iterable[tuple[Sequence[str], float]]) -> Block:
        """Build a block from (token list, threshold) pairs; the threshold is the highest score that is kept."""
        numbers, sizes, thresholds, rest = array("i"), array("q"), array("d"), iter(texts)
        while some := list(islice(rest, TEXTS_PER_CHUNK)):
            queries, limits = zip(*some, strict=True)
            if max(map(len, queries)) > LONGEST:
                queries = tuple(query[:LONGEST] for query in queries)
            numbers.extend(self._vocabulary.encode(chain.from_iterable(queries)))
            sizes.extend(map(len, queries))
            thresholds.extend(limits)
        return Block(numbers, array("q", accumulate(sizes, initial=0)), thresholds)

    def admit(self, block: Block, every: bool = True, workers: Workers = ALONE) -> BlockDecisions:
        """Add the texts of a block in order, except those whose nearest entry scores above their threshold.

        With `every`, the nearest entry of every text is returned, else only that of dropped texts, which is faster. The decisions do
        not depend on the number of workers.
        """
        found = initial_decisions(block, every)
        self._grow(len(block))
        self._pool.admit(block, found, workers)
        return found

    def extend(self, block: Block) -> None:
        """Append all texts of a block."""
        self._grow(len(block))
        self._pool.extend(block)

    def statistics(self, begin: int = 0, workers: Workers = ALONE) -> Iterator[Statistics]:
        """Yield the similarity statistics of each entry from `begin` on, against all entries before it."""
        if isinstance(self._pool, PlainPool):
            return plain_statistics(self._pool, begin)
        return compiled_statistics(self._pool.whole(), begin, workers)

    def save(self, file: IO[bytes]) -> None:
        """Write the index to a binary file."""
        store.save(file, self._vocabulary.words(), *self._pool.arrays)

    @classmethod
    def load(cls, file: IO[bytes]) -> Self:
        """Read an index from a binary file; raises InputError for one that `save` did not write."""
        index = cls()
        words, tokens, offsets = store.load(file)
        index._vocabulary = Vocabulary(words)
        index._grow(len(offsets) - 1)
        index._pool.extend(Block(array("i", tokens.tobytes()), array("q", offsets.tobytes())))
        return index

    def _grow(self, more: int) -> None:
        """Switch to the compiled pool above the limit of the plain one, or if that took long so far; to shards above that of the engine."""
        many = len(self) + more
        plain = self._pool if isinstance(self._pool, PlainPool) else None
        if plain and (many > self._compiled_from or plain.compared > COMPILED_AFTER):
            from selfinstruct.rouge.compiled import CompiledPool

            compiled = CompiledPool()
            compiled.extend(Block(*plain.arrays))
            self._pool = compiled
        if self._engine and many > self._engine.above and not isinstance(self._pool, PlainPool):
            from selfinstruct.rouge.sharded import ShardedPool

            if not isinstance(self._pool, ShardedPool):
                self._pool = ShardedPool(self._engine, *self._pool.arrays)


def _min_score(above: float | None) -> float:
    return MIN_SCORE if above is None else max(nextafter(above, inf), MIN_SCORE)
