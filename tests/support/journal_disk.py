"""Disks for the tests of the journal: one that knows what a power cut leaves, one that fails at a call, one that is small."""

import asyncio
import errno
import json
import os
import threading
import zlib
from pathlib import Path

from selfinstruct.journal import Journal, RealDisk
from selfinstruct.records import Message, Request, Sampling

_SHM = Path("/dev/shm")  # noqa: S108 - only the `dir` of tempfile
MEMORY = _SHM if _SHM.is_dir() else None
"""Where thousands of small files cost nothing, if the system has such a place."""


class FastDisk(RealDisk):
    """Leaves it to the system when to write."""

    def sync(self, descriptor: int) -> None:
        pass

    def sync_folder(self, folder: Path) -> None:
        pass


class CrashDisk(RealDisk):
    """Remembers what was synced; `crash` leaves nothing else, the worst that a power cut may do."""

    def __init__(self, folder: Path | None = None) -> None:
        """What is in the folder was synced long ago."""
        old = list(folder.iterdir()) if folder and folder.exists() else []
        self.files = {path: path.read_bytes() for path in old}
        self.names = set(old)
        self.syncs = 0
        self.gate, self.entered = threading.Event(), threading.Event()
        self.gate.set()
        self.paths: dict[int, Path] = {}

    def open(self, path: Path, flags: int) -> int:
        descriptor = super().open(path, flags)
        self.paths[descriptor] = path
        return descriptor

    def close_gate(self) -> None:
        """Let each sync wait until `gate` is set, and say in `entered` that one does."""
        self.entered.clear()
        self.gate.clear()

    def sync(self, descriptor: int) -> None:
        self.entered.set()
        assert self.gate.wait(20)
        self.syncs += 1
        self.files[self.paths[descriptor]] = self.paths[descriptor].read_bytes()

    def truncate(self, descriptor: int, size: int) -> None:
        path = self.paths[descriptor]
        self.files[path] = (
            path.read_bytes()
        )  # a system may write back at any time, so until a sync the old bytes may return
        super().truncate(descriptor, size)

    def sync_folder(self, folder: Path) -> None:
        self.names = {path for path in self.names if path.parent != folder} | set(folder.iterdir())

    def crash(self, folder: Path) -> None:
        for path in folder.iterdir() if folder.exists() else ():
            if path in self.names:
                path.write_bytes(self.files.get(path, b""))
            else:
                path.unlink()


class FaultyDisk(CrashDisk):
    """Fails once, at the given call, with an error number; 0 stands for a short write."""

    def __init__(self, call: int, error: int, folder: Path | None = None) -> None:
        super().__init__(folder)
        self.call = call
        self.error = error
        self.calls = 0
        self.failed = ""
        self.touched_after: list[str] = []

    def _step(self, name: str) -> bool:
        self.calls += 1
        if self.failed:
            self.touched_after.append(name)
        if self.calls != self.call:
            return False
        self.failed = name
        if self.error:
            raise OSError(self.error, os.strerror(self.error))
        return True

    def open(self, path: Path, flags: int) -> int:
        self._step("open")
        return super().open(path, flags)

    def write(self, descriptor: int, data: memoryview) -> int:
        return super().write(descriptor, data[:7] if self._step("write") else data)

    def sync(self, descriptor: int) -> None:
        self._step("sync")
        super().sync(descriptor)

    def truncate(self, descriptor: int, size: int) -> None:
        self._step("truncate")
        super().truncate(descriptor, size)

    def remove(self, path: Path) -> None:
        self._step("remove")
        super().remove(path)

    def sync_folder(self, folder: Path) -> None:
        self._step("sync_folder")
        super().sync_folder(folder)


class SmallDisk(CrashDisk):
    """Has room for a number of bytes in one folder; writes what fits, then fails. A new file needs a block."""

    BLOCK = 500

    def __init__(self, folder: Path, room: int) -> None:
        super().__init__()
        self.folder = folder
        self.room = room
        self.removed = 0

    def used(self) -> int:
        return self.removed + sum(path.stat().st_size for path in self.folder.iterdir())

    def open(self, path: Path, flags: int) -> int:
        if not path.exists() and self.room - self.used() < self.BLOCK:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().open(path, flags)

    def remove(self, path: Path) -> None:
        self.removed += path.stat().st_size
        super().remove(path)

    def sync_folder(self, folder: Path) -> None:
        self.removed = 0  # only now are its blocks free
        super().sync_folder(folder)

    def write(self, descriptor: int, data: memoryview) -> int:
        free = self.room - self.used()
        if free <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(descriptor, data[:free])


def request(index: int, text: str = "主题：茶馆\u2028。") -> Request:
    return Request(
        language="zh",
        index=index,
        step="instruction",
        messages=(Message(role="user", content=text),),
        sampling=Sampling(model="m", temperature=1, top_p=1, max_tokens=9, seed=1),
    )


def body(index: int) -> bytes:
    return f'{{"n": {index}, "text": "答"}}'.encode()


async def exchange(journal: Journal, index: int) -> None:
    asked = request(index)
    await journal.record(asked.slot, await journal.intend(asked, 10), 200, body(index), 7)


async def exchanges(journal: Journal, count: int) -> None:
    for index in range(count):
        await exchange(journal, index)


def reopened(folder: Path) -> Journal:
    return Journal(folder, read_only=True)


def answered(folder: Path) -> list[int]:
    return [recorded.request.index for recorded in reopened(folder).recorded()]


def lines(folder: Path) -> list[tuple[str, str]]:
    """Return (kind, slot) of every whole line of every segment."""
    data = [path.read_bytes().split(b"\n")[:-1] for path in sorted(folder.glob("*.jsonl"))]
    records = [json.loads(line) for segment in data for line in segment]
    return [(record["kind"], record["slot"]) for record in records]


def write(folder: Path, count: int, segment_bytes: int = 10**6) -> None:
    with Journal(folder, segment_bytes=segment_bytes, disk=FastDisk()) as journal:
        asyncio.run(exchanges(journal, count))


def put(folder: Path, *records: str) -> None:
    """Write records, given as JSON without their last brace, as a first segment."""
    framed = (f'{text},"crc":"{zlib.crc32(text.encode()):08x}"}}\n' for text in records)
    (folder / "000001.jsonl").write_text("".join(framed), encoding="ascii")
