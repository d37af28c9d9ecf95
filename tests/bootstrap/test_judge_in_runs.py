"""The teacher as a judge: what it is asked, how its scores are read, and that a run with it is as reproducible as one without."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.errors import CapReachedError
from selfinstruct.journal import Journal
from selfinstruct.records import Reply, Request
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.estimate import estimate
from selfinstruct.runs.inputs import load_inputs
from selfinstruct.runs.refilter import refilter
from tests.support.bootstraps import outcome, run, scripted
from tests.support.command import Cli
from tests.support.explanations import of
from tests.support.kills import kill_during
from tests.support.ledgers import adds_up, lines, rejections
from tests.support.rubrics import EN, JUDGE, ZH, plan_of
from tests.support.runs import MakeConfig, digest, start
from tests.support.teacher_server import Fault, TeacherServer, completion, say

pytestmark = pytest.mark.thorough  # whole runs, again and again


@pytest.mark.parametrize("recipe", ["steered", "batch"])
def test_every_row_of_a_judged_run_reached_the_least_in_both_languages(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, recipe: str
) -> None:
    manifest = start(make_config(recipe, **JUDGE), tmp_path)
    assert manifest["stop"] == "target reached"
    for line in map(json.loads, lines(tmp_path / "provenance.jsonl")):
        means = [sum(one.values()) / 3 for one in line["judged"]]
        assert len(means) == 2
        assert sum(means) / 2 >= 3.5
        assert list(line["judged"][0]) == list(EN if line["language"] == "en" else ZH)
    low = [one for one in rejections(tmp_path).values() if one["rule"] == "judged_low"]
    assert low
    assert all((one["stage"], "least 3.5" in one["detail"], len(one["judged"])) == ("judge", True, 2) for one in low)
    for language in ("en", "zh"):
        assert adds_up(manifest["ledger"][language])
        figures = manifest["judge"][language]
        assert (figures["unreadable"], figures["strict"]) == (0, figures["judgements"])
        assert figures["pairs"] == figures["rows"] > 0
        assert 0 <= figures["same_verdict"] <= 1
    assert manifest["requests"]["answered"] == len(server.requests)


@pytest.mark.parametrize("recipe", ["steered", "batch"])
def test_a_judged_run_is_the_same_for_any_concurrency_and_order_of_arrival(
    make_config: MakeConfig, recipe: str
) -> None:
    for language in ("en", "zh"):
        plan = plan_of(make_config, language, recipe=recipe, target={language: 6})
        expected = outcome(run(plan, scripted, 1, random.Random(0)))
        for seed in range(4):
            assert outcome(run(plan, scripted, 8, random.Random(seed))) == expected


def test_many_rows_are_judged_at_once(make_config: MakeConfig) -> None:
    plan = plan_of(make_config, "zh", target={"zh": 40}, generate__window=8)
    bootstrap, waiting = Bootstrap(plan), []
    while request := bootstrap.ask():
        waiting.append(request)
    for request in waiting:
        bootstrap.hear(request, scripted(request))
    judged = []
    while request := bootstrap.ask():
        if request.step.startswith("judge"):
            judged.append(request.slot)
    assert len(judged) > 16


def test_what_a_rule_or_the_filter_rejects_is_not_judged(make_config: MakeConfig) -> None:
    plan = plan_of(make_config, "en", target={"en": 8})
    asked: list[Request] = []

    def answer(request: Request) -> Reply:
        asked.append(request)
        return scripted(request)

    bootstrap = run(plan, answer, 4, random.Random(3))
    judged = {request.slot.rpartition("/")[0] for request in asked if request.step.startswith("judge")}
    rejected = {verdict.candidate.key: verdict.rule for verdict in bootstrap.verdicts if verdict.rule}
    assert {rejected[key] for key in judged if key in rejected} <= {"judged_low", "over_target"}
    assert {"near_duplicate", "placeholder_output"} & set(rejected.values())
    assert {verdict.candidate.key for verdict in bootstrap.verdicts if verdict.accepted} <= judged


@pytest.mark.kill
@pytest.mark.parametrize("recipe", ["steered", "batch"])
def test_a_judged_run_that_is_killed_ends_with_the_same_bytes(
    write_config: Callable[..., Path], server: TeacherServer, selfinstruct: Cli, tmp_path: Path, recipe: str
) -> None:
    config = write_config(recipe, "[judge]\nleast = 3.5\n")
    selfinstruct("generate", "--config", config, "--run", tmp_path / "whole")
    total = len(server.requests)
    for kill_at in (2, total // 2):
        folder = tmp_path / f"killed{kill_at}"
        server.requests.clear()
        kill_during(server, kill_at, config, folder)
        server.script = lambda _number, _body: None
        assert selfinstruct("generate", "--config", config, "--run", folder).returncode == 0
        assert digest(folder) == digest(tmp_path / "whole")


def test_another_least_or_none_is_applied_by_filter_without_a_request(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    limits: dict[str, Any] = {"target": {"zh": 100}, "limits__max_candidates": 30}
    with pytest.raises(CapReachedError):
        start(make_config("batch", **limits, **JUDGE), tmp_path)
    sent, before = len(server.requests), rejections(tmp_path)
    low = {key for key, one in before.items() if one["rule"] == "judged_low"}
    manifest = refilter(make_config("batch", **limits), RunDirectory(tmp_path))
    unjudged = rejections(tmp_path)
    assert low - set(unjudged)
    assert "judged_low" not in {one["rule"] for one in unjudged.values()}
    assert "judge" not in manifest
    refilter(make_config("batch", **limits, judge__least=5), RunDirectory(tmp_path))
    assert sum(one["rule"] == "judged_low" for one in rejections(tmp_path).values()) > len(low)
    refilter(make_config("batch", **limits, **JUDGE), RunDirectory(tmp_path))
    assert rejections(tmp_path) == before
    assert len(server.requests) == sent


def test_switched_on_later_it_judges_what_stands_and_asks_nothing_twice(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    first = start(make_config("batch"), tmp_path)
    sent = len(server.requests)
    waiting = refilter(make_config("batch", **JUDGE), RunDirectory(tmp_path))
    assert waiting["ledger"]["total"]["pending"] > 0
    assert waiting["fingerprint"] != first["fingerprint"]
    assert start(make_config("batch", **JUDGE), tmp_path)["stop"] == "target reached"
    asked = [json.dumps(body["messages"]) for body in server.requests]
    assert len(set(asked)) == len(asked) > sent


def test_while_it_is_off_its_prompt_changes_nothing(make_config: MakeConfig) -> None:
    config = make_config("batch")
    assert not [name for name in load_inputs(config).sha256 if "judge" in name]
    assert "judge" not in config.acceptance_settings()
    assert "prompts/zh/judge.txt" in load_inputs(make_config("batch", **JUDGE)).sha256


def test_an_unreadable_judge_is_counted_and_its_rows_are_rejected_by_name(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    def mumble(_: int, body: dict[str, Any]) -> Fault | None:
        text = "这条写得不错。" if "1-5" in body["messages"][-1]["content"] else say(body)
        return Fault(body=json.dumps(completion(text)).encode())

    server.script = mumble
    with pytest.raises(CapReachedError, match="brought no row"):
        start(make_config("batch", **JUDGE, target={"zh": 2}, limits__max_fruitless=3), tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    figures = manifest["judge"]["zh"]
    assert figures["unreadable"] == figures["judgements"] > 0
    assert manifest["ledger"]["zh"]["rejected"]["unjudged"] > 0


def test_the_budget_holds_for_judgements_too(make_config: MakeConfig, tmp_path: Path) -> None:
    config = make_config("steered", **JUDGE, limits__budget_usd="0.004", limits__concurrency=2)
    with pytest.raises(CapReachedError, match="budget"):
        start(config, tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert 0 < float(manifest["cost_usd"]) <= 0.004
    assert start(make_config("steered", **JUDGE, limits__budget_usd="1"), tmp_path)["stop"] == "target reached"


@pytest.mark.parametrize("recipe", ["steered", "batch"])
def test_the_estimate_counts_judgements_and_says_what_it_assumes(
    make_config: MakeConfig, tmp_path: Path, recipe: str
) -> None:
    folder = RunDirectory(tmp_path / "none")
    without, judged = (estimate(make_config(recipe, **settings), folder) for settings in ({}, JUDGE))
    assert judged.requests.low > without.requests.low + 2 * 6 - 1
    assert judged.requests.high > without.requests.high
    assert judged.prompt.low > without.prompt.low
    assert any(line.startswith("judge: 2 judgements") for line in judged.assumptions)
    start(make_config(recipe, **JUDGE), tmp_path / "run")
    used = len(Journal(tmp_path / "run" / "journal", read_only=True).answered)
    assert judged.requests.low <= used


@pytest.mark.parametrize("language", ["en", "zh"])
def test_explain_shows_the_judge(make_config: MakeConfig, tmp_path: Path, language: str) -> None:
    config = make_config("batch", **JUDGE)
    start(config, tmp_path)
    row = json.loads(lines(tmp_path / "dataset" / f"{language}.jsonl")[0])
    found = of(config, tmp_path, row["id"])
    assert [one.slot.rpartition("/")[2] for one in found.asked] == ["batch", "judge.1", "judge.2"]
    assert [(check.rule, check.state) for check in found.checks if check.stage == "judge"] == [("judged_low", "passed")]
    key = next((key for key, one in rejections(tmp_path).items() if one["rule"] == "judged_low"), "")
    low = of(config, tmp_path, key)
    assert (low.rule, low.what_if[0].change, low.what_if[0].verdict) == (
        "judged_low", "[judge] least = 0, or low enough", "accepted",
    )  # fmt: skip


def test_status_says_how_far_the_two_orders_agree(selfinstruct: Cli, write_config: Callable[..., Path]) -> None:
    write_config("batch", "[judge]\nleast = 3.5\n")
    assert selfinstruct("generate", "-q").returncode == 0
    said = selfinstruct("status").stdout
    assert "Judge, zh: " in said
    assert "judged in both orders" in said
    assert set(json.loads(selfinstruct("status", "--json").stdout)["judge"]) == {"en", "zh"}
