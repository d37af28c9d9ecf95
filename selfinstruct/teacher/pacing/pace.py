"""Pacing algorithms: four state machines that take the time as an argument. They never wait; `rate_limiter.py` does.

    Bucket            known limits: requests or tokens in any 60 s (sliding-window log)
    RetryAfterGate    no request before the Retry-After time of the endpoint
    ConcurrencyLimit  unknown limits: requests in flight, adapted by AIMD
    Breaker           circuit breaker: during an outage, one probe at a time

Times are in seconds of one monotonic clock. Pacing decides when a request is sent, never which one.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

MINUTE_S = 60.0
_MARGIN_S = 0.001
"""Added to waits, so that rounding never puts two sends into the same minute."""

_FIRST_LIMIT = 4
_DECREASE = 0.8
_GROWTH = 1.05
_MIN_USE = 0.8
_COOLDOWN_S = 15.0
"""Of inspect_ai's controller (design/adaptive-concurrency.md): slow start, x0.8 once per 429 episode, +5 % per
round, growth only when 80 % of the limit was in use. Its minimum of 10 is not used: some endpoints allow only three concurrent requests.
Its start at 20 neither: what the first few answers refuse, the others would only repeat."""

_FAILURES = 5
_FIRST_OPEN_S = 5.0
_LONGEST_OPEN_S = 300.0
_JITTER = 0.2
_LONGEST_JITTER_S = 30.0


@dataclass(slots=True)
class Charge:
    """The amount that one send counts in a bucket, and when."""

    at: float
    amount: int
    expired: bool = False


class Bucket:
    """A limit on the amount in any 60 s, as a sliding window; a token bucket would allow twice its rate in the first minute."""

    def __init__(self, per_minute: int) -> None:
        self._rate = per_minute
        self._charges: deque[Charge] = deque()
        self._sum = 0

    def wait(self, amount: int, now: float) -> float:
        """Return the seconds until an amount fits; an amount above the limit waits for an empty minute."""
        self._expire(now)
        over = self._sum + min(amount, self._rate) - self._rate
        until = now
        for charge in self._charges:
            if over <= 0:
                break
            over -= charge.amount
            until = charge.at + MINUTE_S + _MARGIN_S
        return until - now

    def take(self, amount: int, now: float) -> Charge:
        """Count the worst case of a send."""
        charge = Charge(now, amount)
        self._charges.append(charge)
        self._sum += amount
        return charge

    def correct(self, charge: Charge, amount: int) -> None:
        """Replace the worst case of a send by its actual amount."""
        if not charge.expired:
            self._sum += amount - charge.amount
            charge.amount = amount

    def observe_remaining(self, remaining: int | None, now: float) -> None:
        """Count use by other clients when the endpoint reports a lower remaining amount; None changes nothing."""
        self._expire(now)
        if remaining is not None and (others := self._rate - self._sum - remaining) > 0:
            self.take(others, now)

    def _expire(self, now: float) -> None:
        while self._charges and now - self._charges[0].at >= MINUTE_S:
            charge = self._charges.popleft()
            charge.expired = True
            self._sum -= charge.amount


class RetryAfterGate:
    """Blocks sends until a Retry-After time, plus random jitter per send."""

    def __init__(self) -> None:
        self._until = 0.0
        self._spread = 0.0

    def close(self, after_s: float, now: float) -> None:
        """Block for `after_s` seconds, unless already blocked for longer."""
        if now + after_s > self._until:
            self._until, self._spread = now + after_s, min(after_s * _JITTER, _LONGEST_JITTER_S)

    def wait(self, now: float, chance: float) -> float:
        """Return the seconds to wait, with up to 20 % and at most 30 s of jitter; `chance` is random in 0..1."""
        return self._until - now + _MARGIN_S + self._spread * chance if now < self._until else 0.0


class ConcurrencyLimit:
    """Adaptive limit on requests in flight: doubles each round until the first 429, then AIMD.

    A round is as many successes as the limit.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._cooldown_until = -1.0
        self._successes = self._peak = 0
        self.restart()

    def restart(self) -> None:
        """Restart with slow start, as after an outage."""
        self.limit = min(_FIRST_LIMIT, self._most)
        self._slow_start = True
        self._new_round()

    def started(self, in_flight: int) -> None:
        """Record the number of requests in flight."""
        self._peak = max(self._peak, in_flight)

    def succeeded(self, now: float) -> None:
        """Record a success; the last one of a round may raise the limit."""
        if now < self._cooldown_until:
            return
        self._successes += 1
        if self._successes < self.limit:
            return
        if self._peak >= _MIN_USE * self.limit:
            grown = self.limit * 2 if self._slow_start else max(self.limit + 1, int(self.limit * _GROWTH))
            self.limit = min(grown, self._most)
        self._new_round()

    def failed(self) -> None:
        """Record an outage: the round restarts, the limit stays."""
        self._new_round()

    def limited(self, after_s: float, now: float) -> None:
        """Record a 429; the first of an episode lowers the limit."""
        if now < self._cooldown_until:
            return
        self.limit = max(1, int(self.limit * _DECREASE))
        self._slow_start = False
        self._cooldown_until = now + max(_COOLDOWN_S, after_s)
        self._new_round()

    def _new_round(self) -> None:
        self._successes = self._peak = 0


class Breaker:
    """Circuit breaker: opens after five consecutive failures, then allows one probe at a time, 5 s to 300 s apart."""

    def __init__(self, max_outage_s: float) -> None:
        self._max_outage_s = max_outage_s
        self._failures = 0
        self._since = 0.0
        self._open_s = 0.0
        """Seconds between probes; 0 while closed."""
        self._until = 0.0
        self._probing = False

    def state(self, now: float) -> Literal["closed", "open", "half-open"]:
        """Return the state of the breaker."""
        if not self._open_s:
            return "closed"
        return "open" if self._probing or now < self._until else "half-open"

    def wait(self, now: float) -> float | None:
        """Return the seconds until the next send, or None while a probe is in flight."""
        if not self._open_s:
            return 0.0
        return None if self._probing else max(0.0, self._until - now)

    def begin(self) -> bool:
        """Record a send that `wait` allowed; returns whether it is a probe."""
        self._probing = self._open_s > 0
        return self._probing

    def end(self) -> None:
        """Record that a probe ended without a result; another one is allowed."""
        self._probing = False

    def failed(self, probe: bool, now: float, chance: float) -> None:
        """Record a failure; `chance` is random in 0..1. While open, only failed probes change the state."""
        if self._failures == 0:
            self._since = now
        self._failures += 1
        if probe:
            self._open(min(self._open_s * 2, _LONGEST_OPEN_S), now, chance)
        elif self._failures >= _FAILURES:
            self.trip(now, chance)

    def succeeded(self, probe: bool) -> bool:
        """Record a success and return whether it ended an outage; while open, only probes count."""
        if self._open_s and not probe:
            return False
        ended = self._open_s > 0
        self._failures, self._open_s, self._probing = 0, 0.0, False
        return ended

    def trip(self, now: float, chance: float) -> None:
        """Open the breaker if it is closed."""
        if not self._open_s:
            self._open(_FIRST_OPEN_S, now, chance)

    def outage_s(self, now: float) -> float:
        """Return the seconds since the first of the current consecutive failures, or 0."""
        return now - self._since if self._failures else 0.0

    def _open(self, seconds: float, now: float, chance: float) -> None:
        self._open_s, self._probing = seconds, False
        last = self._since + self._max_outage_s  # the last probe is due at max_outage_s
        self._until = max(now, min(now + seconds * (1 + _JITTER * chance), last))


def remaining(headers: Mapping[str, str], what: Literal["requests", "tokens"]) -> int | None:
    """Return the remaining amount in the rate-limit headers, or None if it is missing or invalid."""
    said = headers.get(f"x-ratelimit-remaining-{what}", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 16 else None
