"""`filter` says how many rows leave the dataset and how many come, and says that also when quiet."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from selfinstruct.cli.messages import in_chinese
from tests.support.command import Cli
from tests.support.hand_edits import change
from tests.support.repository import git

pytestmark = pytest.mark.thorough  # commands and whole runs, again and again

WriteConfig = Callable[..., Path]


@pytest.fixture
def run(selfinstruct: Cli, write_config: WriteConfig, tmp_path: Path) -> Path:
    write_config("batch")
    assert selfinstruct("generate").returncode == 0
    return tmp_path / "outputs/test"


@pytest.mark.usefixtures("run")
def test_what_a_threshold_costs_is_said_by_language_and_nothing_where_nothing_changes(
    selfinstruct: Cli, write_config: WriteConfig
) -> None:
    assert "rows that left" not in selfinstruct("filter").stderr
    write_config("batch", "[filter.threshold]\nen = 0.0\nzh = 0.7\n")
    said = selfinstruct("filter").stderr
    assert "dataset: rows that left: en 3\n" in said
    assert (
        "dataset: why they left: near_duplicate 3; they stay in the journal, and `selfinstruct explain --run outputs/test en/"
        in said
    )
    assert selfinstruct(*re.findall("`selfinstruct (.*)` says more", said)[0].split()).stdout.startswith("en/")
    write_config("batch")
    assert "dataset: rows that came: en 3\n" in selfinstruct("filter", "-q").stderr
    assert selfinstruct("filter", "-q").stderr == ""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_diff_is_named_where_git_has_what_stood(
    selfinstruct: Cli, write_config: WriteConfig, run: Path, tmp_path: Path, language: str
) -> None:
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "run")
    write_config("batch", f'[validate]\nexclude = ["{first(run, language)}"]\n')
    said = selfinstruct("filter").stderr
    assert f"rows that left: {language} 1; " in said
    command = "selfinstruct diff git:HEAD:outputs/test outputs/test"
    assert f"`{command}` shows them" in said
    assert " 1 removed (" in " ".join(selfinstruct(*command.split()[1:]).stdout.split()).replace(
        "1 row removed", "1 removed"
    )


def first(run: Path, language: str) -> str:
    return (run / f"dataset/{language}.jsonl").read_text(encoding="utf-8")[8:24]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_people_did_by_hand_is_told_as_that_alone(selfinstruct: Cli, run: Path, language: str) -> None:
    question = {"en": "Explain in one sentence how a lantern works.", "zh": "请用一句话说明灯笼是怎样发光的。"}[
        language
    ]
    change(run / f"dataset/{language}.jsonl", lambda rows: [rows[0] | {"instruction": question}, *rows[2:]])
    said = selfinstruct("filter").stderr
    assert "removed by hand: 1" in said
    assert "rows that left" not in said


def test_rows_that_the_journal_cannot_give_are_named_also_when_quiet(selfinstruct: Cli, run: Path) -> None:
    (segment,) = (run / "journal").glob("*.jsonl")
    lines = segment.read_bytes().splitlines(keepends=True)
    segment.write_bytes(b"".join(lines[:3]))
    said = selfinstruct("filter", "-q").stderr
    assert "the new dataset lacks " in said
    assert "is set aside as" in said
    assert "rows that left: " in said


@pytest.mark.parametrize("language", ["en", "zh"])
def test_rows_that_leave_for_a_reply_that_came_late_are_told_with_the_step_and_where_they_are(
    selfinstruct: Cli, run: Path, language: str
) -> None:
    assert selfinstruct("generate", "--target", "en=12,zh=12").returncode == 0
    segment = next(one for one in sorted((run / "journal").glob("*.jsonl")) if b"/0.0/" in one.read_bytes())
    whole = segment.read_bytes()
    mark = f'"slot":"{language}/0.0/'.encode()
    lines = whole.splitlines(keepends=True)
    late = [line for line in lines if not (mark in line and b'"kind":"reply"' in line)]
    assert len(late) == len(lines) - 1
    segment.write_bytes(b"".join(late))
    fewer = ("filter", "--target", "en=4,zh=4")
    assert selfinstruct(*fewer).returncode == 0
    segment.write_bytes(whole)
    said = selfinstruct(*fewer).stderr
    assert f"rows that left: {language} " in said
    assert "why they left: " in said
    assert "(replies came that go before theirs: candidates are judged in the order of the requests)" in said
    assert "它们还在日志里" in in_chinese("\n".join(line for line in said.splitlines() if "why they left" in line))
