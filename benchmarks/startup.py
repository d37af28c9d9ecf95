"""How long `selfinstruct --help` takes and how much memory, beside an empty Python in the same run.

    make bench

Prints one JSON document: medians in milliseconds, peak memory in MB, the ratio of the two, and the machine.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import time

RUNS = 10


def measure(command: list[str]) -> tuple[float, float]:
    """Return (median milliseconds, highest peak memory in MB) of a command over RUNS warm runs."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    times, peaks = [], []
    for _ in range(RUNS):
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
        times.append((time.perf_counter() - started) * 1000)
        peaks.append(usage.ru_maxrss / 1024)
    return statistics.median(times), max(peaks)


def main() -> None:
    helped, helped_peak = measure([sys.executable, "-m", "selfinstruct", "--help"])
    bare, bare_peak = measure([sys.executable, "-c", "pass"])
    report = {
        "help_ms": round(helped, 1),
        "help_peak_mb": round(helped_peak, 1),
        "python_ms": round(bare, 1),
        "python_peak_mb": round(bare_peak, 1),
        "ratio": round(helped / bare, 2),
        "runs": RUNS,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
