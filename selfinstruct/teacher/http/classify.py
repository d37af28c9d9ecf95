"""Classify a response by phase, status, headers, body and error; pure functions.

A request is not billed only if it was never sent (phase `connecting`) or the endpoint explicitly refused it; anything else may have been
billed (ComfyUI#16204 paid 426 times for getting this wrong). Catalogue of failures: tests/teacher/http/test_classify.py.
"""

import math
from calendar import timegm
from collections.abc import Mapping
from email.utils import parsedate_tz
from typing import Literal, NamedTuple

from selfinstruct.config import Teacher
from selfinstruct.teacher.http.body import error_of

Phase = Literal["connecting", "sending", "awaiting", "body"]
"""Progress of an attempt: nothing sent; request partly sent; request fully sent; response started."""

Meaning = Literal["done", "retry", "retry_billed", "failed", "pause", "stop"]
"""done: a reply. retry: retry later, not billed. retry_billed: retry, but it may have been billed. failed: this request will never
succeed, others may. pause: every request fails until the key is changed. stop: every request fails until quota, model or address is
changed. pause and stop end the run, which can be resumed."""

OVERSIZE = "oversize"
"""Error of a response above the size limit; the part that was read is kept as the reply."""

_REFUSED = {400, 401, 402, 403, 404, 429}
"""Statuses of refused requests, for which nothing was generated."""
_QUOTA_CODES = ("insufficient_quota", "billing_hard_limit", "billing_not_active")
_QUOTA_WORDS = ("insufficient balance", "exceeded your current quota", "余额不足", "欠费")
"""Gemini uses these for limits per minute too, but then also names a delay."""
_MODEL = (
    "model not exist",
    "model_not_found",
    "does not exist",
    "no such model",
    "unknown model",
    "invalid model",
    "model not found",
    "模型不存在",
)


class Response(NamedTuple):
    """The outcome of one attempt."""

    phase: Phase
    status: int = 0
    """HTTP status; 0 without a response."""
    headers: Mapping[str, str] = {}
    """Response headers, names in lower case."""
    body: bytes = b""
    """The bytes received; complete only without an error."""
    error: str = ""
    """Why the response is incomplete: transport error, deadline, or OVERSIZE; empty when complete."""


def classify(answer: Response) -> Meaning:
    """Return what a response means for its request and the run."""
    status = answer.status
    if answer.phase == "connecting":
        return "retry"
    if 200 <= status < 300:
        return "retry_billed" if is_incomplete(answer) or is_web_page(answer) else "done"
    if status < 200 or status in {408, 409, 425} or status >= 500:
        return "retry_billed"
    return _classify_refusal(answer)


def _classify_refusal(answer: Response) -> Meaning:
    status, text = answer.status, answer.body[:4000].decode("utf-8", "replace").lower()
    if status in {401, 403}:
        return "pause"
    if status in {402, 404} or status < 400:
        return "stop"
    if status == 429:
        return "stop" if _is_quota(answer.headers, text) else "retry"
    if is_incomplete(answer):  # the error message is missing; a retry shows it
        return "retry" if is_free(answer) else "retry_billed"
    return "stop" if any(word in text for word in _MODEL) else "failed"


def _is_quota(headers: Mapping[str, str], text: str) -> bool:
    if any(code in text for code in _QUOTA_CODES):
        return True
    has_delay = "retry-after" in headers or "retry-after-ms" in headers or "retrydelay" in text
    return not has_delay and any(word in text for word in _QUOTA_WORDS)


def is_free(answer: Response) -> bool:
    """Return whether an attempt was certainly not billed."""
    return answer.phase == "connecting" or answer.status in _REFUSED or 300 <= answer.status < 400


def is_web_page(answer: Response) -> bool:
    """Return whether the response is HTML instead of JSON: a gateway, a login page, a wrong address."""
    return "html" in answer.headers.get("content-type", "") or answer.body[:100].lstrip()[:1] == b"<"


def is_incomplete(answer: Response) -> bool:
    """Return whether a response is truncated or missing; an oversize one counts as complete."""
    return bool(answer.error) and answer.error != OVERSIZE


def is_outage(answer: Response) -> bool:
    """Return whether a response indicates an outage: incomplete, 5xx, or a web page instead of a reply."""
    return is_incomplete(answer) or answer.status >= 500 or (answer.status < 300 and is_web_page(answer))


def retry_after(headers: Mapping[str, str], wall_s: float) -> float:
    """Return the Retry-After delay in seconds, 0 if there is none; `wall_s` is Unix time in seconds.

    Accepts milliseconds, seconds or an HTTP date (RFC 9110 10.2.3), relative to the `Date` header if present, else to `wall_s`.
    """
    for name, unit_s in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) * unit_s
        except ValueError:
            continue
        return max(0.0, seconds) if math.isfinite(seconds) else 0.0
    until = _timestamp(headers.get("retry-after", ""))
    return max(0.0, until - (_timestamp(headers.get("date", "")) or wall_s)) if until else 0.0


def _timestamp(date: str) -> float:
    """Return an HTTP date as Unix time in seconds, 0 if it is invalid; a date without a zone is GMT."""
    parts = parsedate_tz(date)
    try:
        return timegm(parts[:6]) - (parts[9] or 0) if parts else 0.0
    except (ValueError, OverflowError):
        return 0.0


def describe(answer: Response) -> str:
    """Return a short description of a failed attempt."""
    if answer.error:
        return answer.error if answer.status in {0, 200} else f"status {answer.status}, then {answer.error}"
    return f"a web page, status {answer.status}" if is_web_page(answer) else f"status {answer.status}"


def explain_refusal(answer: Response, base_url: str, teacher: Teacher) -> str:
    """Return an error message: what the endpoint said, and what to change."""
    status, key = answer.status, teacher.api_key_env
    said = f" It said: {error_of(answer.body)}" if error_of(answer.body) else ""
    if is_web_page(answer):
        return f"{base_url} answers with a web page, not with JSON (status {status}); check base_url, which usually ends in /v1"
    if status in {401, 403}:
        return f"{base_url} refuses the key in {key} (status {status}).{said} Set {key} to a valid key and run the same command again"
    if status in {402, 429}:
        return f"{base_url} reports that the quota or balance is used up (status {status}).{said} Top it up and run the same command again"
    if 300 <= status < 400:
        return f"{base_url} redirects elsewhere (status {status}); redirects are not followed, set base_url to the final address"
    return f"{base_url} does not serve the model {teacher.model} (status {status}).{said} Check [teacher] model and base_url"
