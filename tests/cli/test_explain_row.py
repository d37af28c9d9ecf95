"""`validate --explain LINE`: all that the rules say of one row, in both languages."""

import json
from pathlib import Path

import pytest

import selfinstruct as si
from selfinstruct.errors import InputError
from selfinstruct.quality.classifier import HEADS
from selfinstruct.quality.rules import RULES, describe
from tests.support.command import Cli, rows

SOUND = {
    "en": {"instruction": "Name two rivers that flow through Ireland.", "output": "The Shannon and the Liffey."},
    "zh": {"instruction": "说出两条流经四川的河流。", "output": "岷江和嘉陵江。"},
}
REFUSES = {
    "en": {"instruction": "Write a poem about rain.", "output": "I'm sorry, but I can't assist with that request."},
    "zh": {"instruction": "写一首关于春雨的诗。", "output": "很抱歉，我无法完成。"},
}
FLAGGED = {
    "en": {"instruction": "Write a program that sorts numbers.", "output": "print(sorted(numbers))"},
    "zh": {"instruction": "写一个程序，计算圆的面积。", "output": "print(3.14159 * r * r)"},
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_rule_that_speaks_is_shown_with_what_it_is_and_its_source(
    selfinstruct: Cli, tmp_path: Path, language: str
) -> None:
    rows(tmp_path / "in.jsonl", SOUND[language], REFUSES[language])
    done = selfinstruct("validate", "in.jsonl", "--explain", "2")
    said = describe(RULES["refusal"])

    assert done.returncode == 1
    assert f"output: {REFUSES[language]['output']}" in done.stdout
    assert "error: refusal: " in done.stdout
    assert said.defect in done.stdout
    assert f"Source: {said.source}" in done.stdout


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_row_without_findings_says_so_and_has_its_scores_below_the_threshold(
    selfinstruct: Cli, tmp_path: Path, language: str
) -> None:
    rows(tmp_path / "in.jsonl", SOUND[language], REFUSES[language])
    done = selfinstruct("validate", "in.jsonl", "--explain", "1")

    assert (done.returncode, done.stderr) == (0, "")
    assert "no findings" in done.stdout
    assert done.stdout.count("below") == len(HEADS)
    assert all(head in done.stdout for head in HEADS)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_json_is_one_document_with_fields_rules_and_scores(selfinstruct: Cli, tmp_path: Path, language: str) -> None:
    rows(tmp_path / "in.jsonl", REFUSES[language])
    found = json.loads(selfinstruct("validate", "in.jsonl", "--explain", "1", "--json").stdout)

    assert (found["file"], found["line"], found["unit"], found["language"]) == ("in.jsonl", 1, "line", language)
    assert [one["name"] for one in found["fields"]] == ["instruction", "output"]
    assert "refusal" in {one["rule"] for one in found["rules"]}
    assert [one["rule"] for one in found["scores"]] == list(HEADS)
    assert found["scores"][0]["speaks"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_warning_alone_leaves_0_unless_strict(selfinstruct: Cli, tmp_path: Path, language: str) -> None:
    rows(tmp_path / "in.jsonl", FLAGGED[language])
    done = selfinstruct("validate", "in.jsonl", "--explain", "1")

    assert "warning: asks_for_program" in done.stdout
    assert done.returncode == 0
    assert selfinstruct("validate", "in.jsonl", "--explain", "1", "--strict").returncode == 1


def test_a_duplicate_of_an_earlier_row_is_explained(tmp_path: Path) -> None:
    found = si.explain_row(rows(tmp_path / "in.jsonl", SOUND["en"], SOUND["en"]), 2)
    assert [(one.rule, bool(one.defect), bool(one.source)) for one in found.rules] == [("duplicate", True, True)]


def test_a_position_names_the_row_where_rows_have_no_lines(tmp_path: Path) -> None:
    (tmp_path / "in.json").write_text(json.dumps([SOUND["en"], REFUSES["en"]]), encoding="utf-8")
    found = si.explain_row(tmp_path / "in.json", 2)
    assert (found.document()["unit"], found.errors) == ("row", 1)


@pytest.mark.parametrize(("line", "told"), [("3", "lines 1 to 2; give"), ("0", "0 is not in the range")])
def test_a_line_that_does_not_exist_is_one_error(selfinstruct: Cli, tmp_path: Path, line: str, told: str) -> None:
    rows(tmp_path / "in.jsonl", SOUND["en"], SOUND["zh"])
    done = selfinstruct("validate", "in.jsonl", "--explain", line)
    assert (done.returncode, done.stdout, told in done.stderr) == (2, "", True)


def test_a_line_that_is_no_row_is_one_error(selfinstruct: Cli, tmp_path: Path) -> None:
    text = json.dumps(SOUND["en"])
    (tmp_path / "blank.jsonl").write_text(f"{text}\n\n{text}\n", encoding="utf-8")
    (tmp_path / "text.jsonl").write_text(f'{text}\n"words"\n', encoding="utf-8")
    for name, told in (("blank.jsonl", "this one is blank"), ("text.jsonl", "text.jsonl:2: not a JSON object")):
        done = selfinstruct("validate", name, "--explain", "2")
        assert (done.returncode, done.stdout) == (2, "")
        assert told in done.stderr


def test_a_folder_of_several_files_needs_one_of_them(tmp_path: Path) -> None:
    for name in ("en", "zh"):
        rows(tmp_path / f"{name}.jsonl", SOUND[name])
    with pytest.raises(InputError, match="give a file instead of the folder"):
        si.explain_row(tmp_path, 1)


def test_fix_and_explain_do_not_go_together(selfinstruct: Cli, tmp_path: Path) -> None:
    rows(tmp_path / "in.jsonl", SOUND["en"])
    done = selfinstruct("validate", "in.jsonl", "--explain", "1", "--fix", "--output", "new.jsonl")
    assert (done.returncode, (tmp_path / "new.jsonl").exists()) == (2, False)


def test_what_a_stranger_wrote_is_shown_shortened_and_on_its_own_line(selfinstruct: Cli, tmp_path: Path) -> None:
    live = "\x1b[2Jgone\nselfinstruct: fine"
    rows(tmp_path / "in.jsonl", {"instruction": f"Name a river. {live}", "output": "The Loire. " * 200})
    shown = selfinstruct("validate", "in.jsonl", "--explain", "1").stdout
    assert "\x1b" not in shown
    assert "\nselfinstruct: fine" not in shown
    assert "(2,200 characters)" in shown
