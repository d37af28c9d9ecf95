"""Worker threads for kernels, which release the GIL and so run in parallel."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from itertools import pairwise
from typing import NamedTuple

TEXTS_PER_CHUNK = 32
"""Texts tokenised at once: it holds the GIL for 0.1 ms, during which no other thread can enter or leave a kernel."""


class Workers(NamedTuple):
    """An executor and the number of parallel workers, the calling thread included."""

    threads: Executor | None = None
    number: int = 1

    def share(self, work: Callable[[int, int], None], edges: Sequence[int]) -> None:
        """Call `work(begin, end)` for each part between consecutive edges; the calling thread works too."""
        parts = iter(list(pairwise(edges)))

        def take() -> None:
            for begin, end in parts:
                work(begin, end)

        others = [self.threads.submit(take) for _ in range(self.number - 1)] if self.threads else ()
        take()
        for other in others:
            other.result()

    def parts(self, size: int) -> list[int]:
        """Return the edges that split `size` texts into parts: two per worker, to balance texts of different length."""
        count = 2 * self.number if self.threads else 1
        return [size * part // count for part in range(count + 1)]


ALONE = Workers()
