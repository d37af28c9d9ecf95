"""What a change introduces: near-duplicates, evaluation examples, broken rules."""

from selfinstruct.dataset.diff import Other
from selfinstruct.dedup.contamination import EvaluationExample, EvaluationSets
from tests.support.diff_rows import diff, en, zh


def test_new_rows_are_compared_with_seeds_and_held_out_rows() -> None:
    seeds = (
        Other("seed", "seed_1", "zh", "列出三种常见的水果。"),
        Other("seed", "seed_2", "en", "List three fruits."),
    )
    evaluation_sets = EvaluationSets(
        [EvaluationExample("test.jsonl", 7, "zh", "列出四种常见的水果。", "", "苹果、梨、桃、杏。")]
    )
    found = diff([], [zh("列出五种常见的水果。")], seeds=seeds, evaluation_sets=evaluation_sets)
    assert {(one.against, one.other) for one in found.near_duplicates} == {
        ("seed", "seed_1"),
        ("held_out", "test.jsonl:7"),
    }
    assert found.risk.level == "high"


def test_an_answer_that_now_repeats_a_held_out_one_is_told_and_one_that_did_before_is_not() -> None:
    exam = "The quick brown fox jumps over the lazy dog while the cat sleeps in the warm sun."
    evaluation_sets = EvaluationSets(
        [EvaluationExample("test.jsonl", 3, "en", "Write a pangram about animals.", "", exam)]
    )
    before, after = en("Describe a quiet scene.", "It is calm."), en("Describe a quiet scene.", exam)
    (near,) = diff([before], [after], evaluation_sets=evaluation_sets).near_duplicates
    assert (near.against, near.how, near.other, near.other_text) == ("held_out", "overlap", "test.jsonl:3", exam)
    assert diff([after], [after | {"output": exam + " So."}], evaluation_sets=evaluation_sets).near_duplicates == ()


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


def test_a_row_is_near_above_the_threshold_of_the_checks() -> None:
    rows = [zh("列出三种常见的水果。"), zh("列出五种常见的水果。")]
    assert diff([], rows).near_duplicates != ()
    assert diff([], rows, threshold={"en": 0.7, "zh": 0.9}).near_duplicates == ()


def test_only_what_a_change_breaks_is_a_finding() -> None:
    broken = zh("概括下面这段文字的大意。", "无")
    fixed = broken | {"output": "文字讲的是春天到来时，山里的花都开了。"}
    assert {one.rule for one in diff([fixed], [broken]).findings.introduced} == {"placeholder_output"}
    assert diff([broken], [fixed]).findings.introduced == ()
    assert diff([broken], [fixed]).findings.by_rule["placeholder_output"] == {"base": 1, "head": 0}
    assert diff([broken], [broken, en("Name a river in France.")]).findings.by_rule == {}
