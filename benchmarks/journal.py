"""The journal: how fast 100,000 records of 3 kB reopen, in how much memory, and how many records a second become durable.

    make bench

Prints one JSON document: seconds, extra peak memory in MB over an interpreter that has only imported the journal, durable records
a second with 1 and with 64 writers at once (3 kB each, one fsync a group), the rate of bare write + fsync beside it, the machine.
"""

import asyncio
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from selfinstruct.journal import Journal, RealDisk
from selfinstruct.records import Message, Request, Sampling

RECORDS = 100_000
BYTES = 3000
SECONDS = 3.0
BODY = (json.dumps({"choices": [{"message": {"content": "茶馆里的人 says hello. " * 200}}]})[: BYTES - 100]).encode()


class NoSync(RealDisk):
    """A disk that leaves it to the system when to write."""

    def sync(self, descriptor: int) -> None:
        pass


def request(index: int) -> Request:
    sampling = Sampling(model="m", temperature=1, top_p=1, max_tokens=9, seed=index)
    message = Message(role="user", content="Come up with a task. " * ((BYTES - 400) // 21))
    return Request(language="zh", index=index, step="instruction", messages=(message,), sampling=sampling)


async def fill(journal: Journal, count: int) -> None:
    async def one(index: int) -> None:
        asked = request(index)
        await journal.record(asked.slot, await journal.intend(asked, 10), 200, BODY, 7)

    for start in range(0, count, 500):
        await asyncio.gather(*(one(index) for index in range(start, min(start + 500, count))))


def peak_mb() -> float:
    """Return the peak of this process (VmHWM): ru_maxrss would be that of the parent which forked it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def reopen(folder: Path) -> dict[str, Any]:
    """Open and stream; run in a process of its own, because a peak never goes down."""
    before, started = peak_mb(), time.perf_counter()
    with Journal(folder) as journal:
        opened, peak, slots = time.perf_counter(), peak_mb(), len(journal.answered)
        streamed = sum(len(recorded.body) for recorded in journal.recorded())
    return {
        "answered": slots,
        "open_s": round(opened - started, 2),
        "open_extra_mb": round(peak - before, 1),
        "stream_s": round(time.perf_counter() - opened, 2),
        "stream_extra_mb": round(peak_mb() - before, 1),
        "streamed_mb": round(streamed / 1e6, 1),
    }


async def rate(folder: Path, writers: int) -> float:
    """Return durable records a second."""
    with Journal(folder) as journal:
        ends = time.perf_counter() + SECONDS

        async def write(number: int) -> int:
            count = 0
            while time.perf_counter() < ends:
                await journal.record(f"zh/{number}.0/answer", 1, 200, BODY, 7)
                count += 1
            return count

        started = time.perf_counter()
        counts = await asyncio.gather(*(write(number) for number in range(writers)))
        return sum(counts) / (time.perf_counter() - started)


def bare_rate(path: Path) -> float:
    """Return writes of one record, each with its fsync, a second: what no journal of one writer can beat."""
    count, started = 0, time.perf_counter()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    while time.perf_counter() < started + SECONDS:
        os.write(descriptor, BODY)
        os.fsync(descriptor)
        count += 1
    os.close(descriptor)
    return count / (time.perf_counter() - started)


def main() -> None:
    if len(sys.argv) > 1:
        print(json.dumps(reopen(Path(sys.argv[1]))))
        return
    with tempfile.TemporaryDirectory(dir=".") as name:
        folder = Path(name)
        with Journal(folder / "big", disk=NoSync()) as journal:
            asyncio.run(fill(journal, RECORDS // 2))
        size = sum(path.stat().st_size for path in (folder / "big").glob("*.jsonl"))
        command = [sys.executable, "-m", "benchmarks.journal", str(folder / "big")]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        one, many = (asyncio.run(rate(folder / f"rate{writers}", writers)) for writers in (1, 64))
        report = {
            "records": RECORDS,
            "file_mb": round(size / 1e6, 1),
            "reopen": json.loads(done.stdout),
            "durable_records_per_s": {"1": round(one), "64": round(many), "bare": round(bare_rate(folder / "bare"))},
            "ratio_64_to_1": round(many / one, 1),
            "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
