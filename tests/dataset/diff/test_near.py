"""Nearest neighbours by ROUGE-L, compared with scoring every pair."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfinstruct.dataset.diff.near import mutual, nearest, nearest_before, nearest_others, neighbours
from selfinstruct.rouge import score

texts = st.lists(st.lists(st.sampled_from("abcdefg写诗"), max_size=9), max_size=9)


@settings(deadline=None)
@given(texts, texts, st.sampled_from((0.0, 0.3, 0.5, 2 / 3, 0.7)), st.integers(1, 4))
def test_neighbours_are_those_of_scoring_every_pair(
    queries: list[list[str]], pool: list[list[str]], above: float, most: int
) -> None:
    wanted = []
    for position, query in enumerate(queries):
        scored = [(score(query, text), other) for other, text in enumerate(pool)]
        ranked = sorted((one for one in scored if one[0] > above), key=lambda one: (-one[0], one[1]))
        wanted += [(position, other, value) for value, other in ranked[:most]]
    assert [tuple(one) for one in neighbours(queries, pool, above, most)] == wanted


def test_many_queries_of_many_lengths_are_found_in_their_order() -> None:
    pool = [[str(number), *"abc"[: number % 4], *["x"] * (number % 7)] for number in range(1_000)]
    found = list(neighbours(pool, pool, 0.99, 1))
    assert [(one.query, one.pool, one.score) for one in found] == [(number, number, 1.0) for number in range(1_000)]


@settings(deadline=None)
@given(texts, texts, st.sampled_from((0.0, 0.5, 0.7)))
def test_the_nearest_are_the_first_of_the_neighbours(
    queries: list[list[str]], pool: list[list[str]], above: float
) -> None:
    assert list(nearest(queries, pool, above)) == list(neighbours(queries, pool, above, 1))
    before = [one for one in neighbours(queries, queries, above, len(queries) or 1) if one.pool < one.query]
    first = {one.query: one for one in reversed(before)}
    assert list(nearest_before(queries, above)) == [first[query] for query in sorted(first)]


@pytest.mark.thorough
@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from("abcdefg写诗"), min_size=1, max_size=9), max_size=9), texts)
def test_each_others_nearest_are_pairs_of_the_greedy_matching(left: list[list[str]], right: list[list[str]]) -> None:
    ranked = sorted(neighbours(left, right, 0.5, len(right) or 1), key=lambda one: (-one.score, one.query, one.pool))
    taken, greedy = (set[int](), set[int]()), []
    for one in ranked:
        if one.query not in taken[0] and one.pool not in taken[1]:
            taken[0].add(one.query)
            taken[1].add(one.pool)
            greedy.append((one.query, one.pool))
    assert {(one.query, one.pool) for one in mutual(left, right, 0.5)} <= set(greedy)


@settings(deadline=None)
@given(texts)
def test_the_nearest_of_the_others_is_as_near_as_scoring_all_says(mine: list[list[str]]) -> None:
    wanted = [
        max((score(one, other) for at, other in enumerate(mine) if at != own), default=0.0)
        for own, one in enumerate(mine)
    ]
    assert nearest_others(mine) == pytest.approx(wanted, abs=1e-12)


def test_no_text_is_its_own_nearest_in_any_block() -> None:
    alone = [[str(number), f"{number}'"] for number in range(600)]
    assert nearest_others([*alone, *alone[-2:]]) == [0.0] * 598 + [1.0] * 4
    assert nearest_others([*alone, *alone[:2]]) == [1.0] * 2 + [0.0] * 598 + [1.0] * 2
