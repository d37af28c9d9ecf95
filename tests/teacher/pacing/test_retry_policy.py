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
from selfinstruct.teacher.pacing.retry_policy import RetryPolicy, Tries
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
        error = asyncio.run(poisoned(config, journal))
    assert "2 times for one request" in str(error)
    assert sum(body["messages"][0]["content"] == poison for body in server.requests) == 2


async def poisoned(config: Config, journal: Journal) -> BaseException | None:
    """Send one request that always fails while all others succeed."""
    others = request(1).model_copy(update={"messages": (Message(role="user", content="Another."),)})
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
        return (await asyncio.gather(poison, return_exceptions=True))[0]  # type: ignore[return-value]


def test_an_outage_is_sat_out_by_probes_and_the_run_goes_on(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path
) -> None:
    server.script = faults(*[ERROR] * 8)
    asked = Asked(make_config(), tmp_path, requests=3)
    assert all(isinstance(reply, Reply) for reply in asked.replies)
    assert 30 < asked.clock.time - 1000 < 200
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
    config = make_config()
    policy = RetryPolicy(config, "x", RateLimiter(config.limits, FakeClock()))
    probe, tries, refused = (
        Permit(probe=True, request=None, tokens=None),
        Tries(),
        Response("connecting", error="refused"),
    )
    policy.stop_reason(Response("body", 200), "done", probe, tries)
    assert not any(policy.stop_reason(refused, "retry", probe, tries) for _ in range(99))


def test_what_is_not_sent_again_while_it_may_be_billed_ends_no_run(make_config: MakeConfig) -> None:
    for uncertain, ended in (("resend", True), ("hold", False), ("reconcile", False)):
        config = make_config(limits__uncertain=uncertain, limits__billed_retries=1, limits__retries=9)
        policy, tries = RetryPolicy(config, "x", RateLimiter(config.limits, FakeClock())), Tries()
        permit, said = Permit(probe=False, request=None, tokens=None), []
        for _ in range(3):
            said.append(policy.stop_reason(Response("body", 200, error="cut"), "retry_billed", permit, tries))
            policy.stop_reason(Response("body", 200), "done", permit, Tries())
        assert any(said) == ended, uncertain


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
    server.script = faults(Fault(400, b'{"error": {"message": "too long", "code": "context_length_exceeded"}}'))
    asked = Asked(make_config(), tmp_path)
    assert asked.replies == [Reply(fault="request_rejected", text="too long")]
    assert asked.records[1]["cost"] == asked.budget.spent == asked.budget.reserved == 0


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
