"""RateLimiter: workers wait for concurrency, per-minute limits, Retry-After and outages, and fail once the run is stopped."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from selfinstruct.config import Limits
from selfinstruct.errors import TeacherRefusedError
from selfinstruct.records import Usage
from selfinstruct.teacher.http.classify import Response
from selfinstruct.teacher.pacing.rate_limiter import Clock, RateLimiter
from tests.support.fake_clock import FakeClock

OK = Response("body", 200, {"content-type": "application/json"}, b"{}")


DOWN = Response("body", 503)


LIMITED = Response("body", 429, {"retry-after": "60"})


def run(play_out: Callable[[RateLimiter, FakeClock], Any], **limits: Any) -> FakeClock:
    clock = FakeClock()

    async def main() -> None:
        await play_out(RateLimiter(Limits(**limits), clock, lambda: 0.5), clock)

    asyncio.run(asyncio.wait_for(main(), 20))
    return clock


async def send(rate_limiter: RateLimiter, answer: Response = OK, tokens: int = 10, usage: Usage | None = None) -> None:
    async with rate_limiter.acquire(tokens) as permit:
        await asyncio.sleep(0)
        rate_limiter.observe(permit, answer, usage)


def test_requests_a_minute_are_kept_by_all_workers_together() -> None:
    async def play_out(rate_limiter: RateLimiter, clock: FakeClock) -> None:
        times = []

        async def one() -> None:
            async with rate_limiter.acquire(10) as permit:
                times.append(clock.time)
                rate_limiter.observe(permit, OK, None)

        await asyncio.gather(*(one() for _ in range(35)))
        assert sorted(times).index(next(at for at in sorted(times) if at > 1000)) == 10
        assert max(times) - min(times) >= 180

    run(play_out, requests_per_minute=10, concurrency=8)


def test_tokens_a_minute_count_the_worst_case_until_the_usage_is_known() -> None:
    async def play_out(rate_limiter: RateLimiter, clock: FakeClock) -> None:
        await send(rate_limiter, tokens=90, usage=Usage(prompt_tokens=5, completion_tokens=5))
        await send(rate_limiter, tokens=90)
        assert clock.time == 1000
        await send(rate_limiter, tokens=90)
        assert clock.time > 1060

    run(play_out, tokens_per_minute=100)


def test_what_was_never_sent_takes_nothing() -> None:
    async def play_out(rate_limiter: RateLimiter, clock: FakeClock) -> None:
        for _ in range(4):
            await send(rate_limiter, Response("connecting", error="ConnectError"), tokens=100)
        assert clock.time == 1000

    run(play_out, tokens_per_minute=100, requests_per_minute=1)


def test_the_headers_of_the_endpoint_correct_the_buckets() -> None:
    async def play_out(rate_limiter: RateLimiter, clock: FakeClock) -> None:
        await send(rate_limiter, OK._replace(headers={"x-ratelimit-remaining-requests": "0"}))
        await send(rate_limiter)
        assert clock.time > 1060
        await send(rate_limiter, OK._replace(headers={"x-ratelimit-remaining-tokens": "0"}))
        await send(rate_limiter)
        assert clock.time > 1120

    run(play_out, requests_per_minute=100, tokens_per_minute=1000)


def test_retry_after_holds_all_workers_back_and_scatters_them() -> None:
    async def play_out(rate_limiter: RateLimiter, clock: FakeClock) -> None:
        await send(rate_limiter, LIMITED)
        assert rate_limiter.delay_s >= 60
        await asyncio.gather(send(rate_limiter), send(rate_limiter))
        assert 1060 < clock.time <= 1072.1

    assert run(play_out).waited[0] > 60


def test_no_more_than_the_limit_are_in_flight_and_the_limit_grows() -> None:
    async def play_out(rate_limiter: RateLimiter, _: FakeClock) -> None:
        flying, most = 0, 0

        async def one() -> None:
            nonlocal flying, most
            async with rate_limiter.acquire(1) as permit:
                flying += 1
                most = max(most, flying)
                await asyncio.sleep(0)
                assert flying <= 64
                rate_limiter.observe(permit, OK, None)
                flying -= 1

        await asyncio.gather(*(one() for _ in range(4)))
        assert most == 4
        await asyncio.gather(*(one() for _ in range(300)))
        assert most == 64

    run(play_out, concurrency=64)


def test_during_an_outage_one_probe_goes_at_a_time_and_its_answer_frees_all() -> None:
    async def play_out(rate_limiter: RateLimiter, clock: FakeClock) -> None:
        await asyncio.gather(*(send(rate_limiter, DOWN) for _ in range(5)))
        probes = []

        async def one() -> None:
            async with rate_limiter.acquire(1) as permit:
                probes.append((permit.probe, clock.time))
                for _ in range(50):
                    await asyncio.sleep(0)
                rate_limiter.observe(permit, OK if len(probes) > 1 else DOWN, None)

        await asyncio.gather(*(one() for _ in range(8)))
        assert [probe for probe, _ in probes] == [True, True] + [False] * 6
        assert probes[0][1] == pytest.approx(1005.5)
        assert probes[1][1] == pytest.approx(1016.5)
        assert rate_limiter.outage_s == 0

    run(play_out)


def test_a_probe_that_ends_after_the_next_began_lets_nobody_go_beside_it() -> None:
    async def play_out(rate_limiter: RateLimiter, _: FakeClock) -> None:
        rate_limiter.trip()
        first, second = rate_limiter.acquire(1), rate_limiter.acquire(1)
        rate_limiter.observe(await first.__aenter__(), DOWN, None)
        probe = await second.__aenter__()
        await first.__aexit__(None, None, None)
        third = asyncio.create_task(send(rate_limiter))
        for _turn in range(50):
            await asyncio.sleep(0)  # a waiter that never yields would hold the loop for good
        assert probe.probe
        assert not third.done()
        rate_limiter.observe(probe, OK, None)
        await second.__aexit__(None, None, None)
        await third
        assert rate_limiter.outage_s == 0

    run(play_out)


def test_a_probe_that_is_given_up_lets_the_next_go() -> None:
    async def play_out(rate_limiter: RateLimiter, clock: FakeClock) -> None:
        rate_limiter.trip()
        async with rate_limiter.acquire(1):  # ends without an observed response
            waiting = asyncio.create_task(send(rate_limiter))
            for _ in range(50):
                await asyncio.sleep(0)
        await asyncio.wait_for(waiting, 5)
        await send(rate_limiter)
        assert clock.time == pytest.approx(1005.5)

    run(play_out)


def test_who_waits_is_told_when_the_run_is_stopped() -> None:
    async def play_out(rate_limiter: RateLimiter, clock: FakeClock) -> None:
        inside = asyncio.Event()

        async def hold() -> None:
            async with rate_limiter.acquire(1) as permit:
                inside.set()
                rate_limiter.stop("no key")
                rate_limiter.observe(permit, OK, None)

        async def refused() -> None:
            await inside.wait()
            with pytest.raises(TeacherRefusedError, match="no key"):
                await send(rate_limiter)

        await asyncio.gather(hold(), refused(), refused())
        with pytest.raises(TeacherRefusedError, match="no key"):
            await rate_limiter.pause(100)
        assert clock.time == 1000

    run(play_out, concurrency=1)


def test_who_waits_for_a_probe_or_a_pause_is_told_too() -> None:
    async def play_out(rate_limiter: RateLimiter, _: FakeClock) -> None:
        rate_limiter.trip()

        async def probe() -> None:
            async with rate_limiter.acquire(1):
                await asyncio.sleep(0)
                rate_limiter.stop("gone")

        results = await asyncio.gather(probe(), send(rate_limiter), rate_limiter.pause(500), return_exceptions=True)
        assert [str(error) for error in results[1:]] == ["gone", "gone"]

    run(play_out)


def test_a_cancelled_worker_releases_its_permit() -> None:
    async def play_out(rate_limiter: RateLimiter, _: FakeClock) -> None:
        async def hold() -> None:
            async with rate_limiter.acquire(1):
                await asyncio.Event().wait()

        task = asyncio.create_task(hold())
        await asyncio.sleep(0.001)
        waiting = asyncio.create_task(send(rate_limiter))
        await asyncio.sleep(0.001)
        task.cancel()
        await waiting

    run(play_out, concurrency=1)


def test_a_worker_cancelled_while_it_waits_takes_no_place_in_flight() -> None:
    async def play_out(rate_limiter: RateLimiter, _: FakeClock) -> None:
        gate = asyncio.Event()

        async def hold() -> None:
            async with rate_limiter.acquire(1):
                await gate.wait()

        holder = asyncio.create_task(hold())
        await asyncio.sleep(0)
        early, late, last = (asyncio.create_task(send(rate_limiter)) for _ in range(3))
        await asyncio.sleep(0)
        early.cancel()
        await asyncio.sleep(0)
        gate.set()
        await holder
        late.cancel()  # it has been given its seat, but did not run yet
        await last

    run(play_out, concurrency=1)


def test_the_first_to_wait_is_the_first_to_go() -> None:
    async def play_out(rate_limiter: RateLimiter, _: FakeClock) -> None:
        order: list[int] = []

        async def one(number: int) -> None:
            for _ in range(3):
                async with rate_limiter.acquire(1):
                    order.append(number)
                    await asyncio.sleep(0)

        await asyncio.gather(*(one(number) for number in range(4)))
        assert order == [0, 1, 2, 3] * 3

    run(play_out, concurrency=1)


def test_the_real_clock_waits_no_longer_than_until_the_stop() -> None:
    async def play_out() -> None:
        clock, stopped = Clock(), asyncio.Event()
        before = clock.now()
        await clock.pause(0.001, stopped)
        stopped.set()
        await clock.pause(1000, stopped)
        assert clock.now() - before < 100
        assert clock.wall() > 1_700_000_000

    asyncio.run(play_out())
