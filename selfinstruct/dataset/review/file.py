"""Appending to `review.jsonl`, one line at a time, each on the disk before it counts; the file may be replaced by `filter` in between."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from selfinstruct.errors import InputError, StorageError
from selfinstruct.system.plain import open_plain
from selfinstruct.system.writing import sync_folder

_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT


@contextmanager
def held(path: Path) -> Iterator[int]:
    """Yield a descriptor of the file that bears the name, locked: nobody else appends to it or replaces it meanwhile.

    An empty file that was made for that goes again. Raises StorageError.
    """
    try:
        descriptor = _locked(path)
    except OSError as error:
        raise StorageError(f"{path}: cannot be written ({error.strerror}); check the rights of its folder") from error
    try:
        yield descriptor
    finally:
        with suppress(OSError):
            if not path.stat().st_size:
                path.unlink()
        os.close(descriptor)


def _locked(path: Path) -> int:
    while True:
        is_new = not path.exists()
        descriptor = open_plain(path, _FLAGS, 0o666)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                if is_new:
                    sync_folder(path.parent)
                return descriptor
        os.close(descriptor)  # it was replaced while this process waited


def append(path: Path, line: str) -> None:
    """Append a line; on the disk when this returns. Raises StorageError with the file as it was before."""
    data = line.encode() + b"\n"
    with held(path) as descriptor:
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            data = b"\n" + data  # an editor left no final line break
        try:
            _write(descriptor, data)
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(descriptor, size)
            raise StorageError(
                f"{path}: cannot be written ({error.strerror}); free the disk and decide again"
            ) from error


def _write(descriptor: int, data: bytes) -> None:
    """Write all of a line to the disk; raises OSError also where only a part of it fits."""
    if os.write(descriptor, data) < len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(descriptor)


@contextmanager
def session(place: Path) -> Iterator[None]:
    """Hold a run directory, or a file, for one review at a time; raises InputError where another one holds it."""
    descriptor = os.open(place, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise InputError(
            f"{place}: another `selfinstruct review` is open on it; use its page, or end it with Ctrl-C in its terminal"
        ) from error
    try:
        yield
    finally:
        os.close(descriptor)
