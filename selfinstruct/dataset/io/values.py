"""Reading values from JSON lines, JSON arrays and objects with rows, by what is in the file, and from Parquet and tables, by its name.

Each may be gzipped, and text may be UTF-8, UTF-16 or GB18030.

Values are read one by one: a file may be larger than memory. A value may not: see `system/limits.py`.
"""

import io
import json
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from selfinstruct.dataset.io.containers import is_container, is_conversations, is_spread, rows_in
from selfinstruct.dataset.io.encoding import HEAD, as_utf8
from selfinstruct.dataset.io.not_rows import hint_of, refuse_other_files
from selfinstruct.dataset.io.parquet import rows_of
from selfinstruct.dataset.io.tables import TABLES, table_rows
from selfinstruct.dataset.io.unpack import opened
from selfinstruct.errors import InputError, RecordError
from selfinstruct.system.files import blocks_of_lines
from selfinstruct.system.limits import row_limit, row_too_large

_CHUNK = 1 << 20
"""Bytes of a JSON array per read."""
_LONGEST_MARK = 16
"""Most characters of a literal or an escape, whose error is at its first one: a pair of surrogates has 12."""
_SPACE = re.compile(r"[ \t\r\n]*")
_BOM, _MARK = b"\xef\xbb\xbf", "\ufeff"


def values_of(path: Path) -> Iterator[tuple[int, Any]]:
    """Yield (line or array position, from 1; value); raises InputError or RecordError when reading fails."""
    kind = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    try:
        with opened(path, seekable=kind in {".parquet", ".xlsx"}) as file:
            if kind == ".parquet":
                yield from enumerate(rows_of(file, path, path.stat().st_size), 1)
            elif kind in TABLES:
                yield from table_rows(file, kind, path)
            else:
                yield from _of_text(file, path)
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file") from error
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path}: cannot be read ({error})") from error


def _of_text(file: io.BufferedReader, path: Path) -> Iterator[tuple[int, Any]]:
    refuse_other_files(file.peek(HEAD)[:HEAD], path)
    text = as_utf8(file, path)
    first, before = _beginning(text, path)
    head = text.peek(HEAD)[:HEAD]
    if first == b"[" and is_conversations(head):
        yield from _lines(text, before, path)
    elif first == b"[":
        yield from enumerate(_array(text, before, path), 1)
    elif first == b"{" and is_container(head):
        yield from rows_in(partial(_text_again, path), path)
    elif first == b"{" and is_spread(head):
        yield from enumerate(_objects(text, before, path), 1)
    else:
        yield from _lines(text, before, path)


@contextmanager
def _text_again(path: Path) -> Iterator[io.BufferedReader]:
    """Open a file once more, at its first value."""
    with opened(path) as file:
        text = as_utf8(file, path)
        _beginning(text, path)
        yield text


def _beginning(file: io.BufferedReader, path: Path) -> tuple[bytes, int]:
    """Return (first byte that is not blank, number of blank lines before it), and skip these and a byte order mark."""
    if file.peek(len(_BOM)).startswith(_BOM):
        file.read(len(_BOM))
    lines = blank = 0
    while held := file.peek(1):
        rest = held.lstrip()
        begin = held[: len(held) - len(rest)]
        lines += begin.count(b"\n")
        file.read(len(begin) if rest else len(held))
        blank += len(begin)
        if rest:
            return rest[:1], lines
        if blank > row_limit():
            raise RecordError(f"{path}:{lines + 1}: begins with more than {row_limit():,} blank bytes; remove them")
    return b"", lines


def _lines(file: io.BufferedReader, before: int, path: Path) -> Iterator[tuple[int, Any]]:
    for first, lines in blocks_of_lines(file, str(path), before):
        for number, line in enumerate(lines, first):
            if text := _decoded(line, path, number).strip().removeprefix(_MARK):
                yield number, _parse(text, f"{path}:{number}")


def _decoded(data: bytes, path: Path, line: int) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line += data[: error.start].count(b"\n")
        raise RecordError(f"{path}:{line}: not UTF-8; save the file as UTF-8") from error


def _parse(text: str, where: str) -> Any:
    try:
        return _decoder.decode(text)
    except (ValueError, RecursionError) as error:
        hint = hint_of(text[:4096])
        raise RecordError(f"{where}: not JSON ({_reason(error)}); {hint or 'repair or remove the line'}") from error


def _reason(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error).split(":", maxsplit=1)[0]


def _not_json(constant: str) -> None:
    if constant == "NaN":  # how Python and pandas write that there is nothing
        return
    raise ValueError(f"{constant} is no JSON number")


_decoder = json.JSONDecoder(parse_constant=_not_json)


class _Text:
    """A buffer over the text of a file that counts lines."""

    def __init__(self, file: io.BufferedReader, before: int, path: Path) -> None:
        self.text, self.at, self.line, self._file, self._path = "", 0, before + 1, file, path
        self._rest = b""

    def next(self) -> str:
        """Return the next non-space character, or "" at the end."""
        while True:
            space = _SPACE.match(self.text, self.at)
            self.skip_to(space.end() if space else self.at)
            if self.at < len(self.text) or not self.more():
                return self.text[self.at : self.at + 1]

    def skip_to(self, at: int) -> None:
        """Advance to a position."""
        self.line += self.text.count("\n", self.at, at)
        self.at = at

    def more(self) -> bool:
        """Read more, at least as much as is buffered; return whether there was any."""
        self.text, self.at = self.text[self.at :], 0
        data = self._file.read(max(_CHUNK, len(self.text)))
        self._take(data)
        return bool(data)

    def _take(self, data: bytes) -> None:
        """Append bytes, holding back an incomplete last character."""
        joined = self._rest + data
        cut = len(joined)
        for back in range(1, min(4, cut) + 1 if data else 0):
            if joined[-back] & 0xC0 != 0x80:
                cut -= back if joined[-back] >= 0xC0 else 0
                break
        self._rest = joined[cut:]
        self.text += _decoded(joined[:cut], self._path, self.line + self.text.count("\n", self.at))


def _array(file: io.BufferedReader, before: int, path: Path) -> Iterator[Any]:
    text = _Text(file, before, path)
    text.next()
    text.skip_to(text.at + 1)
    following = text.next() != "]"
    while following:
        yield _element(text, path)
        if following := text.next() == ",":
            text.skip_to(text.at + 1)
    if text.next() != "]":
        raise RecordError(f"{path}:{text.line}: not JSON (a comma or the end of the array is missing); repair it there")
    text.skip_to(text.at + 1)
    if text.next():
        raise RecordError(f"{path}:{text.line}: not JSON (Extra data); a .json file must hold one array of rows")


def _objects(file: io.BufferedReader, before: int, path: Path) -> Iterator[Any]:
    """Yield the values of a file that follow each other, each over several lines."""
    text = _Text(file, before, path)
    while text.next():
        yield _element(text, path)


def _element(text: _Text, path: Path) -> Any:
    text.next()
    while True:
        try:
            value, end = _decoder.raw_decode(text.text, text.at)
        except json.JSONDecodeError as error:
            _read_on(text, error, path)
        except (ValueError, RecursionError) as error:
            raise _broken(f"{path}:{text.line}", error) from error
        else:
            if (
                end < len(text.text) or not text.more()
            ):  # at the end of the buffer it may be the start of a longer number
                _check_size(text, end, path)
                text.skip_to(end)
                return value


def _read_on(text: _Text, error: json.JSONDecodeError, path: Path) -> None:
    """Read more of a value that is not whole yet; raises RecordError when it is broken, or above the row limit."""
    line = text.line + error.doc.count("\n", text.at, error.pos)
    if _is_cut(error):
        if len(text.text) - text.at > row_limit():
            raise row_too_large(f"{path}:{text.line}") from error
        if text.more():
            return
    raise _broken(f"{path}:{line}", error) from error


def _check_size(text: _Text, end: int, path: Path) -> None:
    size, limit = end - text.at, row_limit()  # in characters, of which one has up to four bytes
    if size > limit // 4 and (size := len(text.text[text.at : end].encode())) > limit:
        raise row_too_large(f"{path}:{text.line}", size)


def _is_cut(error: json.JSONDecodeError) -> bool:
    """Return whether a value may be whole once more of its text is read: its error is at the end, or in a string without one."""
    return error.msg.startswith("Unterminated") or error.pos > len(error.doc) - _LONGEST_MARK


def _broken(where: str, error: Exception) -> RecordError:
    return RecordError(f"{where}: not JSON ({_reason(error)}); a .json file must hold one array of rows")
