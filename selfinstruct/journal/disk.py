"""All calls of the journal that change the disk, behind a Protocol, so that tests can make each of them fail."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from selfinstruct.system.plain import open_plain
from selfinstruct.system.writing import make_private_folder, sync_folder


class Disk(Protocol):
    """A file system to write to; every method raises OSError like the system call of the same name."""

    def open(self, path: Path, flags: int) -> int:
        """Open a file with mode 0600 and return the descriptor."""
        ...

    def write(self, descriptor: int, data: memoryview) -> int:
        """Write data, possibly only in part; returns the number of bytes written."""
        ...

    def sync(self, descriptor: int) -> None:
        """Fsync: return when all written data is durable."""
        ...

    def truncate(self, descriptor: int, size: int) -> None:
        """Truncate the file to `size` bytes."""
        ...

    def close(self, descriptor: int) -> None:
        """Close the descriptor; never raises, since all data has been synced before."""
        ...

    def remove(self, path: Path) -> None:
        """Remove a file if it exists."""
        ...

    def sync_folder(self, folder: Path) -> None:
        """Fsync a folder: return when created and removed names in it are durable."""
        ...


class RealDisk:
    """The file system of the operating system."""

    def open(self, path: Path, flags: int) -> int:
        """Open a regular file with mode 0600; raises InputError for a link, a pipe or a device.

        A file that is here already, such as a segment that came with a clone, gets that mode: it will hold replies.
        """
        descriptor = open_plain(path, flags)
        if os.fstat(descriptor).st_mode & 0o077:
            with suppress(OSError):  # somebody else's file, or a file system without modes
                os.fchmod(descriptor, 0o600)
        return descriptor

    def write(self, descriptor: int, data: memoryview) -> int:
        """Write; may be short."""
        return os.write(descriptor, data)

    def sync(self, descriptor: int) -> None:
        """Fsync."""
        os.fsync(descriptor)

    def truncate(self, descriptor: int, size: int) -> None:
        """Truncate the file."""
        os.ftruncate(descriptor, size)

    def close(self, descriptor: int) -> None:
        """Close the descriptor."""
        with suppress(OSError):
            os.close(descriptor)

    def remove(self, path: Path) -> None:
        """Unlink."""
        path.unlink(missing_ok=True)

    def sync_folder(self, folder: Path) -> None:
        """Fsync the folder."""
        sync_folder(folder)


def write_all(disk: Disk, descriptor: int, data: bytes) -> None:
    """Write all data, continuing after short writes; raises OSError."""
    rest = memoryview(data)
    while rest:
        rest = rest[disk.write(descriptor, rest) :]


def make_folder(disk: Disk, folder: Path) -> None:
    """Create a folder for its owner alone, and its parents, durably; raises OSError."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    make_private_folder(folder)
    for path in missing:
        disk.sync_folder(path.parent)
