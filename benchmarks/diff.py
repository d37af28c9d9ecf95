"""How long two datasets take to be compared, with every face written, and how much memory that takes.

    python -m benchmarks.diff [--rows 1000,52000] [INSTRUCTIONS]

The base has that many synthetic rows, a fifth of them Chinese when no file of instructions is given. In the head one row in a hundred is
gone, two have another answer, half a row another wording, three are new, and everything stands in another order. Prints one JSON document.
"""

import argparse
import json
import os
import platform
import random
import re
import resource
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.synthetic import Synthesizer
from selfinstruct.dataset.io.parse import load
from selfinstruct.language.guess import guess_language
from selfinstruct.records import row_id
from selfinstruct.system.files import bundled, read_jsonl, to_line

_EVERY = 0.1
"""Seconds between two looks at the memory."""


def texts(path: Path | None, count: int, rng: random.Random) -> list[str]:
    """Return synthetic texts in the proportion of one Chinese to four English ones, or those of a file's language alone."""
    if path:
        return list(Synthesizer([row.instruction for row in load(path, needs_answer=False)], rng).stream(count))
    seeds = {
        code: [value["instruction"] for _, value in read_jsonl(bundled("seed_tasks") / f"{code}.jsonl")]
        for code in ("en", "zh")
    }
    chinese = count // 5
    return [
        *Synthesizer(seeds["en"], rng).stream(count - chinese),
        *Synthesizer(seeds["zh"], rng, "").stream(chinese),
    ]


def pair(path: Path | None, count: int, rng: random.Random) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Return the rows of base and head."""
    made = list(dict.fromkeys(texts(path, count * 2, rng)))
    rng.shuffle(made)
    answers = texts(path, 2 * count, rng)
    rows = [row(text, answer) for text, answer in zip(made, answers, strict=False)]
    base, new = rows[:count], rows[count : count + count * 3 // 100]
    head = []
    for number, one in enumerate(base):
        drawn = rng.random()
        if drawn < 0.01:
            continue
        if drawn < 0.03:
            head.append(row(one["instruction"], answers[count + number]))
        elif drawn < 0.035:
            longer = one["instruction"] + (" 请说明。" if one["language"] == "zh" else " Explain.")
            head.append(row(longer, one["output"]))
        else:
            head.append(one)
    head += new
    rng.shuffle(head)
    return base, head


def row(instruction: str, output: str) -> dict[str, str]:
    """Return one row of a dataset."""
    code = guess_language(instruction)
    key = row_id(code, instruction, "")
    return {"id": key, "language": code, "instruction": instruction, "input": "", "output": output}


def measure(path: Path | None, count: int) -> dict[str, Any]:
    """Return what one comparison takes, in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for side, rows in zip(("base", "head"), pair(path, count, random.Random(count)), strict=True):
            (folder / f"{side}.jsonl").write_text("".join(f"{to_line(one)}\n" for one in rows), encoding="utf-8")
        faces = [part for face in ("txt", "md", "html", "json") for part in ("--output", str(folder / f"diff.{face}"))]
        command = ["-m", "selfinstruct", "diff", "base.jsonl", "head.jsonl", "-q", *faces]
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        with subprocess.Popen([sys.executable, *command], stderr=subprocess.PIPE, text=True, cwd=folder) as running:
            peak = peak_of(running)
            if running.returncode:
                raise SystemExit(running.stderr.read() if running.stderr else "")
        wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        counts = json.loads((folder / "diff.json").read_text(encoding="utf-8"))["counts"]
        sizes = {face.suffix[1:]: round(face.stat().st_size / 1e6, 2) for face in sorted(folder.glob("diff.*"))}
    return {
        "rows": count,
        "wall_s": round(wall, 2),
        "cpu_s": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2),
        "peak_mb": round(peak / 1024),
        "faces_mb": sizes,
        "counts": counts,
    }


def peak_of(running: "subprocess.Popen[str]") -> int:
    """Return the most memory in KB that a process and its children had at once, a shared page counted once."""
    peak, end = 0, os.pidfd_open(running.pid)
    while not select.select([end], [], [], _EVERY)[0]:
        children = read(f"/proc/{running.pid}/task/{running.pid}/children").split()
        parts = (read(f"/proc/{pid}/smaps_rollup") for pid in (running.pid, *children))
        peak = max(peak, sum(int(size) for text in parts for size in re.findall(r"^Pss: +(\d+)", text, re.MULTILINE)))
    os.close(end)
    running.wait()
    return peak


def read(path: str) -> str:
    """Return a file of the kernel, or nothing when its process is gone."""
    try:
        return Path(path).read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What a comparison of two datasets takes.")
    parser.add_argument("instructions", nargs="?", type=Path)
    parser.add_argument("--rows", default="1000,52000")
    options = parser.parse_args()
    measured = [measure(options.instructions, int(rows)) for rows in options.rows.split(",")]
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    print(json.dumps({"diff": measured, "machine": machine}, indent=2))


if __name__ == "__main__":
    main()
