"""Every call of the journal that changes the disk, behind one Protocol, so that a test can make any of them fail."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from selfinstruct.system.files import sync_folder


class Disk(Protocol):
    """A file system to write to. Every method raises OSError as the system call of the same name does."""

    def open(self, path: Path, flags: int) -> int:
        """Open for the owner alone (0600) and return the descriptor."""
        ...

    def write(self, descriptor: int, data: memoryview) -> int:
        """Write at most all of the data; returns the number of bytes taken."""
        ...

    def sync(self, descriptor: int) -> None:
        """Return when what was written is on stable storage."""
        ...

    def truncate(self, descriptor: int, size: int) -> None:
        """Cut the file to `size` bytes."""
        ...

    def close(self, descriptor: int) -> None:
        """Close the descriptor; raises nothing, since all that matters was synced before."""
        ...

    def remove(self, path: Path) -> None:
        """Remove a file; one that is not there is no error."""
        ...

    def sync_folder(self, folder: Path) -> None:
        """Return when names that were made or removed in the folder are on stable storage."""
        ...


class RealDisk:
    """The disk of this machine."""

    def open(self, path: Path, flags: int) -> int:
        """Open for the owner alone."""
        return os.open(path, flags, 0o600)

    def write(self, descriptor: int, data: memoryview) -> int:
        """Write what the system takes."""
        return os.write(descriptor, data)

    def sync(self, descriptor: int) -> None:
        """Fsync."""
        os.fsync(descriptor)

    def truncate(self, descriptor: int, size: int) -> None:
        """Cut the file."""
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
    """Write all of the data, going on after short writes; raises OSError."""
    rest = memoryview(data)
    while rest:
        rest = rest[disk.write(descriptor, rest) :]


def make_folder(disk: Disk, folder: Path) -> None:
    """Make a folder and its parents so that a power cut does not take them away again; raises OSError."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for path in missing:
        disk.sync_folder(path.parent)
