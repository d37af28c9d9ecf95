"""What `filter` says of edits by hand: what it does with them, no more, and by what was done."""

import json
import shutil
from pathlib import Path

import pytest

import selfinstruct as si
from selfinstruct.cli.messages import in_chinese
from selfinstruct.dataset.io.folders import rows_apart
from selfinstruct.dataset.review.decisions import read_recorded
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.status import status
from tests.support.edited_run import Case, MakeConfig
from tests.support.hand_edits import answered, change, poem, read, whole, write


@pytest.fixture
def case(make_config: MakeConfig, tmp_path: Path) -> Case:
    return Case(make_config("batch"), tmp_path / "run")


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def line_with(words: str, case: Case) -> str:
    (found,) = [line for line in case.said if words in line]
    return found


def test_what_is_refused_says_nothing_of_what_it_would_have_done(case: Case) -> None:
    train = case.path / "dataset" / "train" / "en.jsonl"
    change(train, answered("Another answer."))
    change(train, lambda rows: [{**rows[0], "note": "mine"}, *rows[1:]])
    change(whole(case, "zh"), lambda rows: [{**rows[0], "language": "en"}, *rows[1:]])
    case.said.clear()
    with pytest.raises(si.InputError, match="field `language` is en"):
        case.filter()
    assert case.said == []


def test_rows_taken_from_the_split_files_are_told_by_what_was_done_to_them(case: Case, language: str) -> None:
    path = max(case.path.glob(f"dataset/*/{language}.jsonl"), key=lambda one: len(read(one)))
    edited, gone, *rest = read(path)
    write(path, [{**edited, "output": "Another answer. 另一个回答。"}, *rest, poem(language)])
    other = next(one["id"] for one in read(whole(case, language)) if one["id"] not in {edited["id"], gone["id"]})
    change(
        whole(case, language),
        lambda rows: [{**one, "output": "In the whole file."} if one["id"] == other else one for one in rows],
    )
    case.filter()
    (added,) = {one["id"] for one in read(whole(case, language))} - {one["id"] for one in (edited, *rest)} - {other}
    begin = f"{case.path}/dataset: taken from the split files of {language}, "
    told = [line.removeprefix(begin) for line in case.said if line.startswith(begin)]
    done = {"added": added, "edited": edited["id"], "removed": gone["id"]}
    assert told == [f"{what} by hand: {name}" for what, name in done.items()]
    chinese = [in_chinese(begin + line).rpartition("，")[2] for line in told]
    assert chinese == [f"手工添加：{added}", f"手工修改：{edited['id']}", f"手工删除：{gone['id']}"]


def test_a_row_that_stands_twice_word_for_word_is_kept_once_and_that_is_said(case: Case, language: str) -> None:
    path = whole(case, language)
    rows = read(path)
    write(path, [*rows, rows[0]])
    case.filter()
    assert read(path) == rows
    told = line_with("more than once", case)
    assert told.startswith(f"{path}: 1 row stood there more than once, word for word")
    assert told.endswith(rows[0]["id"])
    assert in_chinese(told).endswith(f"各留一份：{rows[0]['id']}")


def test_a_conflict_in_the_decisions_is_told_alike_by_all_who_read_them(case: Case) -> None:
    review = case.path / "review.jsonl"
    review.write_text("<<<<<<< ours\n=======\n>>>>>>> theirs\n", encoding="utf-8")
    with pytest.raises(si.InputError) as by_filter:
        case.filter()
    with pytest.raises(si.InputError) as by_reader:
        read_recorded(review)
    assert str(by_filter.value) == str(by_reader.value)
    assert str(by_reader.value).startswith(f"{review}:1: ")


def test_card_and_status_count_a_row_added_by_hand_and_name_the_rules_that_it_breaks(case: Case, language: str) -> None:
    broken = {**poem(language), "output": ""}
    change(whole(case, language), lambda rows: [*rows, broken])
    manifest = case.filter()
    ((name, rules),) = manifest["broken_by_hand"][language].items()
    assert "empty_output" in rules
    card = (case.path / "dataset" / "README.md").read_text(encoding="utf-8")
    rows = {one: len(read(whole(case, one))) for one in ("en", "zh")}
    assert f"{sum(rows.values())} instructions with answers" in card
    assert "all but 1 written by the language model" in card
    assert "除 1 条手工新增的外" in card
    assert f"| rows in all | {rows['en']} | {rows['zh']} | {sum(rows.values())} |" in card
    assert f"Made by hand, breaking rules, and kept: `{name}`" in card
    assert f"手工写的，违反规则，仍然留着：`{name}`" in card
    assert json.loads(json.dumps(status(case.config, RunDirectory(case.path))["broken_by_hand"])) == {
        language: {name: rules}
    }


def test_a_copy_of_the_dataset_is_told_as_one_of_which_nothing_is_taken(case: Case, language: str) -> None:
    copy = case.path / "dataset.before-0011aabb"
    shutil.copytree(case.path / "dataset", copy)
    change(copy / f"{language}.jsonl", answered("Another answer."))
    (told,) = rows_apart(copy)
    assert told.endswith("this is a copy of a dataset, of which `selfinstruct filter` takes nothing")
    change(whole(case, language), answered("Another answer."))
    (told,) = rows_apart(case.path)
    assert "`selfinstruct filter` takes what was changed" in told


def test_what_a_killed_process_left_beside_its_files_goes_and_nothing_else(case: Case, language: str) -> None:
    folder = case.path / "dataset"
    left = [
        folder / f".{language}.jsonl.845f7e0e",
        *(path.with_name(f".{path.name}.0011aabb") for path in sorted(folder.glob(f"*/{language}.jsonl"))),
        case.path / ".manifest.json.00ff00ff",
    ]
    others = [folder / f".{language}.jsonl.swp", folder / ".notes.845f7e0e", case.path / ".manifest.json.00ff00ff1"]
    for path in (*left, *others):
        path.write_text("half", encoding="utf-8")
    case.filter()
    assert [path.name for path in left if path.exists()] == []
    assert all(path.exists() for path in others)
