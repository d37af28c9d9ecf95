"""Threads that share the work of a kernel. Kernels let go of the interpreter, so that they run at the same time."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from itertools import pairwise
from typing import NamedTuple

AT_ONCE = 32
"""Texts that are read at once: a tenth of a millisecond in which no other thread has the interpreter, to enter or leave a kernel."""


class Workers(NamedTuple):
    """How many work at once, and in which threads."""

    threads: Executor | None = None
    number: int = 1

    def share(self, work: Callable[[int, int], None], edges: Sequence[int]) -> None:
        """Call `work` with the begin and the end of every part; this thread is one of the workers."""
        parts = iter(list(pairwise(edges)))

        def take() -> None:
            for begin, end in parts:
                work(begin, end)

        others = [self.threads.submit(take) for _ in range(self.number - 1)] if self.threads else ()
        take()
        for other in others:
            other.result()

    def parts(self, size: int) -> list[int]:
        """Return the edges of parts: two for each worker, because texts differ and nobody should wait long for the last one."""
        count = 2 * self.number if self.threads else 1
        return [size * part // count for part in range(count + 1)]


ALONE = Workers()
