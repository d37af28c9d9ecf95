"""What a run says when it cannot go on, or is made to stop, is what can be done."""

import asyncio
import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.api.conversations import import_conversations
from selfinstruct.cli.status import print_summary
from selfinstruct.cli.target import records
from selfinstruct.errors import CapReachedError, StorageError, TeacherRefusedError
from selfinstruct.journal import Journal
from selfinstruct.journal.disk import RealDisk
from selfinstruct.runs.caps import Caps
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.status import status
from selfinstruct.runs.stopping import Interrupts, StopSignal
from selfinstruct.runs.targets import lower_targets
from selfinstruct.system.writing import write_text
from selfinstruct.teacher.batch_api.provider import Provider
from tests.support.batch_run import Run
from tests.support.batch_server import BatchShelf, Plan
from tests.support.edited_run import Case
from tests.support.runs import MakeConfig, start
from tests.support.teacher_server import Fault, TeacherServer

GONE = Fault(404, b'{"error": {"message": "The model has been deprecated"}}')


@pytest.mark.parametrize(("answered", "remedy"), [(0, "to one that it serves"), (2, "--fresh, or with another --run")])
def test_a_model_that_is_gone_leaves_two_ways_once_it_has_answered(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, answered: int, remedy: str
) -> None:
    server.script = lambda number, _: GONE if number >= answered else None
    with pytest.raises(TeacherRefusedError, match="does not serve the model scripted-teacher") as raised:
        start(make_config(limits__concurrency=1), tmp_path / "run")
    assert remedy in str(raised.value)
    with pytest.raises(TeacherRefusedError) as raised:  # another command
        start(make_config(limits__concurrency=1), tmp_path / "run")
    assert remedy in str(raised.value)
    server.script = lambda *_: None
    assert start(make_config(limits__concurrency=1), tmp_path / "run")["stop"] == "target reached"


def closed(*_: Any) -> int:
    raise OSError(errno.EROFS, os.strerror(errno.EROFS))


def test_filter_of_a_run_that_cannot_be_written_says_so(
    make_config: MakeConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case(make_config("batch"), tmp_path / "run")
    monkeypatch.setattr(RealDisk, "open", closed)
    monkeypatch.setattr("selfinstruct.runs.refilter.merge_of", lambda _: None)
    with pytest.raises(StorageError, match=r"cannot be written .*Read-only file system"):
        case.filter()


def test_a_file_that_cannot_be_written_names_no_flag_that_its_command_has_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any) -> None:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("selfinstruct.system.writing.os.open", refused)
    with pytest.raises(StorageError, match="make it writable, or choose another place") as raised:
        write_text(tmp_path / "x", "x")
    assert "--" not in str(raised.value)


def test_rows_that_were_cut_come_back_for_free_with_the_number_that_stood(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = lambda number, _: GONE if number >= 4 else None
    config = make_config("batch", target={"en": 40})
    with pytest.raises(TeacherRefusedError):
        start(config, tmp_path / "run")
    server.script = lambda *_: None
    directory = RunDirectory(tmp_path / "run")
    before = directory.manifest()
    assert before
    stood = before.ledger["en"].accepted
    assert 1 < stood < 40
    (line,) = lower_targets(before, make_config("batch", target={"en": 1}), directory.path, ["target.en"])
    assert f"was made for 40 and had {stood} rows" in line
    assert f"`selfinstruct filter --target en={stood} --run {directory.path}` brings them back, for free" in line
    case, asked = Case.of(config, tmp_path / "run"), len(server.requests)
    case.filter(make_config("batch", target={"en": 1}))
    case.generate(make_config("batch", target={"en": stood}))
    after = directory.manifest()
    assert after
    assert (after.ledger["en"].accepted, len(server.requests)) == (stood, asked)


def broken(case: Case, *, last: bool) -> None:
    """Spoil a reply in the middle of the journal, or cut the last one."""
    segment = case.path / "journal" / "000001.jsonl"
    found = segment.read_bytes().splitlines(keepends=True)
    replies = [number for number, line in enumerate(found) if b'"kind":"reply"' in line]
    if last:
        del found[replies[-1] + 1 :]
        found[-1] = found[-1][: len(found[-1]) // 2]
    else:
        found[replies[0]] = b"garbage\n"
    segment.write_bytes(b"".join(found))


def shown(case: Case, capsys: pytest.CaptureFixture[str]) -> str:
    found = status(case.config, RunDirectory(case.path))
    print_summary(case.path, found, quiet=False)
    return " ".join((capsys.readouterr().out + "\n".join(records(case.path, found))).split())


def test_a_damaged_record_is_named_until_nothing_is_to_be_asked_for_it(
    make_config: MakeConfig, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = Case(make_config("batch"), tmp_path / "run")
    broken(case, last=False)
    assert "or `selfinstruct generate` asks its request again" in shown(case, capsys)
    case.generate()
    assert "damaged record" not in shown(case, capsys)
    case.said.clear()
    case.filter()
    assert "damaged record" not in "\n".join(case.said)


def test_status_says_how_many_of_the_replies_that_were_paid_for_are_gone(
    make_config: MakeConfig, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = Case(make_config("batch"), tmp_path / "run")
    answered = status(case.config, RunDirectory(case.path))["requests"]["answered"]
    broken(case, last=True)
    told = shown(case, capsys)
    assert f"{answered} {'reply' if answered == 1 else 'replies'} paid for, of which the journal lacks 1, " in told


def test_ctrl_c_while_nothing_is_with_the_teacher_waits_for_no_reply(tmp_path: Path) -> None:
    said: list[str] = []

    async def interrupted() -> None:
        heard = asyncio.Event()

        def say(line: str) -> None:
            said.append(line)
            heard.set()

        interrupts = Interrupts(StopSignal(), say, Journal(tmp_path))
        interrupts.in_flight = lambda: 0
        with interrupts.watch(None, signals=False):
            interrupts.interrupt()
            await heard.wait()

    asyncio.run(interrupted())
    assert said == ["Stopping: nothing is in flight. Ctrl-C again ends at once."]


def test_a_batch_is_waited_for_no_longer_than_the_minutes_last(make_config: MakeConfig) -> None:
    clock = iter([0.0, 50.0, 70.0])
    caps = Caps(make_config(limits__max_minutes=1).limits, 0, lambda: next(clock))
    assert [caps.left_s(), caps.left_s()] == [10.0, 0.0]
    assert Caps(make_config().limits, 0, lambda: 0.0).left_s() == float("inf")


@pytest.mark.thorough
def test_a_setting_that_the_file_does_not_have_is_not_called_none(
    selfinstruct: Callable[..., Any], write_config: Callable[..., Path]
) -> None:
    write_config("batch")
    assert selfinstruct("generate", "--budget-usd", "0.5").returncode == 0
    assert "; the configuration has no [limits] budget_usd" in " ".join(selfinstruct("generate").stderr.split())


@pytest.mark.usefixtures("no_waits")
def test_looks_at_a_batch_are_no_further_apart_than_the_minutes_last(
    run: Run, shelf: BatchShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits, now, wait = list[float](), [0.0], Provider.wait

    async def waiting(self: Provider, seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds
        await wait(self, seconds)

    monkeypatch.setattr(Provider, "wait", waiting)
    shelf.plan = lambda _number, _ids: Plan(looks=50)
    with pytest.raises(CapReachedError, match="minutes"):
        run(limits__max_minutes=0.1, limits__batch_poll_s=60, clock=lambda: now[0])
    assert 0 < now[0] <= 7


def test_an_import_to_a_folder_that_cannot_be_written_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"messages": [{"role": "user", "content": "Hi"}]}\n', encoding="utf-8")
    monkeypatch.setattr("selfinstruct.system.writing.os.access", lambda *_: False)
    with pytest.raises(StorageError, match="cannot be written"):
        import_conversations(rows, tmp_path / "out")
