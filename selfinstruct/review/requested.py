"""What a request to the page's server asks for, read strictly: nothing that the page would not send is taken."""

import json
from collections.abc import Mapping
from email.message import Message
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from selfinstruct.review.shown import EDITED
from selfinstruct.review.wish import Wish

_MOST_BYTES = 8_000_000
"""Of a request."""
_MOST_DIGITS = 9
_KINDS: dict[object, Literal["accepted", "rejected", "edited"]] = {
    "accepted": "accepted",
    "rejected": "rejected",
    "edited": "edited",
}


class RefusedError(Exception):
    """A request that is not answered; (status, why)."""


def checked_length(headers: Message) -> int:
    """Return the bytes that a request brings; raises RefusedError where they are too many, or it does not say how many."""
    length = headers.get("Content-Length", "0")
    if headers.get("Transfer-Encoding") or not _is_number(length) or int(length) > _MOST_BYTES:
        raise RefusedError(413, "the request is too large, or does not say how large it is")
    return int(length)


def parsed(target: str) -> tuple[str, dict[str, str]]:
    """Return path and query of a request."""
    try:
        parts = urlsplit(target)
        return parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}
    except ValueError as error:
        raise RefusedError(400, "the address cannot be read") from error


def body_of(data: bytes, kind: str) -> dict[str, Any]:
    """Return the JSON object that a request brings; one that says it is anything else, as a form of another page must, is refused."""
    if kind != "application/json":
        raise RefusedError(415, "the request is not declared to be JSON")
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise RefusedError(400, "the request is not JSON") from error
    if not isinstance(value, dict):
        raise RefusedError(400, "the request is no JSON object")
    return value


def wish_of(body: Mapping[str, Any]) -> Wish:
    """Return the decision that a request asks for."""
    kind, texts = _KINDS.get(str(body.get("decision"))), body.get("texts") or {}
    if kind is None:
        raise RefusedError(400, "no such decision")
    if not isinstance(texts, dict) or set(texts) - set(EDITED) or (kind == "edited") != bool(texts):
        raise RefusedError(400, "an edit has the texts of a row, and nothing else has")
    read = {name: text_of(value) for name, value in texts.items()}
    return Wish(kind, read, *(text_of(body.get(name, "")) for name in ("reason", "note", "was")))


def number_of(value: object, rows: int) -> int:
    """Return the number of a row."""
    text = str(value)
    if not _is_number(text) or int(text) >= rows:
        raise RefusedError(404, "there is no such row")
    return int(text)


def text_of(value: object) -> str:
    """Return a text that can be written down."""
    if not isinstance(value, str):
        raise RefusedError(400, "a text is expected")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise RefusedError(400, "half of a surrogate pair cannot be written down") from error
    return value


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
