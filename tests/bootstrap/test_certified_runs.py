"""A run asks its judge only after a certificate: measured first, bought once, refused below the bar unless forced, and said everywhere."""

import json
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.api.joined import join
from selfinstruct.config import Config
from selfinstruct.errors import FindingsError, InputError
from selfinstruct.journal import Journal
from selfinstruct.records import CERTIFICATE_STEPS
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.refilter import refilter
from tests.support.judges import always_first, shown, verdict
from tests.support.rubrics import JUDGE
from tests.support.runs import MakeConfig, digest, start
from tests.support.teacher_server import Fault, TeacherServer, completion, say

SMALL: dict[str, Any] = {"target": {"zh": 2}, **JUDGE}


def steps_in(run: Path) -> list[str]:
    with Journal(run / "journal", read_only=True) as journal:
        return [one.request.step for one in journal.recorded()]


def biased(_: int, body: dict[str, Any]) -> Fault | None:
    """Take the first of two answers, always."""
    pair = shown(body)
    if pair is None:
        return None
    return Fault(body=json.dumps(completion(verdict(pair, always_first(pair))), ensure_ascii=False).encode())


@pytest.mark.thorough
def test_the_certificate_stands_before_the_first_verdict_and_is_bought_once(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    manifest = start(make_config("batch", **SMALL), tmp_path)
    steps = steps_in(tmp_path)
    asked = [place for place, step in enumerate(steps) if step in CERTIFICATE_STEPS]
    assert len(asked) == 124
    assert max(asked) < min(place for place, step in enumerate(steps) if step not in CERTIFICATE_STEPS)
    found = manifest["certificate"]
    assert (found["passed"], found["forced"], list(found["languages"])) == (True, False, ["zh"])
    assert found["languages"]["zh"]["accuracy"] == 1
    assert "62 pairs" in (tmp_path / "dataset" / "README.md").read_text(encoding="utf-8")
    sent = len(server.requests)
    assert start(make_config("batch", **SMALL | {"target": {"zh": 3}}), tmp_path)["certificate"] == found
    assert all(shown(body) is None for body in server.requests[sent:])


@pytest.mark.thorough
def test_a_judge_below_the_bar_is_refused_before_anything_else_is_bought_and_asked_when_forced(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = biased
    with pytest.raises(FindingsError, match=r"the judge .* is refused: zh: .*\[judge\] force = true"):
        start(make_config("batch", **SMALL), tmp_path)
    assert set(steps_in(tmp_path)) == CERTIFICATE_STEPS
    refused = RunDirectory(tmp_path).manifest()
    assert refused
    assert refused.certificate
    assert not refused.certificate.passed
    assert refused.stop.startswith("stopped: the judge")
    forced = start(make_config("batch", **SMALL, judge__force=True), tmp_path)
    assert forced["stop"] == "target reached"
    assert (forced["certificate"]["passed"], forced["certificate"]["forced"]) == (False, True)
    assert "word was taken all the same" in (tmp_path / "dataset" / "README.md").read_text(encoding="utf-8")


@pytest.mark.thorough
def test_another_judge_is_asked_at_its_own_endpoint_price_and_model(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    judge = {"judge__model": "other", "judge__base_url": server.url, "judge__price": {"input": "7", "output": "7"}}
    config = make_config("batch", **SMALL, **judge)
    manifest = start(config, tmp_path)
    models = {body["model"] for body in server.requests if shown(body) or "1-5" in body["messages"][-1]["content"]}
    assert models == {"other"}
    assert {body["model"] for body in server.requests} == {"other", config.teacher.model}
    with Journal(tmp_path / "journal", read_only=True) as journal:
        cost = {one.request.step: one.cost for one in journal.recorded()}
    assert cost["judge.1"] > cost["batch"] / 4
    assert float(manifest["cost_usd"]) > 0
    before = digest(tmp_path)
    refilter(config, RunDirectory(tmp_path))
    assert digest(tmp_path) == before


@pytest.mark.thorough
def test_a_run_has_one_judge(make_config: MakeConfig, tmp_path: Path) -> None:
    start(make_config("batch", **SMALL), tmp_path)
    other = {"judge__model": "other", "judge__price": {"input": "1", "output": "1"}, "target": {"zh": 4}}
    with pytest.raises(InputError, match=r"\[judge\] model: the verdicts of this run are those of"):
        start(make_config("batch", **SMALL | other), tmp_path)


def test_a_run_without_verdicts_asks_no_judge(make_config: MakeConfig, server: TeacherServer, tmp_path: Path) -> None:
    manifest = start(make_config("batch", target={"zh": 2}, judge__model="other"), tmp_path)
    assert "certificate" not in manifest
    assert not set(steps_in(tmp_path)) & CERTIFICATE_STEPS
    assert not Config().asks_judge
    assert say(server.requests[0])


@pytest.mark.thorough
def test_slices_have_a_certificate_each_and_the_united_run_has_it_too(make_config: MakeConfig, tmp_path: Path) -> None:
    settings: dict[str, Any] = {"target": {"zh": 4}, "judge__rows_per_request": 3, **JUDGE}
    paths = [tmp_path / f"slice{number}" for number in (1, 2)]
    for number, path in enumerate(paths, 1):
        start(make_config("batch", **settings, generate__slice=f"{number}/2"), path)
        assert "judges.1" in steps_in(path)
    join(paths, tmp_path / "whole", config=make_config("batch", **settings), say=lambda _: None)
    whole = RunDirectory(tmp_path / "whole").manifest()
    assert whole
    assert whole.certificate
    assert whole.certificate.passed
    journals = [Journal(path / "journal", read_only=True) for path in (*paths, tmp_path / "whole")]
    assert not journals[2].damaged
    assert journals[2].spent == journals[0].spent + journals[1].spent
