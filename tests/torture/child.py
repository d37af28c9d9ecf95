"""The command line in a child that kills itself at a chosen system call: nothing of this is in the product.

A fork of a warm process, so that 300 kills take minutes: the import of the packages is not what is under test. `os.write`, `os.fsync`
and their kin are replaced in the child alone. A `power` cut drops what was written and not yet synced, as a machine without power may.
"""

import ctypes
import mmap
import os
import random
import signal
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

CALLS = {"write": "write", "fsync": "sync", "fdatasync": "sync", "replace": "replace", "ftruncate": "ftruncate"}
"""Function of `os` -> the call it counts as."""
PR_SET_PDEATHSIG = 1
Ready = Callable[[], None]


class FailPoint(NamedTuple):
    """SIGKILL at the `number`-th call (from 1) of one kind."""

    call: str
    number: int
    manner: str
    """before, after, torn (a write that gets half its bytes out), power (after, without what is not synced)."""


_TIME = struct.Struct("d")
_DEATH = mmap.mmap(-1, _TIME.size)
"""Shared with the child: the harness, short of processor time, may hear of a death long after it."""


class _Disk(NamedTuple):
    """What the child has put on disk, by inode."""

    synced: dict[int, int]
    """Inode -> bytes known to be on disk."""
    paths: dict[int, str]


def run(argv: list[str], out: Path, fail: FailPoint | None, ready: Ready, folder: Path) -> None:
    """Run the command line in this (forked) process and leave with its exit code; never returns."""
    code = 70
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for standard in (1, 2):
            os.dup2(descriptor, standard)
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # never outlives the harness
        _announce(folder / "journal", ready)
        if fail:
            _arm(fail)
        sys.argv = ["selfinstruct", *argv]
        from selfinstruct.cli import main

        main()
    except SystemExit as leave:
        code = leave.code if isinstance(leave.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _announce(journal: Path, ready: Ready) -> None:
    """Call `ready` when the run directory's journal is opened for the first time."""
    waiting = [ready]

    def hear(event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and waiting and str(args[0]).startswith(str(journal)):
            waiting.pop()()

    sys.addaudithook(hear)


def died_at() -> float:
    """Return when the last child that killed itself did so, in monotonic seconds."""
    (at,) = _TIME.unpack(_DEATH[:])
    return float(at)


def _die() -> None:
    _DEATH[:] = _TIME.pack(time.monotonic())
    os.kill(os.getpid(), signal.SIGKILL)


def _arm(fail: FailPoint) -> None:
    disk = _Disk({}, {})
    counts = dict.fromkeys(CALLS.values(), 0)
    for name in CALLS:
        setattr(os, name, _watched(name, getattr(os, name), fail, counts, disk))


def _watched(
    name: str, real: Callable[..., Any], fail: FailPoint, counts: dict[str, int], disk: _Disk
) -> Callable[..., Any]:
    write, fsync, kind = os.write, os.fsync, CALLS[name]

    def call(*args: Any, **keywords: Any) -> Any:
        counts[kind] += 1
        now = kind == fail.call and counts[kind] == fail.number
        if name in {"write", "ftruncate"}:
            _remember(args[0], disk)
        if now and fail.manner == "before":
            _die()
        if now and fail.manner == "torn" and name == "write":
            write(args[0], bytes(args[1])[: len(args[1]) // 2])
            fsync(args[0])
            _die()
        result = real(*args, **keywords)
        if kind == "sync":
            _synced(args[0], disk)
        if now:
            _cut_power(fail, disk)
        return result

    return call


def _remember(descriptor: int, disk: _Disk) -> None:
    state = os.fstat(descriptor)
    if state.st_ino not in disk.synced and Path(f"/proc/self/fd/{descriptor}").is_file():
        disk.synced[state.st_ino] = state.st_size
        disk.paths[state.st_ino] = str(Path(f"/proc/self/fd/{descriptor}").readlink())


def _synced(descriptor: int, disk: _Disk) -> None:
    state = os.fstat(descriptor)
    if state.st_ino in disk.synced:
        disk.synced[state.st_ino] = state.st_size


def _cut_power(fail: FailPoint, disk: _Disk) -> None:
    """Die; a power cut first takes a random part of what each file has beyond its last sync."""
    if fail.manner == "power":
        rng = random.Random(str(fail))
        for inode, synced in disk.synced.items():
            path = Path(disk.paths[inode])
            if path.is_file() and path.stat().st_ino == inode and path.stat().st_size > synced:
                os.truncate(path, rng.randint(synced, path.stat().st_size))
    _die()
