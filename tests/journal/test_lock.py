"""The write lock: one holder, whatever happens at the same time."""

import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from selfinstruct.errors import StorageError
from selfinstruct.journal import Journal, RealDisk, hold, in_use
from selfinstruct.journal.lock import acquire

HOLD = """
import sys, pathlib
from selfinstruct.errors import StorageError
from selfinstruct.journal import Journal
print("ready", flush=True)
sys.stdin.readline()
try:
    journal = Journal(pathlib.Path(sys.argv[1]))
except StorageError:
    print("refused", flush=True)
else:
    print("holds", flush=True)
sys.stdin.read()
"""


def test_of_processes_that_start_at_once_one_holds_the_journal(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path / "journal")]
    pipe = subprocess.PIPE
    others = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(4)]
    assert [other.stdout.readline() for other in others if other.stdout] == ["ready\n"] * 4
    for other in others:
        assert other.stdin is not None
        other.stdin.write("go\n")
        other.stdin.flush()
    said = sorted(other.stdout.readline() for other in others if other.stdout)
    for other in others:
        other.communicate("")
    assert said == ["holds\n", *["refused\n"] * 3]


def test_of_many_that_try_again_and_again_never_two_hold(tmp_path: Path) -> None:
    inside, most = threading.Semaphore(1), []

    def work(_: int) -> int:
        held = 0
        for _ in range(50):
            try:
                with hold(tmp_path):
                    most.append(inside.acquire(blocking=False))
                    inside.release()
                    held += 1
            except StorageError:
                pass
        return held

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) > 0
    assert all(most)


@pytest.fixture
def looker(tmp_path: Path) -> Iterator[int]:
    """A process that is just looking whether anybody writes."""
    descriptor = os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    yield descriptor
    os.close(descriptor)


def test_one_that_only_looks_is_not_taken_for_a_writer(tmp_path: Path, looker: int) -> None:
    assert not in_use(tmp_path)
    descriptor = acquire(RealDisk(), tmp_path, lambda _: fcntl.flock(looker, fcntl.LOCK_UN))
    assert in_use(tmp_path)
    os.close(descriptor)


def test_one_that_never_stops_looking_is_named_after_a_second_and_nothing_stays_locked_or_open(
    tmp_path: Path, looker: int
) -> None:
    slept: list[float] = []
    closed: list[int] = []

    class Tells(RealDisk):
        def close(self, descriptor: int) -> None:
            super().close(descriptor)
            closed.append(descriptor)

    with pytest.raises(
        StorageError, match=r"lock: another process shares this lock .* end it, or choose another --run"
    ):
        acquire(Tells(), tmp_path, slept.append)
    assert sum(slept) == pytest.approx(1)
    assert len(closed) == 1
    fcntl.flock(looker, fcntl.LOCK_UN)
    with hold(tmp_path):
        assert in_use(tmp_path)


def test_two_that_wait_do_not_keep_each_other_out(tmp_path: Path, looker: int) -> None:
    inner: list[int] = []

    def other_comes_first(_: float) -> None:
        fcntl.flock(looker, fcntl.LOCK_UN)
        if not inner:
            inner.append(acquire(RealDisk(), tmp_path, lambda _: pytest.fail("it is kept out")))

    with pytest.raises(StorageError, match="another selfinstruct process writes this run"):
        acquire(RealDisk(), tmp_path, other_comes_first)
    os.close(inner[0])


def test_a_run_that_is_moved_between_opening_and_locking_is_not_written(tmp_path: Path) -> None:
    class Moves(RealDisk):
        def open(self, path: Path, flags: int) -> int:
            descriptor = super().open(path, flags)
            path.parent.rename(tmp_path / "moved")
            return descriptor

    (tmp_path / "journal").mkdir()
    with pytest.raises(StorageError, match="was moved while it was opened"):
        acquire(Moves(), tmp_path / "journal")
    assert not in_use(tmp_path / "moved")


def test_a_lock_file_of_another_is_no_lock_of_this_folder(tmp_path: Path) -> None:
    class Replaces(RealDisk):
        def open(self, path: Path, flags: int) -> int:
            descriptor = super().open(path, flags)
            path.unlink()
            path.touch()
            return descriptor

    with pytest.raises(StorageError, match="was moved while it was opened"):
        acquire(Replaces(), tmp_path)


def test_the_lock_is_free_again_after_the_block(tmp_path: Path) -> None:
    with hold(tmp_path):
        assert in_use(tmp_path)
    with Journal(tmp_path):
        pass
