from typing import get_args

import pytest

from selfinstruct.quality.rules import (
    DOUBTS,
    ERRORS,
    ROW_RULES,
    RULES,
    WARNINGS,
    all_broken,
    all_flags,
    describe,
    first_broken,
)
from selfinstruct.records import Candidate, LanguageCode, Seed
from selfinstruct.system.files import bundled, read_jsonl
from tests.support.rule_cases import INSTRUCTIONS, ROWS, WRITTEN_FOR, Row, broken, candidate
from tests.support.rule_examples import RuleExample, examples


def cases(which: int) -> list[tuple[str, str]]:
    return [(name, text) for name, table in INSTRUCTIONS.items() for text in table[which]]


def rows(which: int) -> list[tuple[str, Row]]:
    return [(name, row) for name, table in ROWS.items() for row in table[which]]


def written_for(name: str, instruction: str) -> Candidate:
    """The language is told by the script, except where writing in the other one is the defect."""
    return candidate(instruction, language=WRITTEN_FOR.get(instruction) if name == "wrong_language" else None)


WORDED = {
    "asks_for_media",
    "mentions_missing_input",
    "placeholder_output",
    "refusal",
    "self_reference",
    "unfinished_output",
    "unsafe",
}
"""Rules that go by wording or place: most of what they should find is asked for, and nothing that they should keep."""


@pytest.mark.parametrize(("name", "instruction"), [one for one in cases(0) if one[0] not in WORDED])
def test_a_rule_finds_its_defect_in_an_instruction(name: str, instruction: str) -> None:
    assert broken(name, written_for(name, instruction))


@pytest.mark.parametrize("name", sorted(WORDED))
def test_a_rule_of_wording_finds_most_of_its_defects(name: str) -> None:
    found = [bool(broken(name, written_for(name, text))) for one, text in cases(0) if one == name]
    found += [bool(broken(name, candidate(*row))) for one, row in rows(0) if one == name]

    assert sum(found) >= 0.75 * len(found) > 0


@pytest.mark.parametrize(("name", "instruction"), cases(1))
def test_a_rule_keeps_an_instruction_that_only_looks_like_its_defect(name: str, instruction: str) -> None:
    assert not broken(name, written_for(name, instruction))


@pytest.mark.parametrize(("name", "row"), [one for one in rows(0) if one[0] not in WORDED])
def test_a_rule_finds_its_defect_in_a_row(name: str, row: Row) -> None:
    assert broken(name, candidate(*row))


@pytest.mark.parametrize(("name", "row"), rows(1))
def test_a_rule_keeps_a_row_that_only_looks_like_its_defect(name: str, row: Row) -> None:
    assert not broken(name, candidate(*row))


def each(kind: str) -> list[tuple[str, RuleExample]]:
    return [(name, one) for name, said in examples(kind).items() for one in said]


@pytest.mark.parametrize(("name", "example"), each("finds"))
def test_a_rule_finds_its_examples(name: str, example: RuleExample) -> None:
    assert broken(name, example.candidate())


@pytest.mark.parametrize(("name", "example"), each("keeps"))
def test_a_near_miss_breaks_no_rule(name: str, example: RuleExample) -> None:
    assert all_broken(example.candidate()) == []
    assert not broken(name, example.candidate())


@pytest.mark.parametrize(("name", "example"), each("flags"))
def test_a_wider_form_flags_under_the_name_of_its_rule_what_that_does_not_reject(
    name: str, example: RuleExample
) -> None:
    row = example.candidate()

    assert name in [flag for flag, _ in all_flags(row)]
    assert name not in [rule for rule, _ in all_broken(row)]
    assert name not in [flag for flag, _ in all_flags(row, {name})]


def test_what_a_rule_rejects_is_not_flagged_by_its_wider_form_too() -> None:
    row = candidate("Summarize the article.")

    assert "mentions_missing_input" in [rule for rule, _ in all_broken(row)]
    assert "mentions_missing_input" not in [flag for flag, _ in all_flags(row)]


@pytest.mark.parametrize(
    "instruction", ["Shorten it.", "Translate the text above.", "写短", "把上面这段话翻译成英文。"]
)
def test_a_further_turn_may_be_short_and_speak_of_what_was_said(instruction: str) -> None:
    alone = candidate(instruction)
    further = alone.model_copy(update={"history": (("Describe the harbour.", "The ships lie still."),)})
    long = alone.model_copy(update={"system": "The text: the ships lie still in the harbour."})

    rules = {"too_short", "mentions_missing_input"}
    assert rules & {rule for rule, _ in all_broken(alone)}
    assert not rules & {rule for rule, _ in all_broken(further)}
    assert "mentions_missing_input" not in {rule for rule, _ in all_broken(long)}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_names_its_source_and_has_examples_in_both_languages(name: str) -> None:
    assert describe(RULES[name]).source
    if name != "too_long":  # its examples are long, and stand in `rule_cases.py`
        finds, keeps = examples("finds")[name], examples("keeps")[name]
        assert {one.language for one in finds} == {one.language for one in keeps} == {"en", "zh"}


def test_every_example_is_of_a_rule() -> None:
    assert {*examples("finds"), *examples("keeps")} <= set(RULES)
    assert set(examples("flags")) == set(DOUBTS) - {"too_long"}


def test_every_rule_says_what_it_finds() -> None:
    assert all(rule.__doc__ for rule in RULES.values())


@pytest.mark.parametrize("language", get_args(LanguageCode))
def test_no_seed_breaks_a_rule(language: LanguageCode) -> None:
    seeds = [Seed.model_validate(value) for _, value in read_jsonl(bundled("seed_tasks") / f"{language}.jsonl")]
    found = [
        (seed.id, broken)
        for seed in seeds
        for instance in seed.instances
        if (broken := all_broken(candidate(seed.instruction, instance.input, instance.output, language)))
    ]

    assert found == []


def test_a_disabled_rule_is_not_asked() -> None:
    row = candidate("Name a ripe fruit.", output="N/A")

    assert all_broken(row, {"placeholder_output"}) == []
    assert first_broken(ROW_RULES, row, {"placeholder_output"}) is None


def test_a_warning_flags_and_does_not_reject() -> None:
    row = candidate("Write a poem.\n\nList cars that begin with B.")

    assert [name for name, _ in all_flags(row)] == ["several_lines"]
    assert all_broken(row) == []
    assert not {rule.__name__ for rule in WARNINGS} & {rule.__name__ for rule in ERRORS}


@pytest.mark.parametrize(
    ("language", "instruction", "told"),
    [
        ("en", "Write.", "1 word in the instruction, at least 3"),
        ("zh", "翻译", "2 characters in the instruction, at least 3"),
    ],
)
def test_an_instruction_that_is_too_short_says_what_is_counted(
    language: LanguageCode, instruction: str, told: str
) -> None:
    row = Candidate(language=language, index=0, position=0, instruction=instruction, output="An answer to nothing.")
    assert first_broken(ERRORS, row) == ("too_short", told)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("instruction", ["", " \n"])
def test_an_empty_instruction_is_too_short(language: LanguageCode, instruction: str) -> None:
    row = Candidate(language=language, index=0, position=0, instruction=instruction, output="An answer to nothing.")
    assert first_broken(ERRORS, row) == ("too_short", "empty")
