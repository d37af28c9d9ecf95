r"""Reading and writing files: JSON lines, whole files written atomically, and the folders that ship with the package.

Bytes are UTF-8 and lines end in `\n` on every system; lines are split at `\n` only, because a text may contain U+2028.
"""

import errno
import json
import os
import secrets
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import jsonlines

from selfinstruct.errors import InputError, RecordError, StorageError
from selfinstruct.system.limits import LARGEST_TEXT, row_limit, row_too_large

_CHUNK = 1 << 16
"""Bytes read at once of a file of lines: the lines of 1 MiB leave the processor's cache, and reading takes a tenth longer."""
PACKAGE = Path(__file__).parents[1]


def bundled(name: str) -> Path:
    """Return the path of a bundled file or folder: inside an installed package, next to the package in a checkout."""
    installed = PACKAGE / "_data" / name
    return installed if installed.exists() else PACKAGE.parent / name


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file of at most LARGEST_TEXT bytes, a leading byte order mark removed."""
    try:
        with path.open("rb") as file:
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


def read_folder(folder: Path) -> dict[str, str]:
    """Return {file name: text} of the `.txt` files of a folder, sorted by name."""
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder")
    return {path.name: read_text(path) for path in sorted(folder.glob("*.txt"))}


def read_jsonl(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line number from 1, object) of a JSON Lines file; blank lines are skipped.

    Raises InputError for an unreadable file, RecordError for a line that is not a JSON object.
    """
    try:
        with path.open("rb") as file:
            for first, lines in blocks_of_lines(file, str(path)):
                for number, data in enumerate(lines, first):
                    line = _decoded(data, f"{path}:{number}", first=number == 1)
                    if line.strip():
                        yield number, _object(line, f"{path}:{number}")
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file") from error
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error


def blocks_of_lines(file: IO[bytes], name: str, before: int = 0) -> Iterator[tuple[int, list[bytes]]]:
    r"""Yield (number of the first, lines without `\n`) of a file, some blank ones left out; `before` lines have been read.

    Raises RecordError for a line above the row limit, without reading it whole, and for as many bytes of blank lines.
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
            _refuse_large(lines, rest, name, number + 1)
        yield number + 1, lines
        number += len(lines)
    if rest:
        yield number + 1, [rest]


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
        raise RecordError(f"{where}: not a JSON object ({_reason(error)}); put one object on the line") from error


def _reason(error: Exception) -> str:
    cause = error.__cause__ or error
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return str(cause).split("(line")[0].strip()


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


def write_text(path: Path, text: str, *, private: bool = False) -> None:
    """Write a text file atomically, as UTF-8; raises StorageError."""
    write_bytes(path, text.encode("utf-8"), private=private)


def write_bytes(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file atomically; raises StorageError."""
    with atomic_file(path, private=private) as file:
        file.write(data)


@contextmanager
def atomic_file(path: Path, *, private: bool = False) -> Iterator[IO[bytes]]:
    """Yield a file whose content replaces `path` atomically at the end; raises StorageError.

    Readers and crashes see the old or the new file, never a part: temporary file, fsync, rename, fsync of the folder. A private file is
    for its owner alone (mode 0600), as what holds a teacher's replies is; the mode of any other is what the user's umask says.
    """
    if path.exists() and not path.is_file() and not path.is_dir():  # a pipe or a device is written to, not replaced
        with path.open("wb") as file:
            yield file
        return
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = _new_file(path, 0o600 if private else 0o666)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        temporary = None
        sync_folder(path.parent)
    except OSError as error:
        raise StorageError(
            f"{path}: cannot be written ({error.strerror}); free the disk or choose another --run"
        ) from error
    finally:
        if temporary:
            temporary.unlink(missing_ok=True)


def _new_file(path: Path, mode: int) -> tuple[int, Path]:
    """Create a file beside `path`; tempfile would not do, as its files are private whatever the umask."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    return os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode), beside


def make_private_folder(folder: Path) -> None:
    """Create a folder that only its owner enters (mode 0700), its parents by the user's umask; raises OSError."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


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
    """Raise InputError when one of these names in a folder, or anything below it, is neither a regular file nor a folder."""
    for name in inside:
        path = folder / name
        found = [path, *path.rglob("*")] if path.is_dir() and not path.is_symlink() else [path]
        if strange := next((one for one in found if not _is_plain(one)), None):
            raise InputError(_not_plain(strange))


def _is_plain(path: Path) -> bool:
    """Return whether a path is a regular file, a folder, or nothing: no link, and no pipe or device, on which a reader may wait for ever."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return True  # whoever opens it says what is wrong
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)


def _not_plain(path: Path) -> str:
    return f"{path}: is a link, or no regular file of its own; a run holds plain files only. Remove it, or choose another --run"


def remove(path: Path) -> None:
    """Remove a file if it exists; raises StorageError."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(f"{path}: cannot be removed ({error.strerror}); check the rights of its folder") from error


def write_jsonl(path: Path, values: Iterable[dict[str, Any]], *, private: bool = False) -> None:
    """Write a JSON Lines file atomically."""
    write_text(path, "".join(to_line(value) + "\n" for value in values), private=private)


def sync_folder(folder: Path) -> None:
    """Fsync a folder, so that renamed and new files in it survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
