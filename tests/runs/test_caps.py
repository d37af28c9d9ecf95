"""Caps: each stops the run with its reason, and the reason says how to go on."""

import json
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.errors import CapReachedError
from selfinstruct.journal import Journal
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.run import Observer, generate
from selfinstruct.runs.status import status
from selfinstruct.runs.stopping import StopSignal
from selfinstruct.teacher import bill_of
from tests.support.runs import MakeConfig, digest, start
from tests.support.teacher_server import Fault, TeacherServer, completion, say


@pytest.mark.thorough
def test_a_token_cap_counts_the_whole_run_and_a_higher_one_goes_on(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    capped = make_config(limits__max_total_tokens=500, limits__concurrency=1)
    with pytest.raises(CapReachedError, match=r"cap of 500 tokens .* raise --max-total-tokens"):
        start(capped, tmp_path / "run")
    sent = len(server.requests)
    assert 0 < sent < 8
    with pytest.raises(CapReachedError, match="500 tokens"):
        start(capped, tmp_path / "run")
    assert len(server.requests) == sent
    start(make_config(), tmp_path / "run")
    start(make_config(), tmp_path / "whole")
    assert digest(tmp_path / "run") == digest(tmp_path / "whole")


@pytest.mark.thorough
@pytest.mark.parametrize("recipe", ["batch", "steered"])
def test_the_sentence_of_a_token_cap_has_the_tokens_of_the_bill(
    make_config: MakeConfig, tmp_path: Path, recipe: str
) -> None:
    config = make_config(recipe, limits__max_total_tokens=300, limits__concurrency=4, target={"en": 90, "zh": 90})
    with pytest.raises(CapReachedError) as raised:
        start(config, tmp_path / "run")
    found = status(config, RunDirectory(tmp_path / "run"))
    used = found["tokens"]["prompt"] + found["tokens"]["completion"]
    assert found["stop"] == f"cap: {raised.value}"
    assert f"the cap of 300 tokens is reached ({used:,} used)" in str(raised.value)


def test_a_cap_that_the_last_reply_reaches_stops_nothing(make_config: MakeConfig, tmp_path: Path) -> None:
    tokens = start(make_config(limits__concurrency=1), tmp_path / "whole")["tokens"]
    used = tokens["prompt"] + tokens["completion"]
    manifest = start(make_config(limits__concurrency=1, limits__max_total_tokens=used), tmp_path / "run")
    assert manifest["stop"] == "target reached"


def test_a_run_that_is_at_its_cap_opens_no_teacher(
    make_config: MakeConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    capped = make_config(limits__max_total_tokens=500, limits__concurrency=1)
    with pytest.raises(CapReachedError):
        start(capped, tmp_path / "run")
    opened: list[str] = []
    monkeypatch.setattr("selfinstruct.runs.run.open_with_judge", lambda *_, **__: opened.append("a teacher"))
    with pytest.raises(CapReachedError, match="500 tokens"):
        start(capped, tmp_path / "run")
    assert not opened


def test_a_reply_that_reports_no_tokens_counts_at_its_worst(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    def script(_: int, body: dict[str, Any]) -> Fault:
        answer = completion(say(body))
        del answer["usage"]
        return Fault(body=json.dumps(answer).encode())

    server.script = script
    config = make_config(limits__max_total_tokens=5000, limits__concurrency=1)
    with pytest.raises(CapReachedError, match="5,000 tokens"):
        start(config, tmp_path / "run")
    assert 1 < len(server.requests) < 8
    bill = bill_of(Journal(tmp_path / "run" / "journal", read_only=True), None)
    assert bill.prompt == bill.completion == 0
    assert bill.tokens >= 5000


def test_a_minute_cap_stops_by_the_clock_it_is_given(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    minutes: Iterator[int] = count()
    stop_signal = StopSignal(clock=lambda: 60.0 * next(minutes))
    observer = Observer(lambda _: None, lambda *_: None)
    config = make_config(limits__max_minutes=3, limits__concurrency=1)
    with pytest.raises(CapReachedError, match="cap of 3 minutes is reached; run the same command again"):
        generate(config, RunDirectory(tmp_path / "run"), observer, stop_signal)
    assert 0 < len(server.requests) <= 3
    assert len(Journal(tmp_path / "run" / "journal", read_only=True).answered) == len(server.requests)
    assert start(config, tmp_path / "run")["stop"] == "target reached"


@pytest.mark.parametrize(("language", "text"), [("en", "Describe a river in spring."), ("zh", "描述一条春天的河流。")])
def test_a_stall_shows_what_the_last_requests_brought(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, language: str, text: str
) -> None:
    server.script = lambda _number, body: Fault(
        body=json.dumps(completion(text if "max_tokens" in body and body["max_tokens"] == 96 else say(body))).encode()
    )
    config = make_config(target={language: 3}, limits__max_fruitless=5, limits__concurrency=1)
    with pytest.raises(CapReachedError) as raised:
        start(config, tmp_path / "run")
    message = str(raised.value)
    assert message.startswith(f"{language}: the last 5 requests brought no row (0 of 5 candidates: near_duplicate 5)")
    assert "max_fruitless = 10 lets it go on" in message


@pytest.mark.parametrize(
    ("flag", "value"), [("--max-total-tokens", "200"), ("--max-candidates", "1"), ("--budget-usd", "0.002")]
)
def test_a_cap_exits_3_and_names_its_flag(
    selfinstruct: Callable[..., Any], write_config: Callable[..., Path], flag: str, value: str
) -> None:
    write_config()
    done = selfinstruct("generate", flag, value)
    assert (done.returncode, f"raise {flag}" in done.stderr) == (3, True)


@pytest.mark.parametrize(("flag", "value"), [("--max-minutes", "0"), ("--max-total-tokens", "0")])
def test_a_cap_of_nothing_is_refused(
    selfinstruct: Callable[..., Any], write_config: Callable[..., Path], flag: str, value: str
) -> None:
    write_config()
    done = selfinstruct("generate", flag, value)
    assert (done.returncode, flag in done.stderr) == (2, True)
