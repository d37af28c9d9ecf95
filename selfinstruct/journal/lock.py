"""The write lock of a journal: flock on `journal/lock`, released when the process ends.

It is held by whoever has locked the file that bears the name now: a run may be renamed between opening and locking.
"""

import fcntl
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from selfinstruct.errors import StorageError
from selfinstruct.journal.disk import Disk, RealDisk, write_all
from selfinstruct.system.plain import open_plain

_TRIES, _PAUSE_S = 50, 0.02
"""One that looks (`in_use`) is gone at once; whatever shares the lock longer is not waited for."""


def acquire(disk: Disk, folder: Path, sleep: Callable[[float], None] = time.sleep) -> int:
    """Lock a folder and return the descriptor that holds the lock.

    Raises StorageError naming process and host of the holder, OSError on a disk failure.
    """
    descriptor = disk.open(folder / "lock", os.O_RDWR | os.O_CREAT)
    try:
        _lock(descriptor, folder, sleep)
        _check_in_place(descriptor, folder)
        disk.truncate(descriptor, 0)
        write_all(disk, descriptor, f"process {os.getpid()} on {socket.gethostname()}\n".encode())
    except StorageError:
        disk.close(descriptor)
        raise
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


def unwritable(folder: Path, error: OSError) -> StorageError:
    """Return what is said where the journal in a folder cannot be written."""
    return StorageError(
        f"{folder}: cannot be written ({error.strerror or error}); free or check the disk, or choose another --run"
    )


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
    """Hold the lock of a journal while the block runs; raises StorageError as `acquire` does, and on a disk failure."""
    disk = RealDisk()
    try:
        descriptor = acquire(disk, folder)
    except OSError as error:
        raise unwritable(folder, error) from error
    try:
        yield
    finally:
        disk.close(descriptor)


def _check_in_place(descriptor: int, folder: Path) -> None:
    """Raise StorageError where another file, or none, bears the name of the lock now."""
    with suppress(FileNotFoundError):
        if os.path.samestat(os.fstat(descriptor), (folder / "lock").stat()):
            return
    raise StorageError(f"{folder}: was moved while it was opened; run the same command again")


def _lock(descriptor: int, folder: Path, sleep: Callable[[float], None]) -> None:
    """Lock for writing; raises BlockingIOError where another process writes, and passes over one that only looks (`in_use`).

    Raises StorageError where one shares the lock for longer.
    """
    for _ in range(_TRIES):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)  # granted beside one that looks
            fcntl.flock(descriptor, fcntl.LOCK_UN)  # or two that wait would keep each other out
            sleep(_PAUSE_S)
        else:
            return
    raise StorageError(
        f"{folder / 'lock'}: another process shares this lock and does not let go, such as a stopped `selfinstruct status`; "
        "end it, or choose another --run"
    )
