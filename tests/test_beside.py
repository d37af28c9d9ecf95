"""Work that a copy of this process does."""

import os
import sys
import threading

import pytest

from selfinstruct.beside import beside

forks = pytest.mark.skipif(sys.platform != "linux" or (os.cpu_count() or 1) < 2, reason="needs a second core on Linux")


@forks
def test_the_result_comes_from_another_process_and_is_the_same() -> None:
    rows = list(range(100_000))
    total = beside(lambda: (os.getpid(), sum(rows)))
    rows.clear()

    there, found = total()
    assert (there != os.getpid(), found) == (True, 4_999_950_000)


@forks
def test_what_fails_there_is_done_here() -> None:
    ours = os.getpid()

    assert beside(lambda: 1 // (os.getpid() == ours))() == 1


@forks
def test_a_process_that_is_killed_loses_nothing() -> None:
    ours = os.getpid()

    assert beside(lambda: os.getpid() if os.getpid() == ours else os.kill(os.getpid(), 9))() == ours


@forks
def test_an_error_is_raised_here() -> None:
    with pytest.raises(ZeroDivisionError):
        beside(lambda: 1 // 0)()


def test_beside_other_threads_the_work_is_done_here() -> None:
    """A copy has one thread only, and what another one has locked stays locked there."""
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert beside(os.getpid)() == os.getpid()
    finally:
        stop.set()
        thread.join()
