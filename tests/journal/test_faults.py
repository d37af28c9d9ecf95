"""The journal under fault injection: damaged bytes, power cuts, failing and full disks."""

import asyncio
import errno
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from selfinstruct.errors import StorageError
from selfinstruct.journal import Journal
from tests.support.journal_disk import (
    MEMORY,
    CrashDisk,
    FastDisk,
    FaultyDisk,
    SmallDisk,
    answered,
    body,
    exchange,
    exchanges,
    lines,
    reopened,
    request,
)

SEGMENT = 400
"""Records of one request: intent and reply."""
RESERVE = 2000


@pytest.fixture
def memory() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        yield Path(name)


@pytest.fixture
def whole(tmp_path: Path) -> list[bytes]:
    """The bytes of three segments with a request and its reply each."""
    with Journal(tmp_path / "whole", segment_bytes=SEGMENT, disk=FastDisk()) as journal:
        asyncio.run(exchanges(journal, 3))
    segments = [path.read_bytes() for path in sorted((tmp_path / "whole").glob("*.jsonl"))]
    assert [segment.count(b"\n") for segment in segments] == [2, 2, 2]
    return segments


def put(folder: Path, segments: list[bytes]) -> Path:
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for number, segment in enumerate(segments, 1):
        (folder / f"{number:06}.jsonl").write_bytes(segment)
    return folder


@pytest.mark.kill
def test_cut_at_every_byte_it_keeps_every_whole_record_and_takes_new_ones(whole: list[bytes], memory: Path) -> None:
    runner = asyncio.Runner()
    for number, segment in enumerate(whole):
        for cut in range(len(segment) + 1):
            folder = put(memory, [*whole[:number], segment[:cut]])
            records = segment[:cut].count(b"\n")
            with Journal(folder, segment_bytes=SEGMENT, reserve_bytes=0, disk=FastDisk()) as journal:
                assert journal.damaged == []
                assert len(journal.answered) == number + (records == 2)
                assert dict(journal.uncertain) == ({(request(number).slot, 1): 10} if records == 1 else {})
                runner.run(exchange(journal, 9))
            assert answered(folder) == [*range(number + (records == 2)), 9]
            torn = segment[:cut].rpartition(b"\n")[2]
            assert (folder / f"{number + 1:06}.torn").exists() == bool(torn)
            if torn:
                assert (folder / f"{number + 1:06}.torn").read_bytes() == torn + b"\n"
    runner.close()


def test_a_cut_in_an_earlier_segment_costs_its_own_records_only(whole: list[bytes], memory: Path) -> None:
    for cut in range(len(whole[0])):
        journal = reopened(put(memory, [whole[0][:cut], *whole[1:]]))
        torn = whole[0][:cut].rpartition(b"\n")[2]
        assert journal.damaged == ([("000001.jsonl", whole[0][:cut].count(b"\n") + 1)] if torn else [])
        assert [one.request.index for one in journal.recorded()] == [1, 2]


def test_a_bit_flipped_in_any_byte_never_makes_a_false_record(whole: list[bytes], memory: Path) -> None:
    for number, segment in enumerate(whole):
        for position in range(len(segment)):
            flipped = bytearray(segment)
            flipped[position] ^= 1 << position % 8
            journal = reopened(put(memory, [*whole[:number], bytes(flipped), *whole[number + 1 :]]))
            found = {one.request.index: one.body for one in journal.recorded()}
            assert found == {index: body(index) for index in range(3) if index != number}
            at_the_end = number == 2 and position == len(segment) - 1
            assert at_the_end or (f"{number + 1:06}.jsonl", 1 + segment[:position].count(b"\n")) in journal.damaged
            if position > segment.index(b"\n"):
                assert list(journal.uncertain) == [(request(number).slot, 1)]


def test_zeros_at_the_end_and_a_hole_in_the_middle_cost_their_own_records_only(
    whole: list[bytes], tmp_path: Path
) -> None:
    put(tmp_path / "zeros", [*whole, bytes(5000)])
    with Journal(tmp_path / "zeros", disk=FastDisk()) as journal:
        assert len(journal.answered) == 3
        assert journal.damaged == []
    hole = whole[1][:50] + bytes(200) + whole[1][250:]
    assert reopened(put(tmp_path / "hole", [whole[0], hole, whole[2]])).damaged == [("000002.jsonl", 1)]
    assert answered(tmp_path / "hole") == [0, 2]


def test_a_power_cut_leaves_all_that_was_acknowledged(tmp_path: Path) -> None:
    disk, folder = CrashDisk(), tmp_path / "outputs" / "run" / "journal"
    with Journal(folder, segment_bytes=SEGMENT, disk=disk) as journal:
        asyncio.run(exchanges(journal, 3))
    disk.crash(folder)
    assert answered(folder) == [0, 1, 2]
    assert {tmp_path / "outputs", tmp_path / "outputs" / "run", folder} <= disk.names
    assert (folder / "reserve").stat().st_size == 2**20


def test_a_power_cut_after_a_torn_tail_was_cut_leaves_both_parts_in_place(whole: list[bytes], tmp_path: Path) -> None:
    folder = put(tmp_path / "torn", [whole[0], whole[1] + b'{"v":1,'])
    disk = CrashDisk(folder)
    with Journal(folder, segment_bytes=SEGMENT, disk=disk) as journal:
        asyncio.run(exchange(journal, 5))  # in a new segment, so that only the cut itself syncs the old one
    disk.crash(folder)
    assert (folder / "000002.torn").read_bytes() == b'{"v":1,\n'
    assert (folder / "000002.jsonl").read_bytes() == whole[1]
    assert reopened(folder).damaged == []
    assert answered(folder) == [0, 1, 5]


async def busy(journal: Journal, acknowledged: list[tuple[str, str]], refused: list[StorageError]) -> None:
    """Run four exchanges concurrently; record which writes were acknowledged and which refused."""

    async def one(index: int) -> None:
        slot = request(index).slot
        try:
            attempt = await journal.intend(request(index), 10)
            acknowledged.append(("intent", slot))
            await journal.record(slot, attempt, 200, body(index), 7)
            acknowledged.append(("reply", slot))
        except StorageError as error:
            refused.append(error)

    await asyncio.wait_for(asyncio.gather(*(one(index) for index in range(4))), 20)


@pytest.mark.thorough
@pytest.mark.parametrize("begun", [True, False], ids=["begun", "new"])
@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC, 0], ids=["EIO", "ENOSPC", "short write"])
def test_whichever_call_fails_nothing_acknowledged_is_lost(
    error: int, begun: bool, whole: list[bytes], tmp_path: Path
) -> None:
    for call in range(1, 200):
        folder = tmp_path / str(call)
        if begun:
            put(folder, [*whole, b"torn"])
        disk = FaultyDisk(call, error, folder)
        acknowledged = [("reply", request(index).slot) for index in range(3) if begun]
        refused: list[StorageError] = []
        try:
            with Journal(folder, segment_bytes=SEGMENT, reserve_bytes=RESERVE, disk=disk) as journal:
                asyncio.run(busy(journal, acknowledged, refused))
                if refused:
                    with pytest.raises(StorageError, match="run the same command again"):
                        asyncio.run(journal.intend(request(7), 1))
        except StorageError as error_at_opening:
            refused.append(error_at_opening)
        assert all("cannot be written" in str(one) or "the disk is full" in str(one) for one in refused)
        disk.crash(folder)
        assert set(acknowledged) <= set(lines(folder))
        assert not begun or b"torn" in b"".join(path.read_bytes() for path in folder.glob("000004.*"))
        with Journal(folder, segment_bytes=SEGMENT, reserve_bytes=0, disk=FastDisk()) as journal:
            assert journal.damaged == []
            asyncio.run(exchange(journal, 9))
        assert answered(folder)[-1] == 9
        if not disk.failed:
            assert call > 12
            return
    raise AssertionError("the scenario is longer than thought")


@pytest.mark.parametrize("name", ["write", "sync"])
def test_after_a_failed_write_or_sync_nothing_is_tried_again(name: str, tmp_path: Path) -> None:
    async def scenario(journal: Journal, disk: FaultyDisk) -> None:
        await journal.intend(request(0), 1)
        disk.call = disk.calls + ("write", "sync").index(name) + 1
        tries = [journal.record(request(0).slot, 1, 200, b"{}", 1), journal.intend(request(1), 1)]
        failures = await asyncio.wait_for(asyncio.gather(*tries, return_exceptions=True), 20)
        for failure in failures:
            assert isinstance(failure, StorageError)
            assert "000001.jsonl: cannot be written (Input/output error); free or check the disk" in str(failure)
        for _ in range(2):
            with pytest.raises(StorageError, match="cannot be written"):
                await journal.withhold(request(0).slot)
        assert journal.uncertain == {(request(0).slot, 1): 1}

    disk = FaultyDisk(0, errno.EIO)
    with Journal(tmp_path, disk=disk) as journal:
        asyncio.run(scenario(journal, disk))
    assert (disk.failed, disk.touched_after) == (name, [])


async def fill(journal: Journal) -> list[str]:
    """Send eight at a time until the disk is full; return the slots whose paid replies arrived after that."""
    for start in range(0, 800, 8):
        sent = [request(index) for index in range(start, start + 8)]
        tries = await asyncio.gather(*(journal.intend(one, 10) for one in sent), return_exceptions=True)
        accepted = [one for one, result in zip(sent, tries, strict=True) if result == 1]
        await asyncio.gather(*(journal.record(one.slot, 1, 200, body(one.index), 7) for one in accepted))
        if len(accepted) < 8:
            assert all("the disk is full" in str(result) for result in tries if result != 1)
            return [one.slot for one in accepted]
    raise AssertionError("the disk never was full")


def test_on_a_full_disk_every_reply_that_was_paid_is_kept_whatever_its_size(tmp_path: Path) -> None:
    for room in range(RESERVE + 5000, RESERVE + 10000, 61):
        folder = tmp_path / str(room)
        disk = SmallDisk(folder, room)
        with Journal(folder, segment_bytes=3000, reserve_bytes=RESERVE, disk=disk) as journal:
            asyncio.run(fill(journal))
            known = (set(journal.answered), dict(journal.uncertain), journal.spent)
            with pytest.raises(StorageError, match="disk is full"):
                asyncio.run(journal.intend(request(900), 1))
        assert not (folder / "reserve").exists()
        disk.crash(folder)
        journal = reopened(folder)
        assert (journal.answered, dict(journal.uncertain), journal.spent) == known
        assert not journal.uncertain
        assert journal.damaged == []
        assert len(lines(folder)) == len(set(lines(folder)))


def test_a_disk_that_is_full_before_the_run_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    with pytest.raises(StorageError, match="No space left"):
        Journal(tmp_path / "run", reserve_bytes=RESERVE, disk=SmallDisk(tmp_path / "run", 500))


def test_a_reserve_that_is_used_up_ends_the_journal(tmp_path: Path) -> None:
    async def scenario(journal: Journal, disk: SmallDisk) -> None:
        await journal.intend(request(0), 1)
        disk.close_gate()
        first = asyncio.create_task(journal.withhold(request(0).slot))
        await asyncio.to_thread(disk.entered.wait, 20)
        together = [journal.intend(request(1), 1), journal.record(request(0).slot, 1, 200, b"x" * 5000, 1)]
        tasks = [asyncio.create_task(one) for one in together]
        await asyncio.sleep(0.02)
        disk.room = disk.used()
        disk.gate.set()
        failures = await asyncio.wait_for(asyncio.gather(first, *tasks, return_exceptions=True), 20)
        assert failures[0] is None
        assert "the disk is full" in str(failures[1])
        assert "cannot be written (No space left on device)" in str(failures[2])
        with pytest.raises(StorageError, match="cannot be written"):
            await journal.take_back(request(0).slot, 1)

    disk = SmallDisk(tmp_path, 10**6)
    with Journal(tmp_path, reserve_bytes=RESERVE, disk=disk) as journal:
        asyncio.run(scenario(journal, disk))
    assert reopened(tmp_path).uncertain


def test_a_disk_that_fills_while_replies_are_awaited_keeps_them(tmp_path: Path) -> None:
    async def scenario(journal: Journal, disk: SmallDisk) -> None:
        await asyncio.gather(*(journal.intend(request(index), 1) for index in range(4)))
        disk.room = disk.used() + 150
        for index in range(3):
            await journal.record(request(index).slot, 1, 200, body(index), 1)
        await journal.lose(request(3).slot, 1, "cut", 200, b"{")

    disk = SmallDisk(tmp_path, 10**6)
    with Journal(tmp_path, reserve_bytes=RESERVE, disk=disk) as journal:
        asyncio.run(scenario(journal, disk))
    assert answered(tmp_path) == [0, 1, 2]
    assert reopened(tmp_path).lost == {(request(3).slot, 1)}


def test_a_lock_file_that_cannot_be_written_is_no_lock_for_others(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="Input/output error"):
        Journal(tmp_path, disk=FaultyDisk(2, errno.EIO))
    with Journal(tmp_path):
        pass
