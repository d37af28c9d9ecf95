"""What `explain` says of a send whose reply is not in the journal: paid for and gone, or in flight when the run ended."""

import re
from pathlib import Path

import pytest

from selfinstruct.config import Config
from selfinstruct.journal import hold
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.explanation import Explanation, explain
from tests.support.edited_run import Case
from tests.support.killed import as_killed
from tests.support.runs import MakeConfig

pytestmark = pytest.mark.thorough


@pytest.fixture
def config(make_config: MakeConfig) -> Config:
    return make_config("batch", limits__concurrency=1, target={"en": 8, "zh": 8})


def take_out(run: Path, slots: bytes) -> None:
    """Take replies out of the journal, and leave their requests."""
    segment = run / "journal" / "000001.jsonl"
    which = re.compile(rb'"kind":"reply","slot":"(?:%s)"' % slots)
    lines = segment.read_bytes().splitlines(keepends=True)
    segment.write_bytes(b"".join(line for line in lines if not which.search(line)))


def outcomes(found: Explanation) -> list[str]:
    return [send.outcome for one in found.asked for send in one.sends]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_reply_that_is_gone_is_paid_for_before_that_is_recorded_and_after(
    config: Config, tmp_path: Path, language: str
) -> None:
    case = Case(config, tmp_path / "run")
    take_out(case.path, rb"%s/[0-2]\.0/batch" % language.encode())
    for _ in range(2):
        for number in (0, 2):
            found = explain(config, RunDirectory(case.path), f"{language}/{number}.0")
            assert (found.state, outcomes(found)) == ("gone", ["paid and gone"])
        case.filter()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_a_process_at_work_nothing_is_in_flight(config: Config, tmp_path: Path, language: str) -> None:
    case = Case(config, tmp_path / "run")
    folder = RunDirectory(case.path)
    take_out(case.path, rb"%s/0\.0/batch" % language.encode())
    as_killed(case.path)
    found = explain(config, folder, f"{language}/0.0")
    assert (found.state, outcomes(found)) == ("lost", ["in flight when the run ended"])
    with hold(folder.journal):
        assert outcomes(explain(config, folder, f"{language}/0.0")) == ["in flight"]
