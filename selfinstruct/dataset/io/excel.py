"""The rows of an Excel file, by openpyxl cell by cell: a sheet of two rows may claim a million, of 16,384 cells each."""

import warnings
import zipfile
from collections.abc import Generator, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

from selfinstruct.errors import InputError, SelfInstructError
from selfinstruct.records.place import RowNumber
from selfinstruct.system.limits import unpacked_limit, unpacks_too_far

_MOST_LINES = 2**20


def rows_of_sheet(file: IO[bytes], path: Path) -> Generator[tuple[int, list[str]]]:
    """Yield (line, cells) of the rows that hold anything, of the one sheet with rows, all as wide as the first or wider.

    Raises InputError for a file that unpacks too far, is no workbook, or has several sheets with rows.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise InputError(
            f"{path}: reading Excel needs openpyxl; pip install openpyxl, or save the sheet as .csv"
        ) from error
    try:
        _check_size(file, path)
        with warnings.catch_warnings(action="ignore"):  # they quote the file
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        sheet = _with_rows(book.worksheets, path)
        width = 0
        for line, cells in _filled(sheet, path):
            width = width or len(cells)
            yield line, [*cells, *[""] * (width - len(cells))]
    except SelfInstructError:
        raise
    except Exception as error:  # of a reader of XML in a ZIP, any
        raise InputError(f"{path}: not an Excel file ({str(error)[:200]}); save the sheet as .csv") from error


def _check_size(file: IO[bytes], path: Path) -> None:
    size = path.stat().st_size
    with zipfile.ZipFile(file) as packed:
        if sum(member.file_size for member in packed.infolist()) > unpacked_limit(size):
            raise unpacks_too_far(path, size)


def _with_rows(sheets: list[Any], path: Path) -> Any:
    filled = [sheet for sheet in sheets if len([*islice(_filled(sheet, path), 2)]) > 1]
    if len(filled) != 1:
        names = ", ".join(sheet.title for sheet in filled) or "none"
        raise InputError(f"{path}: must have one sheet with rows; it has: {names}; save the one that is meant as .csv")
    return filled[0]


def _filled(sheet: Any, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells up to the last that is filled) of the rows that hold anything."""
    sheet.reset_dimensions()  # what it says of itself need not be true
    for line, values in enumerate(sheet.iter_rows(values_only=True), 1):
        if line > _MOST_LINES:
            raise InputError(f"{path}: has a row beyond line {_MOST_LINES:,}, which no sheet has; save it as .csv")
        cells = ["" if value is None else str(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield RowNumber(line), cells
