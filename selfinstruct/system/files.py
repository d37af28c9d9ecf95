r"""Reading and writing files: JSON lines, whole files written atomically, and the folders that ship with the package.

Bytes are UTF-8 and lines end in `\n` on every system; lines are split at `\n` only, because a text may contain U+2028.
"""

import errno
import json
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import jsonlines

from selfinstruct.errors import InputError, RecordError, StorageError

PACKAGE = Path(__file__).parents[1]


def bundled(name: str) -> Path:
    """Return the path of a bundled file or folder: inside an installed package, next to the package in a checkout."""
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
    """Return {file name: text} of the `.txt` files of a folder, sorted by name."""
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder")
    return {path.name: read_text(path) for path in sorted(folder.glob("*.txt"))}


def read_jsonl(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line number from 1, object) of a JSON Lines file; blank lines are skipped.

    Raises InputError for an unreadable file, RecordError for a line that is not a JSON object.
    """
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
    """Return the canonical JSON line of an object: keys in given order, not ASCII-escaped, no final newline.

    A lone surrogate, which UTF-8 cannot encode, is written as a JSON escape.
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "backslashreplace").decode("utf-8")


def write_text(path: Path, text: str) -> None:
    """Write a text file atomically, as UTF-8; raises StorageError."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file atomically; raises StorageError."""
    with atomic_file(path) as file:
        file.write(data)


@contextmanager
def atomic_file(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file whose content replaces `path` atomically at the end; raises StorageError.

    Readers and crashes see the old or the new file, never a part: temporary file, fsync, rename, fsync of the folder.
    """
    if path.exists() and not path.is_file() and not path.is_dir():  # a pipe or a device is written to, not replaced
        with path.open("wb") as file:
            yield file
        return
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


def open_plain(path: Path, flags: int, mode: int = 0o600) -> int:
    """Open a regular file without following a link and return the descriptor; raises InputError for anything else.

    What came with a clone or an archive may be a link to any file of the user, a pipe or a device.
    """
    try:
        descriptor = os.open(path, flags & ~os.O_TRUNC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, mode)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENXIO}:
            raise InputError(_not_plain(path)) from error
        raise
    found = os.fstat(descriptor)
    if stat.S_ISDIR(found.st_mode):
        os.close(descriptor)
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        os.close(descriptor)
        raise InputError(_not_plain(path))
    if flags & os.O_TRUNC:  # only now that it is known to be a file of ours
        os.ftruncate(descriptor, 0)
    return descriptor


def refuse_links(folder: Path, inside: Iterable[str]) -> None:
    """Raise InputError when one of these files or folders inside a folder, or anything in them, is a symbolic link."""
    for name in inside:
        path = folder / name
        found = [path, *path.rglob("*")] if path.is_dir() and not path.is_symlink() else [path]
        if link := next((one for one in found if one.is_symlink()), None):
            raise InputError(_not_plain(link))


def _not_plain(path: Path) -> str:
    return f"{path}: is a link, or no regular file of its own; a run holds plain files only. Remove it, or choose another --run"


def remove(path: Path) -> None:
    """Remove a file if it exists; raises StorageError."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(f"{path}: cannot be removed ({error.strerror}); check the rights of its folder") from error


def write_jsonl(path: Path, values: Iterable[dict[str, Any]]) -> None:
    """Write a JSON Lines file atomically."""
    write_text(path, "".join(to_line(value) + "\n" for value in values))


def sync_folder(folder: Path) -> None:
    """Fsync a folder, so that renamed and new files in it survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
