"""What this machine has: cores, memory, room on disk, accelerators. Asks the kernel and `nvidia-smi`, and sends nothing."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from selfinstruct.errors import InputError
from selfinstruct.system.git import git
from selfinstruct.system.interpreter import python

_CGROUP = Path("/sys/fs/cgroup")
_MEMINFO = Path("/proc/meminfo")
_SMI_S = 20
"""Seconds that `nvidia-smi` may take: it is slow where a driver is loaded for it."""
_TORCH_S = 90
"""Seconds that importing torch may take on a cold disk."""
_TORCH = """
import json, torch
names = [torch.cuda.get_device_name(number) for number in range(torch.cuda.device_count())]
mps = getattr(torch.backends, "mps", None)
print(json.dumps({"version": torch.__version__, "cuda": torch.version.cuda, "available": torch.cuda.is_available(),
                  "devices": names, "mps": bool(mps and mps.is_available())}))
"""


class Memory(NamedTuple):
    """Bytes of memory; None where the system does not tell."""

    total: int | None
    available: int | None


class Room(NamedTuple):
    """Room for a folder that need not exist yet."""

    exists: bool
    writable: bool
    free: int
    """Bytes."""


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def cpu_quota(limits: Path = _CGROUP) -> float | None:
    """Return the cores' worth of time that a container allows (cgroup v2 `cpu.max`); None without a limit."""
    try:
        quota, period = (limits / "cpu.max").read_text(encoding="ascii").split()
        return None if quota == "max" else int(quota) / int(period)
    except (OSError, ValueError):
        return None


def memory(limits: Path = _CGROUP, meminfo: Path = _MEMINFO) -> Memory:
    """Return total and available memory; a container's limit (cgroup v2 `memory.max`) counts as the total where it is lower."""
    known = _meminfo(meminfo)
    total, available = known.get("MemTotal"), known.get("MemAvailable")
    try:
        limit = int((limits / "memory.max").read_text(encoding="ascii"))
        left = limit - int((limits / "memory.current").read_text(encoding="ascii"))
    except (OSError, ValueError):  # `max`, or no cgroup of version 2
        return Memory(total, available)
    return Memory(_lower(total, limit), _lower(available, max(left, 0)))


def _meminfo(path: Path) -> dict[str, int]:
    try:
        lines = path.read_text(encoding="ascii").strip().split("\n")
        return {name: int(value.split()[0]) * 1024 for name, value in (line.split(":", 1) for line in lines)}
    except (OSError, ValueError, IndexError):
        return {}


def _lower(one: int | None, other: int) -> int:
    return other if one is None else min(one, other)


def room(folder: Path) -> Room:
    """Return the room for a folder; one that does not exist yet has that of the nearest folder above it."""
    above = next((one for one in (folder, *folder.absolute().parents) if one.is_dir()), Path("/"))
    return Room(folder.is_dir(), os.access(above, os.W_OK | os.X_OK), shutil.disk_usage(above).free)


def git_version() -> str | None:
    """Return the version of git; None where it is not installed."""
    try:
        return (git("version") or b"").decode(errors="replace").removeprefix("git version ").strip() or None
    except InputError:
        return None


def nvidia_smi() -> list[str] | None:
    """Return a line for each GPU (name, memory, driver); None where there is no `nvidia-smi`, a line with its fault where it fails."""
    found = shutil.which("nvidia-smi")
    if found is None:
        return None
    command = [found, "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SMI_S, check=False, errors="replace")  # noqa: S603 - the user's own
    except (OSError, subprocess.TimeoutExpired) as error:
        return [f"nvidia-smi: {type(error).__name__}"]
    lines = [line.strip() for line in (done.stdout if done.returncode == 0 else done.stdout + done.stderr).split("\n")]
    return [line for line in lines if line]


def torch_sees() -> dict[str, object] | None:
    """Return what torch says of its version and devices; None where it is not installed, `fault` where it cannot be loaded.

    Asked in a child process: a driver that does not fit may end the process that loads it.
    """
    import importlib.util

    if importlib.util.find_spec("torch") is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - this Python
            python("-c", _TORCH), capture_output=True, text=True, timeout=_TORCH_S, check=False, errors="replace"
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return {"fault": type(error).__name__}
    if done.returncode:
        last = done.stderr.strip().rpartition("\n")[2]
        return {"fault": last[:200] or f"exit {done.returncode}"}
    found: dict[str, object] = json.loads(done.stdout.strip().rpartition("\n")[2])
    return found
