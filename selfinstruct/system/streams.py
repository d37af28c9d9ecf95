"""Standard output and error in any encoding: what a stream cannot hold is shown by something that it can."""

import codecs
import io
import re
import sys
from typing import Any

_ERRORS = "selfinstruct.readable"
_READABLE = {"¥": "CNY ", "⟨": "<", "⟩": ">", "·": "-", "→": "->", "…": "...", "↵": "|", "–": "-", "—": "-", "×": "x"}
"""What our own messages hold beyond ASCII; characters of others are shown as escapes."""
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def show_any_character() -> None:
    """Let standard output and error take every text, whatever their encoding: a message must not end a command."""
    codecs.register_error(_ERRORS, _readable)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_ERRORS)


def write_document(text: str) -> None:
    """Write a page or Markdown to standard output: UTF-8 in any locale, as it says of itself and as a file would hold it."""
    if _is_utf8():
        sys.stdout.write(text)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
    sys.stdout.flush()


def write_json(text: str) -> None:
    """Write a JSON document to standard output: in ASCII, with escapes, where the stream is not UTF-8 (RFC 8259, section 8.1)."""
    import json

    sys.stdout.write(text if _is_utf8() else _BEYOND_ASCII.sub(lambda found: json.dumps(found[0])[1:-1], text))
    sys.stdout.flush()


def _is_utf8() -> bool:
    encoding: Any = sys.stdout.encoding  # None where something else stands for the stream
    return not encoding or codecs.lookup(encoding).name == "utf-8"


def _readable(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_READABLE.get(one) or ascii(one)[1:-1] for one in text), error.end
