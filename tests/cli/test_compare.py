"""`selfinstruct compare` on the command line: what scripts read, and exit codes."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import judges
from tests.support.command import Cli, rows
from tests.support.teacher_server import Fault, TeacherServer

QUESTIONS = (
    {"id": "q1", "instruction": "Write a line about rain."},
    {"id": "q2", "instruction": "What is 3 + 4?", "checks": [{"kind": "number", "arguments": {"value": "7"}}]},
)
A = ({"id": "q1", "answer": "A better line."}, {"id": "q2", "answer": "6"})
B = ({"id": "q1", "answer": "A line."}, {"id": "q2", "answer": "7"})


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Return the arguments that compare two files of answers."""
    sides = [str(rows(tmp_path / f"{name}.jsonl", *held)) for name, held in (("a", A), ("b", B))]
    return [*sides, "--questions", str(rows(tmp_path / "q.jsonl", *QUESTIONS)), "--output", str(tmp_path / "out")]


def test_json_has_what_the_contract_names(selfinstruct: Cli, files: list[str]) -> None:
    done = selfinstruct("compare", *files, "--judge", "none", "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 0
    assert {"questions", "wins", "win_rate", "interval", "unreadable", "certificate"} <= set(told)
    assert (told["questions"], told["wins"], told["undecided"]) == (2, {"A": 0, "B": 1, "tie": 0}, 1)


def test_the_summary_says_who_wins_by_what(selfinstruct: Cli, files: list[str]) -> None:
    done = selfinstruct("compare", *files, "--judge", "none")
    assert done.returncode == 0
    assert "A: a.jsonl: 2 answers, passes 0 of 1 checked questions" in done.stdout
    assert "No winner" in done.stdout
    assert "No judge, which 1 question would take: not counted." in done.stdout


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--judge", "nowhere"], "no such file or folder"),
        (["--votes", "nowhere.json"], "no such file or directory"),
        (["--questions", "nowhere.jsonl"], "no such file or directory"),
        (["--per-language", "-1"], "Invalid value"),
    ],
)
def test_wrong_usage_exits_2(selfinstruct: Cli, files: list[str], more: list[str], told: str) -> None:
    given = [*files, "--judge", "none"] if "--judge" not in more else files
    done = selfinstruct("compare", *given, *more)
    assert (done.returncode, told in done.stderr) == (2, True)


def test_votes_of_the_blind_page_are_counted_and_those_on_other_answers_refused(
    selfinstruct: Cli, files: list[str], tmp_path: Path
) -> None:
    selfinstruct("compare", *files, "--judge", "none", "--sides", "blind")
    page = (tmp_path / "out" / "comparison.html").read_text(encoding="utf-8")
    assert "Answer 1 is better" in page
    assert "<h1>Which answer is better?</h1>" in page
    key = json.loads((tmp_path / "out" / "comparison.json").read_text(encoding="utf-8"))["key"]
    votes = tmp_path / "votes.json"
    votes.write_text(json.dumps({"comparison": key, "votes": {"q1": "A", "q2": "tie"}}), encoding="utf-8")
    done = selfinstruct("compare", *files, "--judge", "none", "--votes", str(votes), "--json")
    assert json.loads(done.stdout)["agreement"] == {
        "votes": 2,
        "questions": 0,
        "agree": 0,
        "share": None,
        "kappa": None,
    }
    votes.write_text(json.dumps({"comparison": "f" * 16, "votes": {}}), encoding="utf-8")
    done = selfinstruct("compare", *files, "--judge", "none", "--votes", str(votes))
    assert (done.returncode, "holds votes on another comparison" in done.stderr) == (2, True)


@pytest.mark.thorough
def test_a_refused_judge_exits_1_and_its_certificate_is_printed(
    selfinstruct: Cli, files: list[str], server: TeacherServer
) -> None:
    server.script = judges.script(judges.coin())
    done = selfinstruct("compare", *files, "--judge", f"{server.url}#judge", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["win_rate"], told["certificate"]["passed"]) == (1, None, False)
    assert "is refused: en: it names the right answer in" in done.stderr
    done = selfinstruct("compare", *files, "--judge", f"{server.url}#judge", "--force")
    assert done.returncode == 0
    assert "Its word is taken all the same, because --force says so." in done.stdout


@pytest.mark.kill
@pytest.mark.thorough
def test_killed_in_answers_calibration_and_verdicts_the_report_is_the_same_byte_for_byte(
    server: TeacherServer, write_config: Callable[..., Path], tmp_path: Path
) -> None:
    config, asked = write_config(), rows(tmp_path / "q.jsonl", *QUESTIONS)
    answer = judges.script(judges.right_in(0.9), lambda body: f"A line of {body['model']}.")

    def command(folder: Path) -> list[str]:
        sides = [f"{server.url}#one", f"{server.url}#two", "--judge", f"{server.url}#judge"]
        return [
            sys.executable,
            "-m",
            "selfinstruct",
            "compare",
            *sides,
            "-q",
            "--config",
            str(config),
            "--questions",
            str(asked),
            "--output",
            str(folder),
        ]

    server.script = answer
    subprocess.run(command(tmp_path / "whole"), check=True)
    for kill_at in (2, 60, 62):
        process = subprocess.Popen(command(tmp_path / "killed"))
        last = len(server.requests) + kill_at

        def script(
            number: int, body: dict[str, Any], last: int = last, process: "subprocess.Popen[bytes]" = process
        ) -> Fault:
            if number == last:
                os.kill(process.pid, signal.SIGKILL)
            return answer(number, body)

        server.script = script
        assert process.wait(120) == -signal.SIGKILL
    server.script = answer
    subprocess.run(command(tmp_path / "killed"), check=True)
    for name in ("comparison.json", "comparison.html"):
        assert (tmp_path / "killed" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
