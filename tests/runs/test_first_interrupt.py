"""Ctrl-C before the loop takes SIGINT over: nothing is sent, and nothing that was sent is cancelled."""

import asyncio
import signal
from pathlib import Path

from selfinstruct.errors import InterruptedRunError
from selfinstruct.journal import Journal
from selfinstruct.runs.stopping import Interrupts, StopSignal
from selfinstruct.system.event_loop import run_coroutine


def test_an_interrupt_before_the_first_request_cancels_none_that_is_sent_meanwhile(tmp_path: Path) -> None:
    stop_signal = StopSignal()
    interrupts = Interrupts(stop_signal, lambda _: None, Journal(tmp_path))
    done = []

    async def request() -> None:
        await asyncio.sleep(0)
        done.append("answered")

    async def run() -> bool:
        signal.raise_signal(signal.SIGINT)
        with interrupts.watch(None, signals=True):
            await asyncio.gather(request(), request())
        return stop_signal.error is not None

    assert run_coroutine(run, interrupts.interrupt)
    assert done == ["answered", "answered"]
    assert isinstance(stop_signal.error, InterruptedRunError)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
