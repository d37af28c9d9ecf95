"""Properties of the diff of any two datasets."""

import json
from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfinstruct.dataset.diff import Entry, Side, compare
from selfinstruct.dataset.diff.records import Change
from tests.support.diff_rows import ONE, TWO, Row, diff, en, entry, zh
from tests.support.diff_strategies import tables


@settings(deadline=None)
@given(tables, tables)
def test_every_row_of_both_sides_ends_in_exactly_one_pair(base: list[Row], head: list[Row]) -> None:
    counts = diff(base, head).counts
    both = counts["changed"] + counts["rewritten"] + counts["format_only"] + counts["unchanged"]
    assert counts["removed"] + both == len(base)
    assert counts["added"] + both == len(head)


@pytest.mark.thorough
@settings(deadline=None)
@given(tables)
def test_a_dataset_does_not_differ_from_itself(rows: list[Row]) -> None:
    found = diff(rows, rows)
    assert found.counts["unchanged"] == len(rows)
    assert found.changes == ()
    assert found.near_duplicates == ()


@pytest.mark.thorough
@settings(deadline=None)
@given(tables, tables, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(base: list[Row], head: list[Row], random: "st.DataObject") -> None:
    before = diff(base, head)
    for rows in (base, head):
        random.shuffle(rows)  # type: ignore[attr-defined]
    assert _without_places(diff(base, head).model_dump_json()) == _without_places(before.model_dump_json())


def _without_places(text: str) -> str:
    value = json.loads(text)
    return json.dumps({key: value[key] for key in ("hash", "counts", "changes", "near_duplicates", "sample", "groups")})


@pytest.mark.thorough
@settings(deadline=None)
@given(tables, tables)
def test_added_in_one_direction_is_removed_in_the_other(base: list[Row], head: list[Row]) -> None:
    there, back = diff(base, head).counts, diff(head, base).counts
    assert (there["added"], there["removed"]) == (back["removed"], back["added"])
    assert there["unchanged"] == back["unchanged"]


def test_rows_pair_with_the_most_similar_and_one_to_one() -> None:
    base = [en("Name a long river in the north of France."), en("Name a river in France.")]
    head = [en("Name a very long river in the north of France."), en("Name a big river in France.")]
    pairs = {(one.base.instruction, one.head.instruction) for one in diff(base, head).changes if one.base and one.head}
    assert pairs == set(zip((row["instruction"] for row in base), (row["instruction"] for row in head), strict=True))


def test_an_answer_that_several_rows_had_says_nothing_of_which_one_was_reworded() -> None:
    answer = "Use cooler water, and take the leaves out in time."
    base = [
        en("Explain how to brew green tea without making it bitter.", answer),
        en("Say how one should serve green tea to many guests.", answer),
    ]
    reworded = en("How do I make green tea that is not bitter?", answer)
    assert diff(base[:1], [reworded]).counts["rewritten"] == 1
    assert diff(base, [reworded]).counts["rewritten"] == 0


def test_languages_are_not_compared_with_each_other() -> None:
    found = diff([en("用 Python 写一个程序吧")], [en("用 Python 写一个程序吧"), zh("用 Python 写一个程序吧。")])
    assert found.near_duplicates == ()


def _many(count: int, language: str = "en") -> list[Row]:
    make = en if language == "en" else zh
    return [make(f"{word} number {count} of things like {word}.") for word in _words(count)]


def _words(count: int) -> list[str]:
    return [f"{chr(97 + number % 26)}{number}word" for number in range(count)]


def test_a_shift_is_notable_only_with_rows_enough() -> None:
    few, many = ([en(f"Write {word}.") for word in _words(size)] for size in (5, 30))
    assert not any(one.notable for one in diff(few, [row | {"input": "x"} for row in few]).shifts)
    shifted = diff(many, [row | {"input": "x"} for row in many]).shifts
    assert next((one.language, one.measure, one.base, one.head) for one in shifted if one.notable) == (
        "en",
        "rows with input",
        0.0,
        1.0,
    )


def test_the_sample_has_every_language_and_kind_and_is_the_same_for_everybody() -> None:
    base = [*_many(40), *_many(40, "zh")]
    head = [*(row | {"output": "Another answer."} for row in base[:60]), zh("给奶奶写一封信，说说学校里的事。")]
    first, again = diff(base, head), diff(list(reversed(base)), list(reversed(head)))
    drawn = [first.changes[position] for position in first.sample]
    assert len(drawn) == 24
    english = [position for position in first.sample if first.changes[position].language == "en"]
    assert english != list(range(english[0], english[0] + len(english)))
    assert {(one.kind, one.language) for one in drawn} == {(one.kind, one.language) for one in first.changes}
    assert drawn == [again.changes[position] for position in again.sample]
    other = diff(base, [*head, zh("问候一位多年未见的老同学。")])
    assert [one.id for one in _of(other.changes, other.sample)] != [one.id for one in drawn]


def _of(changes: tuple[Change, ...], sample: tuple[int, ...]) -> list[Change]:
    return [changes[position] for position in sample]


@pytest.mark.parametrize(
    ("head", "level"),
    [
        ([ONE, TWO], "none"),
        ([ONE, TWO | {"output": "植物把光變成養分。"}], "none"),
        ([ONE, TWO, zh("给老师写一封短信，请两天假。")], "low"),
        ([ONE], "high"),
    ],
)
def test_the_risk_follows_what_happened(head: list[Row], level: str) -> None:
    assert diff([ONE, TWO], head).risk.level == level


def test_rows_with_one_id_are_counted_each() -> None:
    twins = [ONE, ONE, ONE | {"output": "另一首。"}]
    found = diff(twins, twins[:1])
    assert Counter({kind: count for kind, count in found.counts.items() if count}) == Counter(removed=2, unchanged=1)


def test_two_entries_with_equal_text_are_equal_wherever_they_stand() -> None:
    here, there = (Entry.model_validate(entry(ONE).model_dump() | {"where": place}) for place in ("a:1", "b:2"))
    assert compare(Side("a", (here,)), Side("b", (there,))).counts["unchanged"] == 1


def test_very_many_rows_are_paired_as_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    words = [
        "write",
        "name",
        "list",
        "explain",
        "a",
        "the",
        "short",
        "long",
        "poem",
        "story",
        "river",
        "tree",
        "about",
        "on",
        "spring",
        "autumn",
    ]
    draw = Random(7)
    base = [en(" ".join(draw.choices(words, k=8))) for _ in range(120)]
    head = [row | {"instruction": f"{row['instruction']} {draw.choice(words)}"} for row in base]
    head += [en(" ".join(draw.choices(words, k=7))) for _ in range(60)]
    few = diff(base, head)
    monkeypatch.setattr("selfinstruct.dataset.diff.match._MOST_PAIRS", 0)
    assert diff(base, head).changes == few.changes
    assert few.counts["rewritten"] > 100
