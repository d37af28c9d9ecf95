"""Rows of tables by pandas: CSV, TSV and Excel; every cell is a text, as it stands there."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from selfinstruct.dataset.io.encoding import HEAD, as_utf8
from selfinstruct.dataset.io.not_rows import refuse_other_files
from selfinstruct.errors import InputError, RecordError
from selfinstruct.system.limits import row_limit, row_too_large, unpacked_limit, unpacks_too_far

TABLES = (".csv", ".tsv", ".xlsx")
_ROWS = 4096
"""Rows read at once."""
_LINE = re.compile(r"line (\d+)")


def table_rows(file: io.BufferedReader, kind: str, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line, row) of a table whose first line names the columns; a line is exact while no cell has a line break.

    Raises InputError or RecordError for what is no table.
    """
    yield from _sheet(file, path) if kind == ".xlsx" else _lines(file, kind, path)


def _lines(file: io.BufferedReader, kind: str, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    import pandas as pd

    refuse_other_files(file.peek(HEAD)[:HEAD], path)
    text = as_utf8(file, path)
    separator = "\t" if kind == ".tsv" else _separator(text.peek(HEAD)[:HEAD])
    options: dict[str, Any] = {"dtype": str, "keep_default_na": False, "encoding": "utf-8", "chunksize": _ROWS}
    line = 1
    try:
        for table in pd.read_csv(text, sep=separator, **options):
            for row in table.to_dict("records"):
                line += 1
                yield line, _checked(row, line, path)
    except UnicodeDecodeError as error:
        raise RecordError(f"{path}:{line}: near this line not UTF-8; save the file as UTF-8") from error
    except pd.errors.EmptyDataError as error:
        raise InputError(f"{path}: holds no table; the first line must name the columns") from error
    except (pd.errors.ParserError, ValueError) as error:
        found = _LINE.search(str(error))
        raise RecordError(
            f"{path}:{found[1] if found else line}: no table ({_short(error)}); repair the line"
        ) from error


def _separator(head: bytes) -> str:
    """Return what separates the columns: what the first line has most of."""
    first = head.partition(b"\n")[0]
    return max(",;\t", key=lambda mark: first.count(mark.encode()))


def _sheet(file: IO[bytes], path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    import pandas as pd

    size = path.stat().st_size
    try:
        with zipfile.ZipFile(file) as packed:
            if sum(member.file_size for member in packed.infolist()) > unpacked_limit(size):
                raise unpacks_too_far(path, size)
        sheets = pd.read_excel(file, sheet_name=None, dtype=str, keep_default_na=False)
    except ImportError as error:
        raise InputError(
            f"{path}: reading Excel needs openpyxl; pip install openpyxl, or save the sheet as .csv"
        ) from error
    except (zipfile.BadZipFile, ValueError, KeyError, OSError, SyntaxError) as error:
        raise InputError(f"{path}: not an Excel file ({_short(error)}); save the sheet as .csv") from error
    filled = {name: table for name, table in sheets.items() if len(table)}
    if len(filled) != 1:
        names = ", ".join(map(str, filled)) or "none"
        raise InputError(f"{path}: must have one sheet with rows; it has: {names}; save the one that is meant as .csv")
    (table,) = filled.values()
    for line, row in enumerate(table.to_dict("records"), 2):
        yield line, _checked({str(key): value for key, value in row.items()}, line, path)


def _checked(row: Any, line: int, path: Path) -> dict[str, Any]:
    size = sum(len(cell) for cell in row.values() if isinstance(cell, str))
    if size > row_limit():
        raise row_too_large(f"{path}:{line}", size)
    return dict(row)


def _short(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:200]
