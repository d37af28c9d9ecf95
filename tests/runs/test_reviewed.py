"""What reviewers decide about rows of a run: applied, counted, named, and told with a bound."""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import selfinstruct as si
from selfinstruct.api.reports import diff, render
from selfinstruct.api.review import review_figures
from selfinstruct.dataset.diff.reviewed import reading_of
from selfinstruct.dataset.io.rows import load_rows
from selfinstruct.dataset.release.reviewed import Reviewed, sentence
from selfinstruct.dataset.review.decisions import read_recorded
from selfinstruct.records import Row
from selfinstruct.review.merge import merge
from selfinstruct.review.wish import Wish
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.explanation import explain
from tests.support.edited_run import Case, MakeConfig
from tests.support.hand_edits import adds_up, asked, change, poem, read, stays, whole, write
from tests.support.reviews import say, session, verdict


@pytest.fixture
def case(make_config: MakeConfig, tmp_path: Path) -> Case:
    return Case(make_config("batch"), tmp_path / "run")


@pytest.fixture(params=["en", "zh"])
def rows(case: Case, request: pytest.FixtureRequest) -> list[Row]:
    return load_rows(whole(case, request.param))


def review(case: Case) -> Path:
    return case.path / "review.jsonl"


def outputs(case: Case) -> dict[str, str]:
    return {row.id: row.output for row in load_rows(case.path)}


@pytest.mark.thorough
def test_a_rejected_row_leaves_and_an_edited_one_changes_and_both_are_counted_and_named(
    case: Case, rows: list[Row]
) -> None:
    gone, mended, language = rows[0], rows[1], rows[0].language
    say(review(case), verdict(gone, "rejected", note="no"), verdict(mended, "edited", output="Better. 更好。"))
    say(review(case), verdict(rows[2], "accepted"))
    manifest = case.filter()
    assert gone.id not in outputs(case)
    assert outputs(case)[mended.id] == "Better. 更好。"
    counts = manifest["ledger"][language]
    assert adds_up(counts)
    assert (counts["rejected"]["removed_by_hand"], counts["edited_by_hand"]) == (1, 1)
    assert manifest["reviewed"][language]["read"] == 3
    (rejection,) = [one for one in read(case.path / "rejected.jsonl") if one["rule"] == "removed_by_hand"]
    assert rejection["detail"] == "rejected by Ann: wrong_answer, no"
    found = explain(case.config, RunDirectory(case.path), gone.id)
    assert (found.state, found.detail) == ("rejected", "rejected by Ann: wrong_answer, no")
    assert [("review.jsonl" in one.change, one.verdict) for one in found.what_if] == [(True, "accepted")]
    assert explain(case.config, RunDirectory(case.path), mended.id).reviewed == "edited by Ann"
    origin = next(one for one in read(case.path / "provenance.jsonl") if one["id"] == mended.id)
    assert origin["by_hand"] == "edited"
    assert origin["request"] is not None
    stays(case)


def test_of_rows_read_beside_the_sample_none_is_left_to_read() -> None:
    found = Reviewed(
        rows=52, read=15, accepted=15, rejected=0, edited=0, sample=12, seen=12, bad=0, at_most=0.22, more=47
    )
    assert sentence(found).endswith("; 37 left to read")
    assert sentence(found, "zh").endswith("剩下 37 条读完，就全看过了")


def test_a_sample_that_is_read_is_told_with_its_bound_in_card_report_and_diff(case: Case, tmp_path: Path) -> None:
    before = tmp_path / "before"
    shutil.copytree(case.path, before)
    found = session(case.path, sample=4)
    first, *others = found.order
    found.decide(first, Wish("rejected", reason="unnatural"))
    for at in others:
        found.decide(at, Wish("accepted"))
    case.filter()
    card = (case.path / "dataset" / "README.md").read_text(encoding="utf-8")
    assert "4 read of a random sample of 4, 1 bad: at most 75.2 % bad, at 95 %; 2 left to read" in card
    assert "以 95 % 的把握，问题率不超过 75.2 %" in card
    compared = diff(before, case.path)
    assert compared.reviewed["total"].bad == 1
    for face in ("text", "markdown", "html"):
        assert "1 bad: at most 75.2 % bad" in render(compared, face).replace("&#44;", ",").replace("&#58;", ":")
        assert "rejected by Ann: unnatural" in render(compared, face).replace("&#58;", ":").replace("&#95;", "_")


def test_everybody_has_the_same_sample_also_after_its_bad_rows_are_out(case: Case) -> None:
    found = session(case.path, sample=4)
    drawn = [found.material.rows[at].id for at in found.order]
    found.decide(found.order[2], Wish("rejected", reason="other"))
    found.decide(found.order[3], Wish("edited", {"output": "Another answer."}))
    case.filter()
    again = session(case.path, "Bo", sample=4)
    assert [again.material.rows[at].id for at in again.order] == drawn


def test_bad_rows_stay_in_the_figures_of_their_recipe_after_they_are_out(
    make_config: MakeConfig, tmp_path: Path
) -> None:
    case = Case(
        make_config(generate__mix={"batch": 0.5, "steered": 0.5}, target={"en": 12, "zh": 12}), tmp_path / "run"
    )
    recipe = {one["id"]: one["recipe"] for one in read(case.path / "provenance.jsonl")}
    bad: dict[tuple[str, str], list[Row]] = {}
    for row in load_rows(case.path):
        bad.setdefault((row.language, recipe[row.id]), []).append(row)
    gone, mended = {rows[0].id for rows in bad.values()}, {rows[1].id for rows in bad.values()}
    for row in load_rows(case.path):
        kind = "rejected" if row.id in gone else "edited" if row.id in mended else "accepted"
        more = {"output": "Better. 更好。"} if kind == "edited" else {}
        say(review(case), verdict(row, kind, sample=16, **more))
    before = review_figures(case.path)
    assert {(one.bad, one.rows > one.bad) for name, one in before.items() if "/" in name} == {(2, True)}
    manifest = case.filter()
    after = review_figures(case.path)
    assert {name: one.model_dump(mode="json") for name, one in before.items()} == manifest["reviewed"]
    assert after == before
    for language in ("en", "zh"):
        parts = [one.rows for name, one in after.items() if name.startswith(f"{language}/")]
        assert sum(parts) == after[language].rows


@pytest.mark.thorough
def test_a_rejected_row_that_is_put_back_by_hand_is_back(case: Case, rows: list[Row]) -> None:
    path = whole(case, rows[0].language)
    before = read(path)
    say(review(case), verdict(rows[0], "rejected"), verdict(rows[1], "accepted"))
    case.filter()
    write(path, before)
    case.filter()
    assert rows[0].id in outputs(case)
    assert [one.decision for one in read_recorded(review(case)).verdicts.values()] == ["accepted"]
    stays(case)


@pytest.mark.parametrize("is_filtered", [True, False])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_rejected_row_that_was_added_by_hand_leaves_and_its_verdict_stays(
    case: Case, language: str, is_filtered: bool
) -> None:
    before = outputs(case)
    change(whole(case, language), lambda rows: [*rows, poem(language)])
    if is_filtered:
        case.filter()
    (added,) = [row for row in load_rows(whole(case, language)) if row.id not in before]
    say(review(case), verdict(added, "rejected"))
    case.filter()
    assert outputs(case) == before
    assert [one.decision for one in read_recorded(review(case)).verdicts.values()] == ["rejected"]
    stays(case)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_rejected_row_whose_question_was_edited_by_hand_leaves_and_its_verdict_stays(
    case: Case, language: str
) -> None:
    before = outputs(case)
    change(whole(case, language), asked(poem(language)["instruction"]))
    case.filter()
    (edited,) = [row for row in load_rows(whole(case, language)) if row.id not in before]
    say(review(case), verdict(edited, "rejected"))
    case.filter()
    assert edited.id not in outputs(case)
    assert len(outputs(case)) == len(before) - 1
    (was,) = before.keys() - outputs(case).keys()
    told = "rejected by Ann: wrong_answer"
    found = explain(case.config, RunDirectory(case.path), edited.id)
    assert (found.id, found.detail) == (was, told)
    assert reading_of(case.path, case.path, []).said == {was: told, edited.id: told}
    assert [one.decision for one in read_recorded(review(case)).verdicts.values()] == ["rejected"]
    stays(case)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_rejected_row_that_was_added_by_hand_and_is_put_back_is_back(case: Case, language: str) -> None:
    change(whole(case, language), lambda rows: [*rows, poem(language)])
    case.filter()
    rows = read(whole(case, language))
    (added,) = [row for row in load_rows(whole(case, language)) if row.output == poem(language)["output"]]
    say(review(case), verdict(added, "rejected"))
    case.filter()
    write(whole(case, language), rows)
    case.filter()
    assert added.id in outputs(case)
    assert not read_recorded(review(case)).verdicts
    stays(case)


@pytest.mark.thorough
def test_verdicts_are_given_up_with_all_edits_and_a_copy_is_kept(case: Case, rows: list[Row]) -> None:
    say(review(case), verdict(rows[0], "rejected"))
    case.filter()
    case.filter(discard_edits=True)
    assert rows[0].id in outputs(case)
    assert not review(case).exists()
    assert case.copies


def test_decisions_of_the_page_without_a_server_are_taken_over_once(
    case: Case, rows: list[Row], tmp_path: Path
) -> None:
    file = tmp_path / "review.jsonl"
    say(
        file,
        verdict(rows[0], "rejected", "Bo"),
        verdict(rows[1].model_copy(update={"output": "old"}), "accepted", "Bo"),
    )
    said: list[str] = []
    assert merge(session(case.path).material, file, said.append) == (2, 0, 0, 1)
    assert "1 decision about texts that are not in" in said[0]
    assert merge(session(case.path).material, file, said.append) == (0, 0, 2, 1)
    case.filter()
    assert rows[0].id not in outputs(case)


def test_decisions_about_another_dataset_are_refused(case: Case, rows: list[Row], tmp_path: Path) -> None:
    file = tmp_path / "review.jsonl"
    say(file, verdict(rows[0].model_copy(update={"output": "of another"}), "rejected", "Bo"))
    with pytest.raises(si.InputError, match="belongs to another dataset"):
        merge(session(case.path).material, file, print)
    assert not review(case).exists()


steps = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["accepted", "rejected"]), st.integers(0, 9), st.sampled_from(["Ann", "Bo"])),
        st.tuples(st.just("edited"), st.integers(0, 9), st.sampled_from(["甲", "An answer."])),
        st.tuples(st.sampled_from(["by hand", "put back"]), st.integers(0, 9), st.just("")),
        st.tuples(st.sampled_from(["filter"]), st.integers(1, 5), st.just("")),
    ),
    min_size=1,
    max_size=8,
)


@pytest.mark.thorough
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=steps, language=st.sampled_from(["en", "zh"]))
def test_the_ledger_adds_up_and_an_emission_repeated_changes_nothing(
    script: list[tuple[str, int, Any]], case: Case, language: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        shutil.copytree(case.path, run)
        copy = Case.of(case.config, run)
        given = {row.id: row for row in load_rows(whole(copy, language))}
        for kind, number, what in script:
            _do(copy, language, list(given.values()), (kind, number, what))
        manifest = copy.filter()
        assert all(adds_up(counts) for counts in manifest["ledger"].values())
        held = manifest["ledger"]["total"]
        assert len(load_rows(run)) == held["accepted"] + held.get("added_by_hand", 0)
        stays(copy)
        standing = outputs(copy)
        for one in read_recorded(review(copy)).verdicts.values():
            if one.decision == "rejected" and one.id in standing:
                said = [two for two in read_recorded(review(copy)).verdicts.values() if two.id == one.id]
                assert standing[one.id] != given[one.id].output or any(two.row for two in said)


def _do(case: Case, language: str, given: list[Row], step: tuple[str, int, Any]) -> None:
    kind, number, what = step
    path = whole(case, language)
    row = given[number % len(given)]
    if kind in {"accepted", "rejected"}:
        say(review(case), verdict(row, kind, what))
    elif kind == "edited":
        say(review(case), verdict(row, kind, output=what))
    elif kind == "filter":
        case.filter()
    elif kind == "by hand" and (rows := read(path)):
        write(path, [{**one, "output": "by hand"} if one is rows[number % len(rows)] else one for one in rows])
    elif kind == "put back":
        rest = [one for one in read(path) if one["id"] != row.id]
        write(path, [*rest, json.loads(row.model_dump_json())])
