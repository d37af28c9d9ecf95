"""The index: nearest entries, files, statistics; in Python and with kernels."""

import io
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfinstruct.errors import InputError
from selfinstruct.rouge import Index, Workers, score, tokens
from selfinstruct.rouge.index import COMPILED_FROM
from tests.support.rouge_texts import SEEDS, texts

MIXED = st.text(st.sampled_from("请用写一个快速排序诗歌 Python java 12Ａ。，"), max_size=20)


def filled(some: Sequence[Sequence[str]], compiled_from: int = COMPILED_FROM) -> Index:
    index = Index(compiled_from)
    for text in some:
        index.add(text)
    return index


@given(st.lists(MIXED, min_size=1, max_size=12), MIXED)
def test_the_nearest_entry_has_the_highest_score_and_then_the_lowest_position(pool: list[str], query: str) -> None:
    index = filled([tokens(text) for text in pool])
    scores = [score(tokens(query), tokens(text)) for text in pool]
    assert index.nearest(tokens(query)) == (scores.index(max(scores)), max(scores))


def test_an_empty_index_has_no_nearest_entry() -> None:
    assert Index().nearest(["a"]) is None


def test_nothing_at_exactly_the_threshold_is_above_it() -> None:
    index = filled([list("abcdefgxyz")])
    assert index.nearest(list("abcdefghij"), above=0.7) is None
    assert index.nearest(list("abcdefghij"), above=0.69) == (0, 0.7)


def test_an_index_grows_from_python_into_the_kernels_without_a_change() -> None:
    small = filled(texts(5, 400))
    large = filled(texts(5, 400), 100)
    queries = texts(6, 100)
    assert [small.nearest(query) for query in queries] == [large.nearest(query) for query in queries]


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.lists(st.sampled_from("abcdefg写诗"), max_size=8)), max_size=60))
def test_any_order_of_asking_and_adding_gives_the_answers_of_python(steps: list[tuple[bool, list[str]]]) -> None:
    small, large = Index(), Index(0)
    for adds, text in steps:
        asked = small.nearest(text, 0.2), large.nearest(text, 0.2)
        assert asked[0] == asked[1]
        if adds:
            assert small.add(text) == large.add(text)


def test_a_query_leaves_the_vocabulary_as_it_is() -> None:
    index = filled([["a", "b"]], 0)
    assert index.nearest(["never", "seen"]) == (0, 0.0)
    assert index.nearest(["a", "never"]) == (0, 0.5)


def test_what_is_saved_is_loaded_with_the_same_answers() -> None:
    some = [*texts(8, 80), [], ["写", "诗", "\ud800"]]
    index, file = filled(some), io.BytesIO()
    index.save(file)
    file.seek(0)
    loaded = Index.load(file)
    assert [loaded.nearest(text) for text in some] == [index.nearest(text) for text in some]
    assert loaded.add(["写", "诗"]) == len(some)


def test_python_and_the_kernels_save_the_same_bytes() -> None:
    some, first, second = texts(9, 50), io.BytesIO(), io.BytesIO()
    filled(some).save(first)
    filled(some, 0).save(second)
    assert first.getvalue() == second.getvalue()


def test_every_way_to_damage_a_saved_index_is_named() -> None:
    file = io.BytesIO()
    filled([["a", "b"], ["c"]]).save(file)
    data = file.getvalue()
    for cut in (0, 1, 100, len(data) // 2, len(data) - 1):
        with pytest.raises(InputError, match="build the index again"):
            Index.load(io.BytesIO(data[:cut]))
    with pytest.raises(InputError, match="is no index"):
        Index.load(io.BytesIO(b"instruction,input\n"))


def saved(**change: object) -> io.BytesIO:
    file, altered = io.BytesIO(), io.BytesIO()
    filled([["a", "b"], ["c"]]).save(file)
    file.seek(0)
    with np.load(file) as stored:
        np.savez(altered, **(dict(stored) | change))
    altered.seek(0)
    return altered


def test_a_changed_token_is_found_by_the_checksum() -> None:
    with pytest.raises(InputError, match="was changed"):
        Index.load(saved(tokens=np.array([0, 1, 1], "<i4")))


def test_another_version_is_named() -> None:
    with pytest.raises(InputError, match="is `selfinstruct rouge index 9`"):
        Index.load(saved(format=np.frombuffer(b"selfinstruct rouge index 9", np.uint8)))


def test_a_pickle_is_never_opened() -> None:
    file = io.BytesIO()
    np.savez(file, format=np.array([{"a": 1}], dtype=object))
    file.seek(0)
    with pytest.raises(InputError, match="is no index"):
        Index.load(file)


def by_definition(some: Sequence[Sequence[str]], number: int) -> tuple[float, list[tuple[int, float]]]:
    scores = [score(some[number], other) for other in some[:number]]
    order = sorted(range(number), key=lambda position: (-scores[position], position))[:10]
    return sum(scores) / max(number, 1), [(position, scores[position]) for position in order]


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.sampled_from([12, 100]))
def test_statistics_are_the_mean_and_the_ten_highest_of_all_pairs(seed: int, longest: int) -> None:
    some = texts(seed, 60, longest)
    expected = [by_definition(some, number) for number in range(20, 60)]
    small = list(filled(some).statistics(begin=20))
    large = list(filled(some, 0).statistics(begin=20))
    for found in (small, large):
        assert [list(one.most_similar) for one in found] == [most for _, most in expected]
        assert [one.mean for one in found] == pytest.approx([mean for mean, _ in expected], rel=1e-12)


def test_statistics_are_the_same_for_any_number_of_workers() -> None:
    from concurrent.futures import ThreadPoolExecutor

    index = filled(texts(11, 500), 0)
    with ThreadPoolExecutor(3) as threads:
        assert list(index.statistics(0, Workers(threads, 3))) == list(index.statistics())
