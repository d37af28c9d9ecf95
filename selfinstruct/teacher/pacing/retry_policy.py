"""Retry policy: how often a request is retried, and how long an outage may last, before the run stops.

A stopped run is resumed by the same command, so stopping costs only time, while retrying may cost money: attempts that may have been
billed have a separate, lower limit. Probes during an outage do not count as attempts of their request.
"""

from dataclasses import dataclass

from selfinstruct.config import Config
from selfinstruct.teacher.http.classify import Meaning, Response, describe, explain_refusal, is_web_page
from selfinstruct.teacher.pacing.rate_limiter import Permit, RateLimiter

_AGAIN = "run the same command again to go on"
_UNREACHED_RETRIES = 2
"""Retries before the first connection ever made: a wrong address is more likely than an outage."""


@dataclass(slots=True)
class Tries:
    """Failed attempts of one request."""

    made: int = 0
    free: int = 0
    billed: int = 0
    """Attempts that may have been billed."""
    answers: int = 0
    """Successes of all requests at the first attempt of this one that may have been billed."""


class RetryPolicy:
    """Decides when to stop, from all responses of one endpoint."""

    def __init__(self, config: Config, base_url: str, rate_limiter: RateLimiter) -> None:
        self._teacher = config.teacher
        self._limits = config.limits
        self._base_url = base_url
        self._rate_limiter = rate_limiter
        self._reached = False
        self._answers = 0

    def stop_reason(self, answer: Response, meaning: Meaning, permit: Permit, tries: Tries) -> str:
        """Record the outcome of an attempt; returns why the run has to stop, or an empty string."""
        self._reached |= answer.phase != "connecting"
        if meaning in {"done", "failed"}:
            self._answers += 1
            return ""
        if meaning in {"pause", "stop"}:
            return explain_refusal(answer, self._base_url, self._teacher)
        tries.made += 1
        failed = f"{self._base_url}: {describe(answer)}"
        if reason := self._endpoint_stop_reason(answer, tries, failed):
            return reason
        if permit.probe:
            return ""
        if meaning == "retry" or self._limits.uncertain != "resend":
            return self._free_stop_reason(
                tries, failed
            )  # under hold and reconcile it is resent only once known not to be billed
        return self._billed_stop_reason(tries, failed)

    def _endpoint_stop_reason(self, answer: Response, tries: Tries, failed: str) -> str:
        down_s, max_s = self._rate_limiter.outage_s, self._limits.max_outage_s
        if is_web_page(answer) and (not self._answers or down_s >= max_s):
            return explain_refusal(answer, self._base_url, self._teacher)
        if not self._reached and tries.made > min(_UNREACHED_RETRIES, self._limits.retries):
            return f"{failed}; it was never reached. Check the address and the network, then {_AGAIN}"
        if down_s >= max_s:
            return f"{failed}; no proper answer for {down_s:.0f} s ([limits] max_outage_s). Later, {_AGAIN}"
        if (after_s := self._rate_limiter.retry_after(answer)) > max_s:
            return f"{failed}; it asks to wait {after_s:.0f} s, longer than [limits] max_outage_s. Then, {_AGAIN}"
        return ""

    def _free_stop_reason(self, tries: Tries, failed: str) -> str:
        tries.free += 1
        if tries.free <= self._limits.retries:
            return ""
        return (
            f"{failed}, {tries.free} times for one request; lower [limits] concurrency or raise retries, and {_AGAIN}"
        )

    def _billed_stop_reason(self, tries: Tries, failed: str) -> str:
        tries.answers = tries.answers if tries.billed else self._answers
        tries.billed += 1
        if tries.billed <= self._limits.billed_retries:
            return ""
        if (
            tries.answers == self._answers
        ):  # no other request succeeded meanwhile: the endpoint is at fault, not this request
            self._rate_limiter.trip()
            return ""
        return (
            f"{failed}, {tries.billed} times for one request, each of which may have been billed, while others are answered; "
            f"{_AGAIN}, or raise [limits] billed_retries"
        )
