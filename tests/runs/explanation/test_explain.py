"""Explaining a candidate: in every state, in both languages, and never at odds with what the run decided."""

import asyncio
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.dedup.contamination import EvaluationExample, EvaluationSets
from selfinstruct.errors import InputError
from selfinstruct.journal import Journal
from selfinstruct.records import LanguageCode
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.explanation.checks import checks_of, decides, nearest_of
from selfinstruct.runs.explanation.find import FoundCandidate
from selfinstruct.runs.refilter import refilter
from tests.support.bootstraps import make_plan
from tests.support.command import Cli
from tests.support.explanations import of
from tests.support.kills import kill_during
from tests.support.ledgers import ODD, carry, rejections
from tests.support.runs import MakeConfig, start
from tests.support.teacher_server import Fault, TeacherServer, completion


@pytest.mark.thorough
@settings(max_examples=60, deadline=None)
@given(
    language=st.sampled_from(("en", "zh")),
    recipe=st.sampled_from(("steered", "batch")),
    target=st.integers(1, 6),
    threshold=st.sampled_from((0.4, 0.7)),
    seed=st.integers(0, 2**32),
)
def test_the_first_broken_check_is_always_the_rule_of_the_verdict(
    language: LanguageCode, recipe: str, target: int, threshold: float, seed: int
) -> None:
    exam = EvaluationSets([EvaluationExample("exam", 1, language, ODD[language][5], "", "")])
    bootstrap = Bootstrap(make_plan(language, recipe, target, 4, threshold)._replace(evaluation_sets=exam))
    carry(bootstrap, random.Random(seed), 60)
    bootstrap.close()
    for verdict in bootstrap.verdicts:
        found = FoundCandidate(
            bootstrap, verdict.candidate.index, verdict.candidate.position, verdict.candidate, verdict
        )
        nearest = nearest_of(found)
        assert verdict.nearest in {None, nearest}
        checks = checks_of(found, nearest)
        decided = decides(checks)
        assert (decided.rule if decided else "") == verdict.rule
        assert (decided.stage if decided else "") == verdict.stage
        assert verdict.pending == (decided is None and any(check.state == "open" for check in checks))


def first_row(folder: Path, language: str) -> dict[str, str]:
    row: dict[str, str] = json.loads(
        (folder / "dataset" / f"{language}.jsonl").read_text(encoding="utf-8").split("\n")[0]
    )
    return row


@pytest.mark.thorough
@pytest.mark.parametrize("recipe", ["steered", "batch"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_accepted_row_is_found_by_its_id_with_prompt_reply_and_item(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, language: str, recipe: str
) -> None:
    config = make_config(recipe)
    start(config, tmp_path)
    row = first_row(tmp_path, language)
    found = of(config, tmp_path, row["id"][:8])
    assert (found.id, found.state, found.rule) == (row["id"], "accepted", "")
    assert found.text is not None
    assert found.text.output == row["output"]
    first = found.asked[0]
    sent = [body["messages"] for body in server.requests]
    assert [message.model_dump() for message in first.request.messages] in sent
    assert first.reply is not None
    assert found.span is not None
    assert row["instruction"] in first.reply.text[slice(*found.span)]
    assert [one.slot.rpartition("/")[2] for one in found.asked][1:] == (["answer"] if recipe == "steered" else [])
    assert [one.id for one in found.shown] == list(first.request.shown)
    assert all(one.instruction for one in found.shown)
    assert {check.state for check in found.checks} == {"passed"}


def test_the_item_is_marked_where_two_of_a_reply_are_the_same(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    item = "###\n{}. 指令：描写清晨的渡口。\n{}. 输入：\n<无输入>\n{}. 输出：\n雾还没散，船夫在解缆绳。\n"
    text = item.replace("{}", "9") + item.replace("{}", "9")
    server.script = lambda *_: Fault(body=json.dumps(completion(text)).encode())
    config = make_config("batch", target={"zh": 2}, limits__max_candidates=2)
    with pytest.raises(Exception, match="cap of 2"):
        start(config, tmp_path)
    spans = [of(config, tmp_path, f"zh/0.{position}").span for position in (0, 1)]
    assert spans[0] is not None
    assert spans[1] is not None
    assert spans[0][1] <= spans[1][0]
    assert text[slice(*spans[0])] == text[slice(*spans[1])]


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_near_duplicate_names_both_texts_and_the_threshold_at_which_it_is_kept(
    make_config: MakeConfig, tmp_path: Path, language: str
) -> None:
    start(make_config("batch"), tmp_path)
    config = make_config("batch", filter__threshold=0.35)
    refilter(config, RunDirectory(tmp_path))
    key = next(
        key
        for key, one in rejections(tmp_path).items()
        if one["rule"] == "near_duplicate" and one["language"] == language
    )
    found = of(config, tmp_path, key)
    assert found.nearest is not None
    assert found.text is not None
    assert found.nearest.text != ""
    assert found.detail.startswith(f"ROUGE-L {found.nearest.score:.4f} to {found.nearest.id}, threshold 0.35: ")
    assert found.detail.endswith(found.nearest.text)
    flip = found.what_if[0]
    least = float(flip.change.rpartition(" ")[2])
    assert found.nearest.score <= least < found.nearest.score + 1e-3
    assert flip.change.startswith(f"[filter] threshold.{language} of at least")
    assert of(make_config("batch", filter__threshold=least), tmp_path, key).rule != "near_duplicate"


def test_an_accepted_row_says_below_which_threshold_it_falls(make_config: MakeConfig, tmp_path: Path) -> None:
    config = make_config("steered")
    start(config, tmp_path)
    found = of(config, tmp_path, first_row(tmp_path, "zh")["id"])
    assert found.nearest is not None
    most = float(found.what_if[0].change.rpartition(" ")[2])
    assert (most <= found.nearest.score, found.what_if[0].verdict) == (True, "rejected: near_duplicate")


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_rejected_row_says_what_it_is_without_its_rule_and_the_run_agrees(
    make_config: MakeConfig, tmp_path: Path, language: str
) -> None:
    limits: dict[str, Any] = {"target": {language: 100}, "limits__max_candidates": 60}
    with pytest.raises(Exception, match="cap of 60"):
        start(make_config("batch", **limits), tmp_path)
    config = make_config("batch", **limits)
    key = next(key for key, one in rejections(tmp_path).items() if one["rule"] == "placeholder_output")
    found = of(config, tmp_path, key, disable=["placeholder_output"])
    assert [(one.change, one.verdict) for one in found.what_if] == [
        ('"placeholder_output" in [validate] disable', "accepted")
    ]
    assert found.supposed is not None
    assert (found.supposed.verdict, found.supposed.gained > 0) == ("accepted", True)
    off = of(make_config("batch", **limits, validate__disable=["placeholder_output"]), tmp_path, key)
    assert off.state == "accepted"
    assert [(check.rule, check.state) for check in off.checks if check.state != "passed"] == [
        ("placeholder_output", "off")
    ]
    assert ('without "placeholder_output" in [validate] disable', "rejected: placeholder_output") in [
        (one.change, one.verdict) for one in off.what_if
    ]


@pytest.mark.thorough
def test_one_whose_answer_never_came_is_pending_and_one_whose_request_never_ended_is_lost(
    write_config: Callable[..., Path], server: TeacherServer, selfinstruct: Cli, tmp_path: Path
) -> None:
    config, folder = write_config(), tmp_path / "run"
    kill_during(server, 9, config, folder)
    journal = Journal(folder / "journal", read_only=True)
    slots = [slot.rpartition("/") for slot in journal.undecided]
    answers = [key for key, _, step in slots if step == "answer"]
    firsts = [key for key, _, step in slots if step == "instruction"]
    states = {}
    for key in answers + firsts:
        done = selfinstruct("explain", key, "--config", config, "--run", folder, "--json")
        value = json.loads(done.stdout)
        states[key] = value["state"]
        assert value["asked"][-1]["sends"][0]["outcome"] == "in flight when the run ended"
    assert {states[key] for key in answers} <= {"pending"}
    assert {states[key] for key in firsts} <= {"lost"}
    assert states


def test_a_held_request_is_said_so(make_config: MakeConfig, tmp_path: Path) -> None:
    config = make_config("steered")
    start(config, tmp_path)
    path = tmp_path / "journal" / "000001.jsonl"
    kept = [
        line
        for line in path.read_bytes().splitlines(keepends=True)
        if b'"kind":"reply"' not in line or b"zh/0.0" not in line
    ]
    path.write_bytes(b"".join(kept))
    with Journal(tmp_path / "journal") as journal:
        asyncio.run(journal.withhold("zh/0.0/instruction"))
    found = of(config, tmp_path, "zh/0.0")
    assert (found.state, found.rule, found.asked[0].held) == ("held", "held", True)
    assert [one.detail for one in found.checks] == ["no reply came; its request is not sent again"]


def test_what_came_after_the_target_was_reached_is_unread(make_config: MakeConfig, tmp_path: Path) -> None:
    start(make_config("steered"), tmp_path)
    found = of(make_config("steered", target={"en": 0, "zh": 0}), tmp_path, "en/1.0")
    assert (found.state, found.text is not None, found.checks) == ("unread", True, ())


@pytest.mark.thorough
@pytest.mark.parametrize("recipe", ["batch", "steered"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_row_that_became_unread_is_still_found_by_its_id(
    make_config: MakeConfig, tmp_path: Path, recipe: str, language: str
) -> None:
    start(make_config(recipe), tmp_path)
    row = first_row(tmp_path, language)
    found = of(make_config(recipe, target={"en": 0, "zh": 0}), tmp_path, row["id"][:10])
    assert (found.state, found.id, found.candidate[:2]) == ("unread", row["id"], language)


def test_an_unknown_id_exits_2_and_names_the_nearest(
    selfinstruct: Cli, write_config: Callable[..., Path], tmp_path: Path
) -> None:
    write_config("batch")
    selfinstruct("generate")
    row = first_row(tmp_path / "outputs" / "test", "zh")
    wrong = ("f" if row["id"][0] != "f" else "e") + row["id"][1:]
    done = selfinstruct("explain", wrong)
    assert (done.returncode, row["id"] in done.stderr) == (2, True)
    assert selfinstruct("explain", "zh/0.77").returncode == 2
    assert selfinstruct("explain", "啊").returncode == 2


def test_a_start_that_fits_two_rows_is_refused_with_both(make_config: MakeConfig, tmp_path: Path) -> None:
    start(make_config("batch", target={"en": 40, "zh": 40}), tmp_path)
    ids = [json.loads(line)["id"] for line in (tmp_path / "provenance.jsonl").read_text(encoding="utf-8").splitlines()]
    shared = next(one[:1] for one in ids if sum(other[0] == one[0] for other in ids) > 1)
    with pytest.raises(InputError, match=r"begins \d+ ids"):
        of(make_config("batch", target={"en": 40, "zh": 40}), tmp_path, shared)


@pytest.mark.thorough
def test_the_text_marks_the_item_line_by_line_and_fits_a_pipe(
    selfinstruct: Cli, write_config: Callable[..., Path], tmp_path: Path
) -> None:
    write_config("batch")
    selfinstruct("generate")
    row = first_row(tmp_path / "outputs" / "test", "zh")
    done = selfinstruct("explain", row["id"])
    assert done.returncode == 0
    marked = [line for line in done.stdout.splitlines() if line.startswith(">")]
    assert any(row["instruction"] in line for line in marked)
    assert any(row["output"] in line for line in marked)
    assert "\x1b" not in done.stdout
    assert "accepted" in done.stdout.splitlines()[0]


def test_a_run_without_its_journal_cannot_be_explained(make_config: MakeConfig, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no journal"):
        of(make_config("batch"), tmp_path, "en/0.0")
