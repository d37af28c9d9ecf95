"""Parse raw reply bodies: pure functions that never raise, so that a journal can be re-read at any time.

Parsing is strict (RFC 8259): NaN, duplicate keys, excessive nesting and excessively long numbers make a body malformed.
"""

import json
from typing import Any

from selfinstruct.records import Reply, Usage
from selfinstruct.system.text import harmless

LARGEST_BODY = 8 * 2**20
"""Maximum bytes read of a response; a chat reply of 4,000 tokens has about 20 kB."""
_MAX_TOKENS = 2**31
"""Token counts from this on are invalid and not billed: no model generates as many."""


def read_reply(status: int, body: bytes) -> Reply:
    """Return the reply in a raw body; an unusable one has `fault` set."""
    if len(body) >= LARGEST_BODY:
        return Reply(fault="oversize")
    data = object_of(body)
    if not 200 <= status < 300:
        return Reply(fault="content_filtered" if _is_filtered(data) else "request_rejected", text=_error(data))
    choice = _first(data.get("choices"))
    message = choice.get("message")
    if not isinstance(message, dict):
        return Reply(fault="content_filtered" if _is_filtered(data) else "malformed_reply", text=_error(data))
    text, finish = _text(message.get("content")), _text(choice.get("finish_reason"))
    fault = "content_filtered" if finish == "content_filter" else "" if text.strip() else "empty_reply"
    return Reply(text=text, finish_reason=finish, model=_text(data.get("model")), usage=read_usage(data), fault=fault)


def read_usage(data: dict[str, Any]) -> Usage | None:
    """Return the token usage of a parsed body, or None when it reports none."""
    usage = data.get("usage")
    if not isinstance(usage, dict):
        return None
    counts = [usage.get("prompt_tokens"), usage.get("completion_tokens")]
    if not all(type(count) is int and 0 <= count < _MAX_TOKENS for count in counts):
        return None
    return Usage(prompt_tokens=counts[0], completion_tokens=counts[1])


def usage_of(body: bytes) -> Usage | None:
    """Return the token usage of a raw body, or None."""
    return read_usage(object_of(body))


def error_of(body: bytes) -> str:
    """Return the provider's error message, at most 300 characters; empty if there is none."""
    return _error(object_of(body))


def object_of(body: bytes) -> dict[str, Any]:
    """Return a body parsed as a JSON object; empty if it is none.

    Bytes that are not UTF-8 become U+FFFD, which a content rule detects.
    """
    try:
        text = body[:LARGEST_BODY].decode("utf-8-sig", "replace")
        value = json.loads(text, parse_constant=_reject_constant, object_pairs_hook=_reject_duplicate_keys)
    except (ValueError, RecursionError):  # also numbers of more than 4,300 digits
        return {}
    return value if isinstance(value, dict) else {}


def _reject_constant(constant: str) -> None:
    raise ValueError(constant)


def _reject_duplicate_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("a key stands twice")
    return value


def _first(choices: Any) -> dict[str, Any]:
    return choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}


def _error(data: dict[str, Any]) -> str:
    error = data.get("error", data.get("message", ""))
    message = error.get("message", "") if isinstance(error, dict) else error
    return " ".join(harmless(_text(message)[:2000]).split())[:300]


def _is_filtered(data: dict[str, Any]) -> bool:
    error = data.get("error")
    code = _text(error.get("code")) if isinstance(error, dict) else ""
    return "content_filter" in code or "content management policy" in _error(data)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
