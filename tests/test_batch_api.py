"""The Batch API as a transport: the same bytes as the direct one, nothing bought twice whatever breaks, every item accounted for."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.config import Price, parse_config
from selfinstruct.errors import CapReachedError, ConfigError, InterruptedRunError, StorageError, TeacherRefusedError
from selfinstruct.estimate import estimate
from selfinstruct.journal import Journal
from selfinstruct.pipeline import Brake, Observer, generate
from selfinstruct.run_folder import RunFolder
from selfinstruct.teacher import bill_of, price_of
from selfinstruct.teacher.batch_api import give_up
from selfinstruct.teacher.batch_api.items import chat_path, lines_to, read_item
from selfinstruct.teacher.prices import describe_price
from tests.batch_server import BatchShelf, Plan
from tests.conftest import KEY
from tests.teacher_server import TeacherServer
from tests.test_pipeline import MakeConfig, digest, start

pytestmark = pytest.mark.usefixtures("no_waits")
BATCH: dict[str, Any] = {
    "teacher__transport": "batch_api",
    "teacher__batch_price": {"input": "1.00", "output": "2.00"},
    "limits__timeout_s": 5,
    "target": {"en": 10, "zh": 10},
}
SMALL = {"target": {"en": 3, "zh": 3}}
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(make_config: MakeConfig, tmp_path: Path) -> Run:
    """Run through the Batch API and return the manifest."""

    def run(
        recipe: str = "batch",
        folder: str = "run",
        say: Callable[[str], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
        **more: Any,
    ) -> dict[str, Any]:
        config = make_config(recipe, **BATCH | more)
        return generate(config, RunFolder(tmp_path / folder), Observer(say, lambda *_: None), Brake(clock))

    return run


@pytest.fixture
def shelf(server: TeacherServer) -> BatchShelf:
    return server.shelf


def journal(tmp_path: Path, folder: str = "run") -> Journal:
    return Journal(tmp_path / folder / "journal", read_only=True)


def assert_books_agree(shelf: BatchShelf, tmp_path: Path, folder: str = "run") -> None:
    """Nothing was bought twice, nothing is out, and both sides have the same bill to the micro-USD."""
    assert set(shelf.bought.values()) == {1}
    found = journal(tmp_path, folder)
    assert not found.shards
    assert not found.uncertain
    assert found.spent == shelf.billed


@pytest.mark.parametrize("recipe", ["steered", "batch"])
def test_the_dataset_is_that_of_the_direct_transport(
    make_config: MakeConfig, run: Run, shelf: BatchShelf, server: TeacherServer, tmp_path: Path, recipe: str
) -> None:
    start(make_config(recipe, target=BATCH["target"]), tmp_path / "direct")
    direct = server.requests[:]
    assert run(recipe)["stop"] == "target reached"
    assert digest(tmp_path / "run") == digest(tmp_path / "direct")
    bodies = [line["body"] for lines in shelf.lines for line in lines]
    assert all(body in bodies for body in direct[:4])
    assert len(server.requests) == len(direct)
    assert_books_agree(shelf, tmp_path)


def test_a_batch_carries_run_shard_and_hash(run: Run, shelf: BatchShelf) -> None:
    run()
    batch = shelf.batches[0]
    assert batch["metadata"].keys() == {"run", "shard", "sha256"}
    assert (batch["endpoint"], batch["completion_window"]) == ("/v1/chat/completions", "24h")
    assert {line["url"] for line in shelf.lines[0]} == {"/v1/chat/completions"}
    assert shelf.lines[0][0]["custom_id"] == "en/0.0/batch/1"


def test_all_that_can_be_asked_goes_out_together(run: Run, shelf: BatchShelf) -> None:
    run(target={"en": 40, "zh": 40})
    assert len(shelf.lines[0]) == 8, "window 4 in each of two languages"


def freeze(monkeypatch: pytest.MonkeyPatch, after: int) -> list[int]:
    """Let the journal take `after` records and then nothing, as if the process had ended there; returns a counter."""
    append, count = Journal._append, [0]

    async def failing(self: Journal, line: Any) -> None:
        count[0] += 1
        if count[0] > after:
            raise StorageError("the process ended here")
        await append(self, line)

    monkeypatch.setattr(Journal, "_append", failing)
    return count


@pytest.mark.parametrize("recipe", ["steered", "batch"])
def test_ended_after_any_record_and_resumed_it_buys_nothing_twice(
    make_config: MakeConfig,
    run: Run,
    server: TeacherServer,
    tmp_path: Path,
    recipe: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start(make_config(recipe, **SMALL), tmp_path / "direct")
    with monkeypatch.context() as patched:
        total = freeze(patched, 10**6)
        run(recipe, **SMALL)
    for after in range(0, total[0], 1 if recipe == "batch" else 7):
        server.shelf = shelf = BatchShelf(server.complete)
        for records in (after, 2, 1):  # the second and third life end early too
            with monkeypatch.context() as patched:
                freeze(patched, records)
                with contextlib.suppress(StorageError):
                    run(recipe, f"ended{after}", **SMALL)
        run(recipe, f"ended{after}", **SMALL)
        assert digest(tmp_path / f"ended{after}") == digest(tmp_path / "direct")
        assert_books_agree(shelf, tmp_path, f"ended{after}")


POINTS = ("uploading", "uploaded", "creating", "created", "listing", "looking", "delivering")
CUT, ERROR, LIMITED = (0, b"{"), (500, b'{"error": {"message": "oops"}}'), (429, b'{"error": {"message": "slow down"}}')


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("answer", [CUT, ERROR, LIMITED], ids=["cut", "500", "429"])
def test_a_fault_of_the_provider_at_any_point_buys_nothing_twice(
    make_config: MakeConfig, run: Run, shelf: BatchShelf, tmp_path: Path, point: str, answer: tuple[int, bytes]
) -> None:
    start(make_config("batch", target=BATCH["target"]), tmp_path / "direct")

    def fault(event: str, number: int) -> tuple[int, bytes] | None:
        first_create_is_unclear = point == "listing" and event == "created"
        return answer if number == 0 and (event == point or first_create_is_unclear) else None

    shelf.fault = fault
    run()
    assert point in shelf.events
    assert digest(tmp_path / "run") == digest(tmp_path / "direct")
    assert_books_agree(shelf, tmp_path)


def test_a_file_that_is_cut_is_read_again_and_no_line_counts_twice(run: Run, shelf: BatchShelf, tmp_path: Path) -> None:
    def fault(event: str, number: int) -> tuple[int, bytes] | None:
        if (event, number) != ("delivering", 0):
            return None
        data = shelf.files["file-output-0"]
        return 0, data[: data.index(b"\n") + 9]

    shelf.fault = fault
    run()
    assert_books_agree(shelf, tmp_path)


def test_a_batch_that_is_listed_late_is_awaited_not_made_again(run: Run, shelf: BatchShelf, tmp_path: Path) -> None:
    def fault(event: str, number: int) -> tuple[int, bytes] | None:
        if (event, number) == ("created", 0):
            return CUT
        return (
            (200, b'{"object": "list", "data": [], "has_more": false}') if (event, number) == ("listing", 0) else None
        )

    shelf.fault = fault
    run()
    assert_books_agree(shelf, tmp_path)


def test_a_batch_is_found_on_a_later_page_and_by_its_metadata_alone(
    run: Run, shelf: BatchShelf, tmp_path: Path
) -> None:
    others = [{"id": f"other_{number}", "created_at": 10**10, "metadata": None} for number in range(5)]

    def happens(event: str) -> None:
        if event == "created" and len(shelf.batches) == 1:
            shelf.batches += [one | {"plan": Plan()} for one in others]
            shelf.batches[0]["input_file_id"] = "file-as-it-was-renamed"

    shelf.happens = happens
    shelf.fault = lambda event, number: CUT if (event, number) == ("created", 0) else None
    run()
    assert shelf.events.count("listing") == 3
    assert_books_agree(shelf, tmp_path)


@pytest.mark.parametrize("status", ["expired", "cancelled"])
def test_what_an_expired_or_cancelled_batch_did_not_do_is_free_and_sent_anew(
    make_config: MakeConfig, run: Run, shelf: BatchShelf, tmp_path: Path, status: str
) -> None:
    start(make_config("batch", target=BATCH["target"]), tmp_path / "direct")
    shelf.plan = lambda number, _: Plan(status, executed=2) if number == 0 else Plan()
    run()
    assert shelf.lines[1][0]["custom_id"].endswith("/2")
    assert digest(tmp_path / "run") == digest(tmp_path / "direct")
    assert_books_agree(shelf, tmp_path)


def test_a_batch_that_expires_again_and_again_stops_the_run(run: Run, shelf: BatchShelf, tmp_path: Path) -> None:
    shelf.plan = lambda _number, _ids: Plan("expired", executed=0)
    with pytest.raises(TeacherRefusedError, match="3 batches ended without a reply"):
        run()
    assert len(shelf.batches) == 3
    assert journal(tmp_path).spent == shelf.billed == 0
    assert not journal(tmp_path).uncertain


def test_what_a_completed_batch_does_not_mention_may_have_been_billed(
    run: Run, shelf: BatchShelf, tmp_path: Path
) -> None:
    shelf.plan = lambda number, ids: Plan(lost=(ids[0],)) if number == 0 else Plan()
    manifest = run()
    assert manifest["requests"]["uncertain"] == 1
    assert sorted(shelf.bought.values())[-2:] == [1, 2]
    found = journal(tmp_path)
    assert bill_of(found, None).at_most >= shelf.billed > found.spent


def test_a_line_that_cannot_be_read_makes_what_is_missing_uncertain(
    run: Run, shelf: BatchShelf, tmp_path: Path
) -> None:
    shelf.plan = lambda number, _: Plan("expired", executed=1, garbage=b'{"custom_id": "en/') if number == 0 else Plan()
    said: list[str] = []

    def happens(event: str) -> None:
        if event == "looking" and len(shelf.batches) == 1:
            shelf.files.pop("file-error-0", None)  # of the rest nothing is said

    shelf.happens = happens
    run(say=said.append)
    assert any("1 lines cannot be read" in line for line in said)
    assert len(journal(tmp_path).uncertain) == len(shelf.lines[0]) - 1


def test_under_hold_what_may_have_been_billed_is_left_out(run: Run, shelf: BatchShelf) -> None:
    shelf.plan = lambda number, ids: Plan(lost=(ids[0],)) if number == 0 else Plan()
    manifest = run(limits__uncertain="hold")
    assert set(shelf.bought.values()) == {1}
    assert manifest["ledger"]["total"]["rejected"]["held"] == 1


ITEM_ERRORS = {
    "a rate limit is sent again": (429, b'{"error": {"message": "slow down"}}', 2, 0),
    "an error may have been billed and is sent again": (500, b'{"error": {"message": "oops"}}', 2, 1),
    "an unknown failure may have been billed": (0, b'{"code": "request_timeout", "message": "too slow"}', 2, 1),
    "a rejected request is not": (400, b'{"error": {"message": "bad"}}', 1, 0),
}


@pytest.mark.parametrize("name", ITEM_ERRORS)
def test_an_item_s_error_means_what_it_means_elsewhere(run: Run, shelf: BatchShelf, tmp_path: Path, name: str) -> None:
    status, body, attempts, uncertain = ITEM_ERRORS[name]
    shelf.plan = lambda number, ids: Plan(items={ids[0]: (status, body)}) if number == 0 else Plan()
    run()
    slot = shelf.lines[0][0]["custom_id"].rpartition("/")[0]
    sent = [line["custom_id"] for lines in shelf.lines for line in lines if line["custom_id"].startswith(f"{slot}/")]
    assert len(sent) == attempts
    assert len(journal(tmp_path).uncertain) == uncertain
    assert slot in journal(tmp_path).answered


def test_an_item_that_ends_the_run_ends_it_after_all_others_are_kept(
    run: Run, shelf: BatchShelf, tmp_path: Path
) -> None:
    refused = b'{"error": {"message": "exceeded your current quota", "code": "insufficient_quota"}}'
    shelf.plan = lambda _, ids: Plan(items={ids[0]: (429, refused)})
    with pytest.raises(TeacherRefusedError, match="quota or balance is used up"):
        run()
    assert len(journal(tmp_path).answered) == len(shelf.lines[0]) - 1
    assert not journal(tmp_path).shards
    assert not journal(tmp_path).uncertain


def test_a_batch_that_is_refused_as_a_whole_says_why_and_costs_nothing(
    run: Run, shelf: BatchShelf, tmp_path: Path
) -> None:
    error = {"code": "invalid_url", "line": 3, "message": "The URL is not\x1b[2J supported.", "param": None}
    shelf.plan = lambda _number, _ids: Plan("failed", errors=(error,))
    with pytest.raises(
        TeacherRefusedError, match=r"batch_0 as a whole: line 3: The URL is not \[2J supported. \(invalid_url\)"
    ):
        run()
    assert not journal(tmp_path).uncertain
    assert not journal(tmp_path).shards


FULL = ({"code": "token_limit_exceeded", "message": "Enqueued token limit reached"},)


def test_a_limit_on_queued_tokens_makes_batches_smaller(run: Run, shelf: BatchShelf, tmp_path: Path) -> None:
    shelf.plan = lambda _, ids: Plan("failed", errors=FULL) if len(ids) > 2 else Plan()
    run()
    assert [len(lines) for lines in shelf.lines][:2] == [len(shelf.lines[0]), len(shelf.lines[0]) // 2]
    assert_books_agree(shelf, tmp_path)


def test_beside_another_batch_a_limit_on_queued_tokens_waits_for_it(
    run: Run, shelf: BatchShelf, tmp_path: Path
) -> None:
    shelf.plan = lambda number, _: Plan("failed", looks=0, errors=FULL) if number == 1 else Plan(looks=5)
    said: list[str] = []
    run(limits__batch_requests=2, say=said.append)
    assert any("wait until another batch has ended" in line for line in said)
    assert max(len(lines) for lines in shelf.lines) == 2
    assert_books_agree(shelf, tmp_path)


def test_one_request_that_is_too_much_stops_the_run(run: Run, shelf: BatchShelf) -> None:
    shelf.plan = lambda _number, _ids: Plan("failed", errors=FULL)
    with pytest.raises(TeacherRefusedError, match="Enqueued token limit"):
        run()
    assert not shelf.bought


def test_a_batch_holds_no_more_requests_and_bytes_than_the_provider_takes(
    make_config: MakeConfig, run: Run, shelf: BatchShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(make_config("batch", target=BATCH["target"]), tmp_path / "direct")
    run(limits__batch_requests=3)
    assert max(len(lines) for lines in shelf.lines) == 3
    largest = max(len(data) for name, data in shelf.files.items() if name[5:].isdigit())
    monkeypatch.setattr("selfinstruct.teacher.batch_api.launch.LARGEST_FILE", largest // 2)
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


class Leaving:
    """Interrupts a run as Ctrl-C does, when one of its batches is looked at for the first time."""

    def __init__(self, shelf: BatchShelf, batch: int = 0) -> None:
        self._shelf, self._batch = shelf, batch
        self._done = False
        shelf.plan = lambda number, _: Plan(looks=40 if number == batch else 2)

    def __call__(self, event: str) -> None:
        if event == "looking" and len(self._shelf.batches) == self._batch + 1 and not self._done:
            self._done = True
            os.kill(os.getpid(), signal.SIGINT)


def test_ctrl_c_leaves_the_batch_with_the_provider_and_another_machine_collects_it(
    make_config: MakeConfig, run: Run, shelf: BatchShelf, tmp_path: Path
) -> None:
    start(make_config("batch", target=BATCH["target"]), tmp_path / "direct")
    shelf.happens = Leaving(shelf)
    said: list[str] = []
    with pytest.raises(InterruptedRunError):
        run(say=said.append)
    count = len(shelf.lines[0])
    assert any(f"{count} requests stay with the provider (batch batch_0)" in line for line in said)
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


def test_the_direct_transport_refuses_to_buy_again_what_is_out(
    make_config: MakeConfig, run: Run, shelf: BatchShelf, tmp_path: Path
) -> None:
    shelf.happens = Leaving(shelf)
    with pytest.raises(InterruptedRunError):
        run()
    with pytest.raises(
        ConfigError, match=r"with the provider in batch batch_0; transport = \"batch_api\" collects them"
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


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((404, b'{"error": {"message": "no such path"}}'), 'transport = "direct"'),
        ((401, b'{"error": {"message": "bad key"}}'), "TEST_TEACHER_KEY"),
        ((302, b""), "redirects are not followed"),
        ((200, b"{}"), "names no id"),
        ((200, b"<html>login</html>"), "a web page"),
        ((400, b'{"error": {"message": "file too large"}}'), "file too large"),
    ],
)
def test_a_refusal_before_anything_is_bought_says_what_to_change(
    run: Run, shelf: BatchShelf, answer: tuple[int, bytes], message: str
) -> None:
    shelf.fault = lambda event, _: answer if event == "uploading" else None
    with pytest.raises(TeacherRefusedError, match=message):
        run()
    assert not shelf.batches


def test_a_refused_batch_is_taken_back(run: Run, shelf: BatchShelf, tmp_path: Path) -> None:
    shelf.fault = lambda event, _: (400, b'{"error": {"message": "no such endpoint"}}') if event == "creating" else None
    with pytest.raises(TeacherRefusedError, match="no such endpoint"):
        run()
    assert not journal(tmp_path).shards
    assert not journal(tmp_path).uncertain


def test_creating_is_not_tried_for_ever(run: Run, shelf: BatchShelf, tmp_path: Path) -> None:
    shelf.fault = lambda event, _: ERROR if event == "creating" else None
    with pytest.raises(TeacherRefusedError, match="found out first when the same command is run again"):
        run()
    assert shelf.events.count("creating") == 3
    shelf.fault = lambda _event, _number: None
    run()
    assert_books_agree(shelf, tmp_path)


def test_an_outage_that_lasts_stops_the_run(run: Run, shelf: BatchShelf, tmp_path: Path) -> None:
    shelf.fault = lambda event, _: ERROR if event == "looking" else None
    with pytest.raises(TeacherRefusedError, match="max_outage_s"):
        run(limits__max_outage_s=100)
    assert journal(tmp_path).shards


def test_the_key_is_in_no_record_although_the_provider_echoes_it(run: Run, shelf: BatchShelf, tmp_path: Path) -> None:
    echo = json.dumps({"error": {"message": f"{KEY} is limited"}}).encode()
    unknown = json.dumps({"code": KEY, "message": KEY}).encode()
    shelf.plan = lambda number, ids: Plan(items={ids[0]: (400, echo), ids[1]: (0, unknown)}) if number == 0 else Plan()
    run()
    data = b"".join(path.read_bytes() for path in (tmp_path / "run" / "journal").glob("*.jsonl"))
    assert KEY.encode() not in data
    assert b"[key]" in data


def test_intents_that_were_not_sealed_are_taken_back_and_so_is_a_file_that_cannot_be_made_again(
    run: Run, shelf: BatchShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for records in (3, 3 + 8 + 1):  # eight intents and their seal, after three are taken back
        with monkeypatch.context() as patched:
            freeze(patched, records)
            with pytest.raises(StorageError):
                run(target={"en": 40, "zh": 40})
    assert len(journal(tmp_path).shards) == 1
    segment = tmp_path / "run" / "journal" / "000001.jsonl"
    lines = segment.read_bytes().splitlines(keepends=True)
    sealed = next(at for at, line in enumerate(lines) if b'"kind":"shard"' in line)
    lines[sealed - 1] = lines[sealed - 1].replace(b"intent", b"intend")
    segment.write_bytes(b"".join(lines))
    run()
    assert_books_agree(shelf, tmp_path)


@pytest.mark.parametrize("point", ["uploading", "uploaded", "creating", "created", "looking", "delivering"])
def test_killed_at_any_point_and_started_again_it_buys_nothing_twice(
    make_config: MakeConfig,
    write_config: Callable[..., Path],
    selfinstruct: Callable[..., Any],
    shelf: BatchShelf,
    tmp_path: Path,
    point: str,
) -> None:
    start(make_config("batch"), tmp_path / "direct")
    config = write_config("batch")
    fast = config.read_text(encoding="utf-8").replace("timeout_s = 20", "timeout_s = 1\nbatch_poll_s = 0.02")
    price = 'transport = "batch_api"\nbatch_price = { input = "1.00", output = "2.00" }'
    config.write_text(fast.replace("[teacher]", f"[teacher]\n{price}"), encoding="utf-8")
    args = ("generate", "--config", str(config), "--run", str(tmp_path / "run"))
    process = subprocess.Popen([sys.executable, "-m", "selfinstruct", *args], stderr=subprocess.DEVNULL)
    shelf.happens = lambda event: process.kill() if event == point else None
    shelf.fault = lambda event, _: CUT if event == "delivering" else None
    assert process.wait(60) == -signal.SIGKILL
    shelf.happens, shelf.fault = lambda _event: None, lambda _event, _number: None
    status = selfinstruct("status", *args[1:], "--json")
    assert (
        sum(batch["requests"] for batch in json.loads(status.stdout)["batches"]) == len(journal(tmp_path).awaited) > 0
    )
    assert selfinstruct(*args).returncode == 0
    assert digest(tmp_path / "run") == digest(tmp_path / "direct")
    assert_books_agree(shelf, tmp_path)


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
    assert make_config(**BATCH).asking() == make_config(target=BATCH["target"]).asking()


OPENAI: dict[str, Any] = {"teacher.kind": "openai", "teacher.model": "gpt-4o-mini", "target": {"en": 100}}


def test_the_listed_price_is_halved_and_so_is_the_estimate(tmp_path: Path) -> None:
    direct, batch = (parse_config("", "test", OPENAI | {"teacher.transport": name}) for name in ("direct", "batch_api"))
    assert price_of(batch) == Price(input="0.075", output="0.300")
    found = [estimate(config, RunFolder(tmp_path / "run")) for config in (direct, batch)]
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


@pytest.mark.parametrize(
    ("base_url", "path"),
    [
        ("https://api.openai.com/v1", "/v1/chat/completions"),
        ("https://api.groq.com/openai/v1/", "/v1/chat/completions"),
        ("https://open.bigmodel.cn/api/paas/v4", "/v4/chat/completions"),
    ],
)
def test_a_batch_names_the_chat_endpoint_by_the_version_of_the_address(base_url: str, path: str) -> None:
    assert chat_path(base_url) == path


@pytest.mark.parametrize(
    "body",
    [b'{"a": 1, "a": 2}', b'{"n": NaN}', '{"\u4e2d": "\\u4e2d, }"}'.encode(), b"null", b'"text"', b"[ ]", b"{ }"],
)
def test_a_body_is_kept_as_the_bytes_that_stand_in_the_line(body: bytes) -> None:
    line = b' {"error" : null,"response":{ "body" : ' + body + b' ,"status_code":200}, "custom_id":"en/0.0/batch/3" } '
    item = read_item(line)
    assert item
    assert (item.send, item.answer.status, item.answer.body) == (("en/0.0/batch", 3), 200, body)


@given(st.binary(max_size=80) | st.text(max_size=80).map(lambda text: text.encode("utf-8", "replace")))
def test_no_line_raises(line: bytes) -> None:
    assert read_item(line) is None
    assert read_item(b'{"custom_id":"en/0.0/batch/1","response":' + line) is None


@given(st.lists(st.binary(max_size=9), max_size=9), st.integers(1, 12))
def test_lines_are_the_same_however_they_are_cut_into_chunks(parts: list[bytes], size: int) -> None:
    data = b"\n".join(parts)
    taken: list[bytes] = []

    async def chunks() -> AsyncIterator[bytes]:
        for at in range(0, len(data), size):
            yield data[at : at + size]

    async def take(lines: list[bytes]) -> None:
        taken.extend(lines)

    async def read() -> None:
        await lines_to(take)(chunks())

    asyncio.run(read())
    assert taken == [line for line in data.split(b"\n") if line.strip()]
