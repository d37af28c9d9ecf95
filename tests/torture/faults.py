"""What the fault server does instead of answering: a pure function of (seed, request key, attempt), never of the order of arrival.

A fault of the way (a reset, a hang, a 503) is drawn anew for each attempt. A fault of the content (truncated JSON, an echoed key) is what
this teacher says to this request, so it is drawn once for each key: a reply that is bought again says the same. Sources:
tests/teacher/http/test_classify.py. Touches no socket; `server.py` plays what is drawn here.
"""

import json
import random
import time
from collections.abc import Callable, Mapping
from email.utils import formatdate
from typing import Any, NamedTuple

from tests.support.teacher_server import completion, say

WAY = (
    "reset",
    "fin",
    "reset_body",
    "fin_body",
    "hang",
    "loris",
    "status_500",
    "html_502",
    "status_503",
    "limit_seconds",
    "limit_date",
    "limit_bare",
    "echo_500",
    "error_200",
)
"""Faults of the way: the same request may succeed the next time."""
CONTENT = (
    "truncated",
    "bad_utf8",
    "empty",
    "choices_null",
    "choices_none",
    "content_null",
    "echo_200",
    "echo_escaped",
    "length",
)
"""Faults of the content: a complete answer with status 200 that is strange."""
KEYED = (*CONTENT, "context_length", "oversize")
"""What this teacher says to this request whenever it is asked."""
ALONE = ("redirect", "key_revoked", "quota", "html_200", "oversize", "context_length")
"""Faults that end a run or weigh too much for a mix; each is played when it is named."""
FREE = frozenset(
    {"limit_seconds", "limit_date", "limit_bare", "redirect", "key_revoked", "quota", "context_length", "error_200"}
)
"""Never billed by any provider (catalogue rows 1 to 8): in a mix they come in the variant before billing only."""
COUNTED = frozenset(CONTENT) - {"empty"}
"""Bodies that report a usage, whole or cut: an honest provider has billed them."""
SAID = ("choices_null", "choices_none", "content_null", "echo_200", "echo_escaped", "length")
"""Faults of the content that the model itself commits, so that a lookup finds them too; the others are the server's."""
RETRY_AFTER_S = 1
OVERSIZE = 24 * 2**20


class Fault(NamedTuple):
    """One fault: its class, and whether the completion was generated, and so billed, before it struck."""

    name: str
    billed: bool


class Wire(NamedTuple):
    """What goes over the wire for one request."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


def draw(seed: int, key: str, attempt: int, rate: float, names: tuple[str, ...] = WAY + CONTENT) -> Fault | None:
    """Return the fault of an attempt (from 1), or None; `rate` is the share of requests that meet one of `names`."""
    for kinds, text in ((KEYED, f"{seed}/{key}"), (WAY + ALONE, f"{seed}/{key}/{attempt}")):
        rng = random.Random(text)
        wanted = [name for name in names if name in kinds and (name not in KEYED or kinds is KEYED)]
        if rng.random() < rate * len(wanted) / len(names):
            name = rng.choice(wanted)
            return Fault(name, billed=name in COUNTED or (name not in FREE and rng.random() < 0.5))
    return None


def parse(name: str) -> tuple[Fault, ...]:
    """Return the faults that `hang`, `hang-before` or `hang-after` names."""
    kind, _, when = name.partition("-")
    if kind not in WAY + CONTENT + ALONE or when not in {"", "before", "after"}:
        raise ValueError(f"no such fault: {name}")
    return tuple(Fault(kind, billed) for billed in (False, True) if when in {"", "after" if billed else "before"})


def answer(body: Mapping[str, Any], ident: str) -> dict[str, Any]:
    """Return the proper completion of a request: what only serves bookkeeping (metadata, store) changes nothing."""
    asked = {name: value for name, value in body.items() if name not in {"metadata", "store", "user"}}
    return completion(say(asked)) | {"id": ident}


def wire(fault: Fault | None, right: dict[str, Any], secret: str) -> Wire:
    """Return what is sent for a fault with status and body of its own, else the proper answer."""
    name = fault.name if fault else ""
    made = _refusal(name, secret) or _content(name, right, secret)
    return made or Wire(body=json.dumps(right, ensure_ascii=False).encode())


def _refusal(name: str, secret: str) -> Wire | None:
    limit = _error("Rate limit reached", "rate_limit_exceeded")
    later = (("Retry-After", str(RETRY_AFTER_S)),)
    made: dict[str, Callable[[], Wire]] = {
        "status_500": lambda: Wire(500, _error("The server had an error", "server_error")),
        "html_502": lambda: Wire(502, b"<html><h1>502 Bad Gateway</h1></html>", "text/html"),
        "status_503": lambda: Wire(503, _error("Overloaded", "overloaded"), headers=later),
        "limit_seconds": lambda: Wire(429, limit, headers=later),
        "limit_date": lambda: Wire(
            429, limit, headers=(("Retry-After", formatdate(time.time() + RETRY_AFTER_S, usegmt=True)),)
        ),
        "limit_bare": lambda: Wire(429, limit),
        "echo_500": lambda: Wire(500, _error(f"Bad header Authorization: Bearer {secret}", "server_error")),
        "redirect": lambda: Wire(307, headers=(("Location", "/elsewhere/chat/completions"),)),
        "key_revoked": lambda: Wire(401, _error("Incorrect API key provided", "invalid_api_key")),
        "quota": lambda: Wire(429, _error("You exceeded your current quota", "insufficient_quota")),
        "context_length": lambda: Wire(400, _error("This model's context is shorter", "context_length_exceeded")),
    }
    return made[name]() if name in made else None


def _error(message: str, code: str) -> bytes:
    return json.dumps({"error": {"message": message, "type": code, "code": code}}).encode()


def _content(name: str, right: dict[str, Any], secret: str) -> Wire | None:
    proper = json.dumps(right, ensure_ascii=False).encode()
    made: dict[str, Callable[[], Wire]] = {
        "html_200": lambda: Wire(body=b"<html>Welcome</html>", content_type="text/html"),
        "truncated": lambda: Wire(body=proper[: len(proper) // 2]),
        "bad_utf8": lambda: Wire(body=proper[:60] + b"\xff\xfe" + proper[60:]),
        "empty": Wire,
        "choices_null": lambda: _json(right | {"choices": None}),
        "choices_none": lambda: _json(right | {"choices": []}),
        "content_null": lambda: _says(right, None),
        "error_200": lambda: Wire(body=_error("Overloaded", "overloaded")),
        "echo_200": lambda: _says(right, f"Describe the key {secret} in winter light."),
        "echo_escaped": lambda: _escaped(right, secret),
        "length": lambda: _says(right, "Describe the rivers of", "length"),
        "oversize": lambda: _says(right, "Describe a river. " * (OVERSIZE // 18)),
    }
    return made[name]() if name in made else None


def _json(value: dict[str, Any]) -> Wire:
    return Wire(body=json.dumps(value, ensure_ascii=False).encode())


def _says(right: dict[str, Any], content: str | None, finish: str = "stop") -> Wire:
    message = {"role": "assistant", "content": content}
    return _json(right | {"choices": [{"index": 0, "message": message, "finish_reason": finish}]})


def _escaped(right: dict[str, Any], secret: str) -> Wire:
    """Echo the secret with its first letter as a JSON escape, which a search for its bytes does not find."""
    body = _says(right, f"Describe the key {secret} in winter light.").body
    return Wire(body=body.replace(secret.encode(), f"\\u{ord(secret[0]):04x}{secret[1:]}".encode()))
