"""What a run says of money that nobody knows was spent: sends without a reply, and replies without `usage`."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.errors import CapReachedError
from selfinstruct.journal import Journal
from selfinstruct.records import Message, Request, Sampling
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.run import Observer, generate
from selfinstruct.runs.stopping import StopSignal
from tests.support.runs import MakeConfig
from tests.support.teacher_server import TeacherServer

SPENT_NOTHING = r"of \$0\.020000 is reached: \$0\.000000 spent and at most \$0\.01[0-9]{4} more by sends without a reply, the next"


def in_flight_at_the_end(folder: Path, sends: int) -> None:
    """Write the journal of a run that was killed while it waited for its first replies."""
    sampling = Sampling(model="scripted-teacher", temperature=0.7, top_p=1.0, max_tokens=96, seed=1)

    async def intend() -> None:
        with Journal(folder / "journal") as journal:
            for number in range(sends):
                message = Message(role="user", content="Hello")
                request = Request(language="en", index=number, step="batch", messages=(message,), sampling=sampling)
                await journal.intend(request, 18_000 // sends)

    asyncio.run(intend())


def told(config: Any, folder: Path) -> tuple[str, str]:
    """Return what a run says, and what stopped it."""
    said: list[str] = []
    with pytest.raises(CapReachedError) as raised:
        generate(config, RunDirectory(folder), Observer(said.append, lambda *_: None), StopSignal())
    return "\n".join(said), str(raised.value)


@pytest.mark.parametrize(
    ("sends", "fate"),
    [
        (1, "1 request may have been billed without a reply, for $0.018000 at most; it is sent again once the budget has room"),
        (3, "3 requests may have been billed without a reply, for $0.018000 at most; they are sent again once the budget has room"),
    ],
)
def test_what_nobody_knows_was_spent_is_not_called_spent(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, sends: int, fate: str
) -> None:
    in_flight_at_the_end(tmp_path / "run", sends)
    config = make_config("batch", limits__budget_usd="0.02")
    said, stopped = told(config, tmp_path / "run")
    assert fate in said
    assert not server.requests
    assert re.search(SPENT_NOTHING, stopped)
