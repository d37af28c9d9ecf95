"""Shards: a pool in N parts, each with every N-th entry and an index of its own, in this process or wherever an engine starts them.

Importing this loads neither numpy nor numba.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol

from selfinstruct.rouge.block import Block, Found

if TYPE_CHECKING:
    from selfinstruct.rouge.kernels import Array


class ShardLostError(Exception):
    """The process or actor that held a shard is gone, and with it the shard; says why."""


class Shard(Protocol):
    """Part `number` of `of`: the entries number, number + of, number + 2 * of, ... of a pool.

    Only `answer` says that it is lost: what was handed to a lost shard before is handed to the one that is built in its place.
    """

    def extend(self, block: Block) -> None:
        """Append entries."""

    def ask(self, block: Block, scores: "Array") -> None:
        """Begin to look for the nearest entry of each text with at least its score in `scores` (float64)."""

    def answer(self) -> Found:
        """Return what was found for the last block, with positions in the whole pool; raises ShardLostError."""


class Engine(NamedTuple):
    """Where shards are held."""

    number: int
    """Number of shards, at least 1; it changes no decision."""
    start: Callable[[int, int], Shard]
    """Starts an empty shard, number `i` of `n`."""
    above: int = 100_000
    """Entries of a pool above which it is spread over shards; a smaller one is searched faster in one process than N are started."""
    say: Callable[[str], None] = lambda _: None
    """Hears of a shard that was lost and built again."""


class LocalShard:
    """A shard in this process; what a worker process and an actor run."""

    def __init__(self, number: int, of: int) -> None:
        """Start empty; loads numba."""
        from selfinstruct.rouge.compiled import CompiledPool

        self._pool = CompiledPool()
        self._number, self._of = number, of
        self._found: Found | None = None

    def extend(self, block: Block) -> None:
        """Append entries."""
        self._pool.extend(block)

    def ask(self, block: Block, scores: "Array") -> None:
        """Look for the nearest entry of each text; every `of`-th text, from `number` on, is also looked at for near ones in the block."""
        found = self._pool.search(block, scores, self._number, self._of)
        found.entries[found.entries >= 0] *= self._of
        found.entries[found.entries >= 0] += self._number
        self._found = found

    def answer(self) -> Found:
        """Return what was found."""
        if self._found is None:
            raise ShardLostError("was not asked")
        return self._found
