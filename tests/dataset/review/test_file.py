"""Appending decisions: each is on the disk, none is lost to a replacement of the file, and one review holds a place."""

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from selfinstruct.dataset.review.decisions import read_recorded
from selfinstruct.dataset.review.file import append, session
from selfinstruct.dataset.review.verdicts import read_decisions, write_decisions
from selfinstruct.errors import InputError, StorageError
from tests.support.reviews import lines, row, say, verdict

ROWS = [row(f"Say the number {number}.", str(number)) for number in range(40)]


def test_a_line_that_an_editor_left_unended_is_ended_first(tmp_path: Path) -> None:
    path = tmp_path / "review.jsonl"
    say(path, verdict(ROWS[0], "accepted"))
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    say(path, verdict(ROWS[1], "accepted"))
    assert len(read_recorded(path).verdicts) == 2


def test_a_decision_that_does_not_fit_on_the_disk_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "review.jsonl"
    say(path, verdict(ROWS[0], "accepted"))
    before = path.read_bytes()
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:20]))
    with pytest.raises(StorageError, match="free the disk"):
        append(path, '{"id": "a long line that does not fit"}')
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"gone/review\.jsonl: cannot be written"):
        append(tmp_path / "gone" / "review.jsonl", "{}")


def test_no_file_is_left_where_nothing_is_decided(tmp_path: Path) -> None:
    write_decisions(tmp_path / "review.jsonl", {})
    assert list(tmp_path.iterdir()) == []


def _append_all(path: Path, rows: range) -> None:
    for number in rows:
        say(path, verdict(ROWS[number], "accepted"))


def test_no_decision_is_lost_while_the_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "review.jsonl"
    context = multiprocessing.get_context("fork")
    child = context.Process(target=_append_all, args=(path, range(40)))
    child.start()
    while child.is_alive():
        write_decisions(path, read_decisions(path))
    child.join()
    assert len(read_recorded(path).verdicts) == 40


def _append_and_die(path: Path) -> None:
    _append_all(path, range(7))
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_process_loses_no_decision_and_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "review.jsonl"
    child = multiprocessing.get_context("fork").Process(target=_append_and_die, args=(path,))
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    assert len(lines(path)) == 7
    _append_all(path, range(7, 9))
    assert len(lines(path)) == 9


def test_a_second_review_of_one_place_is_told(tmp_path: Path) -> None:
    with session(tmp_path), pytest.raises(InputError, match="another `selfinstruct review` is open"), session(tmp_path):
        pass
    with session(tmp_path):
        pass
