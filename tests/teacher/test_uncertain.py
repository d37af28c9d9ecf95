"""Requests that may have been billed without a reply: resent, withheld, or looked up first."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.config import Config
from selfinstruct.errors import ConfigError, TeacherRefusedError
from selfinstruct.journal import Journal, Stored
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.refilter import refilter
from selfinstruct.teacher import check_teacher
from tests.support.asked import Asked, faults, request
from tests.support.runs import digest, start
from tests.support.teacher_server import Fault, TeacherServer, completion

MakeConfig = Callable[..., Config]
CUT = Fault(body=b'"choices": [{"mess', hang_up=True)


def cut_after_billing(server: TeacherServer, *numbers: int) -> Callable[[int, dict[str, Any]], Fault | None]:
    """Return a server script that completes and stores the requests of these numbers, but truncates the responses."""

    def script(number: int, body: dict[str, Any]) -> Fault | None:
        if number not in numbers:
            return None
        server.complete(body)
        return CUT

    return script


def in_flight(folder: Path, stored: Stored | None = None) -> None:
    """Create the run directory of a killed run: one request in flight, with 500 micro-USD reserved."""
    with Journal(folder) as journal:
        asyncio.run(journal.intend(request(0), 500, stored))


def test_a_completion_is_kept_only_where_lookups_are_wanted(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    Asked(make_config(), tmp_path / "resend")
    assert not any("store" in body or "metadata" in body for body in server.requests)
    asked = Asked(make_config(limits__uncertain="reconcile"), tmp_path / "reconcile")
    sent, intent = server.requests[1], asked.records[0]
    assert sent["store"] is True
    assert sent["metadata"] == {"run": "test", "slot": "en/0.0/answer", "attempt": "1", "send": intent["stored_as"]}
    assert len(intent["stored_as"]) == 32


def test_the_policy_does_not_belong_to_what_is_asked(make_config: MakeConfig) -> None:
    assert make_config(limits__uncertain="reconcile").request_settings() == make_config().request_settings()


def test_resend_sends_again_and_keeps_the_worst_case_in_the_bill(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = faults(CUT)
    asked = Asked(make_config(), tmp_path)
    assert asked.kinds == ["intent", "lost", "intent", "reply"]
    assert asked.budget.spent > asked.records[3]["cost"]


def test_hold_sends_nothing_again_that_may_have_been_billed(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = faults(CUT)
    asked = Asked(make_config(limits__uncertain="hold"), tmp_path)
    assert asked.kinds == ["intent", "lost", "held"]
    assert [reply.fault for reply in asked.answers] == ["held"]
    assert asked.budget.spent == asked.records[0]["reserved"] > 0
    assert len(server.requests) == 1


def test_hold_ends_no_run_however_few_tries_are_allowed(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = faults(None, CUT, None, CUT)
    config = make_config(limits__uncertain="hold", limits__billed_retries=0, limits__concurrency=1)
    asked = Asked(config, tmp_path, requests=5)
    assert sorted(reply.fault for reply in asked.answers) == ["", "", "", "held", "held"]


def test_hold_still_tries_again_what_was_surely_not_billed(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = faults(Fault(429, b"{}"))
    asked = Asked(make_config(limits__uncertain="hold"), tmp_path)
    assert asked.kinds == ["intent", "unsent", "intent", "reply"]


def test_hold_withholds_what_an_earlier_run_sent(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    in_flight(tmp_path / "journal")
    asked = Asked(make_config(limits__uncertain="hold"), tmp_path)
    assert asked.kinds == ["intent", "held"]
    assert not server.requests


def test_reconcile_finds_what_was_billed_and_buys_nothing_again(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = cut_after_billing(server, 0)
    asked = Asked(make_config(limits__uncertain="reconcile"), tmp_path)
    assert asked.kinds == ["intent", "lost", "reply"]
    assert len(server.requests) == 1
    assert asked.answers[0].text
    assert asked.budget.spent == asked.records[2]["cost"] > 0
    assert asked.budget.reserved == 0
    assert not Journal(tmp_path / "journal", read_only=True).uncertain


def test_reconcile_waits_for_a_completion_that_is_still_being_written(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = cut_after_billing(server, 0)
    empty = Fault(body=b'{"object": "list", "data": []}')
    server.lookup = lambda number: empty if number < 3 else None
    asked = Asked(make_config(limits__uncertain="reconcile"), tmp_path)
    assert asked.kinds == ["intent", "lost", "reply"]
    assert len(server.looked_up) == 4


def test_reconcile_sends_again_what_the_provider_does_not_have(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = faults(None, CUT)
    config = make_config(limits__uncertain="reconcile", limits__concurrency=1)
    asked = Asked(config, tmp_path, requests=2)
    assert asked.kinds == ["intent", "reply", "intent", "lost", "unsent", "intent", "reply"]
    assert asked.budget.spent == asked.records[1]["cost"] + asked.records[6]["cost"]
    assert asked.budget.reserved == 0
    assert asked.clock.slept >= config.limits.timeout_s


def test_reconcile_does_not_believe_a_provider_that_keeps_nothing(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.keeps = False
    server.script = cut_after_billing(server, 1)
    config = make_config(limits__uncertain="reconcile", limits__concurrency=1)
    asked = Asked(config, tmp_path, requests=2)
    assert asked.kinds == ["intent", "reply", "intent", "lost", "held"]
    assert len(server.requests) == 2


def test_reconcile_withholds_what_was_sent_without_a_name(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    in_flight(tmp_path / "journal")
    asked = Asked(make_config(limits__uncertain="reconcile"), tmp_path)
    assert asked.kinds == ["intent", "held"]
    assert not server.looked_up


def test_reconcile_after_a_kill_finds_the_completion_that_was_in_flight(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    in_flight(tmp_path / "journal", stored=Stored("a" * 32, 0.0))
    server.kept["a" * 32] = completion("They are calm.", prompt_tokens=100)
    asked = Asked(make_config(limits__uncertain="reconcile"), tmp_path, spent=500)
    assert asked.kinds == ["intent", "reply"]
    assert asked.answers[0].text == "They are calm."
    assert asked.budget.spent == asked.records[1]["cost"] < 500


@pytest.mark.parametrize("at", [-1e9, 0.0, 1e12])
def test_a_clock_that_jumped_neither_hurries_nor_stops_a_lookup(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, at: float
) -> None:
    in_flight(tmp_path / "journal", stored=Stored("b" * 32, at))
    config = make_config(limits__uncertain="reconcile")
    asked = Asked(config, tmp_path)
    assert asked.kinds == ["intent", "held"]
    assert len(server.looked_up) >= 2
    assert config.limits.timeout_s / 6 <= asked.clock.slept <= config.limits.timeout_s * 2


@pytest.mark.parametrize("status", [400, 404, 405, 501])
def test_an_endpoint_without_lookups_is_named_with_the_remedy(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, status: int
) -> None:
    server.script = faults(CUT)
    server.lookup = lambda _: Fault(status, b'{"error": {"message": "no such route"}}')
    asked = Asked(make_config(limits__uncertain="reconcile"), tmp_path)
    assert isinstance(asked.replies[0], TeacherRefusedError)
    assert "cannot look up completions" in str(asked.replies[0])
    assert 'uncertain = "hold" or "resend"' in str(asked.replies[0])
    assert asked.kinds == ["intent", "lost"]


@pytest.mark.parametrize("body", [b"{}", b'{"data": 3}', b"[]", b"nothing"])
def test_a_lookup_that_is_no_listing_decides_nothing(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, body: bytes
) -> None:
    server.script = faults(CUT)
    server.lookup = lambda _: Fault(body=body)
    asked = Asked(make_config(limits__uncertain="reconcile"), tmp_path)
    assert isinstance(asked.replies[0], TeacherRefusedError)
    assert asked.kinds == ["intent", "lost"]


def test_a_lookup_that_fails_is_tried_again(make_config: MakeConfig, server: TeacherServer, tmp_path: Path) -> None:
    server.script = cut_after_billing(server, 0)
    server.lookup = lambda number: Fault(503, b"{}", headers=(("Retry-After", "9"),)) if number < 2 else None
    asked = Asked(make_config(limits__uncertain="reconcile"), tmp_path)
    assert asked.kinds == ["intent", "lost", "reply"]
    assert asked.clock.slept >= 18


def test_a_key_that_is_refused_at_a_lookup_is_told_as_such(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = faults(CUT)
    server.lookup = lambda _: Fault(401, b"{}")
    asked = Asked(make_config(limits__uncertain="reconcile"), tmp_path)
    assert "refuses the key" in str(asked.replies[0])


def test_the_embedded_teacher_is_not_asked_what_it_kept(make_config: MakeConfig) -> None:
    with pytest.raises(ConfigError, match="keeps no completions"):
        check_teacher(make_config(teacher__kind="embedded", teacher__base_url="", limits__uncertain="reconcile"))


@pytest.mark.usefixtures("no_waits")
@pytest.mark.parametrize("recipe", ["steered", "batch"])
def test_a_run_with_withheld_requests_is_the_replay_of_its_own_journal(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, recipe: str
) -> None:
    server.script = cut_after_billing(server, 1, 3)
    manifest = start(make_config(recipe, limits__uncertain="hold"), tmp_path / "run")
    assert manifest["stop"] == "target reached"
    assert manifest["ledger"]["total"]["rejected"]["held"] >= 1
    before = digest(tmp_path / "run")
    refilter(make_config(recipe), RunDirectory(tmp_path / "run"))
    assert digest(tmp_path / "run") == before


@pytest.mark.thorough
@pytest.mark.usefixtures("no_waits")
@pytest.mark.parametrize("recipe", ["steered", "batch"])
def test_a_reconciled_run_is_that_of_an_undisturbed_one_and_each_reply_is_bought_once(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, recipe: str
) -> None:
    start(make_config(recipe), tmp_path / "calm")
    server.requests.clear()
    server.script = cut_after_billing(server, 2, 5)
    start(make_config(recipe, limits__uncertain="reconcile", limits__timeout_s=1), tmp_path / "run")
    assert digest(tmp_path / "run") == digest(tmp_path / "calm")
    slots = [body["metadata"]["slot"] for body in server.requests]
    assert len(set(slots)) == len(slots)


def test_the_listing_is_kept_as_the_reply_that_it_would_have_been(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = cut_after_billing(server, 0)
    asked = Asked(make_config(limits__uncertain="reconcile"), tmp_path)
    kept = json.loads(asked.records[2]["body"])
    assert kept == next(iter(server.kept.values()))
