"""Writing rows of any layout: JSON lines, a JSON array or Parquet by the file's name, gzipped where it ends in `.gz`."""

import gzip
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from selfinstruct.errors import InputError
from selfinstruct.files import to_line, write_bytes


def save(path: Path, values: Sequence[dict[str, Any]]) -> None:
    """Write rows atomically; the same rows give the same bytes, gzipped or not."""
    zipped = path.suffix == ".gz"
    kind = path.with_suffix("").suffix if zipped else path.suffix
    if kind == ".parquet":
        data = _parquet(values, path)
    elif kind == ".json":
        text = json.dumps(values, ensure_ascii=False, indent=4) + "\n"
        data = text.encode("utf-8", "backslashreplace")
    else:
        data = "".join(to_line(value) + "\n" for value in values).encode("utf-8")
    write_bytes(path, gzip.compress(data, mtime=0) if zipped else data)


def _parquet(values: Sequence[dict[str, Any]], path: Path) -> bytes:
    import pandas as pd

    buffer = io.BytesIO()
    try:
        pd.DataFrame(list(values)).to_parquet(buffer, index=False)
    except ImportError as error:
        raise InputError(f"{path}: writing Parquet needs pyarrow; pip install pyarrow, or choose .jsonl") from error
    return buffer.getvalue()
