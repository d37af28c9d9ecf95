"""Prices: configuration before table, table only for the provider's own host, unknown is never zero."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.config import Config, Price, parse_config
from selfinstruct.errors import CapReachedError, ConfigError
from selfinstruct.journal import Journal
from selfinstruct.records import Request, Sampling, Step
from selfinstruct.teacher.billing.bill import bill_of
from selfinstruct.teacher.billing.prices import describe_price, listed_price, price_of, prices_of, table
from tests.support.runs import MakeConfig, start
from tests.support.teacher_server import Fault, TeacherServer, completion, say

DEEPSEEK = {
    "teacher.kind": "openai",
    "teacher.base_url": "https://api.deepseek.com/v1",
    "teacher.model": "deepseek-flash",
}


def config_of(**more: Any) -> Config:
    return parse_config("", "test", DEEPSEEK | {key.replace("__", "."): value for key, value in more.items()})


def test_a_listed_model_has_its_price_and_the_month_it_was_known() -> None:
    assert price_of(config_of()) == Price(input="0.30", output="1.20")
    assert "list price of 2026-10" in describe_price(config_of())


@pytest.mark.parametrize(
    ("step", "wanted"), [("batch", "0.30"), ("answer", "0.30"), ("judge.1", "7"), ("better.2", "7"), ("compare.1", "7")]
)
def test_what_the_judge_is_asked_has_the_judge_s_price(step: Step, wanted: str) -> None:
    price = {"input": "7", "output": "9"}
    config = config_of(judge__model="other", judge__base_url="https://judge.example.com/v1", judge__price=price)
    sampling = Sampling(model="m", temperature=0, top_p=1, max_tokens=1, seed=0)
    found = prices_of(config).of(Request(language="en", index=0, step=step, messages=(), sampling=sampling))
    assert found
    assert found.input == wanted


def test_the_configuration_beats_the_table() -> None:
    price = {"input": "0.5", "output": "1.5"}
    assert price_of(config_of(teacher__price=price)) == Price(input="0.5", output="1.5")
    assert listed_price(config_of(teacher__price=price)) is None


@pytest.mark.parametrize(
    "other",
    [
        {"teacher__base_url": "https://openrouter.ai/api/v1"},
        {"teacher__base_url": "http://127.0.0.1:8000/v1"},
        {"teacher__base_url": "https://api.deepseek.com.example.org/v1"},
        {"teacher__model": "deepseek-flash-2"},
    ],
)
def test_at_another_host_or_for_another_model_the_price_is_not_known(other: dict[str, str]) -> None:
    assert price_of(config_of(**other)) is None
    assert "not known" in describe_price(config_of(**other))


def test_the_embedded_teacher_costs_nothing() -> None:
    assert price_of(parse_config("", "test")) == Price(input="0", output="0")


def test_every_entry_is_a_price_with_a_month_and_no_model_comes_twice() -> None:
    for one in table():
        Price(input=one.input, output=one.output)
        assert re.fullmatch(r"20\d\d-[01]\d", one.known)
    names = [(one.host, model) for one in table() for model in one.models]
    assert len(names) == len(set(names))


def test_an_unknown_price_is_null_in_the_manifest_and_refused_with_a_budget(
    make_config: MakeConfig, tmp_path: Path
) -> None:
    manifest = start(make_config(teacher__price=None), tmp_path / "run")
    assert manifest["cost_usd"] is None
    assert manifest["tokens"]["completion"] > 0
    with pytest.raises(ConfigError, match="price"):
        start(make_config(teacher__price=None, limits__budget_usd="1"), tmp_path / "other")


def test_status_says_that_the_cost_is_unknown(
    make_config: MakeConfig, selfinstruct: Callable[..., Any], write_config: Callable[..., Path], tmp_path: Path
) -> None:
    path = write_config()
    path.write_text(re.sub("price = .*", "", path.read_text(encoding="utf-8")), encoding="utf-8")
    start(make_config(teacher__price=None), tmp_path / "outputs" / "test")
    assert json.loads(selfinstruct("status", "--json").stdout)["cost_usd"] is None
    assert "cost unknown" in selfinstruct("status").stdout
    path.unlink()  # a status without the run's configuration must not take another teacher's price for it
    assert json.loads(selfinstruct("status", "--json", "--run", "outputs/test").stdout)["cost_usd"] is None


def test_replies_bought_before_the_price_was_known_count_once_it_is(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    billed = []

    def script(_: int, body: dict[str, Any]) -> Fault:
        answer = completion(say(body), prompt_tokens=123)
        billed.append(123 * 1 + answer["usage"]["completion_tokens"] * 2)
        return Fault(body=json.dumps(answer).encode())

    server.script = script
    start(make_config(teacher__price=None), tmp_path / "run")
    manifest = start(make_config(), tmp_path / "run")
    assert float(manifest["cost_usd"]) == sum(billed) / 1_000_000
    more = make_config(target={"en": 9, "zh": 9}, limits__budget_usd=manifest["cost_usd"])
    with pytest.raises(CapReachedError, match="budget"):
        start(more, tmp_path / "run")


def test_a_send_without_outcome_and_price_counts_like_the_dearest_reply(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("selfinstruct.teacher.direct._LONGEST_WAIT_S", 0.01)
    server.script = lambda number, _: Fault(body=b'"par', hang_up=True) if number == 2 else None
    manifest = start(make_config(teacher__price=None), tmp_path / "run")
    assert manifest["uncertain_usd"] is None
    bill = bill_of(Journal(tmp_path / "run" / "journal", read_only=True), Price(input="1", output="2"))
    assert bill.uncertain is not None
    assert bill.uncertain > 2 * 96
    assert bill.at_most == (bill.spent or 0) + bill.uncertain


def test_a_request_that_the_provider_rejects_is_not_billed(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    refusal = Fault(400, b'{"error": {"message": "this prompt violates the content management policy"}}')
    server.script = lambda number, _: refusal if number == 1 else None
    start(make_config(limits__concurrency=1), tmp_path / "run")
    journal = Journal(tmp_path / "run" / "journal", read_only=True)
    assert [one.cost for one in journal.recorded() if one.status == 400] == [0]
    assert bill_of(journal, Price(input="9", output="9")).spent == journal.spent
