"""What is said at Ctrl-C of requests that are with the teacher."""

import asyncio

import pytest

from selfinstruct.runs.stopping import Interrupts, StopSignal


@pytest.mark.parametrize(
    ("left", "costs", "told"),
    [
        (3, True, ["3 sends in flight may have been billed; `selfinstruct status` counts them"]),
        (1, True, ["1 send in flight may have been billed; `selfinstruct status` counts them"]),
        (0, True, []),
        (3, False, []),
    ],
)
def test_a_second_interrupt_says_how_many_sends_may_have_been_billed(left: int, costs: bool, told: list[str]) -> None:
    said: list[str] = []
    interrupts = Interrupts(StopSignal(), said.append, costs=costs)
    interrupts.in_flight = lambda: left

    async def run() -> None:
        with interrupts.watch(None, signals=False):
            interrupts.interrupt()
            interrupts.interrupt()
            await asyncio.sleep(60)

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(run())
    assert said[1:] == told
