"""What holds for any two datasets."""

import json
from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfinstruct.dataset.diff import Entry, Origin, Other, Side, compare, segments
from selfinstruct.dataset.diff.edits import parts
from selfinstruct.dataset.diff.records import Change
from selfinstruct.held_out import Example, HeldOut
from tests.diff.rows import Row, diff, en, entry, side, zh
from tests.diff.strategies import tables, texts


@settings(deadline=None)
@given(tables, tables)
def test_every_row_of_both_sides_ends_in_exactly_one_pair(base: list[Row], head: list[Row]) -> None:
    counts = diff(base, head).counts
    both = counts["changed"] + counts["rewritten"] + counts["format_only"] + counts["unchanged"]
    assert counts["removed"] + both == len(base)
    assert counts["added"] + both == len(head)


@settings(deadline=None)
@given(tables)
def test_a_dataset_does_not_differ_from_itself(rows: list[Row]) -> None:
    found = diff(rows, rows)
    assert found.counts["unchanged"] == len(rows)
    assert found.changes == ()
    assert found.near_duplicates == ()


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


@settings(deadline=None)
@given(tables, tables)
def test_added_in_one_direction_is_removed_in_the_other(base: list[Row], head: list[Row]) -> None:
    there, back = diff(base, head).counts, diff(head, base).counts
    assert (there["added"], there["removed"]) == (back["removed"], back["added"])
    assert there["unchanged"] == back["unchanged"]


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


def test_new_rows_are_compared_with_seeds_and_held_out_rows() -> None:
    seeds = (
        Other("seed", "seed_1", "zh", "列出三种常见的水果。"),
        Other("seed", "seed_2", "en", "List three fruits."),
    )
    held_out = HeldOut([Example("test.jsonl", 7, "zh", "列出四种常见的水果。", "", "苹果、梨、桃、杏。")])
    found = diff([], [zh("列出五种常见的水果。")], seeds=seeds, held_out=held_out)
    assert {(one.against, one.other) for one in found.near_duplicates} == {
        ("seed", "seed_1"),
        ("held_out", "test.jsonl:7"),
    }
    assert found.risk.level == "high"


def test_an_answer_that_now_repeats_a_held_out_one_is_told_and_one_that_did_before_is_not() -> None:
    exam = "The quick brown fox jumps over the lazy dog while the cat sleeps in the warm sun."
    held_out = HeldOut([Example("test.jsonl", 3, "en", "Write a pangram about animals.", "", exam)])
    before, after = en("Describe a quiet scene.", "It is calm."), en("Describe a quiet scene.", exam)
    (near,) = diff([before], [after], held_out=held_out).near_duplicates
    assert (near.against, near.how, near.other, near.other_text) == ("held_out", "overlap", "test.jsonl:3", exam)
    assert diff([after], [after | {"output": exam + " So."}], held_out=held_out).near_duplicates == ()


def test_rows_that_shared_an_id_before_are_no_finding_of_this_change() -> None:
    twins = [en("Name a river in France.", "The Loire."), en("Name a river in France.", "The Rhône.")]
    assert diff(twins, twins).findings.introduced == ()
    assert [one.rule for one in diff(twins[:1], twins).findings.introduced] == ["same_id", "same_id"]


def test_a_disabled_rule_finds_nothing_in_its_language() -> None:
    row = zh("概括下面这段文字的大意。", "无")
    rules = {one.rule for one in diff([], [row]).findings.introduced}
    fewer = {one.rule for one in diff([], [row], disabled={"zh": ("placeholder_output",)}).findings.introduced}
    assert rules - fewer == {"placeholder_output"}


def test_a_reworded_row_that_was_as_near_before_brings_nothing_in() -> None:
    near = zh("列出三种常见的水果和它们的产地。")
    before, after = zh("列出五种常见的水果和它们的产地。"), zh("列出六种常见的水果和它们的产地。")
    assert diff([near, before], [near, after]).counts["rewritten"] == 1
    assert diff([near, before], [near, after]).near_duplicates == ()
    assert len(diff([near], [near, after]).near_duplicates) == 1


def test_the_threshold_is_that_of_the_head_run() -> None:
    rows = [zh("列出三种常见的水果。"), zh("列出五种常见的水果。")]
    strict = side(rows, manifest={"keeping": {"filter": {"threshold": {"en": 0.7, "zh": 0.9}}}})
    assert compare(side([]), side(rows)).near_duplicates != ()
    assert compare(side([]), strict).near_duplicates == ()


def test_only_what_a_change_breaks_is_a_finding() -> None:
    broken = zh("概括下面这段文字的大意。", "无")
    fixed = broken | {"output": "文字讲的是春天到来时，山里的花都开了。"}
    assert {one.rule for one in diff([fixed], [broken]).findings.introduced} == {"placeholder_output"}
    assert diff([broken], [fixed]).findings.introduced == ()
    assert diff([broken], [fixed]).findings.by_rule["placeholder_output"] == {"base": 1, "head": 0}
    assert diff([broken], [broken, en("Name a river in France.")]).findings.by_rule == {}


def _run(rows: list[Row], origins: list[Origin], **asking: object) -> Side:
    known = {entry(row).id: origin for row, origin in zip(rows, origins, strict=False)}
    entries = tuple(entry(row, origin=known.get(entry(row).id)) for row in rows)
    manifest = {"asking": {"teacher": {"model": asking.pop("model", "a")}}, "keeping": asking}
    return Side("run", entries, manifest, known)


def _causes(base: Side, head: Side) -> dict[str, dict[str, int]]:
    return {one.cause: {str(kind): count for kind, count in one.rows.items()} for one in compare(base, head).causes}


ONE, TWO = zh("写一首关于春天的诗。", "春天来了。"), zh("解释什么是光合作用。", "植物把光变成养分。")
FIRST, SECOND = Origin(request=0, model="a", score=0.2), Origin(request=1, model="a", score=0.65)


def test_a_row_edited_in_the_file_alone_was_edited_by_hand() -> None:
    base = _run([ONE, TWO], [FIRST, SECOND])
    assert _causes(base, _run([ONE | {"output": "改了。"}, TWO], [FIRST, SECOND])) == {"by_hand": {"changed": 1}}
    gone = Side("run", base.entries[:1], base.manifest, base.origins)
    assert _causes(base, gone) == {"by_hand": {"removed": 1}}
    new = _run([ONE, TWO, zh("给老师写一封短信。")], [FIRST, SECOND])
    assert _causes(base, new) == {"by_hand": {"added": 1}}


def test_another_model_a_moved_threshold_and_more_requests_are_told_apart() -> None:
    base = _run([ONE], [FIRST], filter={"threshold": {"zh": 0.6}})
    head = _run(
        [ONE, TWO, zh("介绍一种乐器。"), zh("比较茶和咖啡。")],
        [FIRST, Origin(request=0, position=1, model="a", score=0.65), Origin(request=1, model="b"), Origin(request=9, model="a", score=0.1)],
        filter={"threshold": {"zh": 0.7}},
    )  # fmt: skip
    assert _causes(base, head) == {"threshold": {"added": 1}, "teacher": {"added": 1}, "more_requests": {"added": 1}}
    keys = {one.key: (one.base, one.head) for one in compare(base, head).settings}
    assert keys == {"keeping.filter.threshold.zh": (0.6, 0.7)}


def test_a_moved_threshold_explains_what_the_higher_keeps_and_the_lower_does_not() -> None:
    base = _run([ONE], [FIRST], filter={"threshold": {"zh": 0.6}})
    scores = {"写一封信。": 0.6, "唱一首歌。": 0.61, "画一座山。": 0.7}
    origins = [FIRST, *(Origin(request=0, position=9, model="a", score=score) for score in scores.values())]
    head = _run([ONE, *map(zh, scores)], origins, filter={"threshold": {"zh": 0.7}})
    causes = {one.head.instruction: one.cause for one in compare(base, head).changes if one.head}
    assert causes == {"写一封信。": "settings", "唱一首歌。": "threshold", "画一座山。": "threshold"}


def test_other_settings_explain_what_nothing_more_definite_does() -> None:
    again = Origin(request=0, position=3, model="a", score=0.1)
    base, head = _run([ONE], [FIRST], seed=1), _run([ONE | {"output": "不同的诗。"}], [again], seed=2)
    assert _causes(base, head) == {"settings": {"changed": 1}}
    assert "seed: 1 -> 2" in compare(base, head).causes[0].detail


def test_without_provenance_nothing_is_blamed() -> None:
    assert [one.cause for one in diff([ONE], [TWO]).causes] == ["unknown"]


def test_money_and_tokens_come_from_the_manifests() -> None:
    base = side([ONE], manifest={"tokens": {"prompt": 10, "completion": 20}, "cost_usd": "0.50"})
    head = side([ONE, TWO], manifest={"tokens": {"prompt": 30, "completion": 40}, "cost_usd": None})
    usage = compare(base, head).usage
    assert usage.prompt_tokens == (10, 30)
    assert (usage.cost_usd, usage.usd_per_row) == (("0.50", None), ("0.500000", None))


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
