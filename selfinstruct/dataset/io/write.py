"""Writing rows as JSON lines, a JSON array or Parquet, by file name; gzipped if it ends in `.gz`."""

import gzip
import io
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from selfinstruct.errors import InputError
from selfinstruct.system.files import to_line
from selfinstruct.system.writing import atomic_file

if TYPE_CHECKING:
    from pandas import DataFrame


_UNFIT = (ValueError, TypeError, NotImplementedError, OverflowError)
"""Exceptions of pyarrow for values that Parquet cannot hold; its own are subclasses."""


def save(path: Path, values: Iterable[dict[str, Any]]) -> None:
    """Write rows atomically; the same rows give the same bytes, gzipped or not."""
    with saving(path) as write:
        for value in values:
            write(value)


@contextmanager
def saving(path: Path) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Yield a function that writes one row; the file appears when the context ends.

    Rows are not kept in memory, except those of Parquet.
    """
    kind = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    if kind in {".csv", ".tsv", ".xlsx"}:
        raise InputError(f"{path}: rows are written as .jsonl, .json or .parquet, not as a table; choose one of these")
    layout = {".parquet": _parquet, ".json": _array}.get(kind, _lines)
    with atomic_file(path) as file:
        if path.suffix != ".gz":
            with layout(file, path) as write:
                yield write
            return
        zipped = cast(IO[bytes], gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0))
        with zipped, layout(zipped, path) as write:
            yield write


@contextmanager
def _lines(file: IO[bytes], _: Path) -> Iterator[Callable[[dict[str, Any]], None]]:
    def write(value: dict[str, Any]) -> None:
        file.write((to_line(value) + "\n").encode())

    yield write


@contextmanager
def _array(file: IO[bytes], _: Path) -> Iterator[Callable[[dict[str, Any]], None]]:
    written = 0

    def write(value: dict[str, Any]) -> None:
        nonlocal written
        text = json.dumps([value], ensure_ascii=False, indent=4).removesuffix("\n]")
        file.write((text if not written else "," + text[1:]).encode("utf-8", "backslashreplace"))
        written += 1

    yield write
    file.write(b"\n]\n" if written else b"[]\n")


@contextmanager
def _parquet(file: IO[bytes], path: Path) -> Iterator[Callable[[dict[str, Any]], None]]:
    import pandas as pd

    rows: list[dict[str, Any]] = []
    yield rows.append
    buffer = io.BytesIO()
    frame = pd.DataFrame(rows, dtype=object)  # else integers next to missing values become floats
    try:
        frame.to_parquet(buffer, index=False)
    except ImportError as error:
        raise InputError(f"{path}: writing Parquet needs pyarrow; pip install pyarrow, or choose .jsonl") from error
    except _UNFIT as error:
        raise _no_column(frame, path) from error
    file.write(buffer.getvalue())


def _no_column(frame: "DataFrame", path: Path) -> InputError:
    """Return an error that names the first column that Parquet cannot hold."""
    named = ""
    for name in frame.columns:
        try:
            frame[[name]].to_parquet(io.BytesIO(), index=False)
        except _UNFIT:
            named = f"column `{name}`: "
            break
    return InputError(
        f"{path}: {named}holds values of several kinds, or half of a surrogate pair, which Parquet cannot hold; choose .jsonl"
    )
