"""The budget by the server's own books, where more is billed than was asked for."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.errors import CapReachedError
from selfinstruct.journal import Journal
from tests.support.runs import MakeConfig, start
from tests.support.streams import said_to, streamed
from tests.support.teacher_server import Fault, Script, TeacherServer

pytestmark = pytest.mark.thorough  # whole runs

THOUGHT = 20_000
"""Tokens of a thought: much more than the worst case of a prompt, so that a reserve without them is far too small."""
WIDE: dict[str, Any] = {"target": {"en": 200, "zh": 200}, "generate__window": 100}


class Books:
    """What a server bills: prompt tokens at 1 and completion tokens, thoughts among them, at 2 micro-USD."""

    def __init__(self, thought: int, usd_per_reply: float | None = None, *, stream: bool = False) -> None:
        self.billed = 0
        self.replies = 0
        self._thought = thought
        self._usd = usd_per_reply
        self._stream = stream
        self._lock = threading.Lock()

    def script(self, _: int, body: dict[str, Any]) -> Fault:
        answer = said_to(body)
        usage = answer["usage"]
        usage["total_tokens"] = usage["prompt_tokens"] + usage["completion_tokens"] + self._thought
        if self._usd is not None:
            usage |= {"cost": self._usd, "cost_details": {"upstream_inference_cost": None}}
        micro = usage["prompt_tokens"] + 2 * (usage["completion_tokens"] + self._thought)
        with self._lock:
            self.billed += micro if self._usd is None else round(self._usd * 1_000_000)
            self.replies += 1
        return streamed(answer) if self._stream else Fault(body=json.dumps(answer, ensure_ascii=False).encode())


def run_into_the_cap(make_config: MakeConfig, folder: Path, budget: str, concurrency: int, **more: Any) -> None:
    config = make_config("batch", limits__budget_usd=budget, limits__concurrency=concurrency, **WIDE, **more)
    with pytest.raises(CapReachedError, match="budget"):
        start(config, folder)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("concurrency", [1, 8])
def test_thoughts_outside_completion_tokens_keep_within_the_budget_once_they_are_known(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, concurrency: int, stream: bool
) -> None:
    books = Books(THOUGHT, stream=stream)
    server.script = books.script
    more = {"teacher__max_tokens": 500, "teacher__stream": stream}
    run_into_the_cap(make_config, tmp_path / "run", "1.0", concurrency, **more)
    assert books.replies > concurrency
    assert books.billed <= 1_000_000
    assert Journal(tmp_path / "run" / "journal", read_only=True).spent == books.billed


def test_before_they_are_known_they_pass_the_budget_by_what_is_in_flight(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    books = Books(THOUGHT)
    server.script = books.script
    run_into_the_cap(make_config, tmp_path / "run", "0.05", 8, teacher__max_tokens=500)
    assert 50_000 < books.billed <= 50_000 + 8 * 2 * THOUGHT


def test_a_run_that_goes_on_knows_how_much_more_is_billed(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    books = Books(THOUGHT)
    server.script = books.script
    run_into_the_cap(make_config, tmp_path / "run", "1.0", 8, teacher__max_tokens=500)
    before = books.replies
    for budget in (1_100_000, 1_200_000):
        run_into_the_cap(make_config, tmp_path / "run", str(budget / 1_000_000), 8, teacher__max_tokens=500)
        assert books.billed <= budget
    assert books.replies > before


def test_a_run_that_goes_on_knows_how_much_more_than_our_price_is_charged(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    books = Books(0, usd_per_reply=0.04)
    server.script = books.script
    run_into_the_cap(make_config, tmp_path / "run", "0.05", 1, teacher__max_tokens=500)
    run_into_the_cap(make_config, tmp_path / "run", "0.06", 8, teacher__max_tokens=500)
    assert books.billed == 40_000
    run_into_the_cap(make_config, tmp_path / "run", "2.0", 8, teacher__max_tokens=500)
    assert 40_000 < books.billed <= 2_000_000


def test_what_the_manifest_says_was_spent_is_what_the_provider_states(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    books = Books(0, usd_per_reply=0.0021)
    server.script = books.script
    manifest = start(make_config("batch"), tmp_path / "run")
    assert float(manifest["cost_usd"]) * 1_000_000 == pytest.approx(books.billed)


def rejecting(books: Books, every: int) -> Script:
    """Return a script that answers with an error inside a 200, which bills nothing, each so many requests."""
    error = b'{"error": {"message": "Provider returned error", "code": 502}, "usage": {"prompt_tokens": 0, "total_tokens": 0}}'
    return lambda number, body: Fault(body=error) if number % every == 1 else books.script(number, body)


@pytest.mark.usefixtures("no_waits")
def test_an_error_inside_a_200_books_no_money(make_config: MakeConfig, server: TeacherServer, tmp_path: Path) -> None:
    books = Books(0)
    server.script = rejecting(books, 3)
    manifest = start(make_config("batch", target={"en": 12, "zh": 12}), tmp_path / "run")
    assert manifest["stop"] == "target reached"
    assert float(manifest["cost_usd"]) * 1_000_000 == pytest.approx(books.billed)
    assert manifest["uncertain_usd"] == "0.000000"
