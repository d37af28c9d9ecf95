"""What an answer of the endpoint means for the run: one pure function over phase, status, headers, body and error.

A request is free only when it was never sent (phase `connecting`) or when the endpoint refused it in so many words; everything else may
have been billed (ComfyUI#16204 paid 426 times for getting this wrong). Catalogue: tests/teacher/http/test_classify.py.
"""

import math
from calendar import timegm
from collections.abc import Mapping
from email.utils import parsedate_tz
from typing import Literal, NamedTuple

from selfinstruct.config import Teacher
from selfinstruct.teacher.http.body import error_of

Phase = Literal["connecting", "sending", "awaiting", "body"]
"""How far a try came: no byte was sent; the request was on its way; it was sent whole; the answer had begun."""

Meaning = Literal["done", "retry", "retry_billed", "failed", "pause", "stop"]
"""done: keep and read. retry: ask again later, nothing was billed. retry_billed: ask again, but it may have been billed.
failed: this request alone will never work. pause: nothing works until somebody changes the key. stop: nor until somebody changes
quota, model or address. The last two end the run, which can be resumed."""

OVERSIZE = "oversize"
"""The error of an answer that was not read further: what was read of it is kept as the reply."""

_REFUSED = {400, 401, 402, 403, 404, 429}
"""Statuses that say that nothing was generated."""
_QUOTA_CODES = ("insufficient_quota", "billing_hard_limit", "billing_not_active")
_QUOTA_WORDS = ("insufficient balance", "exceeded your current quota", "余额不足", "欠费")
"""Gemini says these of a limit per minute too, but then also how long to wait."""
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
    """How one try ended."""

    phase: Phase
    status: int = 0
    """0 when no status came."""
    headers: Mapping[str, str] = {}
    """Names in lower case."""
    body: bytes = b""
    """What came of it; the whole body only when there is no error."""
    error: str = ""
    """What cut it: a transport error, a deadline, or OVERSIZE; empty when the answer is whole."""


def classify(answer: Response) -> Meaning:
    """Return what to do after a try."""
    status = answer.status
    if answer.phase == "connecting":
        return "retry"
    if 200 <= status < 300:
        return "retry_billed" if is_cut(answer) or is_page(answer) else "done"
    if status < 200 or status in {408, 409, 425} or status >= 500:
        return "retry_billed"
    return _of_refusal(answer)


def _of_refusal(answer: Response) -> Meaning:
    status, text = answer.status, answer.body[:4000].decode("utf-8", "replace").lower()
    if status in {401, 403}:
        return "pause"
    if status in {402, 404} or status < 400:
        return "stop"
    if status == 429:
        return "stop" if _is_quota(answer.headers, text) else "retry"
    if is_cut(answer):  # asked again, it says why
        return "retry" if is_free(answer) else "retry_billed"
    return "stop" if any(word in text for word in _MODEL) else "failed"


def _is_quota(headers: Mapping[str, str], text: str) -> bool:
    if any(code in text for code in _QUOTA_CODES):
        return True
    says_when = "retry-after" in headers or "retry-after-ms" in headers or "retrydelay" in text
    return not says_when and any(word in text for word in _QUOTA_WORDS)


def is_free(answer: Response) -> bool:
    """Return whether a try was surely not billed."""
    return answer.phase == "connecting" or answer.status in _REFUSED or 300 <= answer.status < 400


def is_page(answer: Response) -> bool:
    """Return whether a web page came where JSON was asked for: a gateway, a login page, a wrong address."""
    return "html" in answer.headers.get("content-type", "") or answer.body[:100].lstrip()[:1] == b"<"


def is_cut(answer: Response) -> bool:
    """Return whether an answer did not come to its end, or not at all."""
    return bool(answer.error) and answer.error != OVERSIZE


def is_outage(answer: Response) -> bool:
    """Return whether a try says that the endpoint is down: no or half an answer, 5xx, a web page instead of a reply."""
    return is_cut(answer) or answer.status >= 500 or (answer.status < 300 and is_page(answer))


def retry_after(headers: Mapping[str, str], wall_s: float) -> float:
    """Return the seconds an endpoint asks to wait, 0 when it does not say; `wall_s` is the time of day in seconds since 1970.

    Milliseconds, seconds or an HTTP date (RFC 9110 10.2.3); a date is read against the endpoint's own clock where it sends one.
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
    """Return seconds since 1970, 0 for what is no date; a date without a zone is GMT, as HTTP's all are."""
    parts = parsedate_tz(date)
    try:
        return timegm(parts[:6]) - (parts[9] or 0) if parts else 0.0
    except (ValueError, OverflowError):
        return 0.0


def describe(answer: Response) -> str:
    """Return in a few words how a try ended."""
    if answer.error:
        return answer.error if answer.status in {0, 200} else f"status {answer.status}, then {answer.error}"
    return f"a web page, status {answer.status}" if is_page(answer) else f"status {answer.status}"


def explain_refusal(answer: Response, base_url: str, teacher: Teacher) -> str:
    """Return one message: what the endpoint said, and what to change."""
    status, key = answer.status, teacher.api_key_env
    said = f" It said: {error_of(answer.body)}" if error_of(answer.body) else ""
    if is_page(answer):
        return f"{base_url} answers with a web page, not with JSON (status {status}); check base_url, which usually ends in /v1"
    if status in {401, 403}:
        return f"{base_url} refuses the key in {key} (status {status}).{said} Set {key} to a valid key and run the same command again"
    if status in {402, 429}:
        return f"{base_url} reports that the quota or balance is used up (status {status}).{said} Top it up and run the same command again"
    if 300 <= status < 400:
        return f"{base_url} redirects elsewhere (status {status}); redirects are not followed, set base_url to the final address"
    return f"{base_url} does not serve the model {teacher.model} (status {status}).{said} Check [teacher] model and base_url"
