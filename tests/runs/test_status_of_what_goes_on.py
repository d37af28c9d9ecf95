"""What is said of a run that goes on: sends in flight are in flight, and rows that wait for a reply are named when it is taken up again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.cli.estimate import print_estimate
from selfinstruct.cli.messages import in_chinese
from selfinstruct.cli.status import print_summary
from selfinstruct.config import Config
from selfinstruct.journal import Journal
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.estimate import Estimate, estimate
from selfinstruct.runs.run import Observer, generate
from selfinstruct.runs.status import status
from selfinstruct.runs.stopping import StopSignal
from tests.support.killed import as_killed
from tests.support.mixes import lines_of
from tests.support.runs import start
from tests.support.teacher_server import TeacherServer

MakeConfig = Callable[..., Config]
pytestmark = pytest.mark.thorough


def without_reply(run: Path, slot: str) -> None:
    """Take the reply to a request out of the journal, as a kill while it was in flight leaves it."""
    segment = run / "journal" / "000001.jsonl"
    kept = [
        line
        for line in segment.read_bytes().splitlines(keepends=True)
        if not (b'"kind":"reply"' in line and f'"{slot}"'.encode() in line)
    ]
    segment.write_bytes(b"".join(kept))
    as_killed(run)


def seen_while_asking(config: Config, run: Path, server: TeacherServer) -> dict[str, Any]:
    """Return the status while the first request is with the teacher, and finish the run."""
    found: list[dict[str, Any]] = []

    def script(_: int, __: dict[str, Any]) -> None:
        if not found:
            found.append(status(config, RunDirectory(run)))

    server.script = script
    start(config, run)
    server.script = lambda *_: None
    return found[0]


def test_sends_of_a_process_at_work_are_in_flight_and_none_is_uncertain(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = make_config("batch", limits__concurrency=1)
    found = seen_while_asking(config, tmp_path / "run", server)
    assert (found["stop"], found["uncertain"], found["uncertain_usd"]) == ("running", [], "0.000000")
    assert (found["requests"]["uncertain"], found["requests"]["in_flight"]) == (0, 1)
    assert float(found["in_flight_usd"]) > 0
    print_summary(tmp_path / "run", found, quiet=False)
    shown = capsys.readouterr().out
    line = f"In flight: 1 send, at most ${found['in_flight_usd']}"
    assert line in shown.splitlines()
    assert "uncertain" not in shown
    assert in_chinese(line) == f"在途：1 次发送，最多 ${found['in_flight_usd']}"
    after = status(config, RunDirectory(tmp_path / "run"))
    assert "in_flight" not in after["requests"]
    assert "in_flight_usd" not in after


def test_an_estimate_beside_a_process_at_work_calls_what_is_in_flight_so(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = make_config("batch", limits__concurrency=1)
    found: list[Estimate] = []

    def script(_: int, __: dict[str, Any]) -> None:
        if not found:
            found.append(estimate(config, RunDirectory(tmp_path / "run")))

    server.script = script
    start(config, tmp_path / "run")
    assert (found[0].uncertain, found[0].uncertain_usd, found[0].in_flight) == (0, 0, 1)
    assert found[0].document()["in_flight_usd"] == found[0].in_flight_usd > 0  # type: ignore[operator]
    assert "uncertain" not in found[0].document()
    print_estimate(found[0])
    shown = capsys.readouterr().out
    assert f"In flight: 1 send, at most ${found[0].in_flight_usd:.6f}" in shown.splitlines()
    assert "uncertain" not in shown


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_send_of_the_process_before_stays_uncertain_beside_its_repetition(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, language: str
) -> None:
    config = make_config("batch", limits__concurrency=1)
    start(config, tmp_path / "run")
    slot = f"{language}/0.0/batch"
    without_reply(tmp_path / "run", slot)
    (stopped,) = status(config, RunDirectory(tmp_path / "run"))["uncertain"]
    assert (stopped["slot"], stopped["how"]) == (slot, "in flight when the run ended")
    found = seen_while_asking(config, tmp_path / "run", server)
    assert [(send["slot"], send["attempt"]) for send in found["uncertain"]] == [(slot, 1)]
    assert (found["requests"]["uncertain"], found["requests"]["in_flight"]) == (1, 1)
    assert float(found["uncertain_usd"]) == pytest.approx(float(stopped["at_most_usd"]))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_candidates_behind_a_reply_that_is_still_to_come_are_named_beside_the_rows(
    make_config: MakeConfig, tmp_path: Path, language: str
) -> None:
    config = make_config("batch", target={"en": 9, "zh": 9})
    start(config, tmp_path / "run")
    without_reply(tmp_path / "run", f"{language}/0.0/batch")
    with Journal(tmp_path / "run" / "journal", read_only=True) as journal:
        answered = len(journal.answered)
    judged = [*lines_of(tmp_path / "run/provenance.jsonl"), *lines_of(tmp_path / "run/rejected.jsonl")]
    later = sum(one["language"] == language and one["request"] > 0 for one in judged)
    said: list[str] = []
    generate(config, RunDirectory(tmp_path / "run"), Observer(said.append, lambda *_: None), StopSignal())
    (line,) = [line for line in said if line.startswith("Continuing")]
    assert line.startswith(f"Continuing: {answered} replies in the journal are not asked for again, rows so far: ")
    assert f"{language} 0/9 ({later} candidates behind a reply that is still to come)" in line
    assert line.count("still to come") == 1
    assert f"{language} 0/9（另有 {later} 个候选，等排在前面的回复到了再判）" in in_chinese(line)
