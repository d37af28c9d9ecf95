"""How fast to ask: four small machines over a clock that is an argument. Nothing here waits; `rate_limiter.py` does.

    Bucket   requests or tokens of any minute, where the limits are known
    RetryAfterGate     nobody sends before the time that the endpoint named
    ConcurrencyLimit  how many requests at once, found by trying (AIMD), where the limits are not known
    Breaker  an endpoint that is down is asked by one probe at a time

Times are seconds of one monotonic clock. The pace decides when a request is sent, never which.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

MINUTE_S = 60.0
_MARGIN_S = 0.001
"""Waited on top, so that rounding never lets two sends fall into the same minute."""

_FIRST_LIMIT = 20
_CUT = 0.8
_GROWTH = 1.05
_USED = 0.8
_COOLDOWN_S = 15.0
"""Of inspect_ai's controller (design/adaptive-concurrency.md): slow start from 20, x0.8 once an episode, +5 % a round, and growth only
when 80 % of the limit was in use. Its floor of 10 is not taken over: an endpoint for three requests at once exists."""

_FAILURES = 5
_FIRST_OPEN_S = 5.0
_LONGEST_OPEN_S = 300.0
_JITTER = 0.2
_LONGEST_JITTER_S = 30.0


@dataclass(slots=True)
class Taken:
    """What one send took out of a bucket."""

    at: float
    amount: int
    gone: bool = False


class Bucket:
    """An amount for any minute. It slides: a bucket that drips lets up to twice its rate through in its first minute."""

    def __init__(self, per_minute: int) -> None:
        self._rate = per_minute
        self._taken: deque[Taken] = deque()
        self._sum = 0

    def wait(self, amount: int, now: float) -> float:
        """Return seconds until an amount may be taken; one above the rate waits for an empty minute."""
        self._forget(now)
        over = self._sum + min(amount, self._rate) - self._rate
        until = now
        for taken in self._taken:
            if over <= 0:
                break
            over -= taken.amount
            until = taken.at + MINUTE_S + _MARGIN_S
        return until - now

    def take(self, amount: int, now: float) -> Taken:
        """Take the worst case of a send."""
        taken = Taken(now, amount)
        self._taken.append(taken)
        self._sum += amount
        return taken

    def correct(self, taken: Taken, amount: int) -> None:
        """Replace the worst case of a send by what it used."""
        if not taken.gone:
            self._sum += amount - taken.amount
            taken.amount = amount

    def heed(self, remaining: int | None, now: float) -> None:
        """Take what others used: the endpoint says that less remains than we thought."""
        self._forget(now)
        if remaining is not None and (others := self._rate - self._sum - remaining) > 0:
            self.take(others, now)

    def _forget(self, now: float) -> None:
        while self._taken and now - self._taken[0].at >= MINUTE_S:
            taken = self._taken.popleft()
            taken.gone = True
            self._sum -= taken.amount


class RetryAfterGate:
    """Closed until the time that the endpoint named; everybody comes a little later, and not together."""

    def __init__(self) -> None:
        self._until = 0.0
        self._spread = 0.0

    def close(self, after_s: float, now: float) -> None:
        """Close for a time, unless it is closed for longer."""
        if now + after_s > self._until:
            self._until, self._spread = now + after_s, min(after_s * _JITTER, _LONGEST_JITTER_S)

    def wait(self, now: float, chance: float) -> float:
        """Return seconds to wait, up to 20 % and 30 s beyond the opening; `chance` is in 0..1."""
        return self._until - now + _MARGIN_S + self._spread * chance if now < self._until else 0.0


class ConcurrencyLimit:
    """How many requests may be in flight: doubles each round until the first 429, then additive up, multiplicative down."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._cool_until = -1.0
        self._clean = self._peak = 0
        self.restart()

    def restart(self) -> None:
        """Begin again slowly, as after an outage."""
        self.limit = min(_FIRST_LIMIT, self._most)
        self._slow = True
        self._new_round()

    def started(self, in_flight: int) -> None:
        """Note how many requests are in flight now."""
        self._peak = max(self._peak, in_flight)

    def succeeded(self, now: float) -> None:
        """Note a proper answer; a round is as many of them as the limit."""
        if now < self._cool_until:
            return
        self._clean += 1
        if self._clean < self.limit:
            return
        if self._peak >= _USED * self.limit:
            grown = self.limit * 2 if self._slow else max(self.limit + 1, int(self.limit * _GROWTH))
            self.limit = min(grown, self._most)
        self._new_round()

    def failed(self) -> None:
        """Note an outage: the round begins again, the limit stays."""
        self._new_round()

    def limited(self, after_s: float, now: float) -> None:
        """Note a 429: the first of an episode cuts the limit."""
        if now < self._cool_until:
            return
        self.limit = max(1, int(self.limit * _CUT))
        self._slow = False
        self._cool_until = now + max(_COOLDOWN_S, after_s)
        self._new_round()

    def _new_round(self) -> None:
        self._clean = self._peak = 0


class Breaker:
    """Opens after five failures in a row; then one probe at a time, 5 s to 300 s apart, until one succeeds."""

    def __init__(self, max_outage_s: float) -> None:
        self._max_outage_s = max_outage_s
        self._failures = 0
        self._since = 0.0
        self._open_s = 0.0
        """0 while closed."""
        self._until = 0.0
        self._probing = False

    def state(self, now: float) -> Literal["closed", "open", "half-open"]:
        """Return what holds now."""
        if not self._open_s:
            return "closed"
        return "open" if self._probing or now < self._until else "half-open"

    def wait(self, now: float) -> float | None:
        """Return seconds until the next send, or None while a probe is out and its end decides."""
        if not self._open_s:
            return 0.0
        return None if self._probing else max(0.0, self._until - now)

    def begin(self) -> bool:
        """Note a send that `wait` allowed; returns whether it is a probe."""
        self._probing = self._open_s > 0
        return self._probing

    def end(self) -> None:
        """Note that a probe ended without telling anything; another may go."""
        self._probing = False

    def failed(self, probe: bool, now: float, chance: float) -> None:
        """Note a failure; one that was sent before the breaker opened changes nothing."""
        if self._failures == 0:
            self._since = now
        self._failures += 1
        if probe:
            self._open(min(self._open_s * 2, _LONGEST_OPEN_S), now, chance)
        elif self._failures >= _FAILURES:
            self.trip(now, chance)

    def succeeded(self, probe: bool) -> bool:
        """Note a proper answer; returns whether it ended an outage. While open only the probe's counts."""
        if self._open_s and not probe:
            return False
        ended = self._open_s > 0
        self._failures, self._open_s, self._probing = 0, 0.0, False
        return ended

    def trip(self, now: float, chance: float) -> None:
        """Open, when it is closed."""
        if not self._open_s:
            self._open(_FIRST_OPEN_S, now, chance)

    def outage_s(self, now: float) -> float:
        """Return how long nothing but failures has come."""
        return now - self._since if self._failures else 0.0

    def _open(self, seconds: float, now: float, chance: float) -> None:
        self._open_s, self._probing = seconds, False
        last = self._since + self._max_outage_s  # the last probe is due when the patience ends
        self._until = max(now, min(now + seconds * (1 + _JITTER * chance), last))


def remaining(headers: Mapping[str, str], what: Literal["requests", "tokens"]) -> int | None:
    """Return what the endpoint says may still be used, or None when it does not say."""
    said = headers.get(f"x-ratelimit-remaining-{what}", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 16 else None
