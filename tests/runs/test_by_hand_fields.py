"""What a row that was added by hand carries beside its texts: a worse answer comes back, and what no row holds is said."""

import json
from pathlib import Path

import pytest

from selfinstruct.errors import RecordError
from tests.support.edited_run import Case, MakeConfig
from tests.support.hand_edits import answered, asked, change, decisions, poem, read, stays, whole

LANGUAGES = pytest.mark.parametrize("language", ["en", "zh"])


@pytest.fixture
def case(make_config: MakeConfig, tmp_path: Path) -> Case:
    return Case(make_config("batch"), tmp_path / "run")


@pytest.mark.thorough
@LANGUAGES
def test_a_preference_pair_that_was_added_stays(case: Case, language: str) -> None:
    change(whole(case, language), lambda rows: [*rows, {**poem(language), "rejected": "no"}])
    case.filter()
    (row,) = [one for one in read(whole(case, language)) if "rejected" in one]
    assert (row["chosen"], row["rejected"]) == (poem(language)["output"], "no")
    (decision,) = decisions(case)
    assert decision["row"] == row
    stays(case)


@pytest.mark.thorough
@LANGUAGES
def test_an_edit_of_a_preference_pair_stays(case: Case, language: str) -> None:
    change(whole(case, language), lambda rows: [{**rows[0], "rejected": "no"}, *rows[1:]])
    case.filter()
    change(whole(case, language), lambda rows: [{**one, "chosen": "yes"} if "chosen" in one else one for one in rows])
    case.filter()
    assert [one["chosen"] for one in read(whole(case, language)) if "chosen" in one] == ["yes"]
    stays(case)


@pytest.mark.thorough
@LANGUAGES
@pytest.mark.parametrize(("name", "value"), [("source", "atlas"), ("checks", ["x"]), ("note", "mine")])
def test_a_field_that_no_row_holds_is_named(case: Case, language: str, name: str, value: object) -> None:
    change(whole(case, language), lambda rows: [{**rows[0], name: value}, *rows[1:]])
    case.filter()
    assert any(f"no such field: `{name}` (1 row)" in line for line in case.said)


@pytest.mark.thorough
@LANGUAGES
def test_a_key_that_stands_twice_is_refused_before_anything_is_written(case: Case, language: str) -> None:
    path = whole(case, language)
    change(path, answered("first"))
    text = path.read_text(encoding="utf-8").replace('"output": "first"', '"output": "first", "output": "second"')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RecordError, match=rf"{language}\.jsonl:1: field `output` stands twice"):
        case.filter()
    assert path.read_text(encoding="utf-8") == text
    assert not decisions(case)
    nested = json.dumps({**poem(language), "note": {"output": "a"}})
    assert nested.count('"output"') == 2
    path.write_text(text.replace(', "output": "second"', "") + nested + "\n", encoding="utf-8")
    case.filter()
    assert len(decisions(case)) == 2


@pytest.mark.thorough
@LANGUAGES
def test_an_exclusion_of_an_edited_row_is_said(case: Case, language: str) -> None:
    (first, *_) = read(whole(case, language))
    change(whole(case, language), answered("better"))
    case.filter()
    config = case.config.model_copy(
        update={"validate_": case.config.validate_.model_copy(update={"exclude": (first["id"],)})}
    )
    case.filter(config)
    assert any(f"leaves out what was edited or added by hand: {first['id']}" in line for line in case.said)


@pytest.mark.thorough
@LANGUAGES
def test_a_near_duplicate_that_was_added_is_kept_and_said(case: Case, language: str) -> None:
    (first, *_) = read(whole(case, language))
    near = first["instruction"].rstrip(".。") + ("!" if language == "en" else "呀。")
    change(whole(case, language), lambda rows: [*rows, {**poem(language), "instruction": near}, poem(language)])
    case.filter()
    assert [
        line
        for line in case.said
        if "(near_duplicate)" in line and "1 row made by hand breaks rules and is kept" in line
    ]
    assert near in [row["instruction"] for row in read(whole(case, language))]


@pytest.mark.thorough
@pytest.mark.parametrize("first", ["answer", "question"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_second_edit_of_a_row_survives_a_generate_that_asks(
    make_config: MakeConfig, tmp_path: Path, language: str, first: str
) -> None:
    case = Case(make_config("batch"), tmp_path / "run")
    path = whole(case, language)
    change(path, answered("better") if first == "answer" else asked("Say what a lighthouse is for. 说说灯塔。"))
    case.filter()
    named = decisions(case)[0]["row"]["id"]
    asks = "Say how a beacon differs from it. 说说航标和它的区别。"
    change(path, lambda rows: [{**row, "instruction": asks} if row["id"] == named else row for row in rows])
    case.generate(make_config("batch", target={"en": 5, "zh": 5}))
    assert asks in [row["instruction"] for row in read(path)]
    (decision,) = decisions(case)
    assert (decision["decision"], decision["row"]["instruction"]) == ("edited", asks)


@pytest.mark.parametrize(
    "names",
    [
        ("指令", "输出"),
        *(
            pytest.param(one, marks=pytest.mark.thorough)
            for one in (("question", "answer"), ("Instruction", "Response"))
        ),
    ],
)
@LANGUAGES
def test_a_row_under_other_names_is_taken_whole_and_raises_no_alarm(
    case: Case, language: str, names: tuple[str, str]
) -> None:
    row = poem(language)
    added = dict(zip(names, (row["instruction"], row["output"]), strict=True))
    change(whole(case, language), lambda rows: [*rows, added])
    case.said.clear()
    case.filter()
    (told,) = case.said
    assert "rows added by hand: 1; recorded in review.jsonl" in told
    assert row["output"] in [one["output"] for one in read(whole(case, language))]
    assert not case.copies


@LANGUAGES
def test_a_note_beside_other_names_is_named_and_the_dataset_with_it_kept(case: Case, language: str) -> None:
    row = poem(language)
    change(
        whole(case, language), lambda rows: [*rows, {"指令": row["instruction"], "输出": row["output"], "备注": "我"}]
    )
    case.filter()
    assert any("no such field: `备注` (1 row)" in line for line in case.said)
    assert any("no row is lacking; 1 that stood here had fields" in line for line in case.said)
    assert len(case.copies) == 1


@LANGUAGES
def test_an_empty_id_is_none(case: Case, language: str) -> None:
    change(whole(case, language), lambda rows: [*rows, {"id": "", **poem(language)}])
    case.said.clear()
    case.filter()
    assert not [line for line in case.said if "own `id`" in line]
