"""Run pure-Python work in a forked child process, on another core: threads gain nothing there."""

import os
import sys
import threading
import warnings
from collections.abc import Callable
from typing import TypeVar

from selfinstruct.records import Record

R = TypeVar("R", bound=Record)
_PR_SET_PDEATHSIG = 1


def run_in_fork(kind: type[R], work: Callable[[], R]) -> Callable[[], R]:
    """Start work in a forked child and return a function that waits for its record.

    The child sees all objects as they are at the fork; the record comes back as JSON. Without a child (not Linux, other threads, one
    core, fork refused) or when it fails, the returned function does the work in this process.
    """
    if sys.platform != "linux" or threading.active_count() > 1 or (os.cpu_count() or 1) < 2:
        return work
    reading, writing = os.pipe()
    parent = os.getpid()
    try:
        child = fork()
    except OSError:  # no memory, or no further process allowed
        os.close(reading)
        os.close(writing)
        return work
    if not child:
        _run_child(work, writing, parent)
    os.close(writing)

    def result() -> R:
        with os.fdopen(reading, "rb") as pipe:
            data = pipe.read()
        _, status = os.waitpid(child, 0)
        return kind.model_validate_json(data) if status == 0 else work()

    return result


def fork() -> int:
    """Fork and return the child's id, in the child 0; raises OSError."""
    with warnings.catch_warnings():
        # BLAS threads of numpy exist, but the child never calls BLAS
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _run_child(work: Callable[[], Record], writing: int, parent: int) -> None:
    """Write the record and exit without running exit handlers; end with the parent, however that ends."""
    status = 1
    try:
        end_with(parent)
        data = work().model_dump_json().encode()
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(data)
        status = 0
    finally:
        os._exit(status)


def end_with(parent: int) -> None:
    """Have the kernel kill this child when its parent is gone: prctl(2), PR_SET_PDEATHSIG."""
    import ctypes
    import signal

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
