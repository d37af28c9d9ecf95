"""Rows of tables: CSV and TSV by the standard library, which knows the line of each row, Excel by openpyxl; every cell is a text."""

import csv
import io
import re
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import IO, Any, NamedTuple, Self

from selfinstruct.dataset.io.excel import rows_of_sheet
from selfinstruct.dataset.io.not_rows import refuse_other_files
from selfinstruct.errors import InputError, RecordError
from selfinstruct.records.place import place
from selfinstruct.system.conflicts import refuse_marker
from selfinstruct.system.encoding import HEAD, as_utf8
from selfinstruct.system.limits import row_limit, row_too_large

_OPEN_QUOTE = "unexpected end of data"
"""What the csv module says of a file that ends inside a quoted cell: where its rows begin and end is then unknown."""


_LINE_END = re.compile(r"\r\n|\r|\n")


class BrokenCells(NamedTuple):
    """What stands between the rows of a table and is none."""

    held: list[str] | str
    """Its cells, or its text where that cannot be divided into cells."""
    reason: str


TABLES = (".csv", ".tsv", ".xlsx")


def table_rows(
    file: io.BufferedReader, kind: str, path: Path, *, keeps_broken: bool = False
) -> Generator[tuple[int, dict[str, Any] | BrokenCells]]:
    """Yield (line, row) of a table whose first line names the columns; raises InputError or RecordError for what is no table.

    With `keeps_broken`, what is no row of a text table, as it has other cells than there are columns or none that is filled, is a BrokenCells.
    """
    with closing(rows_of_sheet(file, path) if kind == ".xlsx" else _lines(file, kind, path, keeps_broken)) as rows:
        _, names = next(rows, (1, []))
        if isinstance(names, BrokenCells):
            raise InputError(f"{path}: holds no table ({names.reason}); the first line must name the columns")
        _check_names(names, path)
        for line, cells in rows:
            if isinstance(cells, BrokenCells):
                yield line, cells
            else:
                yield line, _row(names, cells, line, path, keeps_broken)


def _lines(
    file: io.BufferedReader, kind: str, path: Path, keeps_broken: bool
) -> Generator[tuple[int, list[str] | BrokenCells]]:
    """Yield (line, cells) of the rows that hold anything."""
    refuse_other_files(file.peek(HEAD)[:HEAD], path)
    data = as_utf8(file, path)
    separator = "\t" if kind == ".tsv" else _separator(data.peek(HEAD)[:HEAD])
    csv.field_size_limit(row_limit())
    text = io.TextIOWrapper(data, "utf-8-sig", newline="")
    lines = _BoundedLines(text, path)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        while (cells := _next(reader, lines, path, keeps_broken)) is not None:
            lines.end_row()
            if isinstance(cells, BrokenCells) or any(cells):
                yield reader.line_num, cells
            elif cells and keeps_broken:
                yield reader.line_num, BrokenCells(cells, "all its cells are empty")
    except UnicodeDecodeError as error:
        raise RecordError(f"{path}:{reader.line_num + 1}: not UTF-8; save the file as UTF-8") from error
    finally:
        text.detach()  # who opened the file closes it


def _next(reader: Any, lines: "_BoundedLines", path: Path, keeps_broken: bool) -> list[str] | BrokenCells | None:
    """Return the next cells of a table, None at its end; raises RecordError where they cannot be told apart, unless that is kept."""
    try:
        cells: list[str] | None = next(reader, None)
    except csv.Error as error:
        where = f"{path}:{reader.line_num}"
        if "field limit" in str(error):
            raise row_too_large(where) from error
        refuse_marker(lines.row, where)
        no_end, reason, remedy = _OPEN_QUOTE in str(error), str(error), "repair the line"
        if since := lines.since_quote(reader.dialect.delimiter, at_end=no_end):
            opened = reader.line_num - since + 1
            where, remedy = f"{path}:{opened}", "end it, or write a quotation mark that is meant as one twice"
            ends = "has no end" if no_end else f"ends inside a cell of line {reader.line_num}"
            reason = f"the quote that opens in line {opened} {ends}"
        if keeps_broken and not no_end:
            return BrokenCells(lines.row.rstrip("\r\n"), f"no row of a table ({reason})")
        raise RecordError(f"{where}: no table ({reason}); {remedy}") from error
    return cells


class _BoundedLines:
    """The lines of a text, as long as those of one row are within the limit: of commas alone a row has endless cells."""

    def __init__(self, text: IO[str], path: Path) -> None:
        self._text, self._path, self._line, self._size, self._limit = text, path, 0, 0, row_limit()
        self._row: list[str] = []

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._text.readline(self._limit - self._size + 1)
        self._line, self._size = self._line + 1, self._size + len(line)
        if not line:
            raise StopIteration
        if self._size > self._limit:
            raise row_too_large(f"{self._path}:{self._line}")
        self._row.append(line)
        return line

    @property
    def row(self) -> str:
        """What was read of the row so far."""
        return "".join(self._row)

    def since_quote(self, separator: str, *, at_end: bool) -> int:
        """Return the lines from the beginning of a quoted cell that is open at the end of the row, else at its last line break; 0 for none."""
        text = "".join(self._row if at_end else self._row[:-1])
        found = re.search(rf'(?:\A|[{separator}\r\n])(")(?:[^"]|"")*+\Z', text)
        return len(self._row) - len(_LINE_END.findall(text, 0, found.start(1))) if found else 0

    def end_row(self) -> None:
        """Begin the next row."""
        self._size, self._row = 0, []


def _separator(head: bytes) -> str:
    """Return what separates the columns: what the first line has most of."""
    first = head.partition(b"\n")[0]
    return max(",;\t", key=lambda mark: first.count(mark.encode()))


def _check_names(names: Sequence[str], path: Path) -> None:
    if names:
        refuse_marker(names[0], f"{path}:1")
    if not any(names):
        raise InputError(f"{path}: holds no table; the first line must name the columns")
    counts = Counter(filter(None, names))
    if twice := next((name for name, count in counts.items() if count > 1), ""):
        raise InputError(f"{path}:1: two columns are called `{twice}`; rename one")


def _row(
    names: Sequence[str], cells: list[str], line: int, path: Path, keeps_broken: bool
) -> dict[str, Any] | BrokenCells:
    if len(cells) != len(names):
        refuse_marker(cells[0], place(path, line))
        reason = f"has {len(cells)} cells, the first line {len(names)}; put a cell that holds the separator into double quotes"
        if keeps_broken:
            return BrokenCells(cells, reason)
        raise RecordError(f"{place(path, line)}: {reason}")
    if (size := sum(map(len, cells))) > row_limit():
        raise row_too_large(place(path, line), size)
    return dict(zip(names, cells, strict=True))
