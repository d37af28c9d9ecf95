"""Shards in this process that are lost when a test says so, and what a pool of them decides."""

import random
from collections.abc import Callable, Sequence
from typing import Any

from selfinstruct.rouge.block import Block, Found, initial_decisions
from selfinstruct.rouge.shard import Engine, LocalShard, Shard, ShardLostError
from selfinstruct.rouge.sharded import ShardedPool
from selfinstruct.rouge.vocabulary import Vocabulary
from tests.support.rouge_texts import Text, block_of, listed


class BrittleShard(LocalShard):
    """Is lost, with all that it holds, where its dice say so; says so in `answer` alone, as every shard."""

    def __init__(self, number: int, of: int, dice: random.Random, chance: float) -> None:
        super().__init__(number, of)
        self._dice, self._chance, self.is_lost = dice, chance, False

    def extend(self, block: Block) -> None:
        self._roll()
        if not self.is_lost:
            super().extend(block)

    def ask(self, block: Block, scores: Any) -> None:
        self._roll()
        if not self.is_lost:
            super().ask(block, scores)

    def answer(self) -> Found:
        if self.is_lost:
            raise ShardLostError("was ended by a test")
        return super().answer()

    def _roll(self) -> None:
        self.is_lost |= self._dice.random() < self._chance


def brittle(number: int, seed: int, chance: float, said: list[str]) -> Engine:
    dice = random.Random(seed)
    return Engine(number, lambda which, of: BrittleShard(which, of, dice, chance), say=said.append)


def decided(
    engine: Engine, some: Sequence[Text], threshold: float, size: int, *, every: bool = True
) -> list[tuple[int, float, int]]:
    """Return the decisions of a pool of shards on texts in blocks of `size`."""
    empty, vocabulary, decisions = Block(), Vocabulary(), []
    pool = ShardedPool(engine, empty.tokens, empty.offsets)
    for start in range(0, len(some), size):
        block = block_of(vocabulary, some[start : start + size], threshold)
        found = initial_decisions(block, every=every)
        pool.admit(block, found)
        decisions += listed(found)
    return decisions


def local(number: int, start: Callable[[int, int], Shard] = LocalShard) -> Engine:
    return Engine(number, start)
