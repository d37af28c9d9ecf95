import json
import os
from pathlib import Path

import pytest

from selfinstruct.errors import StorageError
from selfinstruct.journal import Journal
from selfinstruct.records import Message, Request, Sampling


def request(index: int) -> Request:
    return Request(
        language="zh",
        index=index,
        step="instruction",
        messages=(Message(role="user", content="主题：茶馆\u2028。"),),
        sampling=Sampling(model="m", temperature=1, top_p=1, max_tokens=9, seed=1),
    )


def write(folder: Path, count: int) -> None:
    with Journal(folder) as journal:
        for index in range(count):
            attempt = journal.intend(request(index), 10)
            journal.record(request(index).slot, attempt, 200, f'{{"n": {index}, "text": "答"}}'.encode(), 7)


def answered(folder: Path) -> list[int]:
    return [recorded.request.index for recorded in Journal(folder, read_only=True).recorded()]


def test_what_was_recorded_is_read_back_in_order(tmp_path: Path) -> None:
    write(tmp_path, 3)
    found = list(Journal(tmp_path, read_only=True).recorded())
    assert [one.request for one in found] == [request(0), request(1), request(2)]
    assert [json.loads(one.body)["n"] for one in found] == [0, 1, 2]


def test_bytes_that_are_not_utf8_are_kept_as_they_are(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.record(request(0).slot, journal.intend(request(0), 0), 200, b"\xff\xfe{", 0)
    assert next(Journal(tmp_path, read_only=True).recorded()).body == b"\xff\xfe{"


def test_the_file_is_ascii_lines(tmp_path: Path) -> None:
    write(tmp_path, 2)
    data = (tmp_path / "000001.jsonl").read_bytes()
    assert data.isascii()
    assert data.count(b"\n") == 4
    assert all(json.loads(line)["v"] == 1 for line in data.splitlines())


def test_spent_and_uncertain_add_up(tmp_path: Path) -> None:
    write(tmp_path, 2)
    with Journal(tmp_path) as journal:
        journal.intend(request(5), 30)
        taken = journal.intend(request(6), 40)
        journal.take_back(request(6).slot, taken)
    journal = Journal(tmp_path, read_only=True)
    assert journal.spent == 14
    assert journal.uncertain == {("zh/5.0/instruction", 1): 30}


def test_only_the_first_reply_of_a_slot_counts(tmp_path: Path) -> None:
    write(tmp_path, 1)
    with Journal(tmp_path) as journal:
        journal.record(request(0).slot, journal.intend(request(0), 1), 200, b"late", 1)
    assert [one.body for one in Journal(tmp_path, read_only=True).recorded()] == ['{"n": 0, "text": "答"}'.encode()]


def test_cut_at_any_byte_it_keeps_every_whole_record_and_takes_new_ones(tmp_path: Path) -> None:
    write(tmp_path / "whole", 2)
    data = (tmp_path / "whole" / "000001.jsonl").read_bytes()
    ends = [position + 1 for position, byte in enumerate(data) if byte == 0x0A]
    for cut in [*range(0, len(data), 7), *ends, *(end - 1 for end in ends)]:
        folder = tmp_path / f"cut{cut}"
        folder.mkdir(exist_ok=True)
        (folder / "000001.jsonl").write_bytes(data[:cut])
        with Journal(folder) as journal:
            attempt = journal.intend(request(9), 1)
            journal.record(request(9).slot, attempt, 200, b"{}", 1)
        replies = [index for index, end in enumerate((ends[1], ends[3])) if end <= cut]
        assert answered(folder) == [*replies, 9]


def test_a_torn_tail_is_kept_beside_the_journal(tmp_path: Path) -> None:
    write(tmp_path, 1)
    path = tmp_path / "000001.jsonl"
    path.write_bytes(path.read_bytes() + b'{"v":1,"kind":"rep')
    with Journal(tmp_path):
        pass
    assert (tmp_path / "000001.torn").read_bytes() == b'{"v":1,"kind":"rep\n'
    assert path.read_bytes().endswith(b"}\n")


def test_a_flipped_bit_never_makes_a_false_record(tmp_path: Path) -> None:
    write(tmp_path / "whole", 2)
    data = (tmp_path / "whole" / "000001.jsonl").read_bytes()
    truth = {one.request.index: one.body for one in Journal(tmp_path / "whole", read_only=True).recorded()}
    for position in range(0, len(data), 11):
        folder = tmp_path / f"flip{position}"
        folder.mkdir()
        flipped = bytes([data[position] ^ 0x08])
        (folder / "000001.jsonl").write_bytes(data[:position] + flipped + data[position + 1 :])
        journal = Journal(folder, read_only=True)
        assert journal.damaged
        assert all(truth[one.request.index] == one.body for one in journal.recorded())


def test_a_second_process_is_refused(tmp_path: Path) -> None:
    with Journal(tmp_path), pytest.raises(StorageError, match="another selfinstruct process"):
        Journal(tmp_path)
    with Journal(tmp_path):
        pass


def test_a_record_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    import zlib

    text = b'{"v":2,"kind":"intent","slot":"x","attempt":1'
    (tmp_path / "000001.jsonl").write_bytes(text + f',"crc":"{zlib.crc32(text):08x}"}}\n'.encode())
    with pytest.raises(StorageError, match="newer"):
        Journal(tmp_path, read_only=True)


def test_a_folder_that_cannot_be_written_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError, match="cannot be written"):
        Journal(tmp_path / "file" / "journal")


def test_a_failed_write_closes_the_journal_for_good(tmp_path: Path) -> None:
    import resource
    import signal

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with Journal(tmp_path) as journal:
        journal.intend(request(0), 1)
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (journal.path.stat().st_size + 10, before[1]))
            with pytest.raises(StorageError, match="cannot be written"):
                journal.intend(request(1), 1)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, handler)
        with pytest.raises(StorageError, match="closed"):
            journal.intend(request(2), 1)
    with Journal(tmp_path) as journal:
        assert list(journal.uncertain) == [("zh/0.0/instruction", 1)]


def test_a_record_is_synced_before_the_call_returns_and_short_writes_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    write_bytes, sync = os.write, os.fsync

    def short_write(descriptor: int, data: bytes) -> int:
        calls.append("write")
        return write_bytes(descriptor, data[:100])

    def counted_sync(descriptor: int) -> None:
        calls.append("sync")
        sync(descriptor)

    with Journal(tmp_path) as journal:
        monkeypatch.setattr(os, "write", short_write)
        monkeypatch.setattr(os, "fsync", counted_sync)
        journal.intend(request(0), 1)
        monkeypatch.undo()
    assert calls[:-1] == ["write"] * (len(calls) - 1)
    assert len(calls) > 3
    assert calls[-1] == "sync"
    assert Journal(tmp_path, read_only=True).uncertain
