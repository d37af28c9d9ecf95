"""A git merge that was left unfinished, or that took the provenance away, loses no edit of a run."""

import shutil
from pathlib import Path

import pytest

from selfinstruct.errors import InputError
from tests.support.edited_run import Case, MakeConfig
from tests.support.hand_edits import answered, asked, change, decisions, files, poem, read, stays, whole
from tests.support.merged_run import EVERY, KINDS, MergedRun, Taken
from tests.support.repository import git
from tests.support.teacher_server import TeacherServer

pytestmark = pytest.mark.thorough  # whole runs, again and again

ANSWER = {"en": "A new answer.", "zh": "新的回答。"}
QUESTION = {"en": "Describe how a lighthouse works.", "zh": "说明灯塔是怎样工作的。"}


@pytest.fixture
def case(make_config: MakeConfig, tmp_path: Path) -> Case:
    return Case(make_config("batch"), tmp_path / "run")


def with_markers(path: Path, line: int = 1) -> None:
    """Put both sides of one line into a file, as git does."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True) or ["{}\n"]
    one = lines[line - 1]
    lines[line - 1 : line] = ["<<<<<<< HEAD\n", one, "=======\n", one.replace("0", "1"), ">>>>>>> theirs\n"]
    path.write_text("".join(lines), encoding="utf-8")


def edited_twice(case: Case, language: str) -> str:
    """Edit the question of a row, let it be recorded, and edit its answer; returns the id that it has now."""
    before = {row["id"] for row in read(whole(case, language))}
    change(whole(case, language), asked(QUESTION[language]))
    case.filter()
    (name,) = {row["id"] for row in read(whole(case, language))} - before
    place = [row["id"] for row in read(whole(case, language))].index(name)
    change(whole(case, language), answered(ANSWER[language], place))
    return str(name)


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("provenance.jsonl", "en"),
        ("review.jsonl", "zh"),
        ("manifest.json", "en"),
        ("dataset/zh.jsonl", "zh"),
        ("dataset/train/en.jsonl", "en"),
        ("dataset/held_out/zh.jsonl", "zh"),
    ],
)
@pytest.mark.parametrize("verb", ["filter", pytest.param("generate", marks=pytest.mark.thorough)])
def test_a_file_with_conflict_markers_is_refused_with_its_line_and_nothing_is_written(
    case: Case, server: TeacherServer, make_config: MakeConfig, name: str, language: str, verb: str
) -> None:
    edited_twice(case, language)
    with_markers(case.path / name)
    before, requests = files(case), len(server.requests)
    case.config = make_config("batch", target={"en": 5, "zh": 5})
    with pytest.raises(InputError, match=f"{name}:1: .*conflict marker"):
        getattr(case, verb)()
    assert (files(case), len(server.requests)) == (before, requests)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_all_files_with_conflict_markers_are_named_at_once(case: Case, language: str) -> None:
    edited_twice(case, language)
    for name in ("dataset/en.jsonl", "dataset/zh.jsonl", "dataset/train/zh.jsonl", "review.jsonl", "provenance.jsonl"):
        with_markers(case.path / name)
    with pytest.raises(
        InputError,
        match=r"dataset/en\.jsonl:1: .*markers stand on lines 1, \d.*in other files: .*dataset/zh\.jsonl:1, .*train/zh\.jsonl:1, .*review\.jsonl:1, .*provenance\.jsonl:1",
    ):
        case.filter()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_edit_of_an_edited_row_is_kept_without_a_provenance(case: Case, language: str) -> None:
    name = edited_twice(case, language)
    (case.path / "provenance.jsonl").unlink()
    case.filter()
    assert {row["id"]: row["output"] for row in read(whole(case, language))}[name] == ANSWER[language]
    (decision,) = decisions(case)
    assert (decision["decision"], decision["row"]["id"], decision["row"]["output"]) == (
        "edited",
        name,
        ANSWER[language],
    )
    stays(case)


@pytest.mark.parametrize(("language", "how"), [("en", "edited"), ("zh", "added"), ("en", "put back"), ("zh", "answer")])
def test_a_row_made_by_hand_can_be_taken_out_or_put_back_without_a_provenance(
    case: Case, language: str, how: str
) -> None:
    path = whole(case, language)
    first = path.read_bytes()
    names = {row["id"] for row in read(path)}
    edits = {"added": lambda rows: [*rows, poem(language)], "answer": answered(ANSWER[language])}
    change(path, edits.get(how, asked(QUESTION[language])))
    case.filter()
    made = {row["id"] for row in read(path)} - names or {read(path)[0]["id"]}
    if how == "put back":
        path.write_bytes(first)
    else:
        change(path, lambda rows: [row for row in rows if row["id"] not in made])
    left = {row["id"] for row in read(path)}
    (case.path / "provenance.jsonl").unlink()
    case.filter()
    assert {row["id"] for row in read(path)} == left
    assert [one["decision"] for one in decisions(case)] == ([] if how in {"added", "put back"} else ["removed"])
    stays(case)


@pytest.mark.parametrize(("language", "kind"), [("en", "question"), ("zh", "answer"), ("en", "removed")])
def test_decisions_of_somebody_else_are_applied_without_a_provenance(case: Case, language: str, kind: str) -> None:
    path, first = whole(case, language), files(case)
    edits = {
        "question": asked(QUESTION[language]),
        "answer": answered(ANSWER[language]),
        "removed": lambda rows: rows[1:],
    }
    change(path, edits[kind])
    case.filter()
    theirs, wanted = (case.path / "review.jsonl").read_bytes(), path.read_bytes()
    for name, data in first.items():
        (case.path / name).write_bytes(data)
    (case.path / "review.jsonl").write_bytes(theirs)
    (case.path / "provenance.jsonl").unlink()
    case.filter()
    assert ((case.path / "review.jsonl").read_bytes(), path.read_bytes()) == (theirs, wanted)
    stays(case)


def losses(run: MergedRun, taken: Taken) -> list[str]:
    """Emit what a merge left, and return what is lost by it."""
    run.take(taken)
    run.case.said.clear()
    run.case.filter()
    return [f"{taken}: {one}" for one in run.lost()]


@pytest.mark.parametrize(("theirs", "ours", "language"), [("answer", "removed", "en"), ("question", "added", "zh")])
@pytest.mark.parametrize(
    "taken",
    [
        Taken("both", "ours", "both", "both"),  # what README says, after `selfinstruct git install`
        Taken("both", "ours", "ours", "both"),  # and without
        Taken("theirs", "ours", "both", "ours"),
        Taken("ours", "theirs", "both", "theirs"),
    ],
)
def test_what_either_side_of_a_merge_did_stands_after_it(
    case: Case, theirs: str, ours: str, language: str, taken: Taken
) -> None:
    run = MergedRun(case, language, theirs, ours)
    assert losses(run, taken) == []
    stays(case)


@pytest.mark.parametrize(("how", "language"), [("committed", "en"), ("no git", "zh")])
def test_a_merge_that_was_committed_or_that_git_does_not_tell_of_loses_nothing(
    case: Case, how: str, language: str
) -> None:
    run = MergedRun(case, language, "answer", "question")
    taken = Taken("both", "ours", "both", "both")
    if how == "no git":
        shutil.rmtree(case.path.parent / ".git")
    else:
        taken = Taken("theirs", "ours", "both", "ours")
        run.take(taken)
        git(case.path.parent, "commit", "--quiet", "--all", "-m", "merged")
    assert losses(run, taken) == []
    if how == "no git":
        said = [line for line in case.said if "as they were before what review.jsonl" in line]
        assert len(said) == 1
        assert run.second["id"] in said[0]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_put_back_after_a_merge_was_emitted_stays_put_back(case: Case, language: str) -> None:
    run = MergedRun(case, language, "answer", "answer")
    assert losses(run, Taken("both", "ours", "both", "both")) == []
    change(
        whole(case, language),
        lambda rows: [run.third if row["id"] == run.third["id"] else row for row in rows],
    )
    case.filter()
    assert run.third in read(whole(case, language))
    assert run.third["id"] not in [one["id"] for one in decisions(case)]


@pytest.mark.thorough
@pytest.mark.parametrize("ours", KINDS)
@pytest.mark.parametrize("theirs", KINDS)
def test_nothing_is_lost_whatever_side_is_taken_of_each_file(case: Case, theirs: str, ours: str) -> None:
    """Of each kind of edits every fourth choice of sides, so that all of them are tried with every kind of theirs."""
    place = KINDS.index(theirs) + KINDS.index(ours)
    run = MergedRun(case, ("en", "zh")[place % 2], theirs, ours)
    assert [one for taken in EVERY[place % 4 :: 4] for one in losses(run, taken)] == []
