"""The near-duplicate filter over lists of texts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rouge_score import rouge_scorer

from selfinstruct.dedup.deduplication import deduplicate
from selfinstruct.dedup.filter import NearDuplicateFilter, near_duplicates

ORACLE = rouge_scorer.RougeScorer(["rougeL"], use_stemmer=False)
WORDS = st.lists(
    st.sampled_from(["the", "cat", "sat", "on", "a", "mat", "and", "dog", "ran", "to", "far", "sea"]), max_size=12
).map(" ".join)


def test_exactly_the_threshold_is_kept_and_above_it_is_dropped() -> None:
    ten, seven = "a b c d e f g h i j", "a b c d e f g x y z"
    assert ORACLE.score(ten, seven)["rougeL"].fmeasure == 0.7
    assert [one.kept for one in near_duplicates([ten, seven], 0.7)] == [True, True]
    assert [one.kept for one in near_duplicates([ten, seven], 0.69)] == [True, False]


@settings(max_examples=40, deadline=None)
@given(st.lists(WORDS, max_size=25), st.sampled_from([0.5, 0.7]))
def test_decisions_scores_and_neighbours_are_those_of_rouge_score(texts: list[str], threshold: float) -> None:
    kept: list[int] = []
    for one in near_duplicates(texts, threshold):
        scores = [ORACLE.score(texts[other], texts[one.position])["rougeL"].fmeasure for other in kept]
        highest = max(scores, default=0.0)
        assert (one.score, one.kept) == (highest, highest <= threshold)
        assert one.nearest == (kept[scores.index(highest)] if scores else None)
        if one.kept:
            kept.append(one.position)


def test_a_dropped_text_is_no_neighbour_of_later_ones() -> None:
    texts = ["a b c d e", "a b c d x", "a b c y x"]
    assert [(one.kept, one.nearest) for one in near_duplicates(texts, 0.7)] == [(True, None), (False, 0), (True, 0)]


def test_a_pool_entry_is_named_by_a_negative_position() -> None:
    decision = next(near_duplicates(["给出三个提示"], 0.7, ["something else", "给出三个提示。"]))
    assert (decision.kept, decision.nearest, decision.score) == (False, -2, 1.0)


def test_texts_without_tokens_are_kept_and_told_by_their_size() -> None:
    assert [(one.kept, one.size) for one in near_duplicates(["", "。。", "！", "a"], 0.0)] == [
        (True, 0),
        (True, 0),
        (True, 0),
        (True, 1),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sort the list", "Ｓｏｒｔ ｔｈｅ ｌｉｓｔ"),
        ("用Python写诗", "用 python 写 诗。"),
        ("a\ud800b c", "a b c"),
        ("ﬁnd the cafe\u0301", "find the café"),
    ],
)
def test_full_width_mixed_and_broken_text_is_compared_by_what_it_says(one: str, other: str) -> None:
    assert [decision.score for decision in near_duplicates([one, other])] == [0.0, 1.0]


def test_a_pool_in_another_language_drops_nothing() -> None:
    decisions = near_duplicates(
        ["写一首诗", "Sort a list"], 0.0, ["Écrivez un poème", "시를 써라"], neighbours="dropped"
    )
    assert [one.kept for one in decisions] == [True, True]


def test_workers_and_fewer_neighbours_change_no_decision() -> None:
    texts = [f"write {number % 700} about {number % 90} and {number % 13} now" for number in range(5000)]
    every = list(near_duplicates(texts))
    for workers in (1, 2):
        fast = list(near_duplicates(texts, neighbours="dropped", workers=workers))
        assert [one.kept for one in fast] == [one.kept for one in every]
        assert [one for one in fast if not one.kept] == [one for one in every if not one.kept]


def test_deduplicate_keeps_the_first_of_near_duplicates() -> None:
    assert deduplicate(["写一首诗", "Name a river.", "写一首诗！", "Name a river"]).kept == [
        "写一首诗",
        "Name a river.",
    ]


def test_similarities_name_texts_as_decisions_do() -> None:
    sieve = NearDuplicateFilter(["a b c d"])
    list(sieve.decide((text, 0.7) for text in ("a b x y", "a b c d e", "a y x z")))
    assert [(one.position, one.most_similar) for one in sieve.similarities()] == [
        (0, ((-1, 0.5),)),
        (2, ((0, 0.5), (-1, 0.25))),
    ]
    assert [one.mean for one in sieve.similarities()] == [0.5, 0.375]
