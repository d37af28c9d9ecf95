"""Rows of tables: CSV and TSV by the standard library, which knows the line of each row, Excel by pandas; every cell is a text."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from selfinstruct.dataset.io.encoding import HEAD, as_utf8
from selfinstruct.dataset.io.not_rows import refuse_other_files
from selfinstruct.errors import InputError, RecordError
from selfinstruct.system.limits import row_limit, row_too_large, unpacked_limit, unpacks_too_far

TABLES = (".csv", ".tsv", ".xlsx")


def table_rows(file: io.BufferedReader, kind: str, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line, row) of a table whose first line names the columns; raises InputError or RecordError for what is no table."""
    yield from _sheet(file, path) if kind == ".xlsx" else _lines(file, kind, path)


def _lines(file: io.BufferedReader, kind: str, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    refuse_other_files(file.peek(HEAD)[:HEAD], path)
    data = as_utf8(file, path)
    separator = "\t" if kind == ".tsv" else _separator(data.peek(HEAD)[:HEAD])
    csv.field_size_limit(row_limit())
    text = io.TextIOWrapper(data, "utf-8-sig", newline="")
    reader = csv.reader(text, delimiter=separator, strict=True)
    try:
        names = next(reader, [])
        _check_names(names, path)
        for cells in reader:
            if any(cells):
                yield reader.line_num, _row(names, cells, reader.line_num, path)
    except UnicodeDecodeError as error:
        raise RecordError(f"{path}:{reader.line_num + 1}: not UTF-8; save the file as UTF-8") from error
    except csv.Error as error:
        if "field limit" in str(error):
            raise row_too_large(f"{path}:{reader.line_num}") from error
        raise RecordError(f"{path}:{reader.line_num}: no table ({error}); repair the line") from error
    finally:
        text.detach()  # who opened the file closes it


def _separator(head: bytes) -> str:
    """Return what separates the columns: what the first line has most of."""
    first = head.partition(b"\n")[0]
    return max(",;\t", key=lambda mark: first.count(mark.encode()))


def _check_names(names: Sequence[str], path: Path) -> None:
    if not any(names):
        raise InputError(f"{path}: holds no table; the first line must name the columns")
    twice = next((name for name in names if name and names.count(name) > 1), "")
    if twice:
        raise InputError(f"{path}:1: two columns are called `{twice}`; rename one")


def _row(names: Sequence[str], cells: Sequence[str], line: int, path: Path) -> dict[str, Any]:
    if len(cells) != len(names):
        raise RecordError(
            f"{path}:{line}: has {len(cells)} cells, the first line {len(names)}; put a cell that holds the separator into double quotes"
        )
    if (size := sum(map(len, cells))) > row_limit():
        raise row_too_large(f"{path}:{line}", size)
    return dict(zip(names, cells, strict=True))


def _sheet(file: IO[bytes], path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    import pandas as pd

    size = path.stat().st_size
    try:
        with zipfile.ZipFile(file) as packed:
            if sum(member.file_size for member in packed.infolist()) > unpacked_limit(size):
                raise unpacks_too_far(path, size)
        sheets = pd.read_excel(file, sheet_name=None, header=None, dtype=str, keep_default_na=False)
    except ImportError as error:
        raise InputError(
            f"{path}: reading Excel needs openpyxl; pip install openpyxl, or save the sheet as .csv"
        ) from error
    except (
        zipfile.BadZipFile,
        ValueError,
        KeyError,
        OSError,
        SyntaxError,
        TypeError,
        IndexError,
        AttributeError,
    ) as error:
        raise InputError(f"{path}: not an Excel file ({str(error)[:200]}); save the sheet as .csv") from error
    filled = {name: table for name, table in sheets.items() if len(table) > 1}
    if len(filled) != 1:
        names = ", ".join(map(str, filled)) or "none"
        raise InputError(f"{path}: must have one sheet with rows; it has: {names}; save the one that is meant as .csv")
    (table,) = filled.values()
    columns, *rows = ([str(cell) for cell in cells] for cells in table.itertuples(index=False))
    _check_names(columns, path)
    for line, cells in enumerate(rows, 2):
        if any(cells):
            yield line, _row(columns, cells, line, path)
