"""The batch transport: budget, caps, Ctrl-C, status, estimate and prices."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.config import Price, parse_config
from selfinstruct.errors import CapReachedError, ConfigError, InterruptedRunError, TeacherRefusedError
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.estimate import estimate
from selfinstruct.system.numbers import amount
from selfinstruct.teacher import Budget, bill_of, price_of
from selfinstruct.teacher.batch_api import give_up
from selfinstruct.teacher.billing.prices import describe_price
from tests.support.batch_run import BATCH, Leaving, Run, assert_books_agree, journal
from tests.support.batch_server import BatchShelf, Plan
from tests.support.runs import MakeConfig, digest, start

pytestmark = [pytest.mark.usefixtures("no_waits"), pytest.mark.thorough]  # whole runs, again and again


def test_a_batch_holds_no_more_requests_and_bytes_than_the_provider_takes(
    make_config: MakeConfig, run: Run, shelf: BatchShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(make_config("batch", target=BATCH["target"]), tmp_path / "direct")
    run(limits__batch_requests=3)
    assert max(len(lines) for lines in shelf.lines) == 3
    largest = max(len(data) for name, data in shelf.files.items() if name[5:].isdigit())
    monkeypatch.setattr("selfinstruct.teacher.batch_api.submit.LARGEST_FILE", largest // 2)
    run(folder="small")
    small = [shelf.files[batch["input_file_id"]] for batch in shelf.batches[len(shelf.batches) // 2 :]]
    assert max(map(len, small)) <= largest // 2 or {data.count(b"\n") for data in small} == {1}
    assert digest(tmp_path / "run") == digest(tmp_path / "small") == digest(tmp_path / "direct")


def test_a_batch_is_as_large_as_the_budget_and_none_exceeds_it(run: Run, shelf: BatchShelf, tmp_path: Path) -> None:
    with pytest.raises(CapReachedError, match="budget"):
        run(target={"en": 60, "zh": 60}, limits__budget_usd="0.03")
    assert len(shelf.batches) > 1
    assert 0 < len(shelf.lines[0]) < 8
    assert 0 < shelf.billed <= 30_000
    assert journal(tmp_path).spent == shelf.billed


def test_the_price_of_the_batch_api_is_what_is_counted(run: Run) -> None:
    batch_price = {"input": "0.50", "output": "1.00"}
    full, half = run(folder="full")["cost_usd"], run(folder="half", teacher__batch_price=batch_price)["cost_usd"]
    assert float(half) == pytest.approx(float(full) / 2, rel=1e-3)


def test_ctrl_c_leaves_the_batch_with_the_provider_and_another_machine_collects_it(
    make_config: MakeConfig, run: Run, shelf: BatchShelf, tmp_path: Path
) -> None:
    start(make_config("batch", target=BATCH["target"]), tmp_path / "direct")
    shelf.happens = Leaving(shelf)
    said: list[str] = []
    with pytest.raises(InterruptedRunError):
        run(say=said.append)
    count = len(shelf.lines[0])
    assert any(f"{amount(count, 'request')} left with the provider (batch batch_0)" in line for line in said)
    shelf.happens = lambda _event: None
    found = journal(tmp_path)
    assert len(found.awaited) == len(shelf.lines[0])
    assert not found.uncertain
    assert not found.undecided
    (tmp_path / "run").rename(tmp_path / "elsewhere")
    run(folder="elsewhere")
    assert "listing" not in shelf.events
    assert digest(tmp_path / "elsewhere") == digest(tmp_path / "direct")
    assert_books_agree(shelf, tmp_path, "elsewhere")


def test_the_cap_on_minutes_leaves_too_and_no_other_cap_does(run: Run, shelf: BatchShelf, tmp_path: Path) -> None:
    clock = iter([0.0] * 4 + [61.0] * 10**4)
    shelf.plan = lambda _number, _ids: Plan(looks=50)
    with pytest.raises(CapReachedError, match="minutes"):
        run(limits__max_minutes=1, clock=lambda: next(clock))
    assert journal(tmp_path).shards
    with pytest.raises(CapReachedError, match="candidates"):
        run(limits__max_candidates=1)
    assert_books_agree(shelf, tmp_path)


def test_a_cap_that_is_reached_already_still_collects_what_is_out(run: Run, shelf: BatchShelf, tmp_path: Path) -> None:
    shelf.happens = Leaving(shelf, batch=1)
    with pytest.raises(InterruptedRunError):
        run(target={"en": 60, "zh": 60})
    shelf.happens = lambda _event: None
    assert journal(tmp_path).shards
    assert journal(tmp_path).answered
    with pytest.raises(CapReachedError, match="candidates"):
        run(target={"en": 60, "zh": 60}, limits__max_candidates=1)
    assert_books_agree(shelf, tmp_path)


def test_what_is_out_counts_against_the_budget_until_it_is_in(run: Run, shelf: BatchShelf, tmp_path: Path) -> None:
    shelf.happens = Leaving(shelf)
    with pytest.raises(InterruptedRunError):
        run()
    shelf.happens = lambda _event: None
    found = journal(tmp_path)
    worst = sum(found.awaited.values())
    assert bill_of(found, None).at_most == worst > 0
    with pytest.raises(CapReachedError, match=r"the next request may cost"):
        run(target={"en": 100, "zh": 100}, limits__budget_usd=f"{worst / 8e6:.6f}")
    assert shelf.billed == journal(tmp_path).spent > 0
    run(limits__budget_usd=f"{worst / 1e6:.6f}")
    assert_books_agree(shelf, tmp_path)


def test_what_is_shown_as_spent_is_what_the_journal_holds(run: Run, shelf: BatchShelf, tmp_path: Path) -> None:
    shelf.happens = Leaving(shelf)
    with pytest.raises(InterruptedRunError):
        run()
    budgets: list[Budget] = []
    run(watch=lambda _machines, _flying, budget: budgets.append(budget))
    assert (budgets[-1].spent, budgets[-1].reserved) == (journal(tmp_path).spent, 0)


def test_the_direct_transport_refuses_to_buy_again_what_is_out(
    make_config: MakeConfig, run: Run, shelf: BatchShelf, tmp_path: Path
) -> None:
    shelf.happens = Leaving(shelf)
    with pytest.raises(InterruptedRunError):
        run()
    with pytest.raises(
        ConfigError, match=r'with the provider: .* in batch batch_0; transport = "batch_api" collects them'
    ):
        start(make_config("batch", target=BATCH["target"]), tmp_path / "run")
    said: list[str] = []
    give_up(tmp_path / "run" / "journal", said.append)
    assert "counted as lost" in said[0]
    manifest = start(make_config("batch", target=BATCH["target"]), tmp_path / "run")
    assert manifest["stop"] == "target reached"
    assert manifest["requests"]["uncertain"] == len(shelf.lines[0])
    assert not journal(tmp_path).shards


def test_a_batch_that_the_provider_does_not_know_is_not_bought_again_unasked(
    run: Run, shelf: BatchShelf, tmp_path: Path
) -> None:
    shelf.happens = Leaving(shelf)
    with pytest.raises(InterruptedRunError):
        run()
    shelf.happens = lambda _event: None
    shelf.batches[0]["id"] = "batch_elsewhere"
    with pytest.raises(TeacherRefusedError, match="--abandon-batches"):
        run()
    assert len(shelf.batches) == 1
    assert journal(tmp_path).shards


def test_status_says_what_is_out_and_how_to_get_it(
    run: Run,
    selfinstruct: Callable[..., Any],
    write_config: Callable[..., Path],
    shelf: BatchShelf,
    tmp_path: Path,
) -> None:
    shelf.happens = Leaving(shelf)
    with pytest.raises(InterruptedRunError):
        run()
    done = selfinstruct("status", "--config", write_config("batch"), "--run", tmp_path / "run")
    worst = sum(journal(tmp_path).awaited.values()) / 1e6
    count = len(shelf.lines[0])
    assert (
        f"{count} requests are awaited in batch batch_0, at most ${worst:.6f}; `selfinstruct generate` collects"
        in done.stdout
    )
    assert "uncertain" not in done.stdout


def test_the_embedded_teacher_has_no_batch_api() -> None:
    with pytest.raises(ConfigError, match="the embedded teacher has none"):
        parse_config('[teacher]\ntransport = "batch_api"', "test.toml")


def test_the_transport_does_not_change_what_is_generated(make_config: MakeConfig) -> None:
    assert make_config(**BATCH).request_settings() == make_config(target=BATCH["target"]).request_settings()


OPENAI: dict[str, Any] = {"teacher.kind": "openai", "teacher.model": "gpt-4o-mini", "target": {"en": 100}}


def test_the_listed_price_is_halved_and_so_is_the_estimate(tmp_path: Path) -> None:
    direct, batch = (parse_config("", "test", OPENAI | {"teacher.transport": name}) for name in ("direct", "batch_api"))
    assert price_of(batch) == Price(input="0.075", output="0.300")
    found = [estimate(config, RunDirectory(tmp_path / "run")) for config in (direct, batch)]
    assert found[0].cost_usd
    assert found[1].cost_usd
    assert found[1].cost_usd.high == pytest.approx(found[0].cost_usd.high / 2)
    assert found[1].minutes.high >= 24 * 60
    assert "for the Batch API" in found[1].price


def test_a_price_without_one_for_batches_counts_in_full_and_says_so(make_config: MakeConfig) -> None:
    config = make_config(teacher__transport="batch_api")
    assert price_of(config) == config.teacher.price
    assert "the bill will be lower" in describe_price(config)
    assert describe_price(make_config(**BATCH)).endswith("([teacher] batch_price)")
