"""Appends bytes durably to the current segment, and manages the reserve: disk space for replies in flight when the disk is full.

Deals with bytes only, not with threads or records. Every method raises OSError on a disk failure; earlier data stays intact.
"""

import os
from pathlib import Path

from selfinstruct.journal.disk import Disk, write_all
from selfinstruct.journal.segments import Damage, segment_name, segment_paths

SEGMENT_BYTES = 64 * 2**20
"""Size after which a new segment starts; 64 MiB holds about 20,000 replies."""
RESERVE_BYTES = 2**20
"""Size of the disk reserve: enough for 256 replies in flight of 4 kB each."""
_RESERVE = "reserve"


class SegmentWriter:
    """Appends to the last segment of a folder; starts a new one above `segment_bytes`."""

    def __init__(self, disk: Disk, folder: Path, segment_bytes: int, reserve_bytes: int) -> None:
        """Open the last segment, or create the first, and allocate the reserve."""
        self._disk = disk
        self._folder = folder
        self._segment_bytes = segment_bytes
        self._number = max(1, len(segment_paths(folder)))
        self._fill_reserve(reserve_bytes)
        self._descriptor, self._size = self._open(self._number)

    @property
    def path(self) -> Path:
        """Path of the current segment."""
        return self._folder / segment_name(self._number)

    def append(self, data: bytes) -> None:
        """Append data; returns when it is durable."""
        if self._size > self._segment_bytes:
            self._next()
        write_all(self._disk, self._descriptor, data)
        self._disk.sync(self._descriptor)
        self._size += len(data)  # only after fsync: `_size` counts durable bytes

    def free_reserve(self) -> None:
        """On a full disk: truncate unacknowledged data, delete the reserve, and continue in a new segment.

        The old descriptor is not used again, since a failed fsync may have dropped its dirty pages.
        """
        self._disk.truncate(self._descriptor, self._size)
        self._disk.sync(self._descriptor)
        self._disk.remove(self._folder / _RESERVE)
        self._disk.sync_folder(self._folder)  # file systems free the blocks when the removal is committed
        self._next()

    def close(self) -> None:
        """Close the segment."""
        self._disk.close(self._descriptor)

    def _next(self) -> None:
        opened = self._open(self._number + 1)  # may fail; then the old segment stays current
        self._disk.close(self._descriptor)
        self._number += 1
        self._descriptor, self._size = opened

    def _open(self, number: int) -> tuple[int, int]:
        """Open or create a segment durably; returns (descriptor, size in bytes)."""
        path = self._folder / segment_name(number)
        descriptor = self._disk.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND)
        try:
            self._disk.sync_folder(self._folder)
        except OSError:
            self._disk.close(descriptor)
            raise
        return descriptor, path.stat().st_size

    def _fill_reserve(self, size: int) -> None:
        path = self._folder / _RESERVE
        if path.exists() and path.stat().st_size == size:
            return
        descriptor = self._disk.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        try:
            write_all(self._disk, descriptor, os.urandom(size))  # zeros may be compressed away
            self._disk.sync(descriptor)
        finally:
            self._disk.close(descriptor)


def cut_torn_tail(disk: Disk, folder: Path, damage: Damage) -> None:
    """Remove a torn last line from its segment, after saving its bytes durably in `<segment>.torn`."""
    path = folder / damage.file
    torn = disk.open(path.with_suffix(".torn"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        write_all(disk, torn, damage.torn + b"\n")
        disk.sync(torn)
    finally:
        disk.close(torn)
    disk.sync_folder(folder)
    segment = disk.open(path, os.O_RDWR)
    try:
        disk.truncate(segment, damage.start)
        disk.sync(segment)
    finally:
        disk.close(segment)
