"""Reading values from JSON lines, JSON arrays and objects with rows, by what is in the file, and from Parquet and tables, by its name.

Each may be gzipped, and text may be UTF-8, UTF-16 or GB18030.

Values are read one by one: a file may be larger than memory. A value may not: see `system/limits.py`.
"""

import io
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from json import JSONDecodeError
from pathlib import Path
from typing import Any, Literal, NamedTuple

from selfinstruct.dataset.io.containers import is_container, is_conversations, is_spread, rows_in
from selfinstruct.dataset.io.json_stream import (
    array_of,
    counting_nan,
    decoded,
    decoder,
    objects_of,
    refuse_repeated,
)
from selfinstruct.dataset.io.not_rows import hint_of, refuse_other_files
from selfinstruct.dataset.io.own_files import is_open_ended, run_of_file
from selfinstruct.dataset.io.parquet import rows_of
from selfinstruct.dataset.io.tables import TABLES, table_rows
from selfinstruct.dataset.io.unpack import opened
from selfinstruct.errors import InputError, RecordError
from selfinstruct.records.full_width import hint_at
from selfinstruct.records.place import RowNumber
from selfinstruct.system.conflicts import UnfinishedMergeError, listed, refuse_marker
from selfinstruct.system.documents import reason_of
from selfinstruct.system.encoding import HEAD, as_utf8
from selfinstruct.system.files import LargeLine, blocks_of_lines, numbered_lines
from selfinstruct.system.limits import row_limit, row_too_large

_BOM, _MARK = b"\xef\xbb\xbf", "\ufeff"


_LINES = {".jsonl", ".ndjson"}
_ONCE = ('"instruction"', '"input"', '"output"', '"messages"')


class BrokenLine(NamedTuple):
    """A line of a file of lines that is no JSON."""

    text: str
    """As it stands; bytes that are not UTF-8 as escapes."""
    reason: str
    rule: Literal["not_json", "too_large"] = "not_json"


class CutFileError(RecordError):
    """A dataset file of a run ends in the middle of a line."""


def values_of(path: Path, *, keeps_broken: bool = False, marked: set[int] | None = None) -> Iterator[tuple[int, Any]]:
    """Yield (line, or a RowNumber where rows have no lines, from 1; value); raises InputError or RecordError when reading fails.

    With `keeps_broken`, the value of a line that is no JSON is a BrokenLine, of one that is no row of a table a BrokenCells. `marked` receives the numbers of lines, other than the first,
    that begin with a byte order mark, before they are yielded.
    """
    kind = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    try:
        with opened(path, seekable=kind in {".parquet", ".xlsx"}) as file:
            if kind == ".parquet":
                if not (head := file.peek(HEAD)[:HEAD]).startswith(b"PAR1"):
                    refuse_other_files(head, path)
                yield from _numbered(rows_of(file, path, path.stat().st_size))
            elif kind in TABLES:
                yield from table_rows(file, kind, path, keeps_broken=keeps_broken)
            else:
                yield from _of_text(file, path, keeps_broken, set() if marked is None else marked)
    except UnfinishedMergeError as error:
        raise _with_all_markers(error, path) from error
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file") from error
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path}: cannot be read ({error})") from error


def _with_all_markers(error: UnfinishedMergeError, path: Path) -> UnfinishedMergeError:
    """Return the error with all markers of the file; as it is for a pipe, which cannot be read again."""
    if not path.is_file():
        return error
    with opened(path) as file:
        return error.with_all(numbered_lines(as_utf8(file, path), str(path)))


def _of_text(file: io.BufferedReader, path: Path, keeps_broken: bool, marked: set[int]) -> Iterator[tuple[int, Any]]:
    refuse_other_files(file.peek(HEAD)[:HEAD], path)
    text = as_utf8(file, path)
    first, before = _beginning(text, path)
    head = text.peek(HEAD)[:HEAD]
    if values := _values(first, head, of_lines=any(suffix in _LINES for suffix in path.suffixes)):
        yield from _numbered(values(text, before, path))
    else:
        yield from _lines(text, before, path, keeps_broken, marked)


def _values(
    first: bytes, head: bytes, *, of_lines: bool
) -> Callable[[io.BufferedReader, int, Path], Iterator[Any]] | None:
    """Return what reads a text whose lines are no rows, by its beginning; None for lines."""
    with counting_nan():  # not counted: it is read again
        if first == b"[":
            return None if is_conversations(head) else array_of
        if first == b"{" and is_container(head, of_lines=of_lines):
            return rows_in
        return objects_of if first == b"{" and is_spread(head) else None


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


def _lines(
    file: io.BufferedReader, before: int, path: Path, keeps_broken: bool, marked: set[int]
) -> Iterator[tuple[int, Any]]:
    blocks = blocks_of_lines(file, str(path), before, keeps_large=keeps_broken)
    for first, lines in blocks:
        for number, line in enumerate(lines, first):
            if isinstance(line, LargeLine):
                yield number, _large_line(line)
                continue
            try:
                text = decoded(line, path, number).strip()
                if text.startswith(_MARK):
                    text = text.removeprefix(_MARK)
                    marked.add(number)
                value = _parse(text, f"{path}:{number}") if text else None
            except RecordError as error:
                if not keeps_broken:
                    raise _with_others(error, path, number, chain([(first, lines)], blocks)) from error
                text, value = "broken", _broken_line(line, error, f"{path}:{number}")
            if text:
                yield number, value


def _broken_line(line: bytes, error: RecordError, where: str) -> BrokenLine:
    return BrokenLine(line.decode("utf-8", "backslashreplace").strip(), str(error).removeprefix(f"{where}: "))


def _large_line(line: LargeLine) -> BrokenLine:
    reason = str(row_too_large("", line.size)).removeprefix(": ")
    return BrokenLine(line.decode("utf-8", "ignore").strip(), reason, "too_large")


def _with_others(error: RecordError, path: Path, at: int, blocks: Iterable[tuple[int, list[bytes]]]) -> RecordError:
    """Return the error of a broken line with the numbers of those after it; raises UnfinishedMergeError for a conflict marker there."""
    rest = ((number, line) for first, lines in blocks for number, line in enumerate(lines, first) if number > at)
    others, is_last = list[int](), True
    for number, line in rest:
        is_last = is_last and not line.strip()
        if _is_broken(line, f"{path}:{number}"):
            others.append(number)
    if is_last and (run := run_of_file(path)) and is_open_ended(path):
        return CutFileError(
            f"{path}:{at}: the file is cut here; take it from git or a copy, or empty it and `selfinstruct filter --run {run}` writes it again. "
            "Without this line alone, the rows behind it would count as removed by hand"
        )
    if not others:
        return error
    are = "lines are" if len(others) > 1 else "line is"
    return RecordError(
        f"{error}; {len(others)} further {are} broken too: {listed(others)} (`selfinstruct filter FILE --fix` puts such lines aside)"
    )


def _is_broken(line: bytes, where: str) -> bool:
    try:
        decoder.decode(line.decode("utf-8").strip().removeprefix(_MARK) or "0")
    except (ValueError, RecursionError):
        refuse_marker(line.decode("utf-8", "replace"), where)
        return True
    return False


def _full_width(text: str, error: Exception) -> str:
    """Return which punctuation of a Chinese keyboard broke a line, or ""."""
    if not isinstance(error, JSONDecodeError):
        return ""
    return hint_at(text, error.pos, unterminated=error.msg.startswith("Unterminated"))


def _parse(text: str, where: str) -> Any:
    try:
        value = decoder.decode(text)
    except (ValueError, RecursionError) as error:
        refuse_marker(text, where)
        hint = hint_of(text[:4096]) or _full_width(text, error)
        raise RecordError(f"{where}: not JSON ({reason_of(error)}); {hint or 'repair or remove the line'}") from error
    if any(text.count(name) > 1 for name in _ONCE):
        refuse_repeated(text, where)
    return value
