"""Stopping a run: the first reason counts, and what was sent is still awaited."""

import asyncio
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from typing import Any

from selfinstruct.errors import CapReachedError, InterruptedRunError, SelfInstructError
from selfinstruct.journal import Journal
from selfinstruct.runs.caps import INTERRUPTED, Clock
from selfinstruct.system.aside import Aside
from selfinstruct.system.numbers import amount
from selfinstruct.teacher.batch_api.wait import BatchWait
from selfinstruct.weights import Say


def _some() -> int:
    """Return that something is in flight where nobody counts it."""
    return 1


class StopSignal:
    """Stops a run: the first error that is pulled is the reason; requests in flight are still awaited."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        """Start released; `clock` says when the minutes are over."""
        self.error: SelfInstructError | None = None
        self.clock = clock
        self.stop: Callable[[str], None] = lambda _: None
        """Told the reason: how those who still wait to send are reached."""

    def set(self, error: SelfInstructError) -> None:
        """Stop for this reason, unless there is one already."""
        if self.error is None:
            self.error = error
            self.stop(str(error))

    def forgive(self) -> None:
        """Forget an interrupt or a cap that stopped nothing: the replies that were awaited reached the target."""
        if isinstance(self.error, InterruptedRunError | CapReachedError):
            self.error = None


class Interrupts:
    """First Ctrl-C: send nothing more and wait for what is in flight; second: cancel that too.

    Signals are taken over only in the main thread, where Python delivers them; elsewhere somebody calls `interrupt`.
    """

    def __init__(self, stop_signal: StopSignal, say: Say, journal: Journal, *, costs: bool = True) -> None:
        """Begin with nothing to stop; a reply `costs` something unless this machine gives it. `journal` has the sends."""
        self._costs = costs
        self._journal = journal
        self._before = {*journal.uncertain}
        self._leaves = False
        """Whether sends in flight were left with the teacher."""
        self._in_flight = "the replies in flight, which are paid for" if costs else "the replies in flight"
        self.in_flight: Callable[[], int] = _some
        """Returns how many requests are with the teacher now; those that wait to be sent again are not."""
        self._stop_signal = stop_signal
        self._say = say
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[Any] | None = None
        self._batch_wait: BatchWait | None = None

    @contextmanager
    def watch(self, batch_wait: BatchWait | None, *, signals: bool) -> Iterator[None]:
        """Stop the current task at an interrupt while the block runs; with `signals`, SIGINT and SIGTERM are interrupts."""
        self._loop, self._task, self._batch_wait = asyncio.get_running_loop(), asyncio.current_task(), batch_wait
        taken = (signal.SIGINT, signal.SIGTERM) if signals and current_thread() is main_thread() else ()
        for number in taken:
            self._loop.add_signal_handler(number, self._stop)
        try:
            yield
        finally:
            for number in taken:
                self._loop.remove_signal_handler(number)
            self._loop = None

    def interrupt(self) -> None:
        """Do what Ctrl-C does; may be called in any thread."""
        if self._loop:
            self._loop.call_soon_threadsafe(self._stop)
        else:  # before the first request, or after the last
            self._stop_signal.set(InterruptedRunError(INTERRUPTED))

    def _stop(self) -> None:
        if self._stop_signal.error and self._task:
            self._leaves = self._costs and not self._batch_wait  # a batch is collected later
            self._task.cancel()
            return
        if self._batch_wait:
            self._say(
                "Stopping: what is with the provider stays there, to be collected later. Ctrl-C again ends at once."
            )
            self._batch_wait.leave()
        else:
            told = f"waiting for {self._in_flight}" if self.in_flight() else "nothing is in flight"
            self._say(Aside(f"Stopping: {told}. Ctrl-C again ends at once."))
        self._stop_signal.set(InterruptedRunError(INTERRUPTED))

    def tell_left(self) -> None:
        """Say what the second interrupt left with the teacher, by the journal: what was answered meanwhile is not among it."""
        left = {*self._journal.uncertain} - self._before - self._journal.lost if self._leaves else ()
        if left:
            self._say(f"{amount(len(left), 'send')} in flight may have been billed; `selfinstruct status` counts them")
