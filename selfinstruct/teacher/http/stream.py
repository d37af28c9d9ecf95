"""A streamed reply (server-sent events) put together to the completion that it is; pure functions, so that a journal can be read again.

The raw stream is what the journal keeps. Sources: WHATWG HTML 9.2 (the format), OpenAI's chat completion chunks, and what gateways add:
comments as keep-alive, `data:` without a blank, usage in a chunk of its own, an error in the middle.
"""

import json
from collections.abc import Iterator
from typing import Any

_DONE = "[DONE]"
_REASONING = ("reasoning_content", "reasoning")


def is_stream(body: bytes) -> bool:
    r"""Return whether a body is a stream of events and not one JSON value.

    >>> is_stream(b": keep-alive\n\ndata: {}\n\n"), is_stream(b'{"choices": []}')
    (True, False)
    """
    return body.lstrip(b"\xef\xbb\xbf \r\n\t")[:6].startswith((b"data:", b":", b"event:", b"id:", b"retry:"))


def is_whole(body: bytes) -> bool:
    """Return whether a stream came to its end: a finish reason, the end mark, or an error before anything was said.

    A stream that breaks off with an error says half an answer, even if the end mark follows.
    """
    ended = began = False
    for data in _events(body):
        if data is not None and data.get("error"):
            return not began
        began |= data is not None and bool(_choices(data))
        ended |= data is None or any(choice.get("finish_reason") for choice in _choices(data))
    return ended


def assemble(body: bytes) -> dict[str, Any]:
    """Return the completion that a stream says, with the keys of one that was not streamed."""
    whole: dict[str, Any] = {}
    message: dict[str, Any] = {}
    finish = None
    heard = False
    for data in _events(body):
        if data is None:
            continue
        whole |= {key: value for key, value in data.items() if key != "choices" and value is not None}
        for choice in _choices(data):
            heard = True
            delta = choice.get("delta") or choice.get("message") or {}
            finish = choice.get("finish_reason") or finish
            _add(message, delta if isinstance(delta, dict) else {})
    if heard:
        whole["choices"] = [
            {"index": 0, "message": {"role": "assistant", "content": None} | message, "finish_reason": finish}
        ]
    return whole


def _add(message: dict[str, Any], delta: dict[str, Any]) -> None:
    for name in ("content", "refusal", *_REASONING):
        part, before = delta.get(name), message.get(name)
        if isinstance(part, str) and not isinstance(before, list):
            message[name] = (before or "") + part
        elif isinstance(part, str | list):
            parts = before if isinstance(before, list) else _parts(before or "")
            parts.extend(_parts(part))
            message[name] = parts


def _parts(content: str | list[Any]) -> list[Any]:
    """Return a content as parts; a server may say some of it as a text and some as parts."""
    return list(content) if isinstance(content, list) else [{"type": "text", "text": content}] if content else []


def _choices(data: dict[str, Any]) -> list[dict[str, Any]]:
    choices = data.get("choices")
    first = choices[:1] if isinstance(choices, list) else []
    return [one for one in first if isinstance(one, dict)]


def _events(body: bytes) -> Iterator[dict[str, Any] | None]:
    """Yield the objects of a stream, None for the end mark; what is no JSON object is passed over."""
    for line in body.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if not line.startswith("data:"):
            continue
        text = line.removeprefix("data:").strip()
        if text == _DONE:
            yield None
            continue
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            yield value
