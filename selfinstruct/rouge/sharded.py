"""ShardedPool: the same results as the other pools, with the entries spread over N shards, each in a process or on a machine of its own.

A block goes to all shards at once. Each says which of its entries is nearest to each text; of these the one with the highest score, then the
lowest position, is the nearest of the pool, so the answers do not depend on N. Then the block is resolved in order as in `CompiledPool`, and
what is kept goes to the shards in turn. Tokens of all entries, four bytes each, stay here: a shard that is lost is built again from them.
Importing this loads numpy and numba.
"""

from collections.abc import Iterator

import numpy as np

from selfinstruct.errors import StorageError
from selfinstruct.rouge import kernels
from selfinstruct.rouge.block import Block, BlockDecisions, Found, Numbers
from selfinstruct.rouge.column import Column, frozen
from selfinstruct.rouge.compiled import CompiledPool
from selfinstruct.rouge.kernels import Array, Scratch, Texts
from selfinstruct.rouge.shard import Engine, Shard, ShardLostError
from selfinstruct.rouge.workers import ALONE, Workers

_MOST_LOSSES = 3
"""Losses of one shard on one block after which it is hopeless: the block, or the machine, ends whoever takes it."""
_AT_ONCE = 2**16
"""Texts that are handed to a shard at once while it is built."""


class ShardedPool:
    """A pool of token lists, numbered in order, held by the shards of an engine. Not thread-safe."""

    def __init__(self, engine: Engine, tokens: Numbers, offsets: Numbers) -> None:
        """Start the shards with these entries; entry k is tokens[offsets[k]:offsets[k + 1]]."""
        self._engine = engine
        self._tokens, self._offsets = Column(np.int32), Column(np.int64, [0])
        self._shards: list[Shard] = [engine.start(number, engine.number) for number in range(engine.number)]
        self._scratch = Scratch(np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(1, np.int64))
        self.extend(Block(tokens, offsets))

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def add(self, entry: Numbers) -> None:
        """Append an entry."""
        self.extend(_one(entry))

    def nearest(self, query: Numbers, min_score: float) -> tuple[int, float]:
        """Return (position, score) of the entry with the highest score of at least `min_score`, else (-1, min_score)."""
        found = self._ask(_one(query), np.array([min_score]))
        return int(found.entries[0]), float(found.scores[0])

    def within(self, query: Numbers, min_score: float, before: int) -> list[tuple[int, float]]:
        """Return (position, score) of those of the first `before` entries with a score of at least `min_score`, in order; as slow as a new pool."""
        return self.whole().within(query, min_score, before)

    def admit(self, block: Block, found: BlockDecisions, _workers: Workers = ALONE) -> None:
        """Decide on the texts of a block in order and add the kept ones."""
        kept = np.full(len(block), -1, np.int32)
        texts = self._in_kernel_form(block, kept)
        entries, scores = np.frombuffer(found.entries, np.int32), np.frombuffer(found.scores, np.float64)
        entries[:], scores[:], flags = self._ask(block, frozen(scores))
        thresholds = frozen(np.frombuffer(block.thresholds, np.float64))
        kernels.resolve(texts, thresholds, frozen(flags), len(self), self._scratch, kept, entries, scores)
        np.frombuffer(found.kept, np.int8)[:] = kept >= 0
        self.extend(_chosen(block, kept >= 0))

    def extend(self, block: Block) -> None:
        """Append all texts of a block, to the shards in turn."""
        first = len(self)
        self._offsets.extend(len(self._tokens) + np.frombuffer(block.offsets, np.int64)[1:])
        self._tokens.extend(np.frombuffer(block.tokens, np.int32))
        for number, shard in enumerate(self._shards):
            for part in self._entries(number, first):
                shard.extend(part)

    def whole(self) -> CompiledPool:
        """Return all entries as a pool in this process."""
        pool = CompiledPool()
        pool.extend(Block(*self.arrays))
        return pool

    @property
    def arrays(self) -> tuple[Array, Array]:
        """(tokens, offsets) of all entries; entry k is tokens[offsets[k]:offsets[k + 1]]."""
        return self._tokens.view, self._offsets.view

    def _ask(self, block: Block, scores: Array) -> Found:
        """Return the nearest entries in the whole pool."""
        for shard in self._shards:
            shard.ask(block, scores)
        answers = [self._answer(number, block, scores) for number in range(len(self._shards))]
        entries, best, flags = (np.array(one) for one in answers[0])
        for other in answers[1:]:
            nearer = (other.scores > best) | ((other.scores == best) & (other.entries < entries) & (entries >= 0))
            better = (other.entries >= 0) & (nearer | (entries < 0))
            entries, best = np.where(better, other.entries, entries), np.where(better, other.scores, best)
            flags |= other.flags
        return Found(entries, best, flags)

    def _answer(self, number: int, block: Block, scores: Array) -> Found:
        """Return what a shard found; one that is lost is built again and asked again."""
        lost = ""
        for _ in range(_MOST_LOSSES):
            try:
                return self._shards[number].answer()
            except ShardLostError as error:
                lost = f"worker {number + 1} of {len(self._shards)} {error}"
            held = len(range(number, len(self), len(self._shards)))
            self._engine.say(f"{lost}; a new one is built from the {held:,} texts that it held, and nothing changes")
            shard = self._shards[number] = self._engine.start(number, len(self._shards))
            for part in self._entries(number, 0):
                shard.extend(part)
            shard.ask(block, scores)
        raise StorageError(
            f"{lost}, {_MOST_LOSSES} times on the same texts, often for want of memory; nothing was written: "
            "give fewer --workers, or a machine with more memory, and run the same command again"
        )

    def _entries(self, number: int, first: int) -> Iterator[Block]:
        """Yield the entries of a shard from position `first` on, some at a time."""
        step, ends = len(self._shards), self._offsets.view
        positions = np.arange(first + (number - first) % step, len(self), step)
        for begin in range(0, len(positions), _AT_ONCE):
            some = positions[begin : begin + _AT_ONCE]
            low, high = ends[some[0]], ends[some[-1] + 1]
            offsets = ends[some[0] : some[-1] + 2] - low
            chosen = np.zeros(len(offsets) - 1, bool)
            chosen[some - some[0]] = True
            yield _chosen(Block(self._tokens.view[low:high], offsets), chosen)

    def _in_kernel_form(self, block: Block, kept: Array) -> Texts:
        """Return the texts of a block in kernel form, with scratch memory for their tokens."""
        tokens, offsets = frozen(np.frombuffer(block.tokens, np.int32)), frozen(np.frombuffer(block.offsets, np.int64))
        signatures = np.empty(len(block), np.uint64)
        needed = kernels.sign(tokens, offsets, signatures) + 1
        if needed > len(self._scratch.masks):
            self._scratch = self._scratch._replace(masks=np.zeros(needed * 3 // 2, np.uint64))
        return Texts(tokens, offsets, frozen(signatures), frozen(kept))


def _one(text: Numbers) -> Block:
    return Block(np.asarray(text, np.int32), np.array([0, len(text)]))


def _chosen(block: Block, chosen: Array) -> Block:
    """Return the chosen texts of a block."""
    tokens, offsets = np.frombuffer(block.tokens, np.int32), np.frombuffer(block.offsets, np.int64)
    lengths = np.diff(offsets)
    ends = np.concatenate(([0], np.cumsum(lengths[chosen])))
    return Block(tokens[np.repeat(chosen, lengths)], ends)
