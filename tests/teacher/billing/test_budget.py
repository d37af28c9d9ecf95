import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.config import Config, Price
from selfinstruct.errors import CapReachedError, ConfigError
from selfinstruct.journal import Journal
from selfinstruct.records import Message, Request, Sampling, Usage
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.teacher.billing.budget import Budget, cost, in_usd, worst_case
from tests.support.runs import start
from tests.support.teacher_server import Fault, TeacherServer, completion, say

PRICE = Price(input="0.15", output="0.60")


def request(text: str, max_tokens: int = 100) -> Request:
    sampling = Sampling(model="m", temperature=1, top_p=1, max_tokens=max_tokens, seed=0)
    return Request(
        language="zh", index=0, step="batch", messages=(Message(role="user", content=text),), sampling=sampling
    )


def test_prices_are_exact_and_rounded_up_to_whole_micro_usd() -> None:
    assert cost(PRICE, Usage(prompt_tokens=1_000_000, completion_tokens=1_000_000)) == 750_000
    assert cost(PRICE, Usage(prompt_tokens=1, completion_tokens=0)) == 1
    assert cost(Price(input="0", output="0"), Usage(prompt_tokens=9, completion_tokens=9)) == 0
    assert in_usd(1_234_567) == "1.234567"


@given(st.text(max_size=200))
def test_the_worst_case_is_never_below_one_token_a_byte(text: str) -> None:
    bound = worst_case(request(text))
    assert bound.prompt_tokens >= len(text.encode("utf-8", "surrogatepass"))
    assert bound.completion_tokens == 100


@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 100), st.sampled_from(["ok", "lost", "free"])), max_size=30)
)
def test_spent_and_reserved_never_exceed_the_limit(sends: list[tuple[int, int, str]]) -> None:
    budget = Budget(Price(input="1", output="2"), "0.002", 0)
    assert budget.limit == 2000
    for prompt_tokens, completion_tokens, outcome in sends:
        try:
            reserved = budget.reserve(request("字" * 100))
        except CapReachedError:
            continue
        assert budget.spent + budget.reserved <= budget.limit
        if outcome == "free":
            budget.release(reserved)
        elif outcome == "lost":
            budget.write_off(reserved)
        else:
            usage = Usage(prompt_tokens=min(prompt_tokens, 316), completion_tokens=completion_tokens)
            budget.settle(reserved, usage)
        assert 0 <= budget.spent + budget.reserved <= budget.limit


def test_without_a_usage_the_worst_case_stays_in_the_bill() -> None:
    budget = Budget(PRICE, "1", 0)
    reserved = budget.reserve(request("字" * 1000))
    assert budget.settle(reserved, None) == reserved
    assert budget.spent == reserved


def test_a_budget_without_a_price_is_refused() -> None:
    with pytest.raises(ConfigError, match="price"):
        Budget(None, "1", 0)


def test_the_bill_of_a_run_is_that_of_the_server(
    make_config: Callable[..., Config], server: TeacherServer, tmp_path: Path
) -> None:
    billed = []

    def script(_: int, body: dict[str, Any]) -> Fault:
        answer = completion(say(body), prompt_tokens=123)
        billed.append(123 * 1 + answer["usage"]["completion_tokens"] * 2)
        return Fault(body=json.dumps(answer).encode())

    server.script = script
    manifest = start(make_config(), tmp_path / "run")
    assert float(manifest["cost_usd"]) == sum(billed) / 1_000_000
    assert Journal(tmp_path / "run" / "journal", read_only=True).spent == sum(billed)


def test_every_send_has_its_intent_on_disk_first(
    make_config: Callable[..., Config], server: TeacherServer, tmp_path: Path
) -> None:
    path = RunDirectory(tmp_path / "run").journal / "000001.jsonl"
    seen = []

    def script(_: int, body: dict[str, Any]) -> None:
        asked = [json.loads(line) for line in path.read_bytes().splitlines()]
        messages = [record["request"]["messages"] for record in asked if record["kind"] == "intent"]
        seen.append(body["messages"] in messages)

    server.script = script
    start(make_config(), tmp_path / "run")
    assert len(seen) > 6
    assert all(seen)


@pytest.mark.usefixtures("no_waits")
def test_nothing_is_sent_behind_the_journals_back(
    make_config: Callable[..., Config], server: TeacherServer, tmp_path: Path
) -> None:
    server.script = lambda number, _: Fault(500, b"{}") if number % 4 == 1 else None
    start(make_config(limits__billed_retries=20), tmp_path / "run")
    lines = (tmp_path / "run" / "journal" / "000001.jsonl").read_bytes().splitlines()
    assert sum(json.loads(line)["kind"] == "intent" for line in lines) == len(server.requests)


@pytest.mark.usefixtures("no_waits")
def test_a_send_whose_outcome_is_not_known_is_billed_at_its_worst(
    make_config: Callable[..., Config], server: TeacherServer, tmp_path: Path
) -> None:
    server.script = lambda number, _: Fault(body=b'"par', hang_up=True) if number == 2 else None
    manifest = start(make_config(), tmp_path / "run")
    assert manifest["requests"]["uncertain"] == 1
    assert float(manifest["uncertain_usd"]) > 0
    records = [json.loads(line) for line in (tmp_path / "run/journal/000001.jsonl").read_bytes().splitlines()]
    assert [(record["body"], record["status"]) for record in records if record["kind"] == "lost"] == [('{"par', 200)]


def test_a_server_error_is_kept_and_no_send_is_made_without_an_intent(
    make_config: Callable[..., Config], server: TeacherServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("selfinstruct.teacher.direct._LONGEST_WAIT_S", 0.01)
    server.script = lambda number, _: Fault(status=500, body=b"oops") if number == 2 else None
    start(make_config(), tmp_path / "run")
    records = [json.loads(line) for line in (tmp_path / "run/journal/000001.jsonl").read_bytes().splitlines()]
    assert [(record["body"], record["status"]) for record in records if record["kind"] == "lost"] == [("oops", 500)]
    assert sum(record["kind"] == "intent" for record in records) == len(server.requests)
