"""What `generate` refuses or says before its first request: no journal where one was paid for, and no key."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from selfinstruct.api.opening import open_run
from selfinstruct.errors import InputError
from selfinstruct.runs.directory import RunDirectory
from tests.support.command import Cli
from tests.support.edited_run import Case, MakeConfig
from tests.support.hand_edits import files
from tests.support.teacher_server import TeacherServer


@pytest.fixture
def case(make_config: MakeConfig, tmp_path: Path) -> Case:
    return Case(make_config("batch"), tmp_path / "run")


def test_a_clone_without_its_journal_buys_nothing_again(case: Case, server: TeacherServer) -> None:
    shutil.rmtree(case.path / "journal")
    before, requests = files(case), len(server.requests)
    with pytest.raises(InputError, match=r"has no journal to go on with, .* --fresh"):
        case.generate()
    with pytest.raises(InputError, match=r"has no journal to go on with, .* --fresh"):
        open_run(case.path, config=case.config).first_requests()
    assert (files(case), len(server.requests)) == (before, requests)


def test_a_clone_of_an_embedded_run_says_that_it_is_made_anew(case: Case) -> None:
    shutil.rmtree(case.path / "journal")
    said: list[str] = []
    RunDirectory(case.path).check_journal(costs=False, say=said.append)
    (line,) = said
    assert "the embedded teacher is asked everything anew" in line


@pytest.mark.thorough
@pytest.mark.parametrize("command", [["teacher", "check"], ["generate", "--dry-run"], ["generate"]])
def test_a_key_that_is_named_and_not_set_is_said_once(
    selfinstruct: Cli, write_config: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    write_config("batch")
    monkeypatch.delenv("TEST_TEACHER_KEY")
    said = " ".join(selfinstruct(*command).stderr.split())
    assert said.count("the environment variable TEST_TEACHER_KEY is not set") == 1
