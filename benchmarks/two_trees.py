"""How long two trees of this project take to validate the same 52,002 rows, side by side: the size of Alpaca.

    python -m benchmarks.two_trees OTHER_TREE [ROWS_FILE]      # OTHER_TREE: a worktree of another commit

Without a file the rows are those of the shipped seeds, each answered by itself, repeated with a number so that none is a copy. The trees take turns in parts of
the rows, each in a process of its own; what counts is processor time, so that a busy machine does not make a tree look slow. Prints one JSON document.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from itertools import cycle, islice
from pathlib import Path

from selfinstruct.system.files import bundled, read_jsonl

ROWS, PARTS = 52_002, 3
WORKER = """
import json, sys, time
from selfinstruct.quality.findings import Checked, findings
rows = [Checked(number, *row) for number, row in enumerate(json.load(open(sys.argv[1], encoding="utf-8")), 1)]
list(findings(rows[:200]))
started = time.process_time()
found = sum(one.severity == "error" for one in findings(rows))
print(json.dumps([time.process_time() - started, found]))
"""


def seed_rows() -> list[tuple[str, str, str, str]]:
    """Return (language, instruction, input, output) of every instance of the seeds."""
    return [
        (code, str(seed["instruction"]), str(one["input"]), str(one["output"]))
        for code in ("en", "zh")
        for _, seed in read_jsonl(bundled("seed_tasks") / f"{code}.jsonl")
        for one in seed["instances"]
    ]


def file_rows(file: Path) -> list[tuple[str, str, str, str]]:
    """Return (language, instruction, input, output) of every row of a JSON array or JSON Lines file."""
    text = file.read_text(encoding="utf-8")
    rows = json.loads(text) if text.lstrip().startswith("[") else [json.loads(line) for line in text.splitlines()]
    return [(_language(row), row["instruction"], row.get("input") or "", str(row["output"])) for row in rows]


def _language(row: dict[str, str]) -> str:
    from selfinstruct.language.guess import guess_language

    return row.get("language") or guess_language(row["instruction"] + str(row["output"]))


def measure(tree: Path, part: Path) -> tuple[float, int]:
    """Return the processor seconds that a tree needs for the rows of a file, and the errors that it finds."""
    environment = os.environ | {"PYTHONPATH": str(tree)}
    done = subprocess.run(
        [sys.executable, "-c", WORKER, str(part)], cwd=tree, env=environment, capture_output=True, text=True, check=True
    )
    seconds, found = json.loads(done.stdout)
    return seconds, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("other", type=Path)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--rows", type=int, default=ROWS)
    chosen = parser.parse_args()
    some = file_rows(chosen.file) if chosen.file else seed_rows()
    rows = [
        (code, f"{asked} ({n})" if n >= len(some) else asked, given, said)
        for n, (code, asked, given, said) in enumerate(islice(cycle(some), chosen.rows))
    ]
    trees = {"this": Path(__file__).parent.parent, "other": chosen.other.resolve()}
    seconds, errors = dict.fromkeys(trees, 0.0), dict.fromkeys(trees, 0)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(PARTS):
            part = Path(folder) / f"{number}.json"
            part.write_text(json.dumps(rows[number::PARTS]), encoding="utf-8")
            for name, tree in trees.items():
                took, found = measure(tree, part)
                seconds[name], errors[name] = seconds[name] + took, errors[name] + found
    report = {
        "rows": len(rows),
        "seconds": {name: round(value, 1) for name, value in seconds.items()},
        "times_as_fast": round(seconds["other"] / seconds["this"], 2),
        "errors": errors,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
