"""Reading values from JSON lines, JSON arrays and objects with rows, by what is in the file, and from Parquet and tables, by its name.

Each may be gzipped, and text may be UTF-8, UTF-16 or GB18030.

Values are read one by one: a file may be larger than memory. A value may not: see `system/limits.py`.
"""

import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from selfinstruct.dataset.io.containers import is_container, is_conversations, is_spread, rows_in
from selfinstruct.dataset.io.encoding import HEAD, as_utf8
from selfinstruct.dataset.io.json_stream import array_of, decoded, decoder, objects_of, reason_of
from selfinstruct.dataset.io.not_rows import hint_of, refuse_other_files
from selfinstruct.dataset.io.parquet import rows_of
from selfinstruct.dataset.io.tables import TABLES, table_rows
from selfinstruct.dataset.io.unpack import opened
from selfinstruct.errors import InputError, RecordError
from selfinstruct.records.place import RowNumber
from selfinstruct.system.conflicts import refuse_marker
from selfinstruct.system.files import blocks_of_lines
from selfinstruct.system.limits import row_limit

_BOM, _MARK = b"\xef\xbb\xbf", "\ufeff"


def values_of(path: Path) -> Iterator[tuple[int, Any]]:
    """Yield (line, or a RowNumber where rows have no lines, from 1; value); raises InputError or RecordError when reading fails."""
    kind = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    try:
        with opened(path, seekable=kind in {".parquet", ".xlsx"}) as file:
            if kind == ".parquet":
                if not (head := file.peek(HEAD)[:HEAD]).startswith(b"PAR1"):
                    refuse_other_files(head, path)
                yield from _numbered(rows_of(file, path, path.stat().st_size))
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
        yield from _numbered(array_of(text, before, path))
    elif first == b"{" and is_container(head):
        yield from _numbered(rows_in(text, before, path))
    elif first == b"{" and is_spread(head):
        yield from _numbered(objects_of(text, before, path))
    else:
        yield from _lines(text, before, path)


def _numbered(values: Iterator[Any]) -> Iterator[tuple[int, Any]]:
    """Yield values with their positions, for files whose lines are no rows."""
    return ((RowNumber(number), value) for number, value in enumerate(values, 1))


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
            if text := decoded(line, path, number).strip().removeprefix(_MARK):
                yield number, _parse(text, f"{path}:{number}")


def _parse(text: str, where: str) -> Any:
    try:
        return decoder.decode(text)
    except (ValueError, RecursionError) as error:
        refuse_marker(text, where)
        hint = hint_of(text[:4096])
        raise RecordError(f"{where}: not JSON ({reason_of(error)}); {hint or 'repair or remove the line'}") from error
