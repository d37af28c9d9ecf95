"""Streamed replies: a completion as the server-sent events that say it, and a teacher that speaks them."""

import json
from typing import Any

from tests.support.teacher_server import Fault, completion, say


def stream_of(answer: dict[str, Any], size: int = 7) -> bytes:
    """Return a completion as a stream of parts of `size` characters, a finish reason, the usage, and the end mark."""
    head = {name: value for name, value in answer.items() if name not in {"choices", "usage"}}
    choice = answer["choices"][0]
    content = choice["message"]["content"] or ""
    parts = [content[start : start + size] for start in range(0, len(content), size)]
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}, *({"content": part} for part in parts)]
    chunks = [head | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    chunks += [head | {"choices": [{"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}]}]
    chunks += [head | {"choices": [], "usage": answer["usage"]}] if answer.get("usage") else []
    lines = [json.dumps(chunk, ensure_ascii=False) for chunk in chunks]
    return "".join(f"data: {line}\n\n" for line in [*lines, "[DONE]"]).encode()


def streamed(answer: dict[str, Any]) -> Fault:
    return Fault(body=stream_of(answer), content_type="text/event-stream")


def said_to(body: dict[str, Any]) -> dict[str, Any]:
    """Return the completion of a teacher that heeds the messages and nothing else of a request."""
    return completion(say({"messages": body["messages"]}))


def answered(body: dict[str, Any]) -> Fault:
    """Return that completion, streamed if it is asked for so."""
    answer = said_to(body)
    return streamed(answer) if body.get("stream") else Fault(body=json.dumps(answer, ensure_ascii=False).encode())


def refused(message: str, status: int = 400, **more: Any) -> Fault:
    return Fault(status, json.dumps({"error": {"message": message, **more}}, ensure_ascii=False).encode())
