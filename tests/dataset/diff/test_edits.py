"""Edits inside a text."""

from hypothesis import given, settings

from selfinstruct.dataset.diff import segments
from selfinstruct.dataset.diff.edits import parts
from tests.support.diff_rows import diff, en
from tests.support.diff_strategies import texts


@settings(deadline=None)
@given(texts, texts)
def test_segments_join_to_both_texts(before: str, after: str) -> None:
    runs = segments(before, after)
    assert "".join(text for op, text in runs if op != "added") == before
    assert "".join(text for op, text in runs if op != "removed") == after
    assert "".join(parts(before)) == before


def test_english_differs_by_words_and_chinese_by_characters() -> None:
    assert _edits("Name a long river.", "Name a longer river.") == [("removed", "long"), ("added", "longer")]
    assert _edits("写一首古诗", "写两首古诗") == [("removed", "一"), ("added", "两")]
    assert _edits("用Python写冒泡排序", "用Rust写快速排序") == [
        ("removed", "Python"),
        ("added", "Rust"),
        ("removed", "冒泡"),
        ("added", "快速"),
    ]


def test_blanks_between_two_edits_belong_to_one_edit() -> None:
    assert _edits("a red car stops", "a blue bus stops") == [("removed", "red car"), ("added", "blue bus")]


def test_an_added_sentence_keeps_its_own_full_stop() -> None:
    assert _edits("到此为止。", "到此为止。请再核对。") == [("added", "请再核对。")]
    assert _edits("三站。到站。", "三站！到站。请核对。") == [("removed", "。"), ("added", "！"), ("added", "请核对。")]


def test_a_family_is_one_pictogram() -> None:
    assert parts("a👩‍👩‍👧‍👦b") == ["a", "👩‍👩‍👧‍👦", "b"]


def _edits(before: str, after: str) -> list[tuple[str, str]]:
    return [(op, text) for op, text in segments(before, after) if op != "same"]


def test_texts_too_long_to_compare_are_one_edit_between_what_they_share() -> None:
    before = "start " + " ".join(f"a{number}" for number in range(20_000)) + " end"
    after = "start " + " ".join(f"b{number}" for number in range(20_000)) + " end"
    assert [op for op, _ in segments(before, after)] == ["same", "removed", "added", "same"]


def test_equal_edits_are_grouped_whatever_stands_around_them() -> None:
    base = [en(f"Say something about {what}.", f"Its colour is {what}.") for what in ("rust", "jade", "slate")]
    head = [row | {"output": row["output"].replace("colour", "color")} for row in base]
    (group,) = diff(base, head).groups
    assert (group.edit, group.rows) == ((("colour", "color"),), 3)
    assert diff(base, [head[0], *base[1:]]).groups == ()
