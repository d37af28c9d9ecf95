"""What people change in a dataset stays: edited, removed and added rows are recorded, applied again and counted."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import selfinstruct as si
from selfinstruct.dataset.io.rows import load_rows
from selfinstruct.errors import InputError
from selfinstruct.journal import Journal
from selfinstruct.records import Row, row_id
from selfinstruct.runs.by_hand import emissions_of
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.explanation import explain
from selfinstruct.runs.inputs import load_inputs
from selfinstruct.runs.replay import replay
from selfinstruct.runs.run import Observer, generate
from selfinstruct.runs.stopping import StopSignal
from selfinstruct.system.files import bundled
from tests.support.edited_run import Case, MakeConfig
from tests.support.hand_edits import (
    POEMS,
    Rows,
    adds_up,
    answered,
    asked,
    change,
    decisions,
    files,
    poem,
    read,
    stays,
    whole,
    write,
)
from tests.support.teacher_server import TeacherServer


@pytest.fixture(params=["batch", pytest.param("steered", marks=pytest.mark.thorough)])
def case(make_config: MakeConfig, tmp_path: Path, request: pytest.FixtureRequest) -> Case:
    return Case(make_config(request.param), tmp_path / "run")


@pytest.fixture
def language(case: Case, request: pytest.FixtureRequest) -> str:
    """Return English for every other test and Chinese for the rest, the other way round with the other recipe: all of it, at half the time."""
    is_even = len(request.node.originalname) % 2 == 0
    return "en" if is_even == (case.config.recipe == "batch") else "zh"


def test_an_edited_answer_stays_and_is_recorded_with_what_it_was(case: Case, language: str) -> None:
    first = read(whole(case, language))[0]
    change(whole(case, language), answered("A better one." if language == "en" else "更好的答案。"))
    manifest = case.filter()
    row = next(one for one in read(whole(case, language)) if one["id"] == first["id"])
    assert row["output"] in {"A better one.", "更好的答案。"}
    (decision,) = decisions(case)
    assert (decision["id"], decision["decision"], decision["row"]) == (first["id"], "edited", row)
    origin = next(one for one in read(case.path / "provenance.jsonl") if one["id"] == first["id"])
    assert (decision["before"], origin["by_hand"]) == (decision["before"], "edited")
    assert manifest["ledger"][language]["edited_by_hand"] == manifest["ledger"]["total"]["edited_by_hand"] == 1
    assert adds_up(manifest["ledger"][language])
    assert any("edited by hand: 1; recorded in review.jsonl" in line for line in case.said)
    assert case.copies == []
    stays(case)


def test_an_edited_question_gets_the_id_of_its_text_and_stays_in_its_split(case: Case, language: str) -> None:
    first = read(whole(case, language))[0]
    split = {
        name: {one["id"] for one in read(case.path / "dataset" / name / f"{language}.jsonl")}
        for name in ("train", "held_out")
    }
    text, _ = POEMS[language]
    change(whole(case, language), asked(text))
    case.filter()
    new = row_id(language, text, first["input"])
    (decision,) = decisions(case)
    assert (decision["id"], decision["row"]["id"]) == (first["id"], new)
    side = next(name for name, ids in split.items() if first["id"] in ids)
    assert new in {one["id"] for one in read(case.path / "dataset" / side / f"{language}.jsonl")}
    origin = next(one for one in read(case.path / "provenance.jsonl") if one["id"] == new)
    assert (origin["by_hand"], origin["was"]) == ("edited", first["id"])
    stays(case)
    change(
        whole(case, language), lambda rows: [{**row, "output": "Third."} if row["id"] == new else row for row in rows]
    )
    case.filter()
    (decision,) = decisions(case)
    assert (decision["id"], decision["row"]["output"]) == (first["id"], "Third.")
    stays(case)


@pytest.mark.thorough
def test_a_removed_row_stays_out_and_nothing_else_moves(case: Case, language: str) -> None:
    before = read(whole(case, language))
    change(whole(case, language), lambda rows: rows[1:])
    ledger = case.filter()["ledger"][language]
    assert read(whole(case, language)) == before[1:]
    assert (ledger["rejected"]["removed_by_hand"], ledger["accepted"]) == (1, 2)
    assert adds_up(ledger)
    (rejected,) = [one for one in read(case.path / "rejected.jsonl") if one["rule"] == "removed_by_hand"]
    assert rejected["instruction"] == before[0]["instruction"]
    stays(case)


def test_an_added_row_stays_beside_the_candidates(case: Case, language: str) -> None:
    change(whole(case, language), lambda rows: [*rows, poem(language)])
    manifest = case.filter()
    ledger = manifest["ledger"][language]
    assert (ledger["accepted"], ledger["added_by_hand"]) == (3, 1)
    assert adds_up(ledger)
    assert manifest["datasets"][f"dataset/{language}.jsonl"]["rows"] == 4
    new = row_id(language, POEMS[language][0], "")
    assert new in {one["id"] for one in read(whole(case, language))}
    parts = [case.path / "dataset" / name / f"{language}.jsonl" for name in ("train", "held_out")]
    assert sum(new == one["id"] for part in parts for one in read(part)) == 1
    stays(case)


@pytest.mark.parametrize("how", ["answer", "question", "removed", "added"])
def test_what_is_put_back_leaves_the_run_as_it_was(case: Case, language: str, how: str) -> None:
    before, path = files(case), whole(case, language)
    edits: dict[str, Callable[[Rows], Rows]] = {
        "answer": answered("other"),
        "question": asked(POEMS[language][0]),
        "removed": lambda rows: rows[1:],
        "added": lambda rows: [*rows, poem(language)],
    }
    change(path, edits[how])
    case.filter()
    assert decisions(case)
    keys = [one["id"] for one in decisions(case)]
    path.write_bytes(before[f"dataset/{language}.jsonl"])
    case.filter()
    assert files(case) == before
    assert any(f"1 ({keys[0]}); recorded in review.jsonl" in line for line in case.said)


@pytest.mark.thorough
def test_an_edit_in_a_split_file_alone_is_taken(case: Case, language: str) -> None:
    parts = [case.path / "dataset" / name / f"{language}.jsonl" for name in ("train", "held_out")]
    part = max(parts, key=lambda path: len(read(path)))  # one that is emptied is taken for an accident
    identifier = read(part)[0]["id"]
    change(part, answered("Edited there."))
    case.filter()
    assert next(one for one in read(whole(case, language)) if one["id"] == identifier)["output"] == "Edited there."
    stays(case)
    change(part, lambda rows: rows[1:])
    case.filter()
    assert identifier not in {one["id"] for one in read(whole(case, language))}
    stays(case)


def test_where_both_files_were_changed_the_whole_one_is_taken_and_that_is_said(case: Case, language: str) -> None:
    part = case.path / "dataset" / "train" / f"{language}.jsonl"
    identifier = read(part)[0]["id"]
    change(part, answered("In the split."))
    change(
        whole(case, language),
        lambda rows: [{**one, "output": "In the whole."} if one["id"] == identifier else one for one in rows],
    )
    case.filter()
    assert any(f"{language}.jsonl are taken: {identifier}" in line for line in case.said)
    assert next(one for one in read(part) if one["id"] == identifier)["output"] == "In the whole."
    stays(case)


@pytest.mark.thorough
def test_an_edit_outlives_the_candidate_that_it_was_made_of(case: Case, make_config: MakeConfig, language: str) -> None:
    change(whole(case, language), answered("Mine.", place=-1))
    last = read(whole(case, language))[-1]
    change(whole(case, language), lambda rows: [*rows[:-1], {**rows[-1], "output": "Mine."}])
    case.filter()
    strict = make_config(case.config.recipe, filter__threshold=0.01)
    ledger = case.filter(strict)["ledger"][language]
    kept = {one["id"]: one["output"] for one in read(whole(case, language))}
    assert kept[last["id"]] == "Mine."
    assert ledger.get("added_by_hand", 0) + ledger.get("edited_by_hand", 0) == 1
    if "added_by_hand" in ledger:
        assert any("kept as added by hand" in line for line in case.said)
    assert case.filter()["ledger"][language]["edited_by_hand"] == 1
    stays(case)


@pytest.mark.thorough
def test_a_higher_target_keeps_all_of_it(case: Case, make_config: MakeConfig, language: str) -> None:
    change(whole(case, language), lambda rows: [*answered("Mine.")(rows)[:-1], poem(language)])
    case.filter()
    hand = {one["id"]: one for one in decisions(case)}
    case.config = make_config(case.config.recipe, target={"en": 5, "zh": 5})
    ledger = case.generate()["ledger"][language]
    assert {one["id"]: one for one in decisions(case)} == hand
    assert (ledger["accepted"], ledger["edited_by_hand"], ledger["added_by_hand"]) == (4, 1, 1)
    assert len(read(whole(case, language))) == 5
    stays(case)


def test_an_edit_that_breaks_a_rule_is_kept_and_said(case: Case) -> None:
    change(whole(case, "en"), answered("As an AI language model, I cannot help with that."))
    case.filter()
    (line,) = [one for one in read(case.path / "provenance.jsonl") if one.get("by_hand")]
    assert line["flags"]
    assert any("made by hand breaks rules and is kept" in said for said in case.said)


def test_an_edited_id_is_put_right_and_no_decision(case: Case, language: str) -> None:
    before = files(case)
    change(whole(case, language), lambda rows: [{**rows[0], "id": "0123456789abcdef"}, *rows[1:]])
    case.filter()
    assert files(case) == before


@pytest.mark.thorough
def test_a_row_copied_with_its_id_is_an_added_one(case: Case, language: str) -> None:
    change(whole(case, language), lambda rows: [{**rows[0], **poem(language)}, *rows])
    ledger = case.filter()["ledger"][language]
    assert (ledger["accepted"], ledger["added_by_hand"], ledger.get("edited_by_hand")) == (3, 1, None)
    stays(case)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.thorough
def test_a_row_edited_into_another_one_takes_its_place(case: Case, language: str, order: tuple[int, int]) -> None:
    rows = read(whole(case, language))
    edited, other = (rows[place] for place in order)
    kept = [row for row in rows if row not in (edited, other)]
    write(whole(case, language), [{**other, "id": edited["id"], "output": "Mine."}, *kept])
    ledger = case.filter()["ledger"][language]
    assert {one["id"]: one["output"] for one in read(whole(case, language))}[other["id"]] == "Mine."
    assert adds_up(ledger)
    stays(case)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('<<<<<<< HEAD\n{"a": 1}\n=======\n{"a": 2}\n>>>>>>> b\n', "conflict"),
        ('{"id": "坏了\n', r"zh\.jsonl:4"),
        ('{"id": "a", "附注": "人工"}\n', r"zh\.jsonl:4"),
        (
            '{"language": "en", "instruction": "Name a cat.", "output": "Tom"}\n',
            "`language` is en, and the file is that of zh",
        ),
        (
            '{"language": "zh", "instruction": "写诗。", "output": "甲"}\n{"language": "zh", "instruction": "写诗。", "output": "乙"}\n',
            "same task as .*:4, with other text",
        ),
    ],
)
@pytest.mark.parametrize("again", ["filter", "generate"])
def test_a_file_that_cannot_be_read_is_refused_before_anything_is_asked_or_written(
    case: Case, server: TeacherServer, make_config: MakeConfig, text: str, message: str, again: str
) -> None:
    with case.zh.open("a", encoding="utf-8") as file:
        file.write(text)
    before, requests = files(case), len(server.requests)
    case.config = make_config(case.config.recipe, target={"en": 5, "zh": 5})
    with pytest.raises(InputError, match=message):
        getattr(case, again)()
    assert (files(case), len(server.requests)) == (before, requests)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<<<<<<< a\n=======\n>>>>>>> b\n", "conflict marker: .* keep one line for each `id`"),
        (
            '{"id": "ab", "language": "zh", "decision": "removed"}\n{"id": "ab", "language": "zh", "decision": "removed", "before": "cd"}\n',
            "two decisions about row ab",
        ),
        ('{"id": "ab", "language": "zh", "decision": "edited"}\n', "review.jsonl:1"),
        ('{"id": "ab", "language": "zh", "decision": "loved"}\n', "field `decision`"),
    ],
)
def test_decisions_that_do_not_fit_are_refused_by_line(case: Case, text: str, message: str) -> None:
    (case.path / "review.jsonl").write_text(text, encoding="utf-8")
    before = files(case)
    with pytest.raises(InputError, match=message):
        case.filter()
    assert files(case) == before


def test_edits_are_given_up_only_when_that_is_asked_for(case: Case, language: str) -> None:
    before = files(case)
    change(whole(case, language), lambda rows: [*answered("Mine.")(rows)[:-1], poem(language)])
    case.filter()
    edited = files(case)
    case.filter(discard_edits=True)
    assert files(case) == before
    (copy,) = case.copies
    assert (copy / f"{language}.jsonl").read_bytes() == edited[f"dataset/{language}.jsonl"]
    assert (copy / "review.jsonl").read_bytes() == edited["review.jsonl"]
    assert any("is given up" in line for line in case.said)


def test_decisions_that_came_from_elsewhere_are_applied_without_a_touched_file(case: Case, language: str) -> None:
    first, second, _ = read(whole(case, language))
    better = {**second, "output": "From a colleague."}
    lines = [
        {"id": first["id"], "language": language, "decision": "removed"},
        {"id": second["id"], "language": language, "decision": "edited", "row": better},
    ]
    write(case.path / "review.jsonl", sorted(lines, key=lambda one: str(one["id"])))
    case.filter()
    rows = {one["id"]: one for one in read(whole(case, language))}
    assert first["id"] not in rows
    assert rows[second["id"]] == better
    stays(case)


@pytest.mark.thorough
def test_a_process_that_ends_after_the_decisions_are_written_changes_nothing_of_the_outcome(
    case: Case, language: str
) -> None:
    change(
        whole(case, language),
        lambda rows: [{**rows[0], "instruction": POEMS[language][0]}, poem(language) | {"input": "x"}, rows[2]],
    )
    touched = files(case)
    directory = RunDirectory(case.path)
    with Journal(directory.journal) as journal:
        found = emissions_of(directory, case.config, replay(load_inputs(case.config).plans, journal), case.said.append)
    (whole(case, language)).write_bytes(found[language].files.whole[f"{language}.jsonl"].data)  # and so far it came
    case.filter()
    after = files(case)
    for path in case.path.rglob("*"):
        if path.is_file() and "journal" not in path.parts:
            path.unlink()
    for name, data in touched.items():
        (case.path / name).write_bytes(data)
    case.filter()
    assert files(case) == after


@pytest.mark.thorough
def test_a_row_of_a_merged_branch_whose_journal_is_elsewhere_stays(case: Case, language: str) -> None:
    row = poem(language) | {"id": row_id(language, POEMS[language][0], "")}
    change(whole(case, language), lambda rows: sorted([*rows, row], key=lambda one: one["id"]))
    line = read(case.path / "provenance.jsonl")[0] | {"id": row["id"], "language": language, "request": 99}
    from selfinstruct.records import text_hash

    line["text_hash"] = text_hash(row["instruction"], "", row["output"])
    change(case.path / "provenance.jsonl", lambda lines: [*lines, line])
    case.filter()
    assert Row(**row).id in {one["id"] for one in read(whole(case, language))}
    stays(case)


@pytest.mark.thorough
def test_the_card_and_explain_name_what_was_changed(case: Case, language: str) -> None:
    first, second, _ = read(whole(case, language))
    card = case.path / "dataset" / "README.md"
    assert "By hand" not in card.read_text(encoding="utf-8")
    change(whole(case, language), lambda rows: [{**first, "instruction": POEMS[language][0]}, rows[2]])
    change(whole(case, language), lambda rows: [*rows, {**poem(language), "input": "x"}])
    case.filter()
    text = card.read_text(encoding="utf-8")
    assert "By hand: 1 row edited, 1 added, 1 removed" in text
    assert "修改 1 条，新增 1 条，删除 1 条" in text
    new, added = row_id(language, POEMS[language][0], first["input"]), row_id(language, POEMS[language][0], "x")
    found = explain(case.config, RunDirectory(case.path), new)
    assert (found.id, found.by_hand and found.by_hand.decision) == (first["id"], "edited")
    assert explain(case.config, RunDirectory(case.path), new[:7]) == found
    removed = explain(case.config, RunDirectory(case.path), second["id"])
    assert (removed.state, removed.by_hand and removed.by_hand.decision) == ("rejected", "removed")
    (line,) = [one for one in read(case.path / "rejected.jsonl") if one["rule"] == "removed_by_hand"]
    assert (removed.candidate, removed.stage, removed.rule) == (line["candidate"], line["stage"], line["rule"])
    for identifier in (added, added[:7], added[:4].upper()):
        with pytest.raises(InputError, match=f"{added}: this row was added by hand"):
            explain(case.config, RunDirectory(case.path), identifier)


def test_a_reader_says_which_rows_are_not_the_same_in_both_files(case: Case, language: str) -> None:
    part = case.path / "dataset" / "train" / f"{language}.jsonl"
    identifier = read(part)[0]["id"]
    said: list[str] = []
    load_rows(case.path, said.append)
    assert said == []
    change(part, answered("In the split."))
    load_rows(case.path, said.append)
    assert f"1 row is not the same in {language}.jsonl and in its split files ({identifier})" in said[0]
    diff = si.diff(case.path, case.path)
    assert any("not the same in" in reason for reason in diff.risk.reasons)
    assert any("not the same in" in note for note in diff.head.notes)
    case.filter()
    said.clear()
    load_rows(case.path, said.append)
    assert said == []


def test_a_file_that_no_manifest_states_is_a_risk(case: Case) -> None:
    manifest = case.path / "manifest.json"
    value = json.loads(manifest.read_text(encoding="utf-8"))
    value["datasets"] = {name: one for name, one in value["datasets"].items() if "/en" not in name}
    value["splits"] = {name: one for name, one in value["splits"].items() if "/en" not in name}
    manifest.write_text(json.dumps(value), encoding="utf-8")
    diff = si.diff(case.path, case.path)
    assert any("en.jsonl stands in the dataset and not in manifest.json" in reason for reason in diff.risk.reasons)


def take(case: Case, names: list[str], earlier: dict[str, bytes]) -> None:
    """Put files back as they were, as a merge does that takes one side of them."""
    for name in names:
        (case.path / name).write_bytes(earlier[name])


@pytest.mark.parametrize("how", ["removed", "question", "answer", "added"])
@pytest.mark.thorough
def test_a_decision_that_a_merge_dropped_is_found_in_the_rows(case: Case, language: str, how: str) -> None:
    """One side of `review.jsonl` and manifest was taken, rows and provenance were merged."""
    before = files(case)
    edits: dict[str, Callable[[Rows], Rows]] = {
        "removed": lambda rows: rows[1:],
        "question": asked(POEMS[language][0]),
        "answer": answered("Mine."),
        "added": lambda rows: [*rows, poem(language)],
    }
    change(whole(case, language), edits[how])
    case.filter()
    after = files(case)
    take(case, ["manifest.json", "dataset/README.md"], before)
    (case.path / "review.jsonl").unlink()
    case.filter()
    found = files(case)
    assert found[f"dataset/{language}.jsonl"] == after[f"dataset/{language}.jsonl"]
    (decision,) = decisions(case)
    assert decision["decision"] == {"removed": "removed", "added": "added"}.get(how, "edited")
    stays(case)


def test_an_excluded_id_takes_out_a_row_that_was_edited_or_added_too(
    case: Case, make_config: MakeConfig, language: str
) -> None:
    first = read(whole(case, language))[0]
    change(whole(case, language), lambda rows: [*answered("Mine.")(rows), poem(language)])
    case.filter()
    new = row_id(language, POEMS[language][0], "")
    case.config = make_config(case.config.recipe, validate__exclude=[first["id"], new])
    case.said.clear()
    case.filter()
    assert not {first["id"], new} & {one["id"] for one in read(whole(case, language))}
    assert not any("no row or candidate" in line for line in case.said)


def test_a_target_below_that_of_the_dataset_is_said(case: Case, make_config: MakeConfig) -> None:
    case.filter(make_config(case.config.recipe, target={"en": 3, "zh": 2}))
    assert any("[target] zh = 2, and the dataset was made for 3" in line for line in case.said)
    case.said.clear()
    case.filter()
    assert [line for line in case.said if "[target]" in line] == []
    assert len(read(case.zh)) == 3


def test_decisions_of_somebody_else_are_said_when_they_are_applied(case: Case, language: str) -> None:
    first, second, _ = read(whole(case, language))
    lines = [
        {"id": first["id"], "language": language, "decision": "removed"},
        {"id": second["id"], "language": language, "decision": "edited", "row": {**second, "output": "Theirs."}},
    ]
    write(case.path / "review.jsonl", sorted(lines, key=lambda one: str(one["id"])))
    case.filter()
    (said,) = [line for line in case.said if "applied to rows that stood otherwise" in line]
    assert first["id"] in said
    assert second["id"] in said
    stays(case)


def test_fields_that_a_row_has_no_place_for_are_named(case: Case, language: str) -> None:
    change(whole(case, language), lambda rows: [{**rows[0], "note": "审过"}, *rows[1:]])
    case.filter()
    assert any("the dataset has no such field: `note` (1 row)" in line for line in case.said)
    (copy,) = case.copies
    assert not any("lacks" in line for line in case.said)
    assert any("no row is lacking; 1 that stood here had fields" in line and str(copy) in line for line in case.said)


@pytest.mark.thorough
def test_a_copy_of_the_dataset_is_held_against_the_settings_of_its_run(
    case: Case, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = tmp_path / "seeds"
    shutil.copytree(bundled("seed_tasks"), seeds)
    for path in seeds.glob("*.jsonl"):
        path.write_text("".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[:100]), encoding="utf-8")
    config = case.config.model_copy(update={"run": case.config.run.model_copy(update={"seeds": str(seeds)})})
    other = Case(config, tmp_path / "other")
    change(whole(other, language), lambda rows: [{**rows[0], "note": "审过"}, *rows[1:]])
    other.filter()
    (copy,) = other.copies
    monkeypatch.chdir(tmp_path)
    assert si.diff(copy, other.path).risk.reasons == ("edits beside question and answer: left out 1",)


@pytest.mark.thorough
def test_a_row_that_is_edited_again_leaves_no_copy_behind(case: Case, language: str) -> None:
    for text in ("One.", "Two.", "Three."):
        change(whole(case, language), answered(text))
        case.filter()
    assert case.copies == []
    assert not any("lacks" in line for line in case.said)


def test_the_diff_calls_what_was_changed_by_hand_so(case: Case, language: str, tmp_path: Path) -> None:
    shutil.copytree(case.path, tmp_path / "base")
    change(
        whole(case, language), lambda rows: [*asked("Entirely another task 完全不同的任务")(rows)[:2], poem(language)]
    )
    case.filter()
    diff = si.diff(tmp_path / "base", case.path)
    kinds = {one.kind: one.cause for one in diff.changes}
    assert kinds == {"rewritten": "by_hand", "removed": "by_hand", "added": "by_hand"}


def swapped(rows: Rows) -> Rows:
    first, second, *rest = rows
    return [{**first, "instruction": second["instruction"]}, {**second, "instruction": first["instruction"]}, *rest]


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.thorough
def test_a_row_is_removed_after_it_changed_places_with_an_edited_one(case: Case, language: str, place: int) -> None:
    path = whole(case, language)
    first = path.read_bytes()
    change(path, answered("FIRST"))
    case.filter()
    change(path, swapped)
    case.filter()
    stays(case)
    gone = read(path)[place]
    change(path, lambda rows: [row for row in rows if row != gone])
    left = {row["instruction"]: row["output"] for row in read(path)}
    case.filter()
    assert {row["instruction"]: row["output"] for row in read(path)} == left
    stays(case)
    path.write_bytes(first)
    case.filter()
    assert path.read_bytes() == first
    assert decisions(case) == []


@pytest.mark.parametrize("output", ["", "A new answer."])
@pytest.mark.thorough
def test_a_row_with_the_old_question_stands_beside_the_edited_one(case: Case, language: str, output: str) -> None:
    first = read(whole(case, language))[0]
    change(whole(case, language), asked(POEMS[language][0]))
    case.filter()
    again = {**first, "output": output or first["output"]}
    del again["id"]
    change(whole(case, language), lambda rows: [*rows, again])
    case.filter()
    rows = {row["id"]: row["output"] for row in read(whole(case, language))}
    assert rows[first["id"]] == again["output"]
    assert row_id(language, POEMS[language][0], first["input"]) in rows
    assert len(rows) == 4
    stays(case)


@pytest.mark.parametrize("gone", ["review.jsonl", "provenance.jsonl"])
@pytest.mark.thorough
def test_what_was_changed_is_found_without_a_file_that_tells_of_it(case: Case, language: str, gone: str) -> None:
    path = whole(case, language)
    change(path, lambda rows: [*answered("Mine.")(rows)[:-1], poem(language)])
    if gone == "review.jsonl":
        case.filter()
    wanted = {row["instruction"]: row["output"] for row in read(path)}
    (case.path / gone).unlink()
    case.filter()
    assert {row["instruction"]: row["output"] for row in read(path)} == wanted
    assert sorted(one["decision"] for one in decisions(case)) == ["added", "edited", "removed"]
    stays(case)


@pytest.mark.thorough
def test_a_row_that_became_a_copy_of_one_of_the_other_split_is_removed(case: Case, language: str) -> None:
    train, held_out = (case.path / "dataset" / name / f"{language}.jsonl" for name in ("train", "held_out"))
    first, other = read(train)[0], read(held_out)[-1]
    change(train, lambda rows: [{**other, "id": first["id"]}, *rows[1:]])
    case.filter()
    assert first["id"] not in {row["id"] for row in read(whole(case, language))}
    stays(case)


@pytest.mark.thorough
def test_an_emptied_file_is_taken_for_an_accident_and_that_is_said(case: Case) -> None:
    before = files(case)
    case.zh.write_text("", encoding="utf-8")
    case.filter()
    assert files(case) == before
    assert any("is empty, which is taken for an accident" in line for line in case.said)


@pytest.mark.parametrize(
    ("decided", "message"),
    [
        ([("edited", "ab", "写诗。", "甲"), ("edited", "cd", "写诗。", "乙")], "make the same task of both"),
        ([("added", "ab", "写诗。", "x\ud800")], "half of a surrogate pair"),
    ],
)
def test_decisions_that_no_dataset_can_hold_are_refused(
    case: Case, decided: list[tuple[str, ...]], message: str
) -> None:
    lines = [
        {
            "id": name,
            "language": "zh",
            "decision": kind,
            "row": {"id": name, "language": "zh", "instruction": asked_for, "input": "", "output": said},
        }
        for kind, name, asked_for, said in decided
    ]
    (case.path / "review.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    before = files(case)
    with pytest.raises(InputError, match=message):
        case.filter()
    assert files(case) == before


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.thorough
def test_a_decision_that_makes_one_row_the_task_of_another_wins(
    case: Case, language: str, order: tuple[int, int]
) -> None:
    rows = read(whole(case, language))
    edited, other = (rows[place] for place in order)
    line = {"id": edited["id"], "language": language, "decision": "edited", "row": {**other, "output": "Theirs."}}
    write(case.path / "review.jsonl", [line])
    ledger = case.filter()["ledger"][language]
    stands = {one["id"]: one["output"] for one in read(whole(case, language))}
    assert (stands[other["id"]], edited["id"] in stands) == ("Theirs.", False)
    assert adds_up(ledger)
    stays(case)


@pytest.mark.parametrize("removed", [False, True])
@pytest.mark.thorough
def test_the_whole_file_wins_also_when_its_decision_was_recorded_before_the_files_were_written(
    case: Case, make_config: MakeConfig, language: str, removed: bool
) -> None:
    """As by `generate`, which records what was changed before it asks, and by a process that is killed in between."""
    part = case.path / "dataset" / "train" / f"{language}.jsonl"
    identifier = read(part)[0]["id"]
    change(part, answered("In the split."))
    mine = {} if removed else {identifier: "In the whole."}
    change(
        whole(case, language),
        lambda rows: [
            {**one, "output": mine.get(one["id"], one["output"])}
            for one in rows
            if not removed or one["id"] != identifier
        ],
    )
    case.generate(make_config(case.config.recipe, target={"en": 4, "zh": 4}))
    assert {one["id"]: one["output"] for one in read(whole(case, language))}.get(identifier) == mine.get(identifier)


@pytest.mark.parametrize(("side", "verb"), [("train", "filter"), ("held_out", "filter"), ("train", "generate")])
@pytest.mark.thorough
def test_a_row_that_is_moved_to_the_other_split_goes_back_and_that_is_said_once(
    case: Case, language: str, side: str, verb: str, make_config: MakeConfig
) -> None:
    before = files(case)
    parts = {name: case.path / "dataset" / name / f"{language}.jsonl" for name in ("train", "held_out")}
    own = parts.pop(side)
    (other,) = parts.values()
    if not own.is_file() or not read(own):
        own, other = other, own
    row = read(own)[0]
    change(own, lambda rows: rows[1:])
    write(other, [*(read(other) if other.is_file() else []), row])
    if verb == "generate":
        case.generate(make_config(case.config.recipe, target={"en": 4, "zh": 4}))
    else:
        case.filter()
        assert files(case) == before
    (told,) = [line for line in case.said if "stood in the other split" in line]
    assert f"1 row of {language} stood in the other split and goes to {own.parent.name}/: {row['id']}" in told


@pytest.mark.thorough
def test_an_added_row_that_belongs_into_the_other_split_is_named(case: Case, language: str) -> None:
    whole_rows = read(whole(case, language))
    parts = [case.path / "dataset" / name / f"{language}.jsonl" for name in ("train", "held_out")]
    for part in parts:  # one of the two is the wrong one
        write(part, [*(read(part) if part.is_file() else []), poem(language)])
    case.filter()
    assert len(read(whole(case, language))) == len(whole_rows) + 1
    assert (
        sum(
            "stood in the other split" in line and row_id(language, POEMS[language][0], "") in line
            for line in case.said
        )
        == 1
    )


def test_a_new_run_says_what_it_gives_up_and_where_that_is(case: Case, language: str) -> None:
    change(whole(case, language), lambda rows: [*answered("Mine.")(rows)[:-1], poem(language)])
    case.filter()
    change(whole(case, language), answered("Not recorded."))
    case.said.clear()
    observer = Observer(case.said.append, lambda *_: None)
    generate(case.config, RunDirectory(case.path), observer, StopSignal(), fresh=True)
    aside = case.path.with_name("run.1")
    (told,) = [line for line in case.said if "by hand" in line]
    assert f"{aside}: what was changed by hand stays there" in told
    assert "rows added: 1, edited: 1, removed: 1" in told
    assert f"not recorded yet: dataset/{language}.jsonl" in told
    assert read(aside / "dataset" / f"{language}.jsonl")[0]["output"] == "Not recorded."
    shutil.copy(aside / "review.jsonl", case.path)
    case.filter()
    assert poem(language)["instruction"] in [one["instruction"] for one in read(whole(case, language))]


def test_a_new_run_gives_up_nothing_where_nothing_was_changed(case: Case) -> None:
    case.said.clear()
    generate(
        case.config, RunDirectory(case.path), Observer(case.said.append, lambda *_: None), StopSignal(), fresh=True
    )
    assert not any("by hand" in line for line in case.said)


@pytest.mark.parametrize("is_deleted", [True, False])
def test_a_split_file_that_is_empty_or_gone_is_told_as_no_wish_to_remove_its_rows(
    case: Case, language: str, is_deleted: bool
) -> None:
    part = case.path / "dataset" / "train" / f"{language}.jsonl"
    part.unlink() if is_deleted else part.write_bytes(b"")
    other = case.path / "dataset" / "held_out" / f"{language}.jsonl"
    assert other.exists()
    said: list[str] = []
    load_rows(case.path, said.append)
    assert "a split file that is empty or gone is no wish to remove its rows, which come back" in said[0]


def test_an_id_that_was_changed_is_put_back_and_that_is_told(case: Case, language: str) -> None:
    path = whole(case, language)
    written, (first, *rest) = path.read_bytes(), read(path)
    write(path, [{**first, "id": "0" * 16}, *rest])
    case.filter()
    assert any(
        f"an id is computed from the text of its row, so ids that were changed are put back: {first['id']}" in one
        for one in case.said
    )
    assert path.read_bytes() == written
