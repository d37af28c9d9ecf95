"""Retry policy: how often a request is retried, when it is withheld, and when the run stops.

A stopped run is resumed by the same command, so stopping costs only time, while retrying may cost money: attempts that may have been
billed have a separate, lower limit. Probes during an outage do not count as attempts of their request. One request that fails while others
are answered never stops a run: it is withheld by name.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from selfinstruct.config import Config
from selfinstruct.records import Reply, Request
from selfinstruct.teacher.http.classify import Meaning, Response, describe, explain_refusal, is_web_page, spoken
from selfinstruct.teacher.pacing.faults import WINDOW, Fault, FaultWatch, explain_fault
from selfinstruct.teacher.pacing.rate_limiter import Permit, RateLimiter

_AGAIN = "run the same command again to go on"
_TRIES_OF_AN_ERROR = 3
"""Tries of a request that is answered by an error with status 200, while others are answered."""
_UNREACHED_RETRIES = 2
"""Retries before the first connection ever made: a wrong address is more likely than an outage."""


@dataclass(slots=True)
class Tries:
    """Failed attempts of one request."""

    made: int = 0
    free: int = 0
    rounds: int = 0
    """Times that the free attempts were used up, and granted anew because others were answered."""
    billed: int = 0
    """Attempts that may have been billed."""
    refused: int = 0
    answers: int = 0
    """Successes of all requests at the first failed attempt of this one."""
    good: int = 0
    """Usable answers of all requests at its first refusal."""


class Decision(NamedTuple):
    """What becomes of a run and a request after an attempt."""

    action: Literal["go_on", "withhold", "stop"] = "go_on"
    reason: str = ""


_GO_ON = Decision()


class RetryPolicy:
    """Decides from all responses of one endpoint."""

    def __init__(
        self, config: Config, base_url: str, rate_limiter: RateLimiter, *, answered_before: bool = False
    ) -> None:
        """`answered_before`: earlier commands of the same run were answered."""
        self._teacher = config.teacher
        self._limits = config.limits
        self._base_url = base_url
        self._rate_limiter = rate_limiter
        self._faults = FaultWatch(answered_before=answered_before)
        self._answered_before = answered_before
        self._reached = False
        self._answers = 0

    def is_refused_alone(self, request: Request, tries: Tries) -> bool:
        """Record a refusal of a request; returns whether it is refused for its own sake, and not as every other would be."""
        tries.good = tries.good if tries.refused else self._faults.good
        tries.refused += 1
        return self._faults.is_individual(request.slot, tries.refused, tries.good)

    def heard(self, request: Request, reply: Reply, *, refused: bool = False) -> Decision:
        """Record a reply, or that the request was refused; the run stops for the same fault again and again."""
        self._reached = True
        self._answers += reply.fault != "oversize"  # without end it is no proper answer
        if not reply.fault:
            self._faults.answered()
            return _GO_ON
        fault = Fault(reply.fault, reply.text if refused or reply.fault == "malformed_reply" else "")
        if self._faults.faulty(request.slot, fault):
            return Decision("stop", explain_fault(fault, self._base_url, request.sampling.max_tokens))
        return _GO_ON

    def failed(self, answer: Response, meaning: Meaning, permit: Permit, tries: Tries) -> Decision:
        """Record an attempt without a reply."""
        self._reached |= answer.phase != "connecting"
        if meaning in {"pause", "stop"}:
            answered = self._answered_before or self._answers > 0
            return Decision("stop", explain_refusal(answer, self._base_url, self._teacher, answered=answered))
        tries.answers = tries.answers if tries.made else self._answers
        tries.made += 1
        said = f"{self._base_url}: {describe(answer)}"
        if reason := self._endpoint_stop_reason(answer, tries, said):
            return Decision("stop", reason)
        if permit.probe:
            return _GO_ON
        if meaning == "retry" or self._limits.uncertain != "resend":
            return self._free(
                answer, tries, said
            )  # under hold and reconcile it is resent only once known not to be billed
        if self._faults.failed():
            return Decision("stop", f"{said}; more than half of the last {WINDOW} answers failed. Later, {_AGAIN}")
        return self._billed(tries, said)

    def _endpoint_stop_reason(self, answer: Response, tries: Tries, said: str) -> str:
        down_s, max_s = self._rate_limiter.outage_s, self._limits.max_outage_s
        wrong_address = not self._answers and answer.status < 500
        if is_web_page(answer) and (wrong_address or down_s >= max_s):
            return explain_refusal(answer, self._base_url, self._teacher)
        if not self._reached and tries.made > min(_UNREACHED_RETRIES, self._limits.retries):
            return f"{said}; it was never reached. Check the address and the network, then {_AGAIN}"
        if down_s >= max_s:
            return f"{said}; no proper answer for {down_s:.0f} s ([limits] max_outage_s). Later, {_AGAIN}"
        if (after_s := self._rate_limiter.retry_after(answer)) > max_s:
            words = spoken(answer)
            return f"{said}; it asks to wait {after_s:.0f} s, longer than [limits] max_outage_s.{words} Then, {_AGAIN}"
        return ""

    def _free(self, answer: Response, tries: Tries, said: str) -> Decision:
        tries.free += 1
        others = tries.answers < self._answers
        if answer.in_200 and others and tries.free >= _TRIES_OF_AN_ERROR:
            return Decision("withhold", f"{said}, {tries.free} times while others are answered")
        if tries.free <= self._limits.retries:
            return _GO_ON
        if others and tries.rounds == 0:  # patience costs nothing
            tries.free, tries.rounds, tries.answers = 0, 1, self._answers
            return _GO_ON
        if others:
            return Decision("withhold", f"{said}, again and again while others are answered")
        reason = (
            f"{said}, {tries.free} times for one request; lower [limits] concurrency or raise retries, and {_AGAIN}"
        )
        return Decision("stop", reason)

    def _billed(self, tries: Tries, said: str) -> Decision:
        tries.billed += 1
        if tries.billed <= self._limits.billed_retries:
            return _GO_ON
        if tries.answers == self._answers:
            # no other request succeeded meanwhile: the endpoint is at fault, not this request
            self._rate_limiter.trip()
            return _GO_ON
        return Decision("withhold", f"{said}, {tries.billed} times, each of which may have been billed")
