"""The write lock of a journal: flock on `journal/lock`, released when the process ends.

It is held by whoever has locked the file that bears the name now: a run may be renamed between opening and locking.
"""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selfinstruct.errors import StorageError
from selfinstruct.journal.disk import Disk, RealDisk, write_all
from selfinstruct.system.plain import open_plain


def acquire(disk: Disk, folder: Path) -> int:
    """Lock a folder and return the descriptor that holds the lock.

    Raises StorageError naming process and host of the holder, OSError on a disk failure.
    """
    descriptor = disk.open(folder / "lock", os.O_RDWR | os.O_CREAT)
    try:
        _lock(descriptor)
        if not _is_in_place(descriptor, folder):
            disk.close(descriptor)
            raise StorageError(f"{folder}: was moved while it was opened; run the same command again")
        disk.truncate(descriptor, 0)
        write_all(disk, descriptor, f"process {os.getpid()} on {socket.gethostname()}\n".encode())
    except OSError as error:
        holder = os.pread(descriptor, 300, 0).decode("utf-8", "replace").strip()
        disk.close(descriptor)
        if not isinstance(error, BlockingIOError):
            raise
        raise StorageError(
            f"{folder}: another selfinstruct process writes this run ({holder or 'just started'}); "
            "wait for it, end it, or choose another --run"
        ) from error
    return descriptor


def in_use(folder: Path) -> bool:
    """Return whether the journal of this folder is open for writing in any process."""
    try:
        descriptor = open_plain(folder / "lock", os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Hold the lock of a journal while the block runs; raises StorageError as `acquire` does, OSError on a disk failure."""
    disk = RealDisk()
    descriptor = acquire(disk, folder)
    try:
        yield
    finally:
        disk.close(descriptor)


def _is_in_place(descriptor: int, folder: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), (folder / "lock").stat())
    except FileNotFoundError:
        return False


def _lock(descriptor: int) -> None:
    """Lock for writing; raises BlockingIOError where another process writes, and passes over one that only looks (`in_use`)."""
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)  # granted beside one that looks, who is gone at once
        else:
            return
