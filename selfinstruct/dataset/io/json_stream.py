"""Reading JSON values one by one from a file that may be larger than memory."""

import io
import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from selfinstruct.errors import RecordError
from selfinstruct.system.conflicts import refuse_marker_at
from selfinstruct.system.documents import reason_of
from selfinstruct.system.limits import row_limit, row_too_large

_CHUNK = 1 << 20
"""Bytes per read."""
_LONGEST_MARK = 16
"""Most characters of a literal or an escape, whose error is at its first one: a pair of surrogates has 12."""
_LONGEST_TAIL = 3
"""Characters behind a number that make sure that it is whole: of `1e+5` a buffer may end behind any, and `1` is one too."""
_SPACE = re.compile(r"[ \t\r\n]*")


def decoded(data: bytes, path: Path, line: int) -> str:
    """Return bytes as text; raises RecordError, with the line, for what is not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line += data[: error.start].count(b"\n")
        raise RecordError(f"{path}:{line}: not UTF-8; save the file as UTF-8") from error


_counted: ContextVar[Counter[str]] = ContextVar("counted_nan")


@contextmanager
def counting_nan() -> Iterator[Counter[str]]:
    """Yield a counter of the values that are NaN in what is read inside a `with` block: JSON has none, and they become null."""
    token = _counted.set(counts := Counter[str]())
    try:
        yield counts
    finally:
        _counted.reset(token)


def _not_json(constant: str) -> None:
    if constant == "NaN":  # how Python and pandas write that there is nothing
        if (counts := _counted.get(None)) is not None:
            counts[constant] += 1
        return
    raise ValueError(f"{constant} is no JSON number")


def _finite(text: str) -> float:
    if math.isinf(number := float(text)):
        raise ValueError(f"{text[:20]} is beyond the numbers that JSON can be written with")
    return number


decoder = json.JSONDecoder(parse_constant=_not_json, parse_float=_finite)


def refuse_repeated(text: str, where: str) -> None:
    """Raise RecordError if an object has a key twice: JSON takes the last value, and the other would be lost without a word."""

    def once(pairs: list[tuple[str, Any]]) -> None:
        names = [name for name, _ in pairs]
        if twice := next((name for name in names if names.count(name) > 1), ""):
            raise RecordError(f"{where}: field `{twice}` stands twice in one object; keep one of them")

    json.loads(text, object_pairs_hook=once)


class JsonText:
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

    def after(self, count: int) -> str:
        """Return the next non-space character behind so many more, or "" at the end; stays where it is."""
        while True:
            space = _SPACE.match(self.text, self.at + count)
            end = space.end() if space else self.at + count
            if end < len(self.text) or not self.more():
                return self.text[end : end + 1]

    def broken(self, what: str, remedy: str = "repair it there") -> RecordError:
        """Return the error that something is wrong here; raises InputError where it is a conflict marker of git."""
        where = f"{self._path}:{self.line}"
        refuse_marker_at(self.text, self.at, where)
        return RecordError(f"{where}: not JSON ({what}); {remedy}")

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
        self.text += decoded(joined[:cut], self._path, self.line + self.text.count("\n", self.at))


def array_of(file: io.BufferedReader, before: int, path: Path) -> Iterator[Any]:
    """Yield the values of a file that is one array."""
    text = JsonText(file, before, path)
    text.next()
    yield from items_of(text, path)
    if text.next():
        raise text.broken("Extra data", "a .json file must hold one array of rows")


def items_of(text: JsonText, path: Path) -> Iterator[Any]:
    """Yield the values of the array that begins here, and go to its end."""
    text.skip_to(text.at + 1)
    following = text.next() != "]"
    while following:
        yield element(text, path)
        if following := text.next() == ",":
            text.skip_to(text.at + 1)
    if text.next() != "]":
        raise text.broken("a comma or the end of the array is missing")
    text.skip_to(text.at + 1)


def objects_of(file: io.BufferedReader, before: int, path: Path) -> Iterator[Any]:
    """Yield the values of a file that follow each other, each over several lines."""
    text = JsonText(file, before, path)
    while text.next():
        yield element(text, path)


def element(text: JsonText, path: Path) -> Any:
    """Return the value that begins here, and go to its end; raises RecordError when it is broken, or above the row limit."""
    text.next()
    while True:
        try:
            value, end = decoder.raw_decode(text.text, text.at)
        except json.JSONDecodeError as error:
            _read_on(text, error, path)
        except (ValueError, RecursionError) as error:
            raise _broken(f"{path}:{text.line}", error) from error
        else:
            _check_size(text, end, path)
            size = end - text.at
            if len(text.text) - end >= _LONGEST_TAIL or not text.more():
                text.skip_to(text.at + size)
                return value


def _read_on(text: JsonText, error: json.JSONDecodeError, path: Path) -> None:
    """Read more of a value that is not whole yet; raises RecordError when it is broken, or above the row limit."""
    line = text.line + error.doc.count("\n", text.at, error.pos)
    if _is_cut(error):
        if len(text.text) - text.at > row_limit():
            raise row_too_large(f"{path}:{text.line}") from error
        if text.more():
            return
    refuse_marker_at(error.doc, error.pos, f"{path}:{line}")
    raise _broken(f"{path}:{line}", error) from error


def _check_size(text: JsonText, end: int, path: Path) -> None:
    size, limit = end - text.at, row_limit()  # in characters, of which one has up to four bytes
    if size > limit // 4 and (size := len(text.text[text.at : end].encode())) > limit:
        raise row_too_large(f"{path}:{text.line}", size)


def _is_cut(error: json.JSONDecodeError) -> bool:
    """Return whether a value may be whole once more of its text is read: its error is at the end, or in a string without one."""
    return error.msg.startswith("Unterminated") or error.pos > len(error.doc) - _LONGEST_MARK


def _broken(where: str, error: Exception) -> RecordError:
    return RecordError(f"{where}: not JSON ({reason_of(error)}); a .json file must hold one array of rows")
