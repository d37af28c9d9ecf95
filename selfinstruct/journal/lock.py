"""The write lock of a journal: flock on `journal/lock`, released when the process ends."""

import fcntl
import os
import socket
from pathlib import Path

from selfinstruct.errors import StorageError
from selfinstruct.journal.disk import Disk, write_all
from selfinstruct.system.files import open_plain


def acquire(disk: Disk, folder: Path) -> int:
    """Lock a folder and return the descriptor that holds the lock.

    Raises StorageError naming process and host of the holder, OSError on a disk failure.
    """
    descriptor = disk.open(folder / "lock", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
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
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
