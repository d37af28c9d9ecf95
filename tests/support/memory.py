"""The command line in a process of its own, and how much memory and processor time it took."""

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from selfinstruct.system.files import PACKAGE

_CODE = """
import atexit, pathlib, re, resource, sys, time

def tell():
    status = pathlib.Path("/proc/self/status")  # what getrusage says is at least what the parent had at the fork
    found = status.is_file() and re.search(r"VmHWM:\\s*(\\d+) kB", status.read_text(encoding="ascii"))
    peak = int(found[1]) * 1024 if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pathlib.Path("used.txt").write_text(f"{peak} {time.process_time()}", encoding="ascii")

atexit.register(tell)
from selfinstruct.cli import main
sys.argv[0] = "selfinstruct"
main()
"""


class Finished(NamedTuple):
    """How a command ended."""

    returncode: int
    said: str
    """Both streams."""
    peak_bytes: int
    """Most memory that it had at once."""
    cpu_s: float
    """Seconds of processor time."""


def measured(folder: Path, *arguments: str) -> Finished:
    """Run the command line in a folder."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r})\n{_CODE}", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    peak, cpu = (folder / "used.txt").read_text(encoding="ascii").split()
    return Finished(done.returncode, done.stdout + done.stderr, int(peak), float(cpu))
