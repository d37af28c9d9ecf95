"""Rows made by hand that break what the run's own candidates may not: near an evaluation set, near a seed, near each other. They are kept, and named."""

import json
from pathlib import Path

import pytest

from selfinstruct.errors import InputError
from selfinstruct.records import row_id
from tests.support.edited_run import Case, MakeConfig
from tests.support.explanations import of
from tests.support.hand_edits import asked, change, poem, read, stays, whole

pytestmark = pytest.mark.thorough  # whole runs, emitted again

LANGUAGES = pytest.mark.parametrize("language", ["en", "zh"])
EXAM = {"en": "Say why so many herbs grow well on a windowsill.", "zh": "说说为什么香草适合在窗台上种。"}
NEAR = {"en": "Say why so many herbs grow well on a kitchen windowsill.", "zh": "说说为什么香草适合在厨房窗台上种。"}


def told(case: Case) -> str:
    (line,) = [one for one in case.said if "made by hand break" in one]
    return line


def flags(case: Case) -> dict[str, list[str]]:
    return {one["id"]: one["flags"] for one in read(case.path / "provenance.jsonl") if "flags" in one}


@pytest.fixture
def exam(tmp_path: Path) -> Path:
    path = tmp_path / "exam.jsonl"
    rows = [{"language": name, "instruction": text, "input": "", "output": "?"} for name, text in EXAM.items()]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


@LANGUAGES
@pytest.mark.parametrize("text", ["same", pytest.param("near", marks=pytest.mark.thorough)])
def test_an_added_row_of_an_evaluation_set_is_named_and_explained(
    make_config: MakeConfig, tmp_path: Path, exam: Path, language: str, text: str
) -> None:
    case = Case(make_config("batch", filter__held_out=[str(exam)]), tmp_path / "run")
    instruction = {"same": EXAM, "near": NEAR}[text][language]
    change(whole(case, language), lambda rows: [*rows, {**poem(language), "instruction": instruction}])
    case.said.clear()
    case.filter()
    added = row_id(language, instruction, "")
    assert f"1 row made by hand breaks rules and is kept: {added} (in_evaluation_set)" in told(case)
    assert flags(case) == {added: ["in_evaluation_set"]}
    with pytest.raises(
        InputError, match=r"in_evaluation_set \((exact|near) [01]\.\d+ to the question of .*exam\.jsonl"
    ):
        of(case.config, case.path, added)


@pytest.mark.thorough
@LANGUAGES
def test_an_edited_row_of_an_evaluation_set_is_named_and_explained(
    make_config: MakeConfig, tmp_path: Path, exam: Path, language: str
) -> None:
    case = Case(make_config("batch", filter__held_out=[str(exam)]), tmp_path / "run")
    change(whole(case, language), asked(EXAM[language]))
    case.said.clear()
    case.filter()
    (edited,) = [row["id"] for row in read(whole(case, language)) if row["instruction"] == EXAM[language]]
    assert f"{edited} (in_evaluation_set)" in told(case)
    assert flags(case) == {edited: ["in_evaluation_set"]}
    (broken,) = of(case.config, case.path, edited).broken_by_hand
    assert broken.rule == "in_evaluation_set"
    assert "exam.jsonl" in broken.detail


@pytest.mark.thorough
@LANGUAGES
def test_an_evaluation_set_that_comes_later_names_rows_that_were_made_by_hand_before(
    make_config: MakeConfig, tmp_path: Path, exam: Path, language: str
) -> None:
    case = Case(make_config("batch"), tmp_path / "run")
    change(whole(case, language), lambda rows: [*rows, {**poem(language), "instruction": EXAM[language]}])
    case.filter()
    assert not flags(case)
    case.filter(make_config("batch", filter__held_out=[str(exam)]))
    assert list(flags(case).values()) == [["in_evaluation_set"]]


@LANGUAGES
def test_each_near_duplicate_among_rows_made_by_hand_is_named_once(case: Case, language: str) -> None:
    (first, *_) = read(whole(case, language))
    mark = {"en": "!", "zh": "呀！"}[language]
    near = [EXAM[language], NEAR[language], first["instruction"].rstrip(".。!！") + mark]
    change(whole(case, language), lambda rows: [*rows, *({**poem(language), "instruction": one} for one in near)])
    case.said.clear()
    case.filter()
    ids = [row_id(language, one, "") for one in near]
    assert "2 rows made by hand break rules and are kept" in told(case)
    assert flags(case) == {max(ids[:2]): ["near_duplicate"], ids[2]: ["near_duplicate"]}
    change(whole(case, language), lambda rows: [row for row in rows if row["id"] not in {max(ids[:2]), ids[2]}])
    case.said.clear()
    case.filter()
    assert not flags(case)
    stays(case)


@pytest.mark.thorough
@LANGUAGES
def test_a_row_edited_into_what_another_edited_row_was_is_no_near_duplicate(case: Case, language: str) -> None:
    (first, second, *_) = read(whole(case, language))
    other = {"en": "Describe how a lock on a canal works.", "zh": "讲讲运河上的船闸怎样工作。"}[language]

    def swap(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        mark = {"en": "!", "zh": "呀！"}[language]
        return [
            {**first, "instruction": other},
            {**second, "instruction": first["instruction"].rstrip(".。!！") + mark},
            *rows[2:],
        ]

    change(whole(case, language), swap)
    case.filter()
    assert not flags(case)


@pytest.fixture
def case(make_config: MakeConfig, tmp_path: Path) -> Case:
    return Case(make_config("batch"), tmp_path / "run")
