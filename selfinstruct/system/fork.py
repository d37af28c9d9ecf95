"""Work in a copy of this process, on another core, while this one goes on: for what is Python all through, where threads gain nothing."""

import os
import sys
import threading
import warnings
from collections.abc import Callable
from typing import TypeVar

from selfinstruct.records import Record

R = TypeVar("R", bound=Record)


def beside(kind: type[R], work: Callable[[], R]) -> Callable[[], R]:
    """Begin work that makes a record, and return what waits for it; where no copy can be made, or it fails, the work is done then and there.

    The copy sees all objects as they are now. The record comes back as JSON.
    """
    if sys.platform != "linux" or threading.active_count() > 1 or (os.cpu_count() or 1) < 2:
        return work
    reading, writing = os.pipe()
    try:
        child = _fork()
    except OSError:  # no memory, or no further process allowed
        os.close(reading)
        os.close(writing)
        return work
    if not child:
        _work_and_end(work, writing)
    os.close(writing)

    def result() -> R:
        with os.fdopen(reading, "rb") as pipe:
            data = pipe.read()
        _, status = os.waitpid(child, 0)
        return kind.model_validate_json(data) if status == 0 else work()

    return result


def _fork() -> int:
    with warnings.catch_warnings():
        # idle threads of numpy's linear algebra, which the copy never calls
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _work_and_end(work: Callable[[], Record], writing: int) -> None:
    """Write the record and end, without anything that this process would do at its end."""
    status = 1
    try:
        data = work().model_dump_json().encode()
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(data)
        status = 0
    finally:
        os._exit(status)
