"""How large a row, and how far a compressed file may unpack, so that no file can exhaust memory.

The environment sets both for a process and `reading_limits` for a block of code; `--max-row-bytes` is such a block.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from selfinstruct.errors import ConfigError, InputError, RecordError

MAX_ROW_BYTES = 8 * 2**20
"""Twice the text of a context of a million tokens."""
MAX_EXPANSION = 200
"""Text and even a table of equal rows pack to a hundredth at most; a bomb of gzip has a thousand, one of Parquet any number."""
FREE_EXPANSION = 64 * 2**20
"""Bytes that any file may unpack to: a small one of equal rows packs very well."""
LARGEST_TEXT = 512 * 2**20
"""Bytes of a file that is read as a whole; the size from which git compares no file either (core.bigFileThreshold)."""

_ROW, _EXPANSION = "SELFINSTRUCT_MAX_ROW_BYTES", "SELFINSTRUCT_MAX_EXPANSION"
_given: ContextVar[dict[str, int]] = ContextVar("reading_limits")


@contextmanager
def reading_limits(*, max_row_bytes: int | None = None, max_expansion: int | None = None) -> Iterator[None]:
    """Read with other limits inside a `with` block; None leaves a limit as it is.

    `max_row_bytes`: bytes of one row of any file. `max_expansion`: how many times its own size a gzipped or Parquet file may unpack to.
    In the environment: SELFINSTRUCT_MAX_ROW_BYTES and SELFINSTRUCT_MAX_EXPANSION. Raises ConfigError for a limit below 1.

    >>> import tempfile
    >>> from pathlib import Path
    >>> import selfinstruct as si
    >>> file = Path(tempfile.mkdtemp()) / "rows.jsonl"
    >>> _ = file.write_text('{"instruction": "Name a river.", "output": "The Loire."}', encoding="utf-8")
    >>> with reading_limits(max_row_bytes=20):
    ...     si.validate(file)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    selfinstruct.errors.RecordError: ...rows.jsonl:1: a row of more than 20 bytes; shorten or remove it, or allow larger ones with ...
    """
    given = {_ROW: max_row_bytes, _EXPANSION: max_expansion}
    chosen = {name: _checked(name, value) for name, value in given.items() if value is not None}
    token = _given.set(_given.get({}) | chosen)
    try:
        yield
    finally:
        _given.reset(token)


def row_limit() -> int:
    """Return the most bytes of a row."""
    return _limit(_ROW, MAX_ROW_BYTES)


def unpacked_limit(size: int) -> int:
    """Return the most bytes that a compressed file of `size` bytes may unpack to."""
    return max(FREE_EXPANSION, size * _limit(_EXPANSION, MAX_EXPANSION))


def row_too_large(where: str, size: int | None = None) -> RecordError:
    """Return the error for a row above the limit; `size` is its size in bytes, if known."""
    limit = row_limit()
    found = f"more than {limit:,} bytes" if size is None else f"{size:,} bytes, more than {limit:,}"
    return RecordError(
        f"{where}: a row of {found}; shorten or remove it, or allow larger ones with --max-row-bytes or {_ROW}"
    )


def unpacks_too_far(where: object, size: int) -> InputError:
    """Return the error for a compressed file of `size` bytes that unpacks to more than it may."""
    return InputError(
        f"{where}: has {size:,} bytes and unpacks to more than {unpacked_limit(size):,}; this looks like a bomb. If it is none, unpack it "
        f"yourself, or set {_EXPANSION}, now {_limit(_EXPANSION, MAX_EXPANSION)} times, to a larger number"
    )


def _limit(name: str, default: int) -> int:
    given = _given.get({})
    return given[name] if name in given else _checked(name, os.environ.get(name) or default)


def _checked(name: str, value: str | int) -> int:
    try:
        number = int(value)
    except ValueError:
        number = 0
    if number < 1:
        raise ConfigError(f"{name}: {value!r} is no limit; write a whole number from 1, such as {MAX_ROW_BYTES}")
    return number
