"""A journal that lost something is named, by file and line, by every command that reads it; what it gave before is set aside, and not called edited."""

from collections.abc import Callable
from pathlib import Path

import pytest

from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.status import status
from tests.support.command import Cli
from tests.support.edited_run import Case, MakeConfig

HALF = b'{"v":1,"kind":"rep'


@pytest.fixture
def case(make_config: MakeConfig, tmp_path: Path) -> Case:
    return Case(make_config("batch"), tmp_path / "run")


def segment(run: Path) -> Path:
    return run / "journal" / "000001.jsonl"


def lines(run: Path) -> list[bytes]:
    return segment(run).read_bytes().splitlines(keepends=True)


def reply_of(run: Path, slot: str = "") -> int:
    """Return the number of the first line with a reply, of a slot, from 0."""
    begin = b'"kind":"reply","slot":"' + slot.encode()
    return next(number for number, line in enumerate(lines(run)) if begin in line)


def spoil(run: Path, slot: str = "") -> int:
    """Write garbage over a reply, of a slot, and return the number of its line, from 1."""
    found = lines(run)
    number = reply_of(run, slot)
    found[number] = b"garbage\n"
    segment(run).write_bytes(b"".join(found))
    return number + 1


def test_a_garbage_line_is_named_by_filter_and_not_called_an_edit(case: Case) -> None:
    line = spoil(case.path)
    faults = status(case.config, RunDirectory(case.path))["journal_faults"]
    case.said.clear()
    case.filter()
    said = "\n".join(case.said)
    for told in ("\n".join(faults), said):
        assert f"1 damaged record (first: 000001.jsonl, line {line})" in told
        assert "lacks 1 reply of those that the dataset was made of" in told
    assert "that stood here (the journal lacks their replies)" in said
    assert "edited by hand" not in said


@pytest.mark.thorough
def test_a_half_record_at_the_end_is_told_with_the_file_that_keeps_it(case: Case) -> None:
    size = len(lines(case.path))
    with segment(case.path).open("ab") as file:
        file.write(HALF)
    (fault,) = status(case.config, RunDirectory(case.path))["journal_faults"]
    assert f"cut off half-way (000001.jsonl, line {size + 1})" in fault
    assert "will be kept in 000001.torn" in fault
    case.said.clear()
    case.filter()
    assert any("its bytes are kept in 000001.torn" in line for line in case.said)
    assert segment(case.path).with_suffix(".torn").read_bytes() == HALF + b"\n"


@pytest.mark.thorough
@pytest.mark.parametrize("left", [0, 1])
def test_status_of_a_journal_that_lost_replies_shows_what_the_manifest_says(case: Case, left: int) -> None:
    before = status(case.config, RunDirectory(case.path))
    kept = lines(case.path)[: reply_of(case.path) + 1] if left else []
    segment(case.path).write_bytes(b"".join(kept))
    found = status(case.config, RunDirectory(case.path))
    for name in ("tokens", "cost_usd"):
        assert found[name] == before[name]
    requests = found["requests"]
    assert requests["answered"] + requests.get("gone", 0) == before["requests"]["answered"]
    lacking = before["requests"]["answered"] - left
    assert found["journal_lacks"] == lacking > 0
    assert f"lacks {lacking} " in found["journal_faults"][-1]


@pytest.mark.thorough
@pytest.mark.parametrize("slot", ["en/0.0/batch", "zh/0.0/batch"])
def test_the_commands_say_it(selfinstruct: Cli, write_config: Callable[..., Path], tmp_path: Path, slot: str) -> None:
    """In English the target is out of reach without the reply; in Chinese a later reply fills it, until the first is asked for again."""
    write_config("batch")
    assert selfinstruct("generate").returncode == 0
    (run,) = (path.parent for path in tmp_path.rglob("manifest.json"))
    line = spoil(run, slot)
    named = f"1 damaged record (first: 000001.jsonl, line {line})"
    assert named in " ".join(selfinstruct("status").stdout.split())
    assert named in " ".join(selfinstruct("filter").stderr.split())
    done = selfinstruct("generate")
    assert (done.returncode, named in " ".join(done.stderr.split())) == (0, True)
    assert "damaged" not in selfinstruct("generate").stderr
