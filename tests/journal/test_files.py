"""Journal files: segments, damaged lines, torn tails, lock, writer thread."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from selfinstruct.errors import StorageError
from selfinstruct.journal import Journal, RealDisk, in_use
from tests.support.journal_disk import CrashDisk, answered, exchange, lines, put, reopened, request, write

SLOT = "zh/0.0/instruction"


def test_a_new_segment_begins_when_one_is_full_and_all_are_read(tmp_path: Path) -> None:
    write(tmp_path, 4, segment_bytes=400)
    assert len(list(tmp_path.glob("*.jsonl"))) == 4
    assert answered(tmp_path) == [0, 1, 2, 3]
    with Journal(tmp_path, segment_bytes=10**6) as journal:
        asyncio.run(exchange(journal, 4))
    assert len(list(tmp_path.glob("*.jsonl"))) == 4
    assert answered(tmp_path) == [0, 1, 2, 3, 4]


def test_a_missing_segment_is_named(tmp_path: Path) -> None:
    write(tmp_path, 3, segment_bytes=400)
    (tmp_path / "000002.jsonl").unlink()
    with pytest.raises(StorageError, match=r"000002\.jsonl: is missing; put it back"):
        reopened(tmp_path)


def test_a_damaged_line_in_the_middle_is_named_and_the_others_count(tmp_path: Path) -> None:
    write(tmp_path, 3, segment_bytes=400)
    path = tmp_path / "000002.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"n\\": 1', b'"n\\": 7'))
    assert reopened(tmp_path).damaged == [("000002.jsonl", 2)]
    assert answered(tmp_path) == [0, 2]
    assert list(reopened(tmp_path).uncertain) == [(request(1).slot, 1)]


def test_a_reply_whose_intent_is_damaged_counts_as_money_only(tmp_path: Path) -> None:
    write(tmp_path, 2)
    path = tmp_path / "000001.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"reserved":10', b'"reserved":00', 1))
    journal = reopened(tmp_path)
    assert (journal.spent, journal.answered) == (14, {request(1).slot})
    assert answered(tmp_path) == [1]


def test_a_journal_that_cannot_be_read_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "000001.jsonl").mkdir()
    with pytest.raises(StorageError, match="cannot be read"):
        reopened(tmp_path)


def test_a_torn_tail_is_kept_beside_the_journal(tmp_path: Path) -> None:
    write(tmp_path, 1)
    path = tmp_path / "000001.jsonl"
    path.write_bytes(path.read_bytes() + b'{"v":1,"kind":"rep')
    assert reopened(tmp_path).damaged == []
    with Journal(tmp_path):
        pass
    assert (tmp_path / "000001.torn").read_bytes() == b'{"v":1,"kind":"rep\n'
    assert path.read_bytes().endswith(b"}\n")


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (
            '{"v":2,"kind":"intent","slot":"en/0.0/batch","attempt":1',
            r"000001.jsonl:1: .*newer.*version 2.*update selfinstruct",
        ),
        ('{"kind":"intent","slot":"en/0.0/batch"', "version None"),
        ('{"v":1,"kind":"merged","slot":"en/0.0/batch","attempt":1', r"000001.jsonl:1: .*unknown kind 'merged'"),
        ('{"v":1,"kind":"unsent","slot":"en/0.0/batch","attempt":1,"why":"?"', "field 'why' of this unsent"),
        ('{"v":1,"kind":["intent"],"slot":"en/0.0/batch"', "unknown kind"),
        (
            '{"v":1,"kind":"reply","slot":"en/0.0/batch","attempt":1,"status":200,"cost":-1',
            "field 'cost' of this reply",
        ),
        (
            '{"v":1,"kind":"reply","slot":"en/0.0/batch","attempt":1,"status":200,"cost":1,"body_base64":"?"',
            "field 'body_base64'",
        ),
        ('{"v":1,"kind":"intent","a":' + "[" * 5000 + "]" * 5000, "000001.jsonl:1: not JSON"),
        ('{"v":1,"kind"', "000001.jsonl:1: not JSON"),
    ],
)
def test_a_record_of_a_newer_selfinstruct_is_refused_and_frees_the_lock(
    tmp_path: Path, record: str, message: str
) -> None:
    put(tmp_path, record)
    with pytest.raises(StorageError, match=message):
        Journal(tmp_path)
    assert not in_use(tmp_path)


@pytest.mark.parametrize(
    "request_", ["{}", '{"language":"en","index":-1}', '{"language":"xx"}', '{"index":9999999999999}']
)
def test_a_request_that_no_run_composes_is_refused_when_it_is_needed(tmp_path: Path, request_: str) -> None:
    sampling = '{"model":"m","temperature":1,"top_p":1,"max_tokens":9,"seed":1}'
    whole = {"language": "en", "index": 0, "step": "batch", "messages": [], "sampling": json.loads(sampling)}
    value = json.dumps((whole if len(request_) > 2 else {}) | json.loads(request_))
    put(
        tmp_path,
        f'{{"v":1,"kind":"intent","slot":"en/0.0/batch","attempt":1,"reserved":1,"request":{value}',
        '{"v":1,"kind":"reply","slot":"en/0.0/batch","attempt":1,"status":200,"cost":1,"body":""',
    )
    with pytest.raises(StorageError, match=f"{tmp_path}/000001.jsonl:1: the request of en/0.0/batch: "):
        list(Journal(tmp_path, read_only=True).recorded())


def test_a_second_journal_is_refused_until_the_first_is_closed(tmp_path: Path) -> None:
    with Journal(tmp_path):
        assert in_use(tmp_path)
        with pytest.raises(StorageError, match="another selfinstruct process"):
            Journal(tmp_path)
    assert not in_use(tmp_path)
    with Journal(tmp_path):
        pass


def test_a_holder_that_has_not_said_its_name_yet_is_refused_too(tmp_path: Path) -> None:
    with Journal(tmp_path):
        (tmp_path / "lock").write_bytes(b"")
        with pytest.raises(StorageError, match="just started"):
            Journal(tmp_path)


def test_nobody_uses_a_folder_without_a_lock_file(tmp_path: Path) -> None:
    assert not in_use(tmp_path)


def test_another_process_is_named_with_its_host_and_its_death_frees_the_journal(tmp_path: Path) -> None:
    code = "import sys, pathlib, time; from selfinstruct.journal import Journal; j = Journal(pathlib.Path(sys.argv[1])); print('open', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == b"open\n"
            with pytest.raises(StorageError, match=f"process {process.pid} on {socket.gethostname()}"):
                Journal(tmp_path)
            assert in_use(tmp_path)
        finally:
            process.send_signal(signal.SIGKILL)
    with Journal(tmp_path):
        pass


def test_a_folder_that_cannot_be_written_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError, match="cannot be written"):
        Journal(tmp_path / "file" / "journal")


def test_a_journal_to_read_or_closed_takes_no_record(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        pass
    for closed in (journal, reopened(tmp_path)):
        with pytest.raises(StorageError, match="closed, or open for reading only"):
            asyncio.run(closed.intend(request(0), 1))


def test_records_that_wait_together_share_one_sync_in_order_and_none_returns_before_it(tmp_path: Path) -> None:
    disk = CrashDisk()

    async def scenario(journal: Journal) -> None:
        disk.close_gate()
        before = disk.syncs
        first = asyncio.create_task(journal.intend(request(0), 1))
        await asyncio.to_thread(disk.entered.wait, 20)
        tasks = [asyncio.create_task(journal.intend(request(index), 1)) for index in range(1, 65)]
        await asyncio.sleep(0.02)
        assert not any(task.done() for task in (first, *tasks))
        assert not journal.uncertain
        disk.gate.set()
        await asyncio.wait_for(asyncio.gather(first, *tasks), 20)
        assert disk.syncs - before == 2

    with Journal(tmp_path, disk=disk) as journal:
        asyncio.run(scenario(journal))
    assert lines(tmp_path) == [("intent", request(index).slot) for index in range(65)]


def test_a_cancelled_wait_does_not_take_its_record_back(tmp_path: Path) -> None:
    disk = CrashDisk()

    async def scenario(journal: Journal) -> None:
        await journal.intend(request(0), 1)
        disk.close_gate()
        task = asyncio.create_task(journal.record(SLOT, 1, 200, b"{}", 4))
        await asyncio.to_thread(disk.entered.wait, 20)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        disk.gate.set()
        await asyncio.wait_for(journal.intend(request(1), 1), 20)
        assert journal.answered == {SLOT}

    with Journal(tmp_path, disk=disk) as journal:
        asyncio.run(scenario(journal))
    assert answered(tmp_path) == [0]


def test_closing_writes_what_is_queued(tmp_path: Path) -> None:
    disk = CrashDisk()

    async def scenario(journal: Journal) -> None:
        disk.close_gate()
        tasks = [asyncio.create_task(journal.intend(request(index), 1)) for index in range(3)]
        await asyncio.to_thread(disk.entered.wait, 20)
        for task in tasks:
            task.cancel()

    journal = Journal(tmp_path, disk=disk)
    asyncio.run(scenario(journal))
    threading.Timer(0.05, disk.gate.set).start()
    journal.close()
    disk.crash(tmp_path)
    journal.close()
    assert len(reopened(tmp_path).uncertain) == 3


def test_files_are_for_the_owner_alone(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal") as journal:
        asyncio.run(exchange(journal, 0))
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "journal").iterdir()} == {0o600}


def test_the_real_disk_syncs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    disk = RealDisk()
    descriptor = disk.open(tmp_path / "x", os.O_CREAT | os.O_WRONLY)
    disk.sync(descriptor)
    disk.sync_folder(tmp_path)
    disk.close(descriptor)
    disk.close(-1)
    assert synced[0] == descriptor
    assert len(synced) == 2
