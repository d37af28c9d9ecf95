"""Reading a raw reply body: a pure function, so that a journal can be read again at any time. It never raises."""

import json
from typing import Any

from selfinstruct.records import Reply, Usage


def read_reply(status: int, body: bytes) -> Reply:
    """Return what a teacher said in a raw body; what cannot be read carries its fault."""
    data = _object(body)
    if status != 200:
        return Reply(fault="content_filtered" if _is_filtered(data) else "request_rejected", text=_error(data))
    choice = _first(data.get("choices"))
    message = choice.get("message")
    if not isinstance(message, dict):
        return Reply(fault="content_filtered" if _is_filtered(data) else "malformed_reply", text=_error(data))
    content = message.get("content")
    text = content if isinstance(content, str) else ""
    finish = str(choice.get("finish_reason") or "")
    fault = "content_filtered" if finish == "content_filter" else "" if text.strip() else "empty_reply"
    return Reply(
        text=text, finish_reason=finish, model=str(data.get("model") or ""), usage=read_usage(data), fault=fault
    )


def read_usage(data: dict[str, Any]) -> Usage | None:
    """Return the tokens of a body, or None when it does not count them."""
    usage = data.get("usage")
    if not isinstance(usage, dict):
        return None
    counts = [usage.get("prompt_tokens"), usage.get("completion_tokens")]
    if not all(isinstance(count, int) and count >= 0 for count in counts):
        return None
    return Usage(prompt_tokens=counts[0], completion_tokens=counts[1])


def usage_of(body: bytes) -> Usage | None:
    """Return the tokens of a raw body, or None."""
    return read_usage(_object(body))


def error_of(body: bytes) -> str:
    """Return the provider's own error message, shortened, or nothing."""
    return _error(_object(body))


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _first(choices: Any) -> dict[str, Any]:
    return choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}


def _error(data: dict[str, Any]) -> str:
    error = data.get("error", data.get("message", ""))
    message = error.get("message", "") if isinstance(error, dict) else error
    return " ".join(str(message or "").split())[:300]


def _is_filtered(data: dict[str, Any]) -> bool:
    error = data.get("error")
    code = str(error.get("code", "")) if isinstance(error, dict) else ""
    return "content_filter" in code or "content management policy" in _error(data)
