"""A pool in shards decides as one pool, whatever their number, the size of the blocks, and which of them are lost."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfinstruct.errors import StorageError
from selfinstruct.rouge.block import Block
from selfinstruct.rouge.compiled import CompiledPool
from selfinstruct.rouge.index import Index
from selfinstruct.rouge.shard import Engine, LocalShard, Shard
from selfinstruct.rouge.sharded import ShardedPool
from selfinstruct.rouge.vocabulary import Vocabulary
from tests.support.rouge_texts import SEEDS, block_of, by_definition, texts
from tests.support.sharded import BrittleShard, brittle, decided, local

THRESHOLDS = st.sampled_from([0.0, 0.3, 0.5, 0.7, 1.0])
SHARDS = st.sampled_from([1, 2, 3, 8])


@settings(max_examples=25, deadline=None)
@given(SEEDS, THRESHOLDS, SHARDS, st.integers(1, 130))
def test_any_number_of_shards_decides_as_the_definition_says(
    seed: int, threshold: float, number: int, size: int
) -> None:
    some = texts(seed, 120)
    assert decided(local(number), some, threshold, size) == by_definition(some, threshold)


@settings(max_examples=10, deadline=None)
@given(SEEDS, THRESHOLDS, SHARDS)
def test_texts_longer_than_a_machine_word_are_compared_exactly(seed: int, threshold: float, number: int) -> None:
    some = texts(seed, 60, longest=200)
    assert decided(local(number), some, threshold, 20) == by_definition(some, threshold)


@settings(max_examples=10, deadline=None)
@given(SEEDS, THRESHOLDS, SHARDS)
def test_looking_only_for_what_is_dropped_drops_the_same_for_the_same_reason(
    seed: int, threshold: float, number: int
) -> None:
    some = texts(seed, 120)
    found, expected = decided(local(number), some, threshold, 30, every=False), by_definition(some, threshold)
    assert [one if not one[2] else 1 for one in found] == [one if not one[2] else 1 for one in expected]


@pytest.mark.thorough
@settings(max_examples=25, deadline=None)
@given(SEEDS, SHARDS, st.integers(1, 60))
def test_shards_that_are_lost_at_any_time_change_nothing_and_are_told_of(seed: int, number: int, size: int) -> None:
    some, said = texts(seed, 120), list[str]()
    try:
        found = decided(brittle(number, seed, 0.05, said), some, 0.5, size)
    except StorageError:
        return  # three times on one block
    assert found == by_definition(some, 0.5)
    assert all("a new one is built" in line and "nothing changes" in line for line in said)


def test_a_shard_that_is_lost_is_told_of_with_what_it_held() -> None:
    said = list[str]()
    some = [["a", "b", str(number)] for number in range(10)]
    engine, lost = brittle(2, 0, 0.0, said), set[int]()

    def start(number: int, of: int) -> Shard:
        shard = engine.start(number, of)
        assert isinstance(shard, BrittleShard)
        shard.is_lost = number == 1 and number not in lost
        lost.add(number)
        return shard

    assert decided(engine._replace(start=start), some, 0.9, 4) == by_definition(some, 0.9)
    assert said == [
        "worker 2 of 2 was ended by a test; a new one is built from the 0 texts that it held, and nothing changes"
    ]


def test_a_shard_that_is_lost_each_time_ends_the_work_with_a_remedy() -> None:
    with pytest.raises(StorageError, match=r"worker 1 of 2 was ended by a test, 3 times .* fewer --workers"):
        decided(brittle(2, 0, 1.0, []), [["a"]], 0.7, 1)


def test_shards_hold_equal_parts_of_the_entries() -> None:
    made = list[LocalShard]()

    def start(number: int, of: int) -> LocalShard:
        made.append(LocalShard(number, of))
        return made[-1]

    decided(local(3, start), [[str(number)] for number in range(100)], 0.7, 7)
    assert [len(shard._pool) for shard in made] == [34, 33, 33]


def test_an_index_above_the_bound_of_its_engine_gives_the_same_answers() -> None:
    some = texts(5, 200)
    plain, spread = Index(compiled_from=10), Index(compiled_from=10, engine=Engine(3, LocalShard, above=50))
    for index in (plain, spread):
        for text in some[:150]:
            index.add(text)
    assert isinstance(spread._pool, ShardedPool)
    for text in some[150:]:
        assert spread.nearest(text) == plain.nearest(text)
        assert spread.within(text, 0.5) == plain.within(text, 0.5)
    assert list(spread.statistics(100)) == list(plain.statistics(100))
    files = BytesIO(), BytesIO()
    for index, file in zip((plain, spread), files, strict=True):
        index.save(file)
    assert files[0].getvalue() == files[1].getvalue()


def test_an_empty_text_and_an_empty_block_are_nobodys_neighbour() -> None:
    vocabulary, pool = Vocabulary(), ShardedPool(local(2), Block().tokens, Block().offsets)
    pool.extend(block_of(vocabulary, [], 0.7))
    pool.extend(block_of(vocabulary, [[], ["a"]], 0.7))
    assert pool.nearest(vocabulary.encode(["a"]), 0.5) == (1, 1.0)
    assert pool.nearest(vocabulary.encode([]), 0.5) == (-1, 0.5)
    assert isinstance(pool.whole(), CompiledPool)
