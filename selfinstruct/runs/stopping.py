"""Stopping a run: the first reason counts, and what was sent is still awaited."""

import asyncio
import signal
import time
from collections.abc import Callable

from selfinstruct.errors import InterruptedRunError, SelfInstructError
from selfinstruct.runs.caps import Clock
from selfinstruct.teacher.batch_api.wait import BatchWait
from selfinstruct.weights import Say


class StopSignal:
    """Stops a run: the first error that is pulled is the reason; requests in flight are still awaited."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        """Start released; `clock` says when the minutes are over."""
        self.error: SelfInstructError | None = None
        self.clock = clock
        self.stop: Callable[[str], None] = lambda _: None
        """Told the reason: how those who still wait to send are reached."""

    def pull(self, error: SelfInstructError) -> None:
        """Stop for this reason, unless there is one already."""
        if self.error is None:
            self.error = error
            self.stop(str(error))


class Interrupts:
    """First Ctrl-C: send nothing more and wait for what is in flight; second: cancel that too."""

    def __init__(self, stop_signal: StopSignal, say: Say, batch_wait: BatchWait | None) -> None:
        self._brake = stop_signal
        self._say = say
        self._standby = batch_wait

    def __enter__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        for number in (signal.SIGINT, signal.SIGTERM):
            self._loop.add_signal_handler(number, self._stop)

    def __exit__(self, *_: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._loop.remove_signal_handler(number)

    def _stop(self) -> None:
        if self._brake.error and self._task:
            self._task.cancel()
            return
        if self._standby:
            self._say(
                "Stopping: what is with the provider stays there, to be collected later. Ctrl-C again ends at once."
            )
            self._standby.leave()
        else:
            self._say("Stopping: waiting for the replies in flight, which are paid for. Ctrl-C again ends at once.")
        self._brake.pull(InterruptedRunError("interrupted; run the same command again to go on"))
