"""RateLimiter: asyncio waiting on top of `pace.py`. A worker acquires a permit for each send and reports the response.

A permit waits for a place among the requests in flight, then for Retry-After, the per-minute limits and the end of an outage. The clock is
an argument, so that tests need not wait.
"""

import asyncio
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from selfinstruct.config import Limits
from selfinstruct.errors import TeacherRefusedError
from selfinstruct.records import Usage
from selfinstruct.teacher.http.classify import Response, is_outage, retry_after
from selfinstruct.teacher.pacing.pace import Breaker, Bucket, Charge, ConcurrencyLimit, RetryAfterGate, remaining


class Clock:
    """The system clocks, in seconds."""

    def now(self) -> float:
        """Return the monotonic time, for waits."""
        return time.monotonic()

    def wall(self) -> float:
        """Return Unix time, for comparison with HTTP dates."""
        return time.time()

    async def pause(self, seconds: float, stopped: asyncio.Event) -> None:
        """Wait for a time, or until the event is set."""
        with suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), seconds)


@dataclass(slots=True)
class Permit:
    """Permission for one send, and what it counts in the buckets."""

    probe: bool
    """Whether it probes if an outage is over."""
    request: Charge | None
    tokens: Charge | None
    observed: bool = False


class RateLimiter:
    """Rate limiter of one endpoint: known limits, adaptive concurrency, Retry-After and outages."""

    def __init__(self, limits: Limits, clock: Clock, chance: Callable[[], float] = random.random) -> None:
        """Start unlimited by history; `chance` returns random numbers in 0..1, for jitter."""
        self._clock = clock
        self._chance = chance
        self._requests = Bucket(limits.requests_per_minute) if limits.requests_per_minute else None
        self._tokens = Bucket(limits.tokens_per_minute) if limits.tokens_per_minute else None
        self._limiter = ConcurrencyLimit(limits.concurrency)
        self._semaphore = _Semaphore(self._limiter)
        self._gate = RetryAfterGate()
        self._breaker = Breaker(limits.max_outage_s)
        self._in_flight = 0
        self._no_probe = asyncio.Event()
        """Set while no probe is in flight."""
        self._no_probe.set()
        self._stopped = asyncio.Event()
        self._stop_reason = ""

    @asynccontextmanager
    async def acquire(self, tokens: int) -> AsyncIterator[Permit]:
        """Wait until a request of at most `tokens` may be sent; raises TeacherRefusedError once the run is stopped."""
        await self._semaphore.acquire()
        permit: Permit | None = None
        try:
            permit = await self._wait_until_allowed(tokens)
            self._in_flight += 1
            self._limiter.started(self._in_flight)
            yield permit
        finally:
            if permit is not None:
                self._in_flight -= 1
                self._end(permit)
            self._semaphore.release()

    def observe(self, permit: Permit, answer: Response, usage: Usage | None) -> None:
        """Update all limits from the response to a send."""
        permit.observed = True
        now, after_s = self._clock.now(), self.retry_after(answer)
        if is_outage(answer):
            self._breaker.failed(permit.probe, now, self._chance())
            self._limiter.failed()
        elif self._breaker.succeeded(permit.probe):
            self._limiter.restart()
        elif answer.status == 429:
            self._limiter.limited(after_s, now)
        elif answer.status < 400:
            self._limiter.succeeded(now)
        if permit.probe:
            self._no_probe.set()  # another probe may start before this permit is released
        if answer.status == 429 or answer.status >= 500:
            self._gate.close(after_s, now)
        self._correct(permit, answer, usage, now)

    def retry_after(self, answer: Response) -> float:
        """Return the Retry-After delay of a response in seconds, or 0."""
        return retry_after(answer.headers, self._clock.wall())

    def wall(self) -> float:
        """Return Unix time in seconds."""
        return self._clock.wall()

    def trip(self) -> None:
        """Treat the endpoint as down: allow only probes."""
        self._breaker.trip(self._clock.now(), self._chance())

    @property
    def outage_s(self) -> float:
        """Seconds since the first of the current consecutive failures, or 0."""
        return self._breaker.outage_s(self._clock.now())

    @property
    def delay_s(self) -> float:
        """Seconds until the earliest possible send, as far as known."""
        now = self._clock.now()
        return max(self._gate.wait(now, 0.0), self._breaker.wait(now) or 0.0)

    async def pause(self, seconds: float) -> None:
        """Wait before a retry; raises TeacherRefusedError once the run is stopped."""
        await self._clock.pause(seconds, self._stopped)
        self._raise_if_stopped()

    def stop(self, reason: str) -> None:
        """Stop sending: waiting workers raise TeacherRefusedError with the reason, requests in flight are completed."""
        self._stop_reason = self._stop_reason or reason
        self._stopped.set()
        self._no_probe.set()
        self._semaphore.lift()

    async def _wait_until_allowed(self, tokens: int) -> Permit:
        while True:
            self._raise_if_stopped()
            wait = self._wait(tokens)
            if wait is None:
                await self._no_probe.wait()
            elif wait > 0:
                await self._clock.pause(wait, self._stopped)
            else:
                break
        now, probe = self._clock.now(), self._breaker.begin()
        if probe:
            self._no_probe.clear()
        return Permit(
            probe,
            self._requests.take(1, now) if self._requests else None,
            self._tokens.take(tokens, now) if self._tokens else None,
        )

    def _wait(self, tokens: int) -> float | None:
        now = self._clock.now()
        outage = self._breaker.wait(now)
        if outage is None:
            return None
        buckets = ((self._requests, 1), (self._tokens, tokens))
        waits = [bucket.wait(amount, now) for bucket, amount in buckets if bucket]
        return max(outage, self._gate.wait(now, self._chance()), *waits, 0.0)

    def _end(self, permit: Permit) -> None:
        if permit.probe and not permit.observed:
            self._breaker.end()
            self._no_probe.set()

    def _correct(self, permit: Permit, answer: Response, usage: Usage | None, now: float) -> None:
        unsent = answer.phase == "connecting"
        if self._requests and permit.request:
            if unsent:
                self._requests.correct(permit.request, 0)
            self._requests.observe_remaining(remaining(answer.headers, "requests"), now)
        if self._tokens and permit.tokens:
            if usage or unsent:
                self._tokens.correct(permit.tokens, usage.prompt_tokens + usage.completion_tokens if usage else 0)
            self._tokens.observe_remaining(remaining(answer.headers, "tokens"), now)

    def _raise_if_stopped(self) -> None:
        if self._stop_reason:
            raise TeacherRefusedError(self._stop_reason)


class _Semaphore:
    """FIFO semaphore whose size is the current concurrency limit."""

    def __init__(self, limiter: ConcurrencyLimit) -> None:
        self._limiter = limiter
        self._in_use = 0
        self._queue: deque[asyncio.Future[None]] = deque()
        self._lifted = False

    async def acquire(self) -> None:
        """Wait for a place in flight."""
        waiter = asyncio.get_running_loop().create_future()
        self._queue.append(waiter)
        self._wake()
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self.release()
            raise

    def release(self) -> None:
        """Release a place."""
        self._in_use -= 1
        self._wake()

    def lift(self) -> None:
        """Remove the limit, so that all waiting workers continue."""
        self._lifted = True
        self._wake()

    def _wake(self) -> None:
        while self._queue and (self._lifted or self._in_use < self._limiter.limit):
            waiter = self._queue.popleft()
            if not waiter.done():
                self._in_use += 1
                waiter.set_result(None)
