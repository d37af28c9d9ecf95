"""Retry policy over real sockets: number of retries, and when the run stops."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from selfinstruct.config import Config
from selfinstruct.errors import TeacherRefusedError
from selfinstruct.journal import Journal
from selfinstruct.records import Message, Reply
from selfinstruct.teacher.billing.budget import Budget
from selfinstruct.teacher.client import open_teacher
from selfinstruct.teacher.http.classify import Response
from selfinstruct.teacher.pacing.rate_limiter import Permit, RateLimiter
from selfinstruct.teacher.pacing.retry_policy import Decision, RetryPolicy, Tries
from tests.support.asked import ERROR, LIMITED, Asked, faults, request
from tests.support.fake_clock import FakeClock
from tests.support.teacher_server import Fault, TeacherServer

MakeConfig = Callable[..., Config]


def test_no_connection_costs_nothing_and_is_given_up_soon(make_config: MakeConfig, tmp_path: Path) -> None:
    asked = Asked(make_config(teacher__base_url="http://127.0.0.1:9/v1", limits__retries=6), tmp_path)
    assert asked.kinds == ["intent", "unsent"] * 3
    assert asked.budget.spent == asked.budget.reserved == 0
    assert "never reached" in str(asked.replies[0])
    assert "next try in" in asked.said[0]


def test_an_error_that_may_be_billed_has_one_further_try(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    poison = request(0).messages[0].content

    def script(_: int, body: dict[str, Any]) -> Fault | None:
        return ERROR if body["seed"] == 0 and body["messages"][0]["content"] == poison else None

    server.script = script
    config = make_config(limits__concurrency=1)
    with Journal(tmp_path / "journal") as journal:
        reply = asyncio.run(poisoned(config, journal))
        assert journal.withheld == {request(0).slot}
    assert reply == Reply(fault="held")
    assert sum(body["messages"][0]["content"] == poison for body in server.requests) == 2


SENT = Permit(probe=False, request=None, tokens=None)


def _policy(config: Config) -> RetryPolicy:
    return RetryPolicy(config, "x", RateLimiter(config.limits, FakeClock()))


async def poisoned(config: Config, journal: Journal) -> object:
    """Send one request that always fails while all others succeed."""
    seeds = request().sampling.model_copy(update={"seed": 1})
    others = request(1).model_copy(update={"sampling": seeds, "messages": (Message(role="user", content="Another."),)})
    budget = Budget(config.teacher.price, None, 0)
    async with open_teacher(config, journal, budget, lambda _: None, clock=FakeClock()) as ask:
        poison = asyncio.create_task(ask(request(0)))
        index = 1
        while not poison.done():
            try:
                await ask(others.model_copy(update={"index": index}))
            except TeacherRefusedError:
                break
            index += 1
        return (await asyncio.gather(poison, return_exceptions=True))[0]


def test_an_outage_is_sat_out_by_probes_and_the_run_goes_on(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = faults(*[ERROR] * 8)
    asked = Asked(make_config(), tmp_path, requests=3)
    assert all(isinstance(reply, Reply) for reply in asked.replies)
    assert 30 < asked.clock.slept < 600  # the clock may go on while an answer is on its way
    assert len(server.requests) == 11


def test_an_outage_that_lasts_too_long_stops_the_run(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = lambda _number, _body: ERROR
    asked = Asked(make_config(limits__max_outage_s=600), tmp_path, requests=4)
    assert all("max_outage_s" in str(reply) for reply in asked.replies)
    assert 600 <= asked.clock.time - 1000 < 660
    assert len(server.requests) < 20


def test_probes_count_for_no_request(make_config: MakeConfig) -> None:
    policy = _policy(make_config())
    probe, tries = Permit(probe=True, request=None, tokens=None), Tries()
    policy.heard(request(), Reply(text="x"))
    refused = Response("connecting", error="refused")
    assert all(policy.failed(refused, "retry", probe, tries).action == "go_on" for _ in range(99))


def test_what_is_not_sent_again_while_it_may_be_billed_is_not_withheld_here(make_config: MakeConfig) -> None:
    for uncertain, action in (("resend", "withhold"), ("hold", "go_on"), ("reconcile", "go_on")):
        policy, tries = _policy(make_config(limits__uncertain=uncertain, limits__retries=9)), Tries()
        decision = Decision()
        for _ in range(2):
            decision = policy.failed(Response("body", 200, error="cut"), "retry_billed", SENT, tries)
            policy.heard(request(1), Reply(text="x"))
        assert decision.action == action, uncertain


def test_free_tries_are_granted_anew_while_others_are_answered_and_then_the_request_is_withheld(
    make_config: MakeConfig,
) -> None:
    policy, tries = _policy(make_config(limits__retries=2)), Tries()
    limited = Response("body", 429, {}, b'{"error": {"message": "slow down"}}')
    actions = []
    for _ in range(6):
        actions.append(policy.failed(limited, "retry", SENT, tries).action)
        policy.heard(request(1), Reply(text="x"))
    assert actions == ["go_on"] * 5 + ["withhold"]


def test_a_rate_limit_that_nobody_gets_through_stops_the_run(make_config: MakeConfig) -> None:
    policy, tries = _policy(make_config(limits__retries=2)), Tries()
    limited = Response("body", 429, {}, b'{"error": {"message": "slow down"}}')
    decisions = [policy.failed(limited, "retry", SENT, tries) for _ in range(3)]
    assert [one.action for one in decisions] == ["go_on", "go_on", "stop"]
    assert "slow down" in decisions[-1].reason


def test_a_request_that_an_error_in_a_200_answers_is_withheld_soon(make_config: MakeConfig) -> None:
    policy, tries = _policy(make_config()), Tries()
    error = Response("body", 503, {}, b'{"error": "overloaded"}', in_200=True)
    actions = []
    for _ in range(3):
        actions.append(policy.failed(error, "retry", SENT, tries).action)
        policy.heard(request(1), Reply(text="x"))
    assert actions == ["go_on", "go_on", "withhold"]


def test_a_run_in_which_failures_prevail_is_stopped(make_config: MakeConfig) -> None:
    policy, failed = _policy(make_config(limits__billed_retries=99)), Response("body", 500, {}, b'{"error": "oops"}')
    decisions = []
    for index in range(60):
        decisions += [policy.failed(failed, "retry_billed", SENT, Tries()) for _ in range(2)]
        policy.heard(request(index), Reply(text="x"))
    stopped = [one for one in decisions if one.action == "stop"]
    assert stopped
    assert "more than half of the last 50 answers failed" in stopped[0].reason
    assert "oops" in stopped[0].reason


def test_an_outage_between_good_answers_is_no_prevailing_failure(make_config: MakeConfig) -> None:
    policy, failed = _policy(make_config(limits__billed_retries=99)), Response("body", 503)
    for index in range(10):
        for good in range(5):
            policy.heard(request(10 * index + good), Reply(text="x"))
        decisions = [policy.failed(failed, "retry_billed", SENT, Tries()).action for _ in range(64)]
        assert set(decisions) == {"go_on"}


def test_a_rate_limit_is_free_and_everybody_waits_as_long_as_asked(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = faults(LIMITED)
    asked = Asked(make_config(limits__concurrency=1), tmp_path, requests=2)
    assert asked.kinds.count("unsent") == 1
    assert 1007 < asked.clock.time < 1010
    assert asked.budget.spent == sum(record.get("cost", 0) for record in asked.records)


def test_a_rate_limit_that_does_not_end_stops_the_run(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = lambda _number, _body: LIMITED
    asked = Asked(make_config(limits__retries=3), tmp_path)
    assert "4 times for one request" in str(asked.replies[0])
    assert len(server.requests) == 4
    assert asked.budget.spent == 0


def test_an_endpoint_that_asks_for_hours_is_not_waited_for(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = faults(Fault(429, b"{}", headers=(("Retry-After", "7200"),)))
    asked = Asked(make_config(), tmp_path)
    assert "it asks to wait 7200 s" in str(asked.replies[0])


def test_a_revoked_key_stops_all_sends_at_once(make_config: MakeConfig, server: TeacherServer, tmp_path: Path) -> None:
    server.script = lambda _number, _body: Fault(401, b'{"error": {"message": "revoked"}}')
    asked = Asked(make_config(limits__concurrency=2), tmp_path, requests=30)
    assert all("TEST_TEACHER_KEY" in str(reply) for reply in asked.replies)
    assert len(server.requests) <= 2
    assert asked.budget.spent == asked.budget.reserved == 0


def test_a_request_that_will_never_work_is_recorded_and_costs_nothing(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    refusal = Fault(400, b'{"error": {"message": "too long", "code": "context_length_exceeded"}}')
    server.script = lambda _, body: refusal if body["seed"] == 0 else None
    with Journal(tmp_path / "journal") as journal:
        config = make_config(limits__concurrency=1)
        reply = asyncio.run(poisoned(config, journal))
        assert [(one.status, one.cost) for one in journal.recorded() if one.status != 200] == [(400, 0)]
    assert reply == Reply(fault="request_rejected", text="too long")


def test_a_web_page_at_the_start_is_a_wrong_address_and_later_an_outage(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    page = Fault(200, b"<html>hello</html>", "text/html")
    server.script = faults(page)
    assert "answers with a web page" in str(Asked(make_config(), tmp_path / "first").replies[0])
    server.requests.clear()
    server.script = lambda number, _: page if number == 1 else None
    assert all(
        isinstance(reply, Reply) for reply in Asked(make_config(limits__concurrency=1), tmp_path / "later", 3).replies
    )
