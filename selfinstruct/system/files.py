r"""Reading files: texts, JSON lines, and the folders that ship with the package.

Bytes are UTF-8 and lines end in `\n` on every system; lines are split at `\n` only, because a text may contain U+2028.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import jsonlines

from selfinstruct.errors import InputError, RecordError
from selfinstruct.records.full_width import hint_of
from selfinstruct.system.conflicts import UnfinishedMergeError, refuse_marker
from selfinstruct.system.json_faults import fault_of
from selfinstruct.system.limits import LARGEST_TEXT, row_limit, row_too_large

_CHUNK = 1 << 16
"""Bytes read at once of a file of lines: the lines of 1 MiB leave the processor's cache, and reading takes a tenth longer."""
_SHOWN_OF_LARGE = 1000
"""Bytes that are kept of a line above the row limit."""
PACKAGE = Path(__file__).parents[1]


def bundled(name: str) -> Path:
    """Return the path of a bundled file or folder: inside an installed package, next to the package in a checkout."""
    installed = PACKAGE / "_data" / name
    return installed if installed.exists() else PACKAGE.parent / name


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file of at most LARGEST_TEXT bytes, a leading byte order mark removed."""
    try:
        with _open(path) as file:
            data = file.read(LARGEST_TEXT + 1)
        if len(data) > LARGEST_TEXT:
            raise InputError(f"{path}: has more than {LARGEST_TEXT:,} bytes; name a smaller file")
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 at byte {error.start}; save the file as UTF-8") from error
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error


def _open(path: Path) -> IO[bytes]:
    """Open a file for reading, or a pipe that the shell made (`<(...)`): one with a name of its own may never be written to."""
    if path.is_fifo() and not path.is_relative_to("/dev/fd") and not path.is_relative_to("/proc"):
        raise InputError(f"{path}: is a pipe, on which a reader may wait for ever; put a file in its place")
    return path.open("rb")


def read_folder(folder: Path) -> dict[str, str]:
    """Return {file name: text} of the `.txt` files of a folder, sorted by name."""
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder")
    return {path.name: read_text(path) for path in sorted(folder.glob("*.txt"))}


def read_jsonl(
    path: Path, on_fault: Callable[[RecordError], None] | None = None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line number from 1, object) of a JSON Lines file; blank lines are skipped.

    Raises InputError for an unreadable file, RecordError for a line that is not a JSON object, unless `on_fault` hears of it.
    """
    try:
        with _open(path) as file:
            for number, data in numbered_lines(file, str(path)):
                line = _decoded(data, f"{path}:{number}", first=number == 1)
                if line.strip() and (value := _object_or_fault(line, f"{path}:{number}", on_fault)) is not None:
                    yield number, value
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file") from error
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    except UnfinishedMergeError as error:
        raise _with_all_markers(error, path) from error


def _object_or_fault(line: str, where: str, on_fault: Callable[[RecordError], None] | None) -> dict[str, Any] | None:
    """Return the object of a line; None where it is none and `on_fault` has heard of it."""
    if on_fault is None:
        return _object(line, where)
    try:
        return _object(line, where)
    except RecordError as error:
        on_fault(error)
        return None


def _with_all_markers(error: UnfinishedMergeError, path: Path) -> UnfinishedMergeError:
    """Return the error with all markers of the file; as it is for a pipe, which cannot be read again."""
    if not path.is_file():
        return error
    with path.open("rb") as file:
        return error.with_all(numbered_lines(file, str(path)))


def numbered_lines(file: IO[bytes], name: str, before: int = 0) -> Iterator[tuple[int, bytes]]:
    r"""Yield (number, line without `\n`) of a file, as `blocks_of_lines` reads it."""
    for first, lines in blocks_of_lines(file, name, before):
        yield from enumerate(lines, first)


class LargeLine(bytes):
    """The beginning of a line above the row limit."""

    size: int
    """Bytes of the whole line."""

    @classmethod
    def of(cls, line: bytes, size: int) -> "LargeLine":
        """Return the beginning of a line of `size` bytes."""
        found = cls(line[:_SHOWN_OF_LARGE])
        found.size = size
        return found


def blocks_of_lines(
    file: IO[bytes], name: str, before: int = 0, *, keeps_large: bool = False
) -> Iterator[tuple[int, list[bytes]]]:
    r"""Yield (number of the first, lines without `\n`) of a file, some blank ones left out; `before` lines have been read.

    Raises RecordError for a line above the row limit, without reading it whole, unless `keeps_large`, which yields a LargeLine in its
    place; and for as many bytes of blank lines.
    """
    limit, number, rest, blank = row_limit(), before, b"", 0
    while chunk := file.read(max(_CHUNK, len(rest))):
        if chunk.isspace() and not rest.strip():
            number, rest, blank = number + chunk.count(b"\n"), b"", blank + len(chunk)
            if blank > limit:
                raise RecordError(f"{name}:{number + 1}: more than {limit:,} bytes of blank lines; remove them")
            continue
        *lines, rest = (rest + chunk).split(b"\n")
        blank = 0
        if max(map(len, (*lines[:1], rest) if limit >= 2 * _CHUNK else (*lines, rest))) > limit:
            if not keeps_large:
                _refuse_large(lines, rest, name, number + 1)
            lines, rest = _without_large(file, lines, rest)
        yield number + 1, lines
        number += len(lines)
    if rest:
        yield number + 1, rest.split(b"\n")


def _without_large(file: IO[bytes], lines: list[bytes], rest: bytes) -> tuple[list[bytes], bytes]:
    """Return the lines with the beginning of each that is too large, `rest` and what follows in its line passed over, and what is after it."""
    limit = row_limit()
    kept = [LargeLine.of(line, size) if (size := len(line.removesuffix(b"\r"))) > limit else line for line in lines]
    if len(rest) <= limit:
        return kept, rest
    size = len(rest)
    while chunk := file.read(_CHUNK):
        line, end, after = chunk.partition(b"\n")
        size += len(line)
        if end:
            return [*kept, LargeLine.of(rest, size)], after
    return [*kept, LargeLine.of(rest, size)], b""


def _refuse_large(lines: Sequence[bytes], rest: bytes, name: str, first: int) -> None:
    """Raise RecordError for the first line above the row limit, without the end of a line of other systems."""
    for number, line in enumerate(lines, first):
        if (size := len(line.removesuffix(b"\r"))) > row_limit():
            raise row_too_large(f"{name}:{number}", size)
    if len(rest.removesuffix(b"\r")) > row_limit():
        raise row_too_large(f"{name}:{first + len(lines)}")


def check_rows(path: Path) -> None:
    """Raise RecordError for a line above the row limit, InputError for a file that cannot be read."""
    try:
        with path.open("rb") as file:
            for _ in blocks_of_lines(file, str(path)):
                pass
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error


def _decoded(data: bytes, where: str, *, first: bool) -> str:
    try:
        return data.decode("utf-8-sig" if first else "utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{where}: not UTF-8 at byte {error.start} of the line; save the file as UTF-8") from error


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        return jsonlines.Reader([line]).read(type=dict, allow_none=False)
    except (jsonlines.InvalidLineError, RecursionError) as error:
        refuse_marker(line, where)
        reason, remedy = _reason(error)
        remedy = hint_of(line, json=True) or remedy or "put one object on the line"
        raise RecordError(f"{where}: not a JSON object ({reason}); {remedy}") from error


def _reason(error: Exception) -> tuple[str, str]:
    """Return why a line is no object, and what mends it, or ""."""
    if isinstance(error, RecursionError):
        return "nested too deeply", ""
    if isinstance(cause := error.__cause__, json.JSONDecodeError):
        fault = fault_of(cause)
        return f"{fault.text} at column {fault.column}", fault.remedy
    return str(cause) if cause else "another JSON value", ""


def to_line(value: dict[str, Any] | list[Any] | None) -> str:
    """Return the canonical JSON line of an object or list: keys in given order, not ASCII-escaped, no final newline.

    A lone surrogate, which UTF-8 cannot encode, is written as a JSON escape. Raises RecordError for an object nested too deeply: what
    could just be read need not be writable.
    """
    try:
        line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except RecursionError as error:
        raise RecordError(f"{_beginning(value)}: nested too deeply; repair or remove this row") from error
    except ValueError as error:
        raise RecordError(
            f"{_beginning(value)}: holds a number that JSON cannot write; repair or remove this row"
        ) from error
    return line.encode("utf-8", "backslashreplace").decode("utf-8")


def _beginning(value: dict[str, Any] | list[Any] | None) -> str:
    """Return what names an object in an error: its id or instruction, else its keys."""
    if not isinstance(value, dict):
        return str(type(value).__name__)
    names = (held for key in ("id", "instruction") if isinstance(held := value.get(key), str))
    return next(names, ", ".join(map(str, value)))[:80]
