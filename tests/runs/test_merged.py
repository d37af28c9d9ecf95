"""What two people did on two branches stands after the merge; where both changed one row the chosen text does, and the other is kept."""

import json
from pathlib import Path

import pytest

from selfinstruct.cli.messages import in_chinese
from tests.support.branches import Branches, Step, Taken
from tests.support.command import Cli
from tests.support.edited_run import Case, MakeConfig
from tests.support.git_merged import merge_by_git
from tests.support.hand_edits import answered, change, decisions, read, stays, whole
from tests.support.repository import git

pytestmark = pytest.mark.thorough  # whole runs, again and again

REWORDED, ANSWERED, REMOVED = Step("question"), Step("answer"), Step("removed")


@pytest.fixture
def case(make_config: MakeConfig, tmp_path: Path) -> Case:
    return Case(make_config("batch"), tmp_path / "outputs" / "run")


def branches(
    case: Case, language: str, begun: list[Step], theirs: list[Step], ours: list[Step], *, is_filtered: bool = True
) -> Branches:
    made = Branches(case, language, begun)
    made.branch("theirs", theirs, is_filtered=is_filtered)
    made.branch("ours", ours, is_filtered=is_filtered)
    return made


@pytest.mark.parametrize(("language", "chosen"), [("en", "theirs"), ("zh", "ours"), ("zh", "theirs")])
@pytest.mark.parametrize(
    ("begun", "theirs", "ours"),
    [
        ([], [REWORDED], [REWORDED]),
        ([REWORDED], [REWORDED._replace(text=1)], [ANSWERED]),
        ([REWORDED], [ANSWERED], [REWORDED._replace(text=1)]),
        ([], [REWORDED], [REMOVED]),
    ],
)
def test_of_two_changes_of_a_row_the_chosen_one_stands_and_the_other_is_kept(
    case: Case, language: str, chosen: str, begun: list[Step], theirs: list[Step], ours: list[Step]
) -> None:
    made = branches(case, language, begun, theirs, ours)
    made.merge(taken := Taken(chosen=chosen))
    case.said.clear()
    case.filter()
    assert list(made.lost(taken)) == []
    told = [line for line in case.said if "was changed by both sides of the merge" in line]
    left = made.texts["ours" if chosen == "theirs" else "theirs"][0]
    assert len(told) == (left is not None)  # a removal that was not chosen is nothing to keep
    stays(case)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_edit_of_a_split_file_alone_that_was_committed_unrecorded_outlives_that_ours_are_taken(
    case: Case, language: str
) -> None:
    made = branches(case, language, [], [Step("split")], [Step("answer", 1)], is_filtered=False)
    made.merge(taken := Taken())
    case.filter()
    assert list(made.lost(taken)) == []
    stays(case)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_was_written_while_a_merge_was_resolved_wins_over_both_sides(case: Case, language: str) -> None:
    made = branches(case, language, [], [ANSWERED], [ANSWERED._replace(text=1)])
    made.merge(Taken())
    texts = [row["output"] for row in read(whole(case, language))]
    ours = made.texts["ours"][0]
    assert ours
    path = whole(case, language)
    path.write_text(path.read_text(encoding="utf-8").replace(ours[1], "Both, 合在一起。"), encoding="utf-8")
    case.filter()
    assert [row["output"] for row in read(path)] == [text.replace(ours[1], "Both, 合在一起。") for text in texts]
    assert [one["row"]["output"] for one in decisions(case)] == ["Both, 合在一起。"]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "later", ["a commit on top", "an unrelated merge on top", "markers", "markers mended in a commit"]
)
def test_a_merge_that_was_committed_without_a_filter_loses_nothing_when_that_is_run_later(
    case: Case, language: str, later: str
) -> None:
    made = branches(case, language, [], [ANSWERED, Step("answer", 1)], [ANSWERED._replace(text=1)])
    made.merge(taken := Taken(review="ours"))
    path = whole(case, language)
    merged = path.read_text(encoding="utf-8")
    if "markers" in later:
        path.write_text(f"<<<<<<< ours\n{merged}=======\n>>>>>>> theirs\n", encoding="utf-8")
    git(made.folder, "commit", "--quiet", "--all", "-m", "merged")
    path.write_text(merged, encoding="utf-8")
    if later != "markers":
        if "unrelated" in later:
            git(made.folder, "checkout", "--quiet", "-b", "unrelated", "base")
        (made.folder / "notes.txt").write_text("Nothing of the run.", encoding="utf-8")
        git(made.folder, "add", "--all")
        git(made.folder, "commit", "--quiet", "-m", later)
        if "unrelated" in later:
            git(made.folder, "checkout", "--quiet", "ours")
            git(made.folder, "merge", "--quiet", "--no-ff", "unrelated")
    case.said.clear()
    case.filter()
    assert list(made.lost(taken)) == []
    assert any("was changed by both sides of the merge" in line for line in case.said)
    stays(case)


def committed_without_filter(case: Case, language: str) -> tuple[Branches, Taken]:
    """Return branches that were merged, with the whole file of one side, and committed; `filter` was not run."""
    made = branches(case, language, [], [ANSWERED, Step("answer", 1)], [ANSWERED._replace(text=1)])
    made.merge(taken := Taken(review="ours"))
    git(made.folder, "commit", "--quiet", "--all", "-m", "merged")
    return made, taken


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kept_in", ["the folder", "a commit"])
def test_what_is_edited_after_a_merge_without_a_filter_stands_with_all_that_both_sides_did(
    case: Case, language: str, kept_in: str
) -> None:
    made, taken = committed_without_filter(case, language)
    change(whole(case, language), lambda rows: [*rows[:-1], rows[-1] | {"output": "Later on, 后来写的。"}])
    if kept_in == "a commit":
        git(made.folder, "commit", "--quiet", "--all", "-m", "edited on")
    case.said.clear()
    case.filter()
    rows = read(whole(case, language))
    assert [one for one in made.lost(taken) if not one.startswith(f"row {len(rows) - 1}:")] == []
    assert rows[-1]["output"] == "Later on, 后来写的。"
    assert not any("were put back" in line for line in case.said)
    stays(case)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_row_that_is_put_back_after_a_merge_without_a_filter_stays_so_and_is_named(case: Case, language: str) -> None:
    made, _ = committed_without_filter(case, language)
    name = whole(case, language).relative_to(made.folder)
    then, now = (
        {row["id"]: row for row in map(json.loads, git(made.folder, "show", f"{at}:{name}").splitlines())}
        for at in ("base", "HEAD")
    )
    back = next(key for key in now if key in then and now[key] != then[key])
    change(whole(case, language), lambda rows: [then[back] if row["id"] == back else row for row in rows])
    case.said.clear()
    case.filter()
    assert {row["id"]: row for row in read(whole(case, language))}[back] == then[back]
    (told,) = [line for line in case.said if "were put back" in line]
    assert back in told
    assert "改回了其中一边的样子" in in_chinese(told)
    stays(case)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_put_back_after_a_merge_was_emitted_and_committed_stays_put_back(case: Case, language: str) -> None:
    made = branches(case, language, [], [Step("answer", 1)], [ANSWERED])
    made.merge(Taken())
    git(made.folder, "commit", "--quiet", "--all", "-m", "merged")
    case.filter()
    git(made.folder, "commit", "--quiet", "--all", "-m", "filtered")
    path = whole(case, language)
    origin = made.origins[1]
    assert origin
    change(path, answered(origin[1], [row["instruction"] for row in read(path)].index(origin[0])))
    git(made.folder, "commit", "--quiet", "--all", "-m", "put back")
    case.filter()
    assert origin in [(row["instruction"], row["output"]) for row in read(path)]
    stays(case)


@pytest.mark.thorough
@pytest.mark.parametrize("has_drivers", [True, False])
@pytest.mark.parametrize(("language", "chosen"), [("en", "theirs"), ("zh", "ours"), ("zh", "theirs")])
@pytest.mark.parametrize(
    ("begun", "theirs", "ours"),
    [
        ([], [REWORDED], [REWORDED]),
        ([REWORDED], [REWORDED._replace(text=1)], [ANSWERED]),
        ([REWORDED], [ANSWERED], [REWORDED._replace(text=1)]),
        ([], [ANSWERED, Step("split", 1)], [ANSWERED._replace(text=1), Step("answer", 1, 1)]),
    ],
)
def test_the_recipe_of_readme_loses_nothing_with_and_without_the_merge_drivers(
    case: Case,
    selfinstruct: Cli,
    has_drivers: bool,
    language: str,
    chosen: str,
    begun: list[Step],
    theirs: list[Step],
    ours: list[Step],
) -> None:
    made = Branches(case, language, begun, folder=case.path.parent.parent)
    if has_drivers:
        assert selfinstruct("git", "install").returncode == 0
    made.branch("theirs", theirs, is_filtered=True)
    made.branch("ours", ours, is_filtered=True)
    merge_by_git(made, chosen)
    case.filter()
    assert list(made.lost(Taken(chosen=chosen))) == []
    stays(case)
