"""Work in a copy of this process, on another core, while this one goes on: for what is Python all through, where threads gain nothing."""

import os
import pickle
import sys
import threading
import warnings
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def beside(work: Callable[[], T]) -> Callable[[], T]:
    """Begin `work` and return what waits for its result; where no copy can be made, or it fails, the work is done then and there.

    The copy sees all objects as they are now; its result must be one that `pickle` takes.
    """
    if sys.platform != "linux" or threading.active_count() > 1 or (os.cpu_count() or 1) < 2:
        return work
    reading, writing = os.pipe()
    child = _fork()
    if not child:
        _work_and_end(work, writing)
    os.close(writing)

    def result() -> T:
        with os.fdopen(reading, "rb") as pipe:
            data = pipe.read()
        _, status = os.waitpid(child, 0)
        return pickle.loads(data) if status == 0 else work()  # noqa: S301 - by our own child

    return result


def _fork() -> int:
    with warnings.catch_warnings():
        # idle threads of numpy's linear algebra, which the copy never calls
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _work_and_end(work: Callable[[], object], writing: int) -> None:
    """Write the result and end, without anything that this process would do at its end."""
    status = 1
    try:
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(work(), pipe)
        status = 0
    finally:
        os._exit(status)
