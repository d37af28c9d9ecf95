"""RateLimiter: the asyncio edge of `pace.py`. A worker takes a turn before each send and tells how it ended.

The clock is an argument, so that tests wait for nothing. What a turn waits for, it waits for in this order: a seat among the requests in
flight, then the endpoint's own time, the minute's buckets, the end of an outage.
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
from selfinstruct.teacher.pacing.pace import Breaker, Bucket, ConcurrencyLimit, RetryAfterGate, Taken, remaining


class Clock:
    """The clocks of this machine, in seconds."""

    def now(self) -> float:
        """Return monotonic time: what waits are counted in."""
        return time.monotonic()

    def wall(self) -> float:
        """Return the time of day, since 1970: what an HTTP date is compared with."""
        return time.time()

    async def pause(self, seconds: float, stopped: asyncio.Event) -> None:
        """Wait, but no longer than until the event is set."""
        with suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), seconds)


@dataclass(slots=True)
class Turn:
    """One send that may go now."""

    probe: bool
    """It asks whether an outage is over."""
    request: Taken | None
    tokens: Taken | None
    heard: bool = False


class RateLimiter:
    """Lets workers send, no faster than limits and endpoint allow; one for each endpoint."""

    def __init__(self, limits: Limits, clock: Clock, chance: Callable[[], float] = random.random) -> None:
        """`chance` returns numbers in 0..1 for the jitter."""
        self._clock = clock
        self._chance = chance
        self._requests = Bucket(limits.requests_per_minute) if limits.requests_per_minute else None
        self._tokens = Bucket(limits.tokens_per_minute) if limits.tokens_per_minute else None
        self._limiter = ConcurrencyLimit(limits.concurrency)
        self._seats = _Seats(self._limiter)
        self._gate = RetryAfterGate()
        self._breaker = Breaker(limits.max_outage_s)
        self._sending = 0
        self._no_probe = asyncio.Event()
        """Set while no probe is out."""
        self._no_probe.set()
        self._stopped = asyncio.Event()
        self._refusal = ""

    @asynccontextmanager
    async def turn(self, tokens: int) -> AsyncIterator[Turn]:
        """Yield when a request of at most `tokens` may be sent; raises TeacherRefusedError once the run is stopped."""
        await self._seats.take()
        turn: Turn | None = None
        try:
            turn = await self._may_go(tokens)
            self._sending += 1
            self._limiter.started(self._sending)
            yield turn
        finally:
            if turn is not None:
                self._sending -= 1
                self._end(turn)
            self._seats.leave()

    def hear(self, turn: Turn, answer: Response, usage: Usage | None) -> None:
        """Learn from how a send ended."""
        turn.heard = True
        now, after_s = self._clock.now(), self.retry_after(answer)
        if is_outage(answer):
            self._breaker.failed(turn.probe, now, self._chance())
            self._limiter.failed()
        elif self._breaker.succeeded(turn.probe):
            self._limiter.restart()
        elif answer.status == 429:
            self._limiter.limited(after_s, now)
        else:
            self._limiter.succeeded(now)
        if turn.probe:
            self._no_probe.set()  # from here on another may be out, before this turn ends
        if answer.status == 429 or answer.status >= 500:
            self._gate.close(after_s, now)
        self._correct(turn, answer, usage, now)

    def retry_after(self, answer: Response) -> float:
        """Return the seconds that the endpoint asks to wait, or 0."""
        return retry_after(answer.headers, self._clock.wall())

    def wall(self) -> float:
        """Return the time of day, in seconds since 1970."""
        return self._clock.wall()

    def trip(self) -> None:
        """Take the endpoint for down: only probes go."""
        self._breaker.trip(self._clock.now(), self._chance())

    @property
    def outage_s(self) -> float:
        """Seconds for which nothing but failures has come."""
        return self._breaker.outage_s(self._clock.now())

    @property
    def delay_s(self) -> float:
        """Seconds until anybody may send, as far as it is known."""
        now = self._clock.now()
        return max(self._gate.wait(now, 0.0), self._breaker.wait(now) or 0.0)

    async def pause(self, seconds: float) -> None:
        """Wait before another try; raises TeacherRefusedError once the run is stopped."""
        await self._clock.pause(seconds, self._stopped)
        self._check()

    def stop(self, reason: str) -> None:
        """Let nothing more be sent: whoever waits gets the reason as TeacherRefusedError; what is in flight comes in."""
        self._refusal = self._refusal or reason
        self._stopped.set()
        self._no_probe.set()
        self._seats.free()

    async def _may_go(self, tokens: int) -> Turn:
        while True:
            self._check()
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
        return Turn(
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

    def _end(self, turn: Turn) -> None:
        if turn.probe and not turn.heard:
            self._breaker.end()
            self._no_probe.set()

    def _correct(self, turn: Turn, answer: Response, usage: Usage | None, now: float) -> None:
        unsent = answer.phase == "connecting"
        if self._requests and turn.request:
            if unsent:
                self._requests.correct(turn.request, 0)
            self._requests.heed(remaining(answer.headers, "requests"), now)
        if self._tokens and turn.tokens:
            if usage or unsent:
                self._tokens.correct(turn.tokens, usage.prompt_tokens + usage.completion_tokens if usage else 0)
            self._tokens.heed(remaining(answer.headers, "tokens"), now)

    def _check(self) -> None:
        if self._refusal:
            raise TeacherRefusedError(self._refusal)


class _Seats:
    """Places among the requests in flight, as many as the limiter allows; given in the order of asking, so that nobody starves."""

    def __init__(self, limiter: ConcurrencyLimit) -> None:
        self._limiter = limiter
        self._taken = 0
        self._queue: deque[asyncio.Future[None]] = deque()
        self._free = False

    async def take(self) -> None:
        """Wait for a seat."""
        place = asyncio.get_running_loop().create_future()
        self._queue.append(place)
        self._give()
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.leave()
            raise

    def leave(self) -> None:
        """Give a seat back."""
        self._taken -= 1
        self._give()

    def free(self) -> None:
        """Let everybody in from now on."""
        self._free = True
        self._give()

    def _give(self) -> None:
        while self._queue and (self._free or self._taken < self._limiter.limit):
            place = self._queue.popleft()
            if not place.done():
                self._taken += 1
                place.set_result(None)
