"""Run a coroutine from synchronous code, also inside a running event loop such as a notebook's."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from contextvars import copy_context
from threading import current_thread, main_thread
from typing import Any, TypeVar

T = TypeVar("T")


def run_coroutine(make: Callable[[], Coroutine[Any, Any, T]], interrupt: Callable[[], None] | None = None) -> T:
    """Run a coroutine in a new event loop and return its result.

    `asyncio.run` refuses to start under a running loop, so the new loop then runs in another thread while this one waits. Each Ctrl-C
    during the wait calls `interrupt` in this thread, and the wait continues, so that replies in flight are still received. Without a running
    loop it is called as well, until the coroutine takes SIGINT over itself: `asyncio.run` would cancel the first wait, behind the first requests.
    Without `interrupt`, Ctrl-C does what `asyncio.run` makes of it, and nothing under a running loop.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        with _sigint(interrupt) if interrupt else nullcontext():
            return asyncio.run(make())
    with _sigint(interrupt or (lambda: None)), ThreadPoolExecutor(1, thread_name_prefix="selfinstruct") as thread:
        return thread.submit(copy_context().run, lambda: asyncio.run(make())).result()


@contextmanager
def _sigint(interrupt: Callable[[], None]) -> Iterator[None]:
    """Take SIGINT over while the block runs: under `asyncio.run` the first one would only cancel a task that cannot run meanwhile."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: interrupt())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
