"""Writing files: atomically, durably, and private where they hold replies."""

import errno
import glob
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from selfinstruct.errors import StorageError
from selfinstruct.system.files import to_line

_PRIVATE = 0o600
_CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS}
"""Of a folder: a file is replaced by a new one, whatever its own rights."""


def free_name(path: Path) -> Path:
    """Return the first of `<name>.1`, `<name>.2`, ... beside a path that is not taken."""
    number = 1
    while (found := path.with_name(f"{path.name}.{number}")).exists():
        number += 1
    return found


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
    for its owner alone (mode 0600), as what holds a teacher's replies is; any other has the mode of the file that it replaces, a new one, or
    one that was private, what the user's umask says.
    """
    if path.exists() and not path.is_file() and not path.is_dir():  # a pipe or a device is written to, not replaced
        with path.open("wb") as file:
            yield file
        return
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = _new_file(path, _PRIVATE if private else 0o666)
        with os.fdopen(descriptor, "wb") as file:
            if not private:
                _keep_mode(path, descriptor)
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        temporary = None
        sync_folder(path.parent)
    except OSError as error:
        raise _unwritable(path.parent if error.errno in _CLOSED else path, error) from error
    finally:
        if temporary:
            temporary.unlink(missing_ok=True)


def _new_file(path: Path, mode: int) -> tuple[int, Path]:
    """Create a file beside `path`; tempfile would not do, as its files are private whatever the umask."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    return os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode), beside


def remove_leftovers(files: Iterable[Path]) -> None:
    """Remove what `atomic_file` left beside these files when its process was killed; no other process may write them now."""
    for path in files:
        shape = re.compile(re.escape(f".{path.name}.") + "[0-9a-f]{8}")
        for left in path.parent.glob(f".{glob.escape(path.name)}.*"):
            if shape.fullmatch(left.name) and left.is_file() and not left.is_symlink():
                remove(left)


def _keep_mode(path: Path, descriptor: int) -> None:
    """Give a new file the mode of the one that it replaces, unless that was private; some file systems have no modes."""
    with suppress(OSError):
        mode = path.stat().st_mode & 0o777
        if mode != _PRIVATE:
            os.fchmod(descriptor, mode)


def _unwritable(path: Path, error: OSError) -> StorageError:
    """Return what is said of a file or folder that cannot be written."""
    remedy = (
        "make it writable, or choose another place"
        if error.errno in _CLOSED
        else "free the disk or choose another --run"
    )
    return StorageError(f"{path}: cannot be written ({error.strerror}); {remedy}")


def make_writable_folder(folder: Path) -> None:
    """Create a folder and its parents unless it is there; raises StorageError, also where it is there and cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise _unwritable(folder, error) from error


def make_private_folder(folder: Path) -> None:
    """Create a folder that only its owner enters (mode 0700), its parents by the user's umask; raises OSError."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def remove(path: Path) -> None:
    """Remove a file if it exists; raises StorageError."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(f"{path}: cannot be removed ({error.strerror}); check the rights of its folder") from error


def told_replaced(paths: Sequence[str | Path]) -> str:
    """Return that files were replaced which were there already."""
    return f"Replaced, as {'it was' if len(paths) == 1 else 'they were'} there already: {', '.join(map(str, paths))}"


def write_jsonl(path: Path, values: Iterable[dict[str, Any]], *, private: bool = False) -> None:
    """Write a JSON Lines file atomically."""
    with atomic_file(path, private=private) as file:
        file.writelines((to_line(value) + "\n").encode("utf-8") for value in values)


def sync_folder(folder: Path) -> None:
    """Fsync a folder, so that renamed and new files in it survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
