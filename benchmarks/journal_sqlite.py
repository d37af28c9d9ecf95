"""The journal's lines beside SQLite: how many replies of 3 kB a second become durable, and how fast all are read again.

    python -m benchmarks.journal_sqlite

Both get the same 20,000 replies, 64 in each write + fsync or transaction, then 1,000 of them one at a time; three times, in turns.
SQLite has a write-ahead log and `synchronous = FULL`, which is one fsync for each transaction, and its slot as the primary key.
Prints one JSON document: replies a second, seconds to read all of them, bytes on disk.
"""

import json
import os
import platform
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from selfinstruct.journal.disk import RealDisk
from selfinstruct.journal.lines import ReplyLine, body_fields, frame
from selfinstruct.journal.segment_writer import SegmentWriter
from selfinstruct.journal.segments import read_lines

RECORDS, ALONE, GROUP, TIMES = 20_000, 1000, 64, 3
INSERT = "INSERT INTO reply VALUES (?, ?, ?, ?, ?)"
BODY = json.dumps({"choices": [{"message": {"content": "茶馆里的人 says hello. " * 80}}]}).encode()[:3000]


def lines(folder: Path, count: int, group: int) -> Callable[[], int]:
    """Append to segments; returns what reads all of it."""
    writer = SegmentWriter(RealDisk(), folder, 64 * 2**20, 0)
    for start in range(0, count, group):
        slots = (f"zh/{number}.0/answer" for number in range(start, min(start + group, count)))
        replies = (ReplyLine(slot=slot, attempt=1, status=200, cost=7, **body_fields(BODY)) for slot in slots)
        writer.append(b"".join(frame(reply) for reply in replies))
    return lambda: sum(1 for _ in read_lines(folder))


def sqlite(folder: Path, count: int, group: int) -> Callable[[], int]:
    """Insert into a table; returns what reads all of it."""
    database = sqlite3.connect(folder / "journal.db", isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE reply (slot TEXT PRIMARY KEY, attempt INT, status INT, cost INT, body BLOB)")
    for start in range(0, count, group):
        slots = (f"zh/{number}.0/answer" for number in range(start, min(start + group, count)))
        database.execute("BEGIN")
        database.executemany(INSERT, ((slot, 1, 200, 7, BODY) for slot in slots))
        database.execute("COMMIT")
    return lambda: sum(1 for _ in database.execute("SELECT * FROM reply"))


def measure(store: Callable[[Path, int, int], Callable[[], int]], count: int, group: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(dir=".") as name:
        started = time.perf_counter()
        read = store(Path(name), count, group)
        written = time.perf_counter()
        if read() != count:
            raise SystemExit("not all replies were read")
        seconds = time.perf_counter() - written
        size = sum(path.stat().st_size for path in Path(name).iterdir())
    return {"per_s": round(count / (written - started)), "read_s": round(seconds, 2), "mb": round(size / 1e6, 1)}


def main() -> None:
    found: dict[str, list[dict[str, Any]]] = {}
    for _ in range(TIMES):
        for store in (lines, sqlite):
            found.setdefault(f"{store.__name__}, {GROUP} together", []).append(measure(store, RECORDS, GROUP))
            found.setdefault(f"{store.__name__}, one at a time", []).append(measure(store, ALONE, 1))
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    print(
        json.dumps({"body_bytes": len(BODY), **found, "sqlite": sqlite3.sqlite_version, "machine": machine}, indent=1)
    )


if __name__ == "__main__":
    main()
