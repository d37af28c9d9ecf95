"""What is said at Ctrl-C of requests that are with the teacher."""

import asyncio
from pathlib import Path

import pytest

from selfinstruct.journal import Journal
from selfinstruct.runs.stopping import Interrupts, StopSignal
from tests.support.journal_disk import request


@pytest.mark.parametrize(
    ("sent", "answered", "costs", "told"),
    [
        (3, 0, True, ["3 sends in flight may have been billed; `selfinstruct status` counts them"]),
        (3, 2, True, ["1 send in flight may have been billed; `selfinstruct status` counts them"]),
        (3, 3, True, []),
        (3, 0, False, []),
    ],
)
def test_after_a_second_interrupt_the_sends_that_nobody_answered_are_counted(
    tmp_path: Path, sent: int, answered: int, costs: bool, told: list[str]
) -> None:
    said: list[str] = []

    async def run(journal: Journal) -> None:
        await journal.intend(request(0), 100)  # of an earlier command
        interrupts = Interrupts(StopSignal(), said.append, journal, costs=costs)
        try:
            with interrupts.watch(None, signals=False):
                for index in range(1, sent + 1):
                    await journal.intend(request(index), 100)
                interrupts.interrupt()
                interrupts.interrupt()
                await asyncio.sleep(60)
        except asyncio.CancelledError:
            for index in range(1, answered + 1):  # on its way while the rest was cancelled
                await journal.record(request(index).slot, 1, 200, b"{}", 10)
        interrupts.tell_left()

    with Journal(tmp_path / "journal") as journal:
        asyncio.run(run(journal))
    assert said[1:] == told


def test_a_single_interrupt_leaves_nothing(tmp_path: Path) -> None:
    said: list[str] = []

    async def run(journal: Journal) -> None:
        interrupts = Interrupts(StopSignal(), said.append, journal)
        with interrupts.watch(None, signals=False):
            await journal.intend(request(0), 100)
            interrupts.interrupt()
            await asyncio.sleep(0)
        interrupts.tell_left()

    with Journal(tmp_path / "journal") as journal:
        asyncio.run(run(journal))
    assert len(said) == 1
