"""Reading JSON values from JSON lines, a JSON array or Parquet, by file name; each may be gzipped.

Values are read one by one: a file may be larger than memory.
"""

import gzip
import io
import json
import math
import re
import zlib
from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, cast
from uuid import UUID

from selfinstruct.errors import InputError, RecordError

_CHUNK = 1 << 20
"""Bytes of a JSON array per read."""
_SPACE = re.compile(r"[ \t\r\n]*")
_BOM = b"\xef\xbb\xbf"


def values_of(path: Path) -> Iterator[tuple[int, Any]]:
    """Yield (line or array position, from 1; value); raises InputError or RecordError when reading fails."""
    kind = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    try:
        with _open(path) as file:
            if kind == ".parquet":
                yield from enumerate(_parquet(file, path), 1)
            else:
                begin = _beginning(file)
                is_array = kind == ".json" or begin.lstrip().startswith(b"[")
                yield from enumerate(_array(file, begin, path), 1) if is_array else _lines(file, begin, path)
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file") from error
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path}: cannot be read ({error})") from error


def _open(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _beginning(file: IO[bytes]) -> bytes:
    """Return the first lines up to one that is not blank, without a byte order mark."""
    begin = file.readline().removeprefix(_BOM)
    while not begin.strip() and (line := file.readline()):
        begin += line
    return begin


def _lines(file: IO[bytes], begin: bytes, path: Path) -> Iterator[tuple[int, Any]]:
    number = 0
    for part in (io.BytesIO(begin), file):
        for line in part:
            number += 1
            if text := _decoded(line, path, number).strip():
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
        raise RecordError(f"{where}: not JSON ({str(error).split(':')[0]}); repair or remove the line") from error


def _not_json(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")


_decoder = json.JSONDecoder(parse_constant=_not_json)


class _Text:
    """A buffer over the text of a file that counts lines."""

    def __init__(self, file: IO[bytes], begin: bytes, path: Path) -> None:
        self.text, self.at, self.line, self._file, self._path = "", 0, 1, file, path
        self._rest = b""
        self._take(begin)

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


def _array(file: IO[bytes], begin: bytes, path: Path) -> Iterator[Any]:
    text = _Text(file, begin, path)
    if text.next() != "[":
        raise InputError(f"{path}: must hold one array of rows; for one object a line, name it .jsonl")
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


def _element(text: _Text, path: Path) -> Any:
    text.next()
    while True:
        try:
            value, end = _decoder.raw_decode(text.text, text.at)
        except json.JSONDecodeError as error:
            if not text.more():
                line = text.line + text.text.count("\n", text.at, error.pos)
                raise _broken(f"{path}:{line}", error) from error
        except (ValueError, RecursionError) as error:
            raise _broken(f"{path}:{text.line}", error) from error
        else:
            if (
                end < len(text.text) or not text.more()
            ):  # at the end of the buffer it may be the start of a longer number
                text.skip_to(end)
                return value


def _broken(where: str, error: Exception) -> RecordError:
    reason = str(error).split(":", maxsplit=1)[0]
    return RecordError(f"{where}: not JSON ({reason}); a .json file must hold one array of rows")


def _parquet(file: Any, path: Path) -> Iterator[dict[str, Any]]:
    try:
        from pyarrow import ArrowInvalid
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise InputError(f"{path}: reading Parquet needs pyarrow; pip install pyarrow") from error
    number = 0
    try:
        for batch in ParquetFile(file).iter_batches(batch_size=4096):
            columns = {
                name: _column(column, f"field `{name}`", path, number)
                for name, column in zip(batch.schema.names, batch.columns, strict=True)
            }
            for place in range(batch.num_rows):
                yield {name: column[place] for name, column in columns.items()}
            number += batch.num_rows
    except ArrowInvalid as error:
        raise InputError(f"{path}: not a Parquet file") from error


def _column(column: Any, name: str, path: Path, before: int) -> list[Any]:
    """Return the values of a column as JSON values; `before` is the number of earlier rows."""
    values = []
    for number, held in enumerate(column, before + 1):
        try:
            values.append(_plain(held.as_py()))
        except UnicodeDecodeError as error:
            raise RecordError(f"{path}:{number}: {name} is not UTF-8; repair or leave out the column") from error
        except TypeError as error:
            raise RecordError(f"{path}:{number}: {name} {error}; make it text or leave out the column") from error
    return values


def _plain(value: Any) -> Any:
    """Return a value as JSON: dates as ISO 8601, decimals as text, NaN as null; raises TypeError for bytes."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(_plain(key)): _plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(held) for held in value]
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal | timedelta | UUID):
        return str(value)
    raise TypeError(f"holds {type(value).__name__}, which JSON has not")
