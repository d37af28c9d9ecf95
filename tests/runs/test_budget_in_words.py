"""What a run says of money that nobody knows was spent: sends without a reply, and replies without `usage`."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.cli.status import print_summary
from selfinstruct.errors import CapReachedError
from selfinstruct.journal import Journal
from selfinstruct.records import Message, Request, Sampling
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.run import Observer, generate
from selfinstruct.runs.status import status
from selfinstruct.runs.stopping import StopSignal
from tests.support.batch_run import Run
from tests.support.runs import MakeConfig
from tests.support.teacher_server import Fault, TeacherServer, completion, say

SPENT_NOTHING = r"of \$0\.020000 is reached: \$0\.000000 spent and at most \$0\.018000 uncertain, the next"


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
        (
            1,
            "1 request may have been billed without a reply, for $0.018000 at most; it is sent again once the budget has room",
        ),
        (
            3,
            "3 requests may have been billed without a reply, for $0.018000 at most; they are sent again once the budget has room",
        ),
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


def without_usage(_: int, body: dict[str, Any]) -> Fault:
    answer = completion(say(body))
    del answer["usage"]
    return Fault(body=json.dumps(answer).encode())


def test_replies_without_usage_are_told_once_and_counted_as_an_upper_bound(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script = without_usage
    config = make_config("batch", limits__max_total_tokens=5000, limits__concurrency=1)
    said, stopped = told(config, tmp_path / "run")
    assert said.count("answers without `usage`") == 1
    assert re.search(r"cap of 5,000 tokens is reached \(at most [0-9,]+ used\)", stopped)
    print_summary(tmp_path / "run", found := status(config, RunDirectory(tmp_path / "run")), quiet=False)
    tokens = found["tokens"]
    assert tokens["replies_without_usage"] == len(server.requests)
    shown = " ".join(capsys.readouterr().out.split())
    replies = f"{len(server.requests)} {'reply' if len(server.requests) == 1 else 'replies'}"
    more = f"at most {tokens['at_most_unreported']:,} more in {replies} without `usage`"
    assert f"{replies}, 0 + 0 tokens, {more}, at most ${found['cost_usd']}" in shown
    _, stopped = told(make_config("batch", limits__budget_usd="0.001"), tmp_path / "run")
    assert f"$0.000000 spent and at most ${found['cost_usd']} uncertain" in stopped


@pytest.mark.usefixtures("no_waits")
def test_a_batch_whose_replies_have_no_usage_is_told_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("selfinstruct.teacher.batch_api.collect.usage_of", lambda _: None)
    said: list[str] = []
    run(say=said.append, target={"en": 3, "zh": 3})
    assert sum("answers without `usage`" in line for line in said) == 1
