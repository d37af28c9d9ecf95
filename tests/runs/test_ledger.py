"""The ledger adds up, for any configuration, any replies, any that are missing, and after any kill."""

import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfinstruct.bootstrap.acceptance import Acceptance
from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.dataset.release.split import links_of, split_links
from selfinstruct.dataset.review.apply import apply
from selfinstruct.dedup.contamination import EvaluationExample, EvaluationSets
from selfinstruct.quality.rules import RULE_NAMES
from selfinstruct.records import LanguageCode, Verdict
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.ledger import ledger
from selfinstruct.runs.refilter import refilter
from tests.support.bootstraps import make_plan
from tests.support.command import Cli
from tests.support.kills import kill_during
from tests.support.ledgers import ODD, adds_up, carry, lines, rejections
from tests.support.runs import MakeConfig, start
from tests.support.teacher_server import TeacherServer


@pytest.mark.thorough
@settings(max_examples=80, deadline=None)
@given(
    language=st.sampled_from(("en", "zh")),
    recipe=st.sampled_from(("steered", "batch")),
    target=st.integers(0, 6),
    window=st.integers(1, 6),
    threshold=st.sampled_from((0.0, 0.4, 0.7, 1.0)),
    disable=st.lists(st.sampled_from(RULE_NAMES), max_size=4),
    held_out=st.booleans(),
    seed=st.integers(0, 2**32),
)
def test_it_adds_up_for_any_configuration_and_any_replies(
    language: LanguageCode,
    recipe: str,
    target: int,
    window: int,
    threshold: float,
    disable: list[str],
    held_out: bool,
    seed: int,
) -> None:
    plan = make_plan(language, recipe, target, window, threshold)
    rules = plan.config.validate_.model_copy(update={"disable": {language: tuple(disable)}})
    examples = [EvaluationExample("exam", 1, language, text, "", "") for text in ODD[language][5:6] if held_out]
    config = plan.config.model_copy(update={"validate_": rules})
    bootstrap = Bootstrap(plan._replace(config=config, evaluation_sets=EvaluationSets(examples)))
    carry(bootstrap, random.Random(seed), 60)
    bootstrap.close()
    counted = counted_in(bootstrap)
    assert adds_up(counted[language])
    assert counted["total"] == counted[language]
    assert counted[language]["candidates"] == len(bootstrap.settled_keys()) == len(set(bootstrap.settled_keys()))
    assert counted[language]["accepted"] == len(bootstrap.rows) <= target


def counted_in(bootstrap: Bootstrap) -> dict[str, Any]:
    """Return the ledger of a language in which nothing was made by hand."""
    flags = split_links(list(links_of(bootstrap.verdicts, bootstrap.rows)), 0.1)
    language = bootstrap.plan.language
    return ledger({language: bootstrap}, {language: apply(bootstrap.verdicts, bootstrap.rows, flags, [], 0.1)})


def settled(language: LanguageCode = "zh") -> Bootstrap:
    bootstrap = Bootstrap(make_plan(language, "batch", 12))
    carry(bootstrap, random.Random(1), 60)
    bootstrap.close()
    assert len(bootstrap.verdicts) > 3
    return bootstrap


def drop(verdicts: list[Verdict]) -> None:
    verdicts.pop(2)


def double(verdicts: list[Verdict]) -> None:
    verdicts[2] = verdicts[1]


def tear(verdicts: list[Verdict]) -> None:
    position = next(number for number, verdict in enumerate(verdicts) if verdict.rule)
    verdicts[position] = verdicts[position].model_copy(update={"pending": True})


def accept(verdicts: list[Verdict]) -> None:
    position = next(number for number, verdict in enumerate(verdicts) if verdict.rule)
    verdicts[position] = Verdict(candidate=verdicts[position].candidate)


@pytest.mark.parametrize("damage", [drop, double, tear, accept])
def test_a_verdict_that_is_lost_doubled_torn_or_without_its_row_stops_as_a_bug(
    damage: Callable[[list[Verdict]], None],
) -> None:
    bootstrap = settled()
    damage(bootstrap.verdicts)
    with pytest.raises(AssertionError, match="the ledger of zh does not add up"):
        counted_in(bootstrap)


def test_a_request_that_settles_without_all_its_verdicts_stops_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    bootstrap = Bootstrap(make_plan("en", "batch", 3))
    record = Acceptance.record

    def forgetful(self: Acceptance, verdict: Verdict) -> None:
        if verdict.candidate.position != 1:
            record(self, verdict)

    monkeypatch.setattr(Acceptance, "record", forgetful)
    with pytest.raises(AssertionError, match="this is a bug"):
        carry(bootstrap, random.Random(1), 40)


def test_a_run_that_does_not_add_up_leaves_the_last_emission_alone(
    make_config: MakeConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(make_config("batch"), tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.json*")}
    close = Bootstrap.close

    def forgetful(self: Bootstrap) -> None:
        close(self)
        self.verdicts.pop()

    monkeypatch.setattr(Bootstrap, "close", forgetful)
    with pytest.raises(AssertionError, match="nothing was written"):
        refilter(make_config("batch"), RunDirectory(tmp_path))
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.json*")} == before


@pytest.mark.kill
@pytest.mark.parametrize("recipe", ["steered", "batch"])
def test_after_every_kill_it_adds_up_and_so_do_the_files(
    write_config: Callable[..., Path], server: TeacherServer, selfinstruct: Cli, tmp_path: Path, recipe: str
) -> None:
    config = write_config(recipe)
    for kill_at in (0, 1) if recipe == "batch" else (1, 9):
        folder = tmp_path / f"killed{kill_at}"
        server.requests.clear()
        kill_during(server, kill_at, config, folder)
        server.script = lambda _number, _body: None
        status, counted = (
            json.loads(selfinstruct(verb, "--config", config, "--run", folder, "--json").stdout)["ledger"]
            for verb in ("status", "filter")
        )
        assert all(adds_up(entry) for entry in (*status.values(), *counted.values()))
        rejected = Counter(json.loads(line)["rule"] for line in lines(folder / "rejected.jsonl"))
        assert rejected == counted["total"]["rejected"]
        rows = sum(len(lines(path)) for path in folder.glob("dataset/*.jsonl"))
        assert rows == len(lines(folder / "provenance.jsonl")) == counted["total"]["accepted"]


def row_set(folder: Path) -> set[tuple[str, str, str]]:
    values = [json.loads(line) for path in folder.glob("dataset/*.jsonl") for line in lines(path)]
    return {(value["instruction"], value["input"], value["output"]) for value in values}


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_rule_that_is_switched_off_brings_back_exactly_its_rows_and_sends_nothing(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, language: str
) -> None:
    config = {"target": {language: 100}, "limits__max_candidates": 60, "filter__threshold": 1.0}
    with pytest.raises(Exception, match="cap of 60 candidates"):
        start(make_config("batch", **config), tmp_path)
    sent, before, rows = len(server.requests), rejections(tmp_path), row_set(tmp_path)
    concerned = {key: one for key, one in before.items() if one["rule"] == "placeholder_output"}
    assert concerned
    refilter(make_config("batch", **config, validate__disable=["placeholder_output"]), RunDirectory(tmp_path))
    now = rejections(tmp_path)
    changed = {key for key, one in before.items() if key not in now or now[key]["rule"] != one["rule"]}
    assert changed == set(concerned)
    assert set(now) <= set(before)
    back = {(one["instruction"], one["input"], one["output"]) for key, one in concerned.items() if key not in now}
    assert row_set(tmp_path) == rows | back > rows
    refilter(make_config("batch", **config), RunDirectory(tmp_path))
    assert (rejections(tmp_path), row_set(tmp_path)) == (before, rows)
    assert len(server.requests) == sent


def test_a_rejected_line_says_all_that_is_known(make_config: MakeConfig, tmp_path: Path) -> None:
    start(make_config("batch"), tmp_path)
    refilter(make_config("batch", filter__threshold=0.3), RunDirectory(tmp_path))
    one = next(value for value in rejections(tmp_path).values() if value["rule"] == "near_duplicate")
    assert list(one) == [
        "candidate", "language", "request", "position", "stage", "rule", "detail", "nearest", "nearest_text", "score",
        "held_out", "instruction", "input", "output", "text",
    ]  # fmt: skip
    assert one["candidate"] == f"{one['language']}/{one['request']}.{one['position']}"
    assert one["nearest"]
    assert one["nearest_text"]
    assert one["score"] > 0.3
    assert one["instruction"] in one["text"]
