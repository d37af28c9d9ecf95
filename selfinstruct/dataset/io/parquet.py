"""Reading Parquet in bounded memory: what it announces is checked first, and a text that many rows share is held once."""

import math
from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from selfinstruct.errors import InputError, RecordError
from selfinstruct.records.place import RowNumber, place
from selfinstruct.system.limits import row_limit, row_too_large, unpacked_limit, unpacks_too_far

_ROWS = 4096
"""Rows read at once."""
_LEAST = 8
"""Bytes that a value takes in memory at least, however often it was repeated on disk."""


def rows_of(file: IO[bytes], path: Path, size: int) -> Iterator[dict[str, Any]]:
    """Yield the rows of a Parquet file of `size` bytes; raises InputError when it is none or unpacks too far."""
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise InputError(f"{path}: reading Parquet needs pyarrow; pip install pyarrow") from error
    try:
        announced = ParquetFile(file).metadata
        _check_announced(announced, path, size)
        shared = ParquetFile(file, read_dictionary=_texts(announced), pre_buffer=False)
        yield from _rows(shared.iter_batches(batch_size=_ROWS), path, size)
    except (
        ArrowException,
        OSError,
        ValueError,
    ) as error:  # OSError: a page that does not unpack; ValueError: a name in no encoding
        raise InputError(f"{path}: not a Parquet file ({str(error).split(chr(10))[0][:200]})") from error


def _check_announced(announced: Any, path: Path, size: int) -> None:
    """Raise InputError when a file says itself that it unpacks too far."""
    groups = (announced.row_group(number) for number in range(announced.num_row_groups))
    chunks = (group.column(number) for group in groups for number in range(group.num_columns))
    if sum(max(chunk.total_uncompressed_size, _LEAST * chunk.num_values, 0) for chunk in chunks) > unpacked_limit(size):
        raise unpacks_too_far(path, size)


def _texts(announced: Any) -> list[str]:
    """Return the columns of text, which are read as dictionaries: each text is then in memory once, not once a row."""
    columns = (announced.schema.column(number) for number in range(announced.num_columns))
    return [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]


def _rows(batches: Iterator[Any], path: Path, size: int) -> Iterator[dict[str, Any]]:
    number = unpacked = 0
    for batch in batches:
        for part, bytes_in_part in _parts(batch, number, path):
            unpacked += bytes_in_part
            if unpacked > unpacked_limit(size):
                raise unpacks_too_far(path, size)
            columns = {
                name: _column(column, f"field `{name}`", path, number)
                for name, column in zip(part.schema.names, part.columns, strict=True)
            }
            for position in range(part.num_rows):
                yield {name: column[position] for name, column in columns.items()}
            number += part.num_rows


def _parts(batch: Any, before: int, path: Path) -> Iterator[tuple[Any, int]]:
    """Yield (rows, bytes of their values): a batch, or parts of it that have at most the bytes of one row each."""
    size = sum(_bytes_of(column) for column in batch.columns)
    if size <= row_limit():
        yield batch, size
    elif batch.num_rows < 2:
        raise row_too_large(place(path, RowNumber(before + 1)), size)
    else:
        half = batch.num_rows // 2
        yield from _parts(batch.slice(0, half), before, path)
        yield from _parts(batch.slice(half), before + half, path)


def _bytes_of(column: Any) -> int:
    """Return the bytes of the values of a column, a text counted as often as it occurs."""
    from pyarrow import compute, types

    kind = column.type
    if types.is_dictionary(kind) and types.is_binary(kind.value_type) | types.is_string(kind.value_type):
        lengths = compute.binary_length(column.dictionary)
        return int(compute.sum(lengths.take(column.indices)).as_py() or 0)
    if types.is_struct(kind):
        return sum(_bytes_of(field) for field in column.flatten())
    if types.is_map(kind):
        return _bytes_of(column.keys) + _bytes_of(column.items)
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return _bytes_of(column.flatten())
    return int(column.nbytes)


def _column(column: Any, name: str, path: Path, before: int) -> list[Any]:
    """Return the values of a column as JSON values; `before` is the number of earlier rows."""
    from pyarrow import types

    try:
        held = column.dictionary_decode() if types.is_dictionary(column.type) else column
        return [_plain(value) for value in held.to_pylist()]
    except (UnicodeDecodeError, TypeError, OverflowError, ValueError):
        return _column_by_row(column, name, path, before)


def _column_by_row(column: Any, name: str, path: Path, before: int) -> list[Any]:
    """Return the values of a column, or raise RecordError that names the row of the first that is none."""
    values = []
    for number, held in enumerate(column, before + 1):
        try:
            values.append(_plain(held.as_py()))
        except UnicodeDecodeError as error:
            raise RecordError(
                f"{place(path, RowNumber(number))}: {name} is not UTF-8; repair or leave out the column"
            ) from error
        except TypeError as error:
            raise RecordError(
                f"{place(path, RowNumber(number))}: {name} {error}; make it text or leave out the column"
            ) from error
        except (OverflowError, ValueError) as error:
            raise RecordError(
                f"{place(path, RowNumber(number))}: {name} is no date or time that there is; make it text or leave it out"
            ) from error
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
