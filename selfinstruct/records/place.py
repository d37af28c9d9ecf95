"""Where a row stands in a file: on a line, or, where rows have no lines of their own, at a position."""

from typing import Literal

_WITHOUT_LINES = (".json", ".parquet", ".xlsx")


class RowNumber(int):
    """Position, from 1, of a row in an array, a Parquet file, a sheet, or in memory: no line that an editor goes to."""

    __slots__ = ()


def unit_of(line: int) -> Literal["line", "row"]:
    """Return what a number counts."""
    return "row" if isinstance(line, RowNumber) else "line"


def place(file: object, line: int) -> str:
    """Return a row's place as messages name it: `rows.jsonl:3`, which editors go to, or `rows.json, row 3`."""
    return f"{file}, row {line}" if isinstance(line, RowNumber) else f"{file}:{line}"


def read_back(file: str, line: int) -> int:
    """Return a number that was recorded as what it counts in a file of that name."""
    return RowNumber(line) if file.removesuffix(".gz").endswith(_WITHOUT_LINES) else line
