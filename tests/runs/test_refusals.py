"""Refusals and faults of whole runs: when a run stops for them, what it keeps, and what it survives."""

import asyncio
import json
import random
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.errors import TeacherRefusedError
from selfinstruct.journal import Journal
from selfinstruct.teacher.pacing.rate_limiter import Clock
from tests.support.runs import MakeConfig, digest, start
from tests.support.streams import answered, refused
from tests.support.teacher_server import Fault, TeacherServer, completion

pytestmark = pytest.mark.usefixtures("no_waits")

CUT = Fault(body=b'"choices": [{"mess', hang_up=True)
ERROR = Fault(500, b'{"error": {"message": "oops"}}')
WIDE: dict[str, Any] = {"target": {"en": 300, "zh": 300}, "generate__window": 100}


def reply(message: dict[str, Any], finish_reason: str = "stop") -> Fault:
    answer = completion("", finish_reason)
    answer["choices"][0]["message"] = message
    return Fault(body=json.dumps(answer).encode())


@pytest.fixture
def long_waits(no_waits: None, monkeypatch: pytest.MonkeyPatch, server: TeacherServer) -> None:  # noqa: ARG001 - after it
    """Let whoever waits to try again wait until eight others were asked, as they are within a second."""

    async def pause(_: Clock, __: float, stopped: asyncio.Event) -> None:
        most = len(server.requests) + 8
        for _tick in range(2000):  # where others are not asked, the wait ends too
            if len(server.requests) >= most or stopped.is_set():
                return
            await asyncio.sleep(0.001)

    monkeypatch.setattr(Clock, "pause", pause)


def recorded(folder: Path) -> Journal:
    return Journal(folder / "journal", read_only=True)


@pytest.mark.thorough
@pytest.mark.parametrize("concurrency", [1, 4, 64])
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (refused("the flux is not aligned"), "refuse the request, and cost nothing"),
        (refused("参数不合法"), "参数不合法"),
        (reply({"content": None, "reasoning_content": "Let me see."}, "length"), "all thought"),
        (reply({"content": ""}), "are empty"),
        (refused("Azure's content management policy"), "blocked by the provider's filter"),
        (Fault(body=b'{"object": "chat.completion", "choices": []}'), "hold no completion"),
    ],
    ids=["refused", "refused-zh", "thought", "empty", "filtered", "malformed"],
)
def test_eight_answers_in_a_row_with_one_fault_stop_the_run(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, fault: Fault, words: str, concurrency: int
) -> None:
    server.script = lambda _number, _body: fault
    with pytest.raises(TeacherRefusedError, match=words):
        start(make_config("batch", limits__concurrency=concurrency, **WIDE), tmp_path / "run")
    assert 8 <= len(server.requests) <= 10 + concurrency


@pytest.mark.thorough
@pytest.mark.usefixtures("long_waits")
@pytest.mark.parametrize("concurrency", [1, 4])
def test_what_was_refused_in_common_is_asked_again_by_the_next_run(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, concurrency: int
) -> None:
    server.script = lambda _, body: answered(body)
    wide = {"target": {"en": 12, "zh": 12}, "generate__tasks_per_request": 1, "generate__window": 16}
    config = make_config("batch", limits__concurrency=concurrency, **wide)
    start(config, tmp_path / "calm")
    server.requests.clear()
    server.script = lambda number, body: answered(body) if number < 5 else refused("no such knob as flux")
    with pytest.raises(TeacherRefusedError, match="no such knob"):
        start(config, tmp_path / "run")
    assert {one.status for one in recorded(tmp_path / "run").recorded()} == {200}
    server.script = lambda _, body: answered(body)
    assert start(config, tmp_path / "run")["stop"] == "target reached"
    assert digest(tmp_path / "run") == digest(tmp_path / "calm")


def test_a_refusal_costs_nothing_in_the_books_of_the_run(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = lambda _number, _body: refused("no such knob as flux")
    with pytest.raises(TeacherRefusedError):
        start(make_config(), tmp_path / "run")
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["cost_usd"], manifest["uncertain_usd"]) == ("0.000000", "0.000000")


def poisonous(fault: Fault, found: list[str]) -> Any:
    """Return a script that meets the second prompt it sees with a fault, again and again, and answers all others."""

    def script(number: int, body: dict[str, Any]) -> Fault:
        prompt = json.dumps(body["messages"])
        if number == 1:
            found.append(prompt)
        return fault if found and prompt == found[0] else answered(body)

    return script


@pytest.mark.parametrize("concurrency", [1, 4])
def test_one_prompt_that_is_refused_is_recorded_and_the_run_goes_on(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, concurrency: int
) -> None:
    found: list[str] = []
    server.script = poisonous(refused("this prompt has a shape that I cannot read"), found)
    manifest = start(make_config(limits__concurrency=concurrency, target={"en": 6, "zh": 6}), tmp_path / "run")
    assert manifest["stop"] == "target reached"
    refusals = [(one.status, one.cost) for one in recorded(tmp_path / "run").recorded() if one.status != 200]
    assert refusals == [(400, 0)]
    assert sum(json.dumps(body["messages"]) == found[0] for body in server.requests) <= 8


def test_one_prompt_that_is_refused_does_not_hold_up_a_run_that_goes_on(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = lambda _, body: answered(body)
    config = make_config("batch", target={"en": 3, "zh": 0}, generate__window=1)
    start(config, tmp_path / "run")
    server.requests.clear()
    found: list[str] = []
    plain = poisonous(refused("this prompt has a shape that I cannot read"), found)
    server.script = lambda number, body: plain(number + 1, body)
    more = make_config("batch", target={"en": 12, "zh": 0}, generate__window=1)
    assert start(more, tmp_path / "run")["stop"] == "target reached"
    assert [one.status for one in recorded(tmp_path / "run").recorded() if one.status != 200] == [400]


def test_a_slot_that_always_fails_is_withheld_by_name_and_the_run_ends_well(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    found: list[str] = []
    server.script = poisonous(ERROR, found)
    manifest = start(make_config(target={"en": 6, "zh": 6}), tmp_path / "run")
    assert manifest["stop"] == "target reached"
    assert len(recorded(tmp_path / "run").withheld) == 1
    assert sum(json.dumps(body["messages"]) == found[0] for body in server.requests) == 2


@pytest.mark.kill
def test_few_errors_and_cut_bodies_among_hundreds_of_replies_end_no_run(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    def script(number: int, body: dict[str, Any]) -> Fault:
        chance = random.Random(number).random()
        return ERROR if chance < 0.02 else CUT if chance < 0.03 else answered(body)

    server.script = script
    each = {"target": {"en": 100, "zh": 100}, "generate__tasks_per_request": 1, "generate__window": 30}
    config = make_config("batch", limits__concurrency=16, **each)
    assert start(config, tmp_path / "run")["stop"] == "target reached"
    assert recorded(tmp_path / "run").uncertain
    assert len(server.requests) > 200
