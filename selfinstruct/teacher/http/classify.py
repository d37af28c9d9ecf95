"""Classify a response by phase, status, headers, body and error; pure functions.

A request is not billed only if it was never sent (phase `connecting`) or the endpoint explicitly refused it; anything else may have been
billed (ComfyUI#16204 paid 426 times for getting this wrong). Catalogue of failures: tests/teacher/http/test_classify.py.
"""

import math
import os
import re
from calendar import timegm
from collections.abc import Mapping
from email.utils import parsedate_tz
from typing import Literal, NamedTuple

from selfinstruct.config import Teacher
from selfinstruct.teacher.http.body import LARGEST_BODY, error_of, object_of, parsed
from selfinstruct.teacher.http.provider_error import Refusal, is_filtered, refusal_of, status_within
from selfinstruct.teacher.http.stream import is_stream, is_whole

Phase = Literal["connecting", "sending", "awaiting", "body"]
"""Progress of an attempt: nothing sent; request partly sent; request fully sent; response started."""

Meaning = Literal["done", "retry", "retry_billed", "failed", "respell", "refused", "pause", "stop"]
"""done: a reply. retry: retry later, not billed. retry_billed: retry, but it may have been billed. failed: this request will never
succeed, others may. respell: refused as it was spelt, to be sent otherwise. refused: refused, as others may be too; to be sent again. pause: every request fails until the key is changed. stop: every request fails until quota, model or address is
changed. pause and stop end the run, which can be resumed."""

OVERSIZE = "oversize"
"""Error of a response above the size limit; the part that was read is kept as the reply."""

_NOT_REFUSED = {408, 409, 425, 499}
"""Statuses from 400 to 499 after which the request may have been worked on."""
_SURELY_PERMANENT: tuple[Refusal, ...] = ("key", "credit", "suspended")
"""Refusals that are believed under a status of 5xx too."""
_DELAY = ("retrydelay", "try again in", "retry in ", "retry after")


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
    in_200: bool = False
    """The status is that of an error which came with a status of 2xx; nothing was generated."""


def heard(answer: Response) -> Response:
    """Return a response as what it is: an error with a status of 2xx by its own code, a stream that broke off as incomplete."""
    if not 200 <= answer.status < 300 or answer.error:
        return answer
    if _is_broken_stream(answer):
        words = error_of(answer.body)
        return answer._replace(error=f"the stream ended before the reply did{': ' if words else ''}{words}")
    odd = b"rror" in answer.body or b"base_resp" in answer.body or b'"choices"' not in answer.body
    inner = status_within(object_of(answer.body)) if odd else 0
    return answer._replace(status=inner, in_200=True) if inner else answer


def _is_broken_stream(answer: Response) -> bool:
    """Return whether a stream has no end; one that broke off before its first event is known by its type."""
    if is_stream(answer.body):
        return not is_whole(answer.body)
    return "event-stream" in answer.headers.get("content-type", "") and not object_of(answer.body)


def classify(answer: Response) -> Meaning:
    """Return what a response means for its request and the run; of a response as `heard` returns it."""
    status = answer.status
    if answer.phase == "connecting":
        return "retry"
    if 200 <= status < 300:
        return "retry_billed" if is_incomplete(answer) or is_web_page(answer) else "done"
    if status < 200 or status in _NOT_REFUSED or status >= 500:
        return _classify_failure(answer)
    return _classify_refusal(answer)


def _classify_failure(answer: Response) -> Meaning:
    if refusal_of(parsed(answer.body)) in _SURELY_PERMANENT and answer.status >= 500 and not is_incomplete(answer):
        return "stop"
    return "retry" if answer.in_200 else "retry_billed"


def _classify_refusal(answer: Response) -> Meaning:
    status = answer.status
    if is_incomplete(answer) and status not in {401, 402, 403, 404} and status >= 400:
        return "retry"  # the error message is missing; another try shows it
    said = parsed(answer.body)
    kind = refusal_of(said, has_delay=has_delay(answer))
    if status == 429:
        return "stop" if kind in {"credit", "suspended", "daily_quota", "key"} else "retry"
    if status in {403, 451} and kind is None and is_filtered(said):
        return "failed"
    if status in {401, 403} or kind == "key":
        return "pause"
    return "stop" if kind or status in {402, 404} or status < 400 else "failed"


def has_delay(answer: Response) -> bool:
    """Return whether a response says when to try again."""
    if "retry-after" in answer.headers or "retry-after-ms" in answer.headers:
        return True
    text = answer.body[:4000].decode("utf-8", "replace").lower()
    return any(word in text for word in _DELAY)


def is_free(answer: Response) -> bool:
    """Return whether an attempt was certainly not billed."""
    refused = 400 <= answer.status < 500 and answer.status not in _NOT_REFUSED
    return answer.phase == "connecting" or refused or answer.in_200 or 300 <= answer.status < 400


def is_web_page(answer: Response) -> bool:
    """Return whether the response is HTML instead of JSON: a gateway, a login page, a wrong address."""
    return "html" in answer.headers.get("content-type", "") or answer.body[:100].lstrip()[:1] == b"<"


def is_incomplete(answer: Response) -> bool:
    """Return whether a response is truncated or missing; an oversize one counts as complete."""
    return bool(answer.error) and answer.error != OVERSIZE


def is_outage(answer: Response) -> bool:
    """Return whether a response indicates an outage: incomplete, without end, 5xx, or a web page instead of a reply."""
    if answer.in_200:
        return False
    return bool(answer.error) or answer.status >= 500 or (answer.status < 300 and is_web_page(answer))


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
    if answer.error == OVERSIZE:
        return f"a reply of more than {LARGEST_BODY // 2**20} MiB, status {answer.status}"
    if answer.error:
        return answer.error if answer.status in {0, 200} else f"status {answer.status}, then {answer.error}"
    if is_web_page(answer):
        return f"a web page, status {answer.status}"
    words, status = error_of(answer.body), "an error under status 200" if answer.in_200 else f"status {answer.status}"
    return f"{status}, {words}" if words else status


def spoken(answer: Response) -> str:
    """Return what the provider said in an error, in quotation marks after a blank; empty if it said nothing."""
    words = error_of(answer.body)
    return f' It says: "{words}".' if words else ""


_REMEDIES: dict[Refusal, str] = {
    "key": "{base_url} refuses the key in {key} (status {status}).{said} Set {key} to a valid key and run the same command again",
    "credit": "{base_url} reports that the quota or balance is used up (status {status}).{said} Top it up and run the same command again",
    "suspended": "{base_url} has suspended the account (status {status}).{said} Settle that with the provider and run the same command again",
    "daily_quota": "{base_url} reports that the quota of the day is used up (status {status}).{said} Tomorrow, or with a higher quota, run the same command again",
    "model": "{base_url} does not serve the model {model} (status {status}).{said} {another}",
    "address": "{base_url} serves no chat completions at this address (status {status}).{said} Check [teacher] base_url, which usually ends in /v1",
}


_NO_KEY = "{base_url} wants a key, and {key} is not set (status {status}).{said} Set it and run the same command again"
_DOUBLED = re.compile(r"(/v\d+)\1(?=/|$)")
"""Of an address that a provider's base URL and a path were put together to."""
_ANOTHER_MODEL = "Set [teacher] model to one that it serves"
_MODEL_IS_GONE = (
    "Once it serves it again, the same command goes on; another [teacher] model is another run: set it, and run the same command with --fresh, "
    "or with another --run"
)


def explain_refusal(answer: Response, base_url: str, teacher: Teacher, *, answered: bool = False) -> str:
    """Return an error message: what the endpoint said, and what to change; `answered`: the run has replies of this model already."""
    status = answer.status
    if is_web_page(answer):
        return f"{base_url} answers with a web page, not with JSON (status {status}).{spoken(answer)} Check base_url, which usually ends in /v1"
    if 300 <= status < 400:
        return f"{base_url} redirects elsewhere (status {status}); redirects are not followed, set base_url to the final address"
    if status in {400, 404, 405} and (doubled := _DOUBLED.search(base_url)):
        once = base_url.replace(doubled[0], doubled[1])
        return f"{base_url} has {doubled[1]} twice, and serves nothing there (status {status}).{spoken(answer)} Set [teacher] base_url to {once}"
    kind = refusal_of(parsed(answer.body)) or _kind_of(status)
    is_keyless = kind == "key" and not os.environ.get(teacher.api_key_env, "").strip()
    remedy = (_NO_KEY if is_keyless else _REMEDIES[kind]).format(
        base_url=base_url,
        key=teacher.api_key_env,
        model=teacher.model,
        status=f"200, with an error of {status}" if answer.in_200 else status,
        said="{said}",
        another=_MODEL_IS_GONE if answered else _ANOTHER_MODEL,
    )
    return f"{remedy.replace('{said}', spoken(answer))}{_other_address(base_url, status)}"


def _kind_of(status: int) -> Refusal:
    if status in {401, 403}:
        return "key"
    return "credit" if status in {402, 429} else "model"


def _other_address(base_url: str, status: int) -> str:
    """Return the address that was probably meant: with the /v1 that most servers want."""
    missing = status in {400, 404, 405} and not re.search(r"/v\d+[\w]*(/|$)|/openai|/compatible-mode|/api/", base_url)
    return f"; or [teacher] base_url, which may have to be {base_url.rstrip('/')}/v1" if missing else ""
