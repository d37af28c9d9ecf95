"""Neighbours by ROUGE-L, against scoring every pair."""

from hypothesis import given, settings
from hypothesis import strategies as st

from selfinstruct.dataset.diff.near import neighbours
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
