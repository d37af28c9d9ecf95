r"""Reading and writing files: JSON lines, whole files written atomically, and the folders that ship with the package.

Bytes are UTF-8 and lines end in `\n` on every system; a line is split at `\n` only, because U+2028 may stand in a text.
"""

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import jsonlines

from selfinstruct.errors import InputError, RecordError, StorageError

PACKAGE = Path(__file__).parents[1]


def bundled(name: str) -> Path:
    """Return a file or folder that ships with selfinstruct: inside the package when installed, beside it in a checkout."""
    installed = PACKAGE / "_data" / name
    return installed if installed.exists() else PACKAGE.parent / name


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file, a leading byte order mark removed."""
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 at byte {error.start}; save the file as UTF-8") from error
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error


def read_folder(folder: Path) -> dict[str, str]:
    """Return {file name: text} of the `.txt` files of a folder, by name."""
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder")
    return {path.name: read_text(path) for path in sorted(folder.glob("*.txt"))}


def read_jsonl(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line number from 1, object) of a JSON lines file; blank lines are skipped."""
    lines = read_text(path).split("\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = jsonlines.Reader([line]).read(type=dict, allow_none=False)
        except (jsonlines.InvalidLineError, RecursionError) as error:
            raise RecordError(
                f"{path}:{number}: not a JSON object ({_reason(error)}); put one object on the line"
            ) from error
        yield number, value


def _reason(error: Exception) -> str:
    cause = error.__cause__ or error
    return str(cause).split("(line")[0].strip()


def to_line(value: dict[str, Any]) -> str:
    """Return the canonical JSON line of an object: keys in their order, not ASCII-escaped, no final newline.

    A lone surrogate, which UTF-8 cannot hold, is written as its escape.
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "backslashreplace").decode("utf-8")


def write_text(path: Path, text: str) -> None:
    """Write a whole file so that a reader or a crash sees the old one or the new one, never a part."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> None:
    """Write bytes atomically."""
    with whole(path) as file:
        file.write(data)


@contextmanager
def whole(path: Path) -> Iterator[IO[bytes]]:
    """Give a file to write that takes its place as a whole at the end: temporary file beside it, fsync, rename, fsync of the folder."""
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
        temporary = ""
        sync_folder(path.parent)
    except OSError as error:
        raise StorageError(
            f"{path}: cannot be written ({error.strerror}); free the disk or choose another --run"
        ) from error
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def remove(path: Path) -> None:
    """Remove a file, if it is there."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(f"{path}: cannot be removed ({error.strerror}); check the rights of its folder") from error


def write_jsonl(path: Path, values: Iterable[dict[str, Any]]) -> None:
    """Write a JSON lines file atomically."""
    write_text(path, "".join(to_line(value) + "\n" for value in values))


def sync_folder(folder: Path) -> None:
    """Make a rename or a new file in the folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
