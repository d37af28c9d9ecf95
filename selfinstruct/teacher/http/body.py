"""Reading a raw reply body: a pure function, so that a journal can be read again at any time. It never raises.

The loader is strict (RFC 8259 and no more): NaN, a key given twice, nesting or numbers without end make a body malformed, not wrong.
"""

import json
import re
from typing import Any

from selfinstruct.records import Reply, Usage

LARGEST_BODY = 8 * 2**20
"""Bytes of an answer that are read and kept; a chat reply of 4,000 tokens has about 20 kB."""
_DRIVES_TERMINALS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What has no place in a message that is printed: control characters, direction marks, surrogates."""
_MOST_TOKENS = 2**31
"""A count above this is no count: no model writes it, and a bill must not believe it."""


def read_reply(status: int, body: bytes) -> Reply:
    """Return what a teacher said in a raw body; what cannot be read carries its fault."""
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
    """Return the tokens of a body, or None when it does not count them."""
    usage = data.get("usage")
    if not isinstance(usage, dict):
        return None
    counts = [usage.get("prompt_tokens"), usage.get("completion_tokens")]
    if not all(type(count) is int and 0 <= count < _MOST_TOKENS for count in counts):
        return None
    return Usage(prompt_tokens=counts[0], completion_tokens=counts[1])


def usage_of(body: bytes) -> Usage | None:
    """Return the tokens of a raw body, or None."""
    return read_usage(object_of(body))


def error_of(body: bytes) -> str:
    """Return the provider's own error message, shortened, or nothing."""
    return _error(object_of(body))


def object_of(body: bytes) -> dict[str, Any]:
    """Return the object that a body is, or an empty one. Bytes that are not UTF-8 become U+FFFD, which a rule sees."""
    try:
        text = body[:LARGEST_BODY].decode("utf-8-sig", "replace")
        value = json.loads(text, parse_constant=_not_json, object_pairs_hook=_no_key_twice)
    except (ValueError, RecursionError):  # a number of more than 4,300 digits is a ValueError too
        return {}
    return value if isinstance(value, dict) else {}


def _not_json(constant: str) -> None:
    raise ValueError(constant)


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("a key stands twice")
    return value


def _first(choices: Any) -> dict[str, Any]:
    return choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}


def _error(data: dict[str, Any]) -> str:
    error = data.get("error", data.get("message", ""))
    message = error.get("message", "") if isinstance(error, dict) else error
    return " ".join(_DRIVES_TERMINALS.sub(" ", _text(message)[:2000]).split())[:300]


def _is_filtered(data: dict[str, Any]) -> bool:
    error = data.get("error")
    code = _text(error.get("code")) if isinstance(error, dict) else ""
    return "content_filter" in code or "content management policy" in _error(data)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
