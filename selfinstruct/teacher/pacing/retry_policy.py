"""When to give up: how often one request is tried, and how long an endpoint may be down, before the run stops.

A stopped run is resumed by the same command, so giving up costs time, and going on may cost money: a try that may have been billed has
its own, small number. Probes of an outage are the run's, one at a time, and count for no request.
"""

from dataclasses import dataclass

from selfinstruct.config import Config
from selfinstruct.teacher.http.classify import Meaning, Response, describe, explain_refusal, is_page
from selfinstruct.teacher.pacing.rate_limiter import RateLimiter, Turn

_AGAIN = "run the same command again to go on"
_UNREACHED = 2
"""Further tries while no connection was ever made: more likely a wrong address than an outage."""


@dataclass(slots=True)
class Tries:
    """What one request has had in tries that failed."""

    made: int = 0
    free: int = 0
    billed: int = 0
    """Those that may have been billed."""
    answers: int = 0
    """Proper answers to any request, when this one was first billed in vain."""


class RetryPolicy:
    """What the run has seen of its endpoint."""

    def __init__(self, config: Config, base_url: str, rate_limiter: RateLimiter) -> None:
        self._teacher = config.teacher
        self._limits = config.limits
        self._base_url = base_url
        self._rate_limiter = rate_limiter
        self._reached = False
        self._answers = 0

    def ends(self, answer: Response, meaning: Meaning, turn: Turn, tries: Tries) -> str:
        """Note how a try ended; returns why the run has to stop, or nothing."""
        self._reached |= answer.phase != "connecting"
        if meaning in {"done", "failed"}:
            self._answers += 1
            return ""
        if meaning in {"pause", "stop"}:
            return explain_refusal(answer, self._base_url, self._teacher)
        tries.made += 1
        failed = f"{self._base_url}: {describe(answer)}"
        if reason := self._of_endpoint(answer, tries, failed):
            return reason
        if turn.probe:
            return ""
        if meaning == "retry" or self._limits.uncertain != "resend":
            return self._of_free(tries, failed)  # also when it is sent again only after it was found not to be billed
        return self._of_billed(tries, failed)

    def _of_endpoint(self, answer: Response, tries: Tries, failed: str) -> str:
        down_s, most_s = self._rate_limiter.outage_s, self._limits.max_outage_s
        if is_page(answer) and (not self._answers or down_s >= most_s):
            return explain_refusal(answer, self._base_url, self._teacher)
        if not self._reached and tries.made > min(_UNREACHED, self._limits.retries):
            return f"{failed}; it was never reached. Check the address and the network, then {_AGAIN}"
        if down_s >= most_s:
            return f"{failed}; no proper answer for {down_s:.0f} s ([limits] max_outage_s). Later, {_AGAIN}"
        if (after_s := self._rate_limiter.retry_after(answer)) > most_s:
            return f"{failed}; it asks to wait {after_s:.0f} s, longer than [limits] max_outage_s. Then, {_AGAIN}"
        return ""

    def _of_free(self, tries: Tries, failed: str) -> str:
        tries.free += 1
        if tries.free <= self._limits.retries:
            return ""
        return (
            f"{failed}, {tries.free} times for one request; lower [limits] concurrency or raise retries, and {_AGAIN}"
        )

    def _of_billed(self, tries: Tries, failed: str) -> str:
        tries.answers = tries.answers if tries.billed else self._answers
        tries.billed += 1
        if tries.billed <= self._limits.billed_retries:
            return ""
        if tries.answers == self._answers:  # nobody was answered meanwhile: it is the endpoint, not the request
            self._rate_limiter.trip()
            return ""
        return (
            f"{failed}, {tries.billed} times for one request, each of which may have been billed, while others are answered; "
            f"{_AGAIN}, or raise [limits] billed_retries"
        )
