"""Pure-Python work on many items in forked child processes, in order: threads gain nothing there."""

import gc
import multiprocessing
import os
import signal
import sys
import threading
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from typing import Any, TypeVar

from selfinstruct.system.fork import end_with

T = TypeVar("T")
R = TypeVar("R")
_CHUNK = 128
"""Items that go to a child at once."""
_FEW = 4
"""Chunks for which no child is worth its start."""
LEAST_ITEMS = _FEW * _CHUNK
"""Items from which they go to children."""
_AHEAD = 3
"""Chunks in flight for each child, so that reading never waits for more than memory allows."""


def in_children(work: Callable[[list[T]], list[R]], items: Iterable[T], workers: int) -> Iterator[R]:
    """Yield the results of `work`, called with chunks of items, in the order of the items.

    Children see all objects as they are at the fork. Few items, one worker, other threads in this process (a fork would copy their locks) and
    systems other than Linux do without children.
    """
    chunks = _chunks(items)
    first = list(islice(chunks, _FEW))
    if workers < 2 or len(first) < _FEW or not may_fork():
        for chunk in chain(first, chunks):
            yield from work(chunk)
        return
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(work, os.getpid())) as pool:
        waiting: deque[tuple[list[T], Future[list[R]] | None]] = deque()
        for chunk in chain(first, chunks):
            waiting.append((chunk, _submitted(pool, chunk)))
            if len(waiting) > _AHEAD * workers:
                yield from _result(work, *waiting.popleft())
        while waiting:
            yield from _result(work, *waiting.popleft())


def may_fork() -> bool:
    """Return whether this process may have such children."""
    return sys.platform == "linux" and threading.active_count() == 1


_work: list[Callable[[list[Any]], list[Any]]] = []
"""In a child: its work, which came with the fork and so may be a function within a function."""


def _begin(work: Callable[[list[Any]], list[Any]], parent: int) -> None:
    """Leave Ctrl-C to the parent, which then ends its children; a child that outlived it would keep its locks."""
    end_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()  # what came with the fork lives to the end, and would be walked, and so copied, again and again
    _work.append(work)


def _do(chunk: list[Any]) -> list[Any]:
    return _work[0](chunk)


def _submitted(pool: ProcessPoolExecutor, chunk: list[T]) -> "Future[list[Any]] | None":
    """Hand a chunk to the children; None where one has died, after which they take nothing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # BLAS threads of numpy exist, and no child calls BLAS
            return pool.submit(_do, chunk)
    except BrokenProcessPool:
        return None


def _result(work: Callable[[list[T]], list[R]], chunk: list[T], done: "Future[list[R]] | None") -> list[R]:
    """Return what a child made; this process does it where a child died, or where a value is nested too deeply to be sent to one."""
    try:
        return done.result() if done else work(chunk)
    except (BrokenProcessPool, RecursionError):
        return work(chunk)


def _chunks(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
