"""Threads that share the work of a kernel. Kernels let go of the interpreter, so that they run at the same time."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import NamedTuple


class Workers(NamedTuple):
    """How many work at once, and in which threads."""

    threads: Executor | None = None
    number: int = 1

    def share(self, work: Callable[[int, int], None], edges: Sequence[int]) -> None:
        """Call `work` with the begin and the end of every part."""
        list((self.threads.map if self.threads else map)(work, edges[:-1], edges[1:]))

    def parts(self, size: int) -> list[int]:
        """Return the edges of parts: some for each worker, because texts differ and nobody should wait long for the last one."""
        count = 4 * self.number if self.threads else 1
        return [size * part // count for part in range(count + 1)]


ALONE = Workers()
