"""Work that a copy of this process does."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from selfinstruct.records import Usage
from selfinstruct.system.fork import run_in_fork
from selfinstruct.system.interpreter import python

forks = pytest.mark.skipif(sys.platform != "linux" or (os.cpu_count() or 1) < 2, reason="needs a second core on Linux")


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a command is; other tests of this process may have left threads."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)


def made(process: int = 0) -> Usage:
    """Return a record that says where it was made."""
    return Usage(prompt_tokens=process or os.getpid())


@forks
@pytest.mark.usefixtures("alone")
def test_the_record_comes_from_another_process_that_sees_what_was_there() -> None:
    rows = list(range(100_000))
    total = run_in_fork(Usage, lambda: Usage(prompt_tokens=os.getpid(), completion_tokens=sum(rows)))
    rows.clear()

    found = total()
    assert (found.prompt_tokens != os.getpid(), found.completion_tokens) == (True, 4_999_950_000)


@forks
@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("end", [lambda: os._exit(3), lambda: os.kill(os.getpid(), 9), lambda: 1 // 0])
def test_what_fails_there_is_done_here(end: Callable[[], object]) -> None:
    ours = os.getpid()

    def work() -> Usage:
        if os.getpid() != ours:
            end()
        return made()

    assert run_in_fork(Usage, work)() == made(ours)


@forks
@pytest.mark.usefixtures("alone")
def test_an_error_is_raised_here() -> None:
    with pytest.raises(ZeroDivisionError):
        run_in_fork(Usage, lambda: made(1 // 0))()


@forks
@pytest.mark.usefixtures("alone")
def test_where_no_process_may_be_made_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    pipe = os.pipe()
    monkeypatch.setattr(os, "fork", refuse)
    monkeypatch.setattr(os, "pipe", lambda: pipe)
    assert run_in_fork(Usage, made)() == made()
    for end in pipe:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(end)


def test_beside_other_threads_the_work_is_done_here() -> None:
    """A copy has one thread only, and what another one has locked stays locked there."""
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert run_in_fork(Usage, made)() == made()
    finally:
        stop.set()
        thread.join()


@forks
def test_a_child_ends_with_its_parent() -> None:
    code = """
import os, signal, sys
from selfinstruct.records import Record
from selfinstruct.system.fork import run_in_fork
reading, writing = os.pipe()
def work():
    os.write(writing, b"x")
    signal.pause()
run_in_fork(Record, work)
os.read(reading, 1)
os.kill(os.getpid(), signal.SIGKILL)
"""
    # it ends once nobody holds its output any more
    done = subprocess.run(python("-c", code), capture_output=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
