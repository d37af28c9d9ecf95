"""Both pools compared with the definition while they grow."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfinstruct.rouge.block import Block, initial_decisions
from selfinstruct.rouge.compiled import CompiledPool
from selfinstruct.rouge.kernels.arrays import I8, kernel
from selfinstruct.rouge.plain import PlainPool
from selfinstruct.rouge.vocabulary import Vocabulary
from selfinstruct.rouge.workers import Workers
from tests.support.rouge_texts import SEEDS, block_of, by_definition, listed, texts

THRESHOLDS = st.sampled_from([0.0, 0.3, 0.5, 0.7, 1.0])


def admitted(
    pool: PlainPool | CompiledPool, some: list[list[str]], threshold: float, size: int
) -> list[tuple[int, float, int]]:
    vocabulary, decisions = Vocabulary(), []
    for start in range(0, len(some), size):
        block = block_of(vocabulary, some[start : start + size], threshold)
        found = initial_decisions(block, every=True)
        pool.admit(block, found)
        decisions += listed(found)
    return decisions


@pytest.mark.thorough
@settings(max_examples=30, deadline=None)
@given(SEEDS, THRESHOLDS, st.integers(1, 50))
def test_both_pools_decide_as_the_definition_says(seed: int, threshold: float, size: int) -> None:
    some = texts(seed, 120)
    expected = by_definition(some, threshold)
    assert admitted(PlainPool(), some, threshold, size) == expected
    assert admitted(CompiledPool(max_unlisted=8), some, threshold, size) == expected


@pytest.mark.thorough
@settings(max_examples=10, deadline=None)
@given(SEEDS, THRESHOLDS)
def test_texts_longer_than_a_machine_word_are_compared_exactly(seed: int, threshold: float) -> None:
    some = texts(seed, 60, longest=200)
    expected = by_definition(some, threshold)
    assert admitted(PlainPool(), some, threshold, 20) == expected
    assert admitted(CompiledPool(max_unlisted=8), some, threshold, 20) == expected


@settings(max_examples=15, deadline=None)
@given(SEEDS, THRESHOLDS)
def test_looking_only_for_what_is_dropped_gives_the_same_decisions_and_neighbours(seed: int, threshold: float) -> None:
    some = texts(seed, 150)
    vocabulary, pool = Vocabulary(), CompiledPool(max_unlisted=8)
    block = block_of(vocabulary, some, threshold)
    found = initial_decisions(block, every=False)
    pool.admit(block, found)
    expected = by_definition(some, threshold)
    assert [kept for *_, kept in listed(found)] == [kept for *_, kept in expected]
    assert [one for one in listed(found) if not one[2]] == [one for one in expected if not one[2]]


@pytest.mark.parametrize("pool", [PlainPool(), CompiledPool(max_unlisted=0)])
def test_the_lowest_score_that_counts_is_found_itself(pool: PlainPool | CompiledPool) -> None:
    vocabulary = Vocabulary()
    pool.extend(block_of(vocabulary, [["a", "b", "x", "y"]] * 2, 1.0))
    assert pool.nearest(vocabulary.encode(["a", "b", "c", "d"]), 0.5) == (0, 0.5)


@pytest.mark.parametrize("pool", [PlainPool(), CompiledPool(max_unlisted=0)])
def test_what_scores_exactly_the_threshold_drops_nothing_and_is_no_reason(pool: PlainPool | CompiledPool) -> None:
    block = block_of(Vocabulary(), [["a", "b", "x", "y"], ["a", "b", "c", "d"]], 0.5)
    found = initial_decisions(block, every=False)
    pool.admit(block, found)
    assert listed(found) == [(-1, 0.0, 1), (-1, 0.0, 1)]


@pytest.mark.parametrize("workers", [2, 5])
def test_any_number_of_workers_gives_the_same_decisions(workers: int) -> None:
    some, vocabulary = texts(7, 3000), Vocabulary()
    alone, together = CompiledPool(max_unlisted=8), CompiledPool(max_unlisted=8)
    with ThreadPoolExecutor(workers) as threads:
        for start in range(0, len(some), 500):
            block = block_of(vocabulary, some[start : start + 500], 0.7)
            first, second = initial_decisions(block, every=True), initial_decisions(block, every=True)
            alone.admit(block, first)
            together.admit(block, second, Workers(threads, workers))
            assert listed(first) == listed(second)


def test_a_query_with_tokens_that_no_entry_has_is_compared_by_the_others() -> None:
    vocabulary = Vocabulary()
    for pool in (PlainPool(), CompiledPool(max_unlisted=0)):
        pool.extend(block_of(vocabulary, [["a", "b", "c", "d"], ["c", "d"]] * 3, 1.0))
        assert pool.nearest(vocabulary.look_up(["c", "new", "d"]), 0.1) == (1, 0.8)
        assert pool.nearest(vocabulary.look_up(["new", "newer"] * 40), 0.1) == (-1, 0.1)


def test_the_postings_name_every_entry_once_for_each_of_its_tokens_at_its_place_by_rarity() -> None:
    vocabulary, pool = Vocabulary(), CompiledPool(max_unlisted=0)
    pool.extend(block_of(vocabulary, [["a", "b", "a"], ["b", "c"], [], ["c", "b", "d", "a"]], 1.0))
    postings = pool.postings
    ranks = {"a": 0, "b": 1, "c": 2, "d": 3}
    found = {
        token: list(
            zip(
                postings.lengths[postings.first[rank] : postings.first[rank + 1]].tolist(),
                postings.places[postings.first[rank] : postings.first[rank + 1]].tolist(),
                postings.texts[postings.first[rank] : postings.first[rank + 1]].tolist(),
                strict=True,
            )
        )
        for token, rank in ranks.items()
    }
    assert found == {
        "a": [(3, 1, 0), (4, 3, 3)],
        "b": [(2, 1, 1), (3, 0, 0), (4, 2, 3)],
        "c": [(2, 0, 1), (4, 1, 3)],
        "d": [(4, 0, 3)],
    }


def test_an_entry_added_alone_and_in_a_block_is_found_alike() -> None:
    vocabulary, one, other = Vocabulary(), CompiledPool(max_unlisted=4), CompiledPool(max_unlisted=4)
    some = texts(3, 200)
    other.extend(block_of(vocabulary, some, 1.0))
    for text in some:
        one.add(vocabulary.encode(text))
    for text in texts(4, 50):
        assert one.nearest(vocabulary.look_up(text), 0.2) == other.nearest(vocabulary.look_up(text), 0.2)


def test_a_text_that_is_asked_for_while_all_are_ranked_anew_is_added_by_the_new_ranks() -> None:
    pool = CompiledPool(max_unlisted=4)
    for _ in range(5):
        pool.add([0, 0, 1])
    for _ in range(50):
        pool.nearest([2, 3, 1], 0.1)
        pool.add([2, 3, 1])
    ranks = pool.postings.first[1:] - pool.postings.first[:-1]
    assert sorted(ranks, reverse=True) == list(ranks)
    assert pool.nearest([3, 1], 0.1) == (5, 0.8)
    assert pool.nearest([0, 0], 0.1) == (0, 0.8)


def test_entries_that_are_read_only_need_no_other_kernel() -> None:
    """As numpy arrays in shared memory are."""
    tokens, offsets = np.arange(10, dtype=np.int32), np.array([0, 4, 10])
    for array in (tokens, offsets):
        array.flags.writeable = False
    pool = CompiledPool(max_unlisted=0)
    pool.extend(Block(tokens, offsets))
    assert pool.nearest([4, 5, 6, 7], 0.1) == (1, 0.8)


def test_long_texts_are_compared_in_bounded_time_and_memory() -> None:
    """A hundred thousand tokens with as many take 0.1 seconds and 50 kB; a million with a million ten."""
    pool = CompiledPool()
    pool.extend(Block(np.tile(np.arange(1000, dtype=np.int32), 100), np.array([0, 100_000])))
    pool.add([5, 6, 7])
    position, score = pool.nearest(np.tile(np.arange(2000, dtype=np.int32), 50), 0.1)
    assert (position, score) == (0, 0.5)
    assert pool.nearest([5, 6, 7, 8], 0.1) == (1, 2 * 1.0 * 0.75 / 1.75)


def test_where_no_kernel_can_be_kept_on_disk_it_is_compiled_in_memory() -> None:
    """A read-only install of a user without a home; here a function that comes from no file."""
    names: dict[str, Any] = {}
    exec("def twice(number):\n    return 2 * number", names)  # noqa: S102
    assert kernel(I8(I8))(names["twice"])(21) == 42


def test_small_lists_do_not_load_numba() -> None:
    code = "import sys; from selfinstruct.dedup.deduplication import deduplicate; deduplicate(['a', 'b']); print('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
