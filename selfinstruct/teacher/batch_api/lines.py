"""Lines of a batch's files: what goes in, what comes out.

A line of the output is `{"custom_id": ..., "response": {"status_code": 200, "body": {...}}, "error": null}`; the body is taken as the
bytes that stand there, so that the journal holds what any other reply of it would hold, wrong as it may be.
Source: https://platform.openai.com/docs/api-reference/batch/request-output
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from json.decoder import JSONDecoder
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from selfinstruct.journal import Send
from selfinstruct.teacher.http.body import LARGEST_BODY
from selfinstruct.teacher.http.classify import Response
from selfinstruct.teacher.http.endpoint import Read

_UNEXECUTED = {"batch_expired", "batch_cancelled"}
"""Error codes of a request that was never begun."""
_SPACE = " \t\r\n"
_LARGEST_LINE = LARGEST_BODY + 2**16
_LINES = 256
"""Lines that are taken together, so that they share an fsync."""

Take = Callable[[list[bytes]], Awaitable[None]]


class BatchLine(NamedTuple):
    """What became of one request of a batch."""

    send: Send
    answer: Response
    unexecuted: bool = False
    """It was not begun before the batch ended."""


def chat_path(base_url: str) -> str:
    """Return what a batch calls the chat endpoint: `/v1/chat/completions`; version 4 at a base_url that ends in `/v4`."""
    return f"/{urlsplit(base_url).path.rstrip('/').rpartition('/')[2]}/chat/completions"


def input_line(send: Send, path: str, body: dict[str, Any]) -> bytes:
    """Return the line of one request; its `custom_id` is `slot/attempt`."""
    slot, attempt = send
    line = {"custom_id": f"{slot}/{attempt}", "method": "POST", "url": path, "body": body}
    return json.dumps(line, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"


def read_item(line: bytes) -> BatchLine | None:
    """Return what a line of an output or error file says, or None when it cannot be read."""
    try:
        text = line.decode("utf-8")
        fields = dict(_members(text, 0))
        send = _send(json.loads(fields["custom_id"]))
        if fields.get("response", "null") == "null":
            return _failed(send, json.loads(fields["error"]))
        response = dict(_members(fields["response"], 0))
        status = int(json.loads(response["status_code"]))
        return BatchLine(send, Response("body", status, {}, response["body"].encode("utf-8")))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def lines_to(take: Take) -> Read:
    """Return what hands the lines of a body over, some at a time."""

    async def read(chunks: AsyncIterator[bytes]) -> None:
        lines: list[bytes] = []
        async for line in _split(chunks, _LARGEST_LINE):
            lines.append(line)
            if len(lines) == _LINES:
                await take(lines)
                lines = []
        if lines:
            await take(lines)

    return read


async def _split(chunks: AsyncIterator[bytes], largest: int) -> AsyncIterator[bytes]:
    """Yield the lines of a body, empty ones aside; of a line that is too large its beginning, which cannot be read."""
    kept = bytearray()
    async for chunk in chunks:
        *ends, rest = chunk.split(b"\n")
        for end in ends:
            kept += end[: largest - len(kept)]
            if kept.strip():
                yield bytes(kept)
            kept.clear()
        kept += rest[: largest - len(kept)]
    if kept.strip():
        yield bytes(kept)


def _send(custom_id: str) -> Send:
    slot, _, attempt = custom_id.rpartition("/")
    return slot, int(attempt)


def _failed(send: Send, error: dict[str, Any]) -> BatchLine:
    code, message = error.get("code"), error.get("message")
    answer = Response("awaiting", error=f"{code}: {message}"[:300])
    return BatchLine(send, answer, unexecuted=code in _UNEXECUTED)


def _members(text: str, start: int) -> Iterator[tuple[str, str]]:
    """Yield name and value of each member of a JSON object, the value as the text that stands there; raises ValueError."""
    decoder = JSONDecoder()
    at = _after(text, start, "{")
    while text[at] != "}":
        name, end = decoder.raw_decode(text, at)
        begin = _skip(text, _after(text, end, ":"))
        _, end = decoder.raw_decode(text, begin)
        yield name, text[begin:end]
        at = _skip(text, end)
        at = _skip(text, at + 1) if text[at] == "," else at


def _after(text: str, at: int, mark: str) -> int:
    at = _skip(text, at)
    if text[at] != mark:
        raise ValueError(mark)
    return _skip(text, at + 1)


def _skip(text: str, at: int) -> int:
    while text[at] in _SPACE:
        at += 1
    return at
