"""Run a coroutine from synchronous code, also inside a running event loop such as a notebook's."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def run_coroutine(make: Callable[[], Coroutine[Any, Any, T]], interrupt: Callable[[], None]) -> T:
    """Run a coroutine in a new event loop and return its result.

    `asyncio.run` refuses to start under a running loop, so the new loop then runs in another thread while this one waits. Each Ctrl-C
    during the wait calls `interrupt` in this thread, and the wait continues, so that replies in flight are still received.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(make())
    with ThreadPoolExecutor(1, thread_name_prefix="selfinstruct") as thread:
        result = thread.submit(lambda: asyncio.run(make()))
        while True:
            try:
                return result.result()
            except KeyboardInterrupt:
                interrupt()
