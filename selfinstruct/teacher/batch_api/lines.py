"""Lines of a batch's input, output and error files (JSON Lines).

An output line is `{"custom_id": ..., "response": {"status_code": 200, "body": {...}}, "error": null}`. The body is kept as its original
bytes, not re-serialised, so that the journal stores the same as for a direct reply, even if it is malformed.
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
"""Error codes of requests that were never executed."""
_SPACE = " \t\r\n"
_LARGEST_LINE = LARGEST_BODY + 2**16
_LINES_PER_CALL = 256
"""Lines per callback, which share one fsync."""
_BYTES_PER_CALL = 4 * LARGEST_BODY
"""Bytes of lines that are held for a callback; 256 of the largest would be 2 GiB."""

OnLines = Callable[[list[bytes]], Awaitable[None]]


class BatchLine(NamedTuple):
    """Outcome of one request of a batch."""

    send: Send
    answer: Response
    unexecuted: bool = False
    """Whether the batch ended before the request was executed."""


def chat_path(base_url: str) -> str:
    """Return the chat endpoint's path for a batch, e.g. `/v1/chat/completions`; the version is that of base_url."""
    return f"/{urlsplit(base_url).path.rstrip('/').rpartition('/')[2]}/chat/completions"


def input_line(send: Send, path: str, body: dict[str, Any]) -> bytes:
    """Return the input line of one request; its `custom_id` is `slot/attempt`."""
    slot, attempt = send
    line = {"custom_id": f"{slot}/{attempt}", "method": "POST", "url": path, "body": body}
    return json.dumps(line, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"


def parse_line(line: bytes) -> BatchLine | None:
    """Parse a line of an output or error file; None when it is invalid."""
    try:
        text = line.decode("utf-8")
        fields = dict(_members(text, 0))
        send = _send(json.loads(fields["custom_id"]))
        if fields.get("response", "null") == "null":
            return _failed(send, json.loads(fields["error"]))
        response = dict(_members(fields["response"], 0))
        status = int(json.loads(response["status_code"]))
        if not 0 <= status < 1000:
            return None
        return BatchLine(send, Response("body", status, {}, response["body"].encode("utf-8")))
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


def line_reader(on_lines: OnLines) -> Read:
    """Return a body reader that calls `on_lines` with up to 256 lines, or about 32 MiB, at a time."""

    async def read(chunks: AsyncIterator[bytes]) -> None:
        lines, held = list[bytes](), 0
        async for line in _split(chunks, _LARGEST_LINE):
            lines.append(line)
            held += len(line)
            if len(lines) == _LINES_PER_CALL or held > _BYTES_PER_CALL:
                await on_lines(lines)
                lines, held = [], 0
        if lines:
            await on_lines(lines)

    return read


async def _split(chunks: AsyncIterator[bytes], largest: int) -> AsyncIterator[bytes]:
    """Yield the non-empty lines of a body; one longer than `largest` bytes is truncated, so that parsing it fails."""
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
    """Yield (name, unparsed value) of each member of the JSON object at `start`; raises ValueError or IndexError."""
    decoder = JSONDecoder()
    at = _skip_mark(text, start, "{")
    while text[at] != "}":
        name, end = decoder.raw_decode(text, at)
        begin = _skip_space(text, _skip_mark(text, end, ":"))
        _, end = decoder.raw_decode(text, begin)
        yield name, text[begin:end]
        at = _skip_space(text, end)
        at = _skip_space(text, at + 1) if text[at] == "," else at


def _skip_mark(text: str, at: int, mark: str) -> int:
    at = _skip_space(text, at)
    if text[at] != mark:
        raise ValueError(mark)
    return _skip_space(text, at + 1)


def _skip_space(text: str, at: int) -> int:
    while text[at] in _SPACE:
        at += 1
    return at
