"""A list of texts without near-duplicates: the decisions of the run's own filter, at any threshold, scored once."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import selfinstruct as si
from selfinstruct.dedup.filter import near_duplicates
from selfinstruct.rouge import Index, score, tokens

WORDS = st.sampled_from(["river", "lake", "name", "a", "in", "河", "山", "写", "诗", "一首"])
TEXTS = st.lists(st.lists(WORDS, max_size=6).map(" ".join), max_size=12)


@given(TEXTS, st.sampled_from([0.3, 0.5, 0.7, 1.0]), st.sampled_from([0.3, 0.6, 0.75, 0.9, 1.0]))
def test_it_decides_as_the_filter_does_at_every_threshold(texts: list[str], first: float, second: float) -> None:
    found = si.deduplicate(texts, first, lowest=0.3).rethreshold(second)
    assert found.kept_positions == [one.position for one in near_duplicates(texts, second) if one.kept]
    assert sorted([*found.kept_positions, *(one.position for one in found.dropped)]) == list(range(len(texts)))


@given(TEXTS, TEXTS)
def test_it_names_the_nearest_kept_text_and_the_pool_comes_first(texts: list[str], pool: list[str]) -> None:
    found = si.deduplicate(texts, 0.5, pool=pool)
    decisions = {one.position: one for one in near_duplicates(texts, 0.5, pool)}
    for one in found.dropped:
        decision = decisions[one.position]
        assert (one.nearest, one.score) == (decision.nearest, decision.score)
        assert one.nearest_text == (pool[-1 - one.nearest] if one.nearest < 0 else texts[one.nearest])


@pytest.mark.parametrize("compiled_from", [0, 10**6])
def test_all_entries_above_a_score_are_found(compiled_from: int) -> None:
    texts = [tokens(f"{word} a {other} river") for word in ("Name", "Draw") for other in ("long", "河", "wide blue")]
    index = Index(compiled_from)
    index.extend(index.block((text, 1.0) for text in texts))
    for entry, text in enumerate(texts):
        expected = [(at, score(text, texts[at])) for at in range(entry) if score(text, texts[at]) > 0.5]
        assert [(one.position, one.score) for one in index.within(text, 0.5, entry)] == expected


def test_another_threshold_below_what_was_scored_is_refused() -> None:
    found = si.deduplicate(["Name a river.", "写一首诗"], 0.7)
    with pytest.raises(si.InputError, match=r"scored above 0\.7 only; call deduplicate\(texts, lowest=0\.5\)"):
        found.rethreshold(0.5)


@pytest.mark.parametrize(
    ("texts", "threshold", "message"),
    [
        ("one text", 0.7, "is one text"),
        ([1], 0.7, r"texts\[0\]: is a int"),
        (["a"], 7, "from 0 to 1"),
        (["a"], "0.7", "from 0 to 1"),
    ],
)
def test_what_is_no_list_of_texts_is_refused(texts: list[str], threshold: float, message: str) -> None:
    with pytest.raises(si.InputError, match=message):
        si.deduplicate(texts, threshold)


def test_a_column_is_taken_and_a_table_refused() -> None:
    frame = pd.DataFrame({"instruction": ["Name a river.", "Name a river!"]})
    assert si.deduplicate(frame["instruction"]).kept_positions == [0]
    with pytest.raises(si.InputError, match="is a table; give one of its columns"):
        si.deduplicate(frame)  # type: ignore[arg-type]


@pytest.mark.thorough
def test_many_copies_of_a_text_are_one_entry() -> None:
    found = si.deduplicate(["Name a river in France.", *["写一首关于春天的诗！"] * 5000], 0.7)
    assert found.kept_positions == [0, 1]
    assert {(one.nearest, one.score) for one in found.dropped} == {(1, 1.0)}
    assert len(found.rethreshold(1.0)) == 5001
