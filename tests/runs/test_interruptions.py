"""The real command, killed and interrupted: what it leaves, what `status` says of it, and how it goes on."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.journal import Journal
from selfinstruct.system.numbers import amount
from tests.support.kills import kill_during
from tests.support.runs import digest
from tests.support.teacher_server import Fault, TeacherServer, completion

pytestmark = pytest.mark.thorough  # whole runs, again and again


@pytest.mark.kill
@pytest.mark.parametrize("recipe", ["steered", "batch"])
def test_killed_at_every_reply_and_resumed_it_ends_the_same_and_asks_nothing_twice(
    write_config: Callable[..., Path], server: TeacherServer, tmp_path: Path, recipe: str
) -> None:
    path = write_config(recipe)
    run_command(path, tmp_path / "whole")
    expected, total = digest(tmp_path / "whole"), len(server.requests)
    for kill_at in range(0, total, 2 if recipe == "batch" else 9):
        folder = tmp_path / f"killed{kill_at}"
        server.requests.clear()
        kill_during(server, kill_at, path, folder)
        server.script = lambda _number, _body: None
        recorded = Journal(folder / "journal", read_only=True)
        asked = [one.request for one in recorded.recorded()]
        server.requests.clear()
        run_command(path, folder)
        assert digest(folder) == expected
        again = [body["messages"] for body in server.requests]
        assert not [one.slot for one in asked if [message.model_dump() for message in one.messages] in again]


def run_command(config: Path, folder: Path) -> None:
    command = [sys.executable, "-m", "selfinstruct", "generate", "-q", "--config", str(config), "--run", str(folder)]
    subprocess.run(command, check=True, timeout=60)


def test_status_counts_what_a_killed_run_left(
    write_config: Callable[..., Path], server: TeacherServer, selfinstruct: Callable[..., Any], tmp_path: Path
) -> None:
    path = write_config()
    kill_during(server, 8, path, tmp_path / "run")
    done = selfinstruct("status", "--config", path, "--run", tmp_path / "run", "--json")
    status = json.loads(done.stdout)
    assert status["stop"].startswith("ended without notice")
    assert status["requests"]["answered"] >= 4
    assert status["requests"]["uncertain"] >= 1
    assert float(status["uncertain_usd"]) > 0
    entry = status["ledger"]["total"]
    assert entry["candidates"] == entry["accepted"] + sum(entry["rejected"].values()) + entry["pending"] > 0


@pytest.mark.parametrize("verb", ["status", "filter", "generate"])
def test_a_killed_run_keeps_the_target_that_a_flag_named(
    write_config: Callable[..., Path],
    server: TeacherServer,
    selfinstruct: Callable[..., Any],
    tmp_path: Path,
    verb: str,
) -> None:
    path, run = write_config("batch"), tmp_path / "run"
    common = ("--config", path, "--run", run)
    assert selfinstruct("generate", *common).returncode == 0
    kill_during(server, len(server.requests) + 2, path, run, flags=("--target", "en=12"))
    server.script = lambda _number, _body: None
    if verb != "status":
        assert selfinstruct(verb, *common).returncode == 0
    status = json.loads(selfinstruct("status", *common, "--json").stdout)
    assert (status["target"]["en"], status["ledger"]["en"]["accepted"] == 12) == (12, verb == "generate")
    assert status["ledger"]["en"]["accepted"] + status["missing"]["en"] == 12


def test_sigint_waits_for_the_replies_in_flight_and_exits_130(
    write_config: Callable[..., Path], server: TeacherServer, tmp_path: Path
) -> None:
    path = write_config()
    command = [sys.executable, "-m", "selfinstruct", "generate", "--config", str(path), "--run", str(tmp_path / "run")]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    def script(number: int, _: dict[str, Any]) -> Fault | None:
        if number == 3:
            process.send_signal(signal.SIGINT)
        return None

    server.script = script
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "waiting for the replies in flight" in said
    journal = Journal(tmp_path / "run" / "journal", read_only=True)
    assert not journal.uncertain
    assert len(journal.answered) == len(server.requests)
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["stop"] == "interrupted"


def test_sigint_reaches_those_who_wait_to_send(
    write_config: Callable[..., Path], server: TeacherServer, tmp_path: Path
) -> None:
    path = write_config()
    command = [sys.executable, "-m", "selfinstruct", "generate", "--config", str(path), "--run", str(tmp_path / "run")]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    def script(number: int, _: dict[str, Any]) -> Fault:
        if number == 0:
            process.send_signal(signal.SIGINT)
        return Fault(429, b"{}", headers=(("Retry-After", "900"),))

    server.script = script
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert not Journal(tmp_path / "run" / "journal", read_only=True).uncertain


def test_status_lists_each_send_that_may_have_been_billed(
    write_config: Callable[..., Path], server: TeacherServer, selfinstruct: Callable[..., Any], tmp_path: Path
) -> None:
    path = write_config()
    kill_during(server, 8, path, tmp_path / "run")
    told = ("status", "--config", path, "--run", tmp_path / "run")
    sends = json.loads(selfinstruct(*told, "--json").stdout)["uncertain"]
    left = Journal(tmp_path / "run" / "journal", read_only=True).uncertain
    assert [(send["slot"], send["attempt"]) for send in sends] == list(left)
    assert all(float(send["at_most_usd"]) > 0 for send in sends)
    assert {(send["how"], send["since"]) for send in sends} == {("in flight when the run ended", "open")}
    assert sends[0]["slot"] in selfinstruct(*told).stdout


def test_status_says_of_lost_sends_how_many_were_answered_when_sent_again(
    write_config: Callable[..., Path], server: TeacherServer, selfinstruct: Callable[..., Any], tmp_path: Path
) -> None:
    path = write_config()
    kill_during(server, 8, path, tmp_path / "run")
    server.script = lambda *_: None
    told = ("--config", path, "--run", tmp_path / "run")
    left = len(Journal(tmp_path / "run" / "journal", read_only=True).uncertain)
    said = selfinstruct("status", *told).stdout
    assert f"without a reply; now {left} to be settled:" in " ".join(said.split())
    assert selfinstruct("generate", *told).returncode == 0
    said = " ".join(selfinstruct("status", *told).stdout.split())
    assert f"without a reply; now {left} answered when sent again:" in said
    assert f"{amount(left, 'send')} uncertain" in said


def test_a_killed_run_says_what_was_in_flight_and_what_becomes_of_it(
    write_config: Callable[..., Path], server: TeacherServer, selfinstruct: Callable[..., Any], tmp_path: Path
) -> None:
    path = write_config()
    kill_during(server, 8, path, tmp_path / "run")
    server.script = lambda *_: None
    told = ("generate", "--config", path, "--run", tmp_path / "run")
    count = len(Journal(tmp_path / "run" / "journal", read_only=True).undecided)
    said = selfinstruct(*told, "--uncertain", "hold").stderr
    assert f"{amount(count, 'request')} may have been billed without a reply, for $0.0" in said
    assert "at most; they are left out" in said
    assert "without a reply" not in selfinstruct(*told).stderr


def test_reconciling_a_run_that_kept_nothing_says_what_is_left_out(
    write_config: Callable[..., Path], server: TeacherServer, selfinstruct: Callable[..., Any], tmp_path: Path
) -> None:
    path = write_config()
    kill_during(server, 8, path, tmp_path / "run")
    server.script = lambda *_: None
    count = len(Journal(tmp_path / "run" / "journal", read_only=True).undecided)
    told = ("generate", "--config", path, "--run", tmp_path / "run", "--uncertain", "reconcile")
    left = f"{count} that it was not asked to keep {'is' if count == 1 else 'are'} left out"
    assert left in selfinstruct(*told).stderr


def test_many_empty_replies_are_told_with_the_remedy(
    write_config: Callable[..., Path], server: TeacherServer, selfinstruct: Callable[..., Any], tmp_path: Path
) -> None:
    server.script = lambda number, _: Fault(body=json.dumps(completion("")).encode()) if number in {1, 2, 3} else None
    done = selfinstruct("generate", "--config", write_config(), "--run", tmp_path / "run")
    assert "replies were empty: a model that thinks before it answers needs more [teacher] max_tokens" in done.stdout
