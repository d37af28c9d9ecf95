r"""What is still found in a body once it has been decoded as its readers do: JSON within JSON, a page's title, a stream put together.

A text that is redacted first and decoded later may say again what was redacted: `&#115;k-...` in a title, `\u005cu0073k-...` in JSON
within JSON, a key over two events of a stream. Encodings that no reader here decodes, such as base64, are not looked into.
"""

import html
import re
from collections.abc import Iterator, Sequence

from selfinstruct.teacher.http.body import read_reply
from selfinstruct.teacher.http.stream import is_stream

_ROUNDS = 10
"""Most decodings, one within another; readers do eight of JSON and one of HTML."""
_ESCAPES = re.compile(r"\\u([0-9a-f]{4})|%([0-9a-f]{2})|\\([\"\\/])|\\[bfnrt]", re.IGNORECASE)
_BETWEEN = re.compile(r"[\r\n][ \t]{0,8}|[^ -~]+")
"""What a reader passes over within a key: line breaks, and characters that show nothing."""


def plain(text: str) -> str:
    """Return a text as it is searched."""
    return _BETWEEN.sub("", text).lower()


def says(data: bytes, secrets: Sequence[str]) -> bool:
    """Return whether a body says one of `secrets`, which are `plain`, in any of its decodings."""
    return any(secret in said for text in _texts(data) for said in _decodings(text) for secret in secrets)


def _texts(data: bytes) -> Iterator[str]:
    if not data.isascii() or any(mark in data for mark in (b"\\u", b"%", b"&")):
        yield data.decode("utf-8", "replace")
    if is_stream(data) or b'"type"' in data:  # an answer in parts, which are put together
        reply = read_reply(200, data)
        yield reply.text
        yield reply.thought


def _decodings(text: str) -> Iterator[str]:
    """Yield a text as it is searched, before and after each round of decoding, until nothing is left to decode."""
    for _ in range(_ROUNDS):
        yield plain(text)
        decoded = html.unescape(_ESCAPES.sub(_letter, text))
        if decoded == text:
            return
        text = decoded


def _letter(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else found[3] or "\n"
