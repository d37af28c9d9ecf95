"""Reading files of JSON values: JSON lines, a JSON array or Parquet, told by the name; each may be gzipped."""

import gzip
import io
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from selfinstruct.errors import InputError, RecordError


def values_of(path: Path) -> Iterator[tuple[int, Any]]:
    """Yield (line, or position in an array, from 1; value); raises InputError or RecordError for what cannot be read."""
    data = _bytes(path)
    kind = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    if kind == ".parquet":
        yield from enumerate(_parquet(data, path), 1)
        return
    text = _decoded(data, path)
    if kind == ".json" or text.lstrip().startswith("["):
        yield from enumerate(_array(text, path), 1)
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, _parse(line, f"{path}:{number}")


def _bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if path.suffix == ".gz" else data
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file") from error
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path}: cannot be read ({error})") from error


def _decoded(data: bytes, path: Path) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise RecordError(f"{path}:{line}: not UTF-8; save the file as UTF-8") from error


def _parse(text: str, where: str) -> Any:
    try:
        return json.loads(text, parse_constant=_not_json)
    except (ValueError, RecursionError) as error:
        raise RecordError(f"{where}: not JSON ({str(error).split(':')[0]}); repair or remove the line") from error


def _not_json(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")


def _array(text: str, path: Path) -> list[Any]:
    try:
        value = json.loads(text, parse_constant=_not_json)
    except (ValueError, RecursionError) as error:
        line = f":{error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise RecordError(
            f"{path}{line}: not JSON ({str(error).split(':')[0]}); a .json file must hold one array of rows"
        ) from error
    if not isinstance(value, list):
        raise InputError(f"{path}: must hold one array of rows; for one object a line, name it .jsonl")
    return value


def _parquet(data: bytes, path: Path) -> list[dict[str, Any]]:
    import pandas as pd

    try:
        frame = pd.read_parquet(io.BytesIO(data))
    except ImportError as error:
        raise InputError(f"{path}: reading Parquet needs pyarrow; pip install pyarrow") from error
    except ValueError as error:
        raise InputError(f"{path}: not a Parquet file") from error
    records: list[dict[str, Any]] = json.loads(frame.to_json(orient="records", force_ascii=False) or "[]")
    return records
