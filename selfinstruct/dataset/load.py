"""Reading instruction files: JSON lines, a JSON array or Parquet, each may be gzipped; Alpaca-like, messages or ShareGPT rows."""

import gzip
import io
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from selfinstruct.dataset.turns import LAYOUTS, conversation
from selfinstruct.errors import InputError, RecordError
from selfinstruct.language import han_share
from selfinstruct.records import LanguageCode, Row, row_id


class Loaded(NamedTuple):
    """One row of a file, as it stood there and as we read it."""

    line: int
    """Line, or position in an array, from 1."""
    value: dict[str, Any]
    instruction: str
    input: str
    output: str
    language: LanguageCode
    later: tuple[tuple[str, str], ...] = ()
    """The other (user, assistant) pairs: the further ones of a conversation, or the `history` of an Alpaca-like row."""
    defect: str = ""
    """What is wrong with the order of its turns."""


def load(path: Path) -> Iterator[Loaded]:
    """Yield the rows of an instruction file; raises RecordError with line, field and remedy for one that is none."""
    for line, value in _values(path):
        if not isinstance(value, dict):
            raise RecordError(f"{path}:{line}: not a JSON object; write one object for each row")
        yield _read(line, value, f"{path}:{line}")


def load_rows(path: Path) -> list[Row]:
    """Return the rows of an instruction file, or of all `<language>.jsonl` of a folder or run, as dataset rows."""
    files = dataset_files(path) if path.is_dir() else [path]
    return [
        Row(
            id=row_id(one.language, one.instruction, one.input),
            language=one.language,
            instruction=one.instruction,
            input=one.input,
            output=one.output,
        )
        for file in files
        for one in load(file)
    ]


def dataset_files(folder: Path) -> list[Path]:
    """Return the dataset files of a run directory or dataset folder, by name."""
    inner = folder / "dataset"
    files = sorted((inner if inner.is_dir() else folder).glob("*.jsonl"))
    if not files:
        raise InputError(f"{folder}: holds no dataset; give a file, or a run directory that `make generate` wrote")
    return files


def guess_language(text: str) -> LanguageCode:
    """Return zh when at least three in ten characters and words are Chinese, else en."""
    return "zh" if han_share(text) >= 0.3 else "en"


def _values(path: Path) -> Iterator[tuple[int, Any]]:
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


def _read(line: int, value: dict[str, Any], where: str) -> Loaded:
    layout = next((name for name in LAYOUTS if isinstance(value.get(name), list)), "")
    if layout:
        pairs, defect = conversation(value[layout], layout, where)
        (instruction, output), given = pairs[0] if pairs else ("", ""), ""
    else:
        instruction, given, output = _fields(value, where)
        pairs, defect = ((instruction, output), *_history(value, where)), ""
    named = value.get("language")
    language = named if named in {"en", "zh"} else guess_language(instruction)
    return Loaded(line, value, instruction, given, output, language, pairs[1:], defect)


def _history(value: dict[str, Any], where: str) -> tuple[tuple[str, str], ...]:
    """Return the earlier (user, assistant) pairs that an Alpaca-like row may have."""
    history = value.get("history")
    if not history:
        return ()
    pairs = history if isinstance(history, list) else [history]
    for number, pair in enumerate(pairs):
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(text, str) for text in pair):
            raise RecordError(f"{where}: field `history.{number}` must be a pair of texts, [user, assistant]")
    return tuple((asked, answered) for asked, answered in pairs)


def _fields(value: dict[str, Any], where: str) -> tuple[str, str, str]:
    """Return (instruction, input, output) of an Alpaca-like row."""
    fields = [value.get("instruction"), value.get("input", ""), value.get("output", "")]
    for name, field in zip(("instruction", "input", "output"), fields, strict=True):
        if not isinstance(field, str | None) or (name == "instruction" and field is None):
            raise RecordError(
                f"{where}: field `{name}` must be a text; a row has instruction, input, output or messages"
            )
    return fields[0] or "", fields[1] or "", fields[2] or ""
