"""The near-duplicate filter beside what else there is: time, memory, and how many of its decisions are the exact ones.

    python -m benchmarks.filter [FILE] [--rows 52002] [--growth 1000,10000,100000] [--write docs/benchmarks]

FILE holds instructions (.jsonl, .json, .parquet; gzipped too); without one, rows are made from the shipped seeds (`synthetic.py`). Every
tool runs in a process of its own, one after the other, on the same texts; figures are seconds of CPU, so that a busy machine does not
favour the last. `rouge-score` is timed on a sample of the pairs and extrapolated. A tool that is not installed, or cannot fetch the
model that it needs, is named as not run.
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.filter_plot import plot
from benchmarks.filter_tools import TOOLS
from benchmarks.synthetic import Synthesizer, instructions

ROOT = Path(__file__).parent.parent
EXACT = "selfinstruct, decisions"


def main() -> None:
    options = _options()
    if options.tool:
        _print_one(options.tool, Path(options.file))
        return
    with tempfile.TemporaryDirectory() as folder:
        texts = instructions(Path(options.file)) if options.file else []
        texts = texts[: options.rows] or list(_synthetic(options.file, options.rows))
        results = _compare(texts, Path(folder))
        growth = _grow(options.file, [int(size) for size in options.growth.split(",") if size], Path(folder))
        online = [_online(path) for path in (Path(folder) / "texts.json", *_largest(Path(folder), growth))]
    document = {
        "texts": len(texts),
        "source": Path(options.file).name if options.file else "synthetic",
        "machine": _machine(),
        "tools": results,
        "growth": growth,
        "growth_exponent": _exponent(growth),
        "online": online,
    }
    sys.stdout.write(json.dumps(document, indent=1) + "\n")
    if options.write:
        folder_out = Path(options.write)
        folder_out.mkdir(parents=True, exist_ok=True)
        (folder_out / "filter.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
        plot(document, folder_out / "filter.svg")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", default="", help="instructions; without one, synthetic rows")
    parser.add_argument("--rows", type=int, default=10_000, help="first rows of the file, or synthetic rows")
    parser.add_argument("--growth", default="1000,2000,5000,10000,20000", help="sizes of synthetic sets for the curve")
    parser.add_argument("--write", default="", metavar="DIR", help="write filter.json and filter.svg there")
    parser.add_argument("--tool", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


def _synthetic(file: str, count: int) -> list[str]:
    import random

    from selfinstruct.system.files import bundled

    real = instructions(Path(file)) if file else instructions(bundled("seed_tasks") / "en.jsonl")
    return list(Synthesizer(real, random.Random(42)).stream(count))


def _compare(texts: list[str], folder: Path) -> dict[str, Any]:
    path = folder / "texts.json"
    path.write_text(json.dumps(texts), encoding="utf-8")
    found = {name: _in_a_process(name, path) for name in TOOLS}
    exact = set(found[EXACT].get("dropped", []))
    for one in found.values():
        dropped = one.pop("dropped", None)
        if dropped is not None:
            one["dropped"] = len(dropped)
            one.update(_agreement(set(dropped), exact, len(texts)))
    base = found[EXACT].get("cpu_s")
    for one in found.values():
        if base and "cpu_s" in one:
            one["times_ours"] = round(one["cpu_s"] / base, 1)
    return found


def _agreement(dropped: set[int], exact: set[int], count: int) -> dict[str, float | None]:
    right = len(dropped & exact)
    return {
        "precision": round(right / len(dropped), 4) if dropped else None,
        "recall": round(right / len(exact), 4) if exact else None,
        "same_decisions": round(1 - len(dropped ^ exact) / count, 4),
    }


def _in_a_process(name: str, path: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.filter", str(path), "--tool", name]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"not_run": (done.stderr.strip().split("\n") or ["?"])[-1][:200]}
    found: dict[str, Any] = json.loads(done.stdout.strip().split("\n")[-1])
    sys.stderr.write(f"{name}: { ({key: value for key, value in found.items() if key != 'dropped'}) }\n")
    return found


def _print_one(name: str, path: Path) -> None:
    texts: list[str] = json.loads(path.read_text(encoding="utf-8"))
    run, share = TOOLS[name]
    run(texts[:3000])  # imports, compiled code and caches are not what is measured
    cpu, wall = time.process_time(), time.monotonic()
    dropped = run(texts)
    cpu, wall = time.process_time() - cpu, time.monotonic() - wall
    figures = {"cpu_s": cpu, "wall_s": wall} | ({"dropped": dropped} if dropped is not None else {})
    if share is not None:
        figures["cpu_s"] = figures["wall_s"] = cpu / share(len(texts))
        figures["extrapolated_from"] = share(len(texts))
    figures["cpu_s"], figures["wall_s"] = round(figures["cpu_s"], 3), round(figures["wall_s"], 3)
    sys.stdout.write(json.dumps(figures | {"peak_mb": _peak_mb()}) + "\n")


def _peak_mb() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+)", status)
    return round(int(found[1]) / 1024, 1) if found else 0.0


def _grow(file: str, sizes: list[int], folder: Path) -> list[dict[str, Any]]:
    points = []
    texts = _synthetic(file, max(sizes)) if sizes else []
    for size in sizes:
        path = folder / f"{size}.json"
        path.write_text(json.dumps(texts[:size]), encoding="utf-8")
        found = _in_a_process(EXACT, path)
        points.append({"texts": size, "kept": size - len(found.pop("dropped")), **found})
    return points


def _largest(folder: Path, growth: list[dict[str, Any]]) -> list[Path]:
    return [folder / f"{growth[-1]['texts']}.json"] if growth else []


def _online(path: Path) -> dict[str, Any]:
    """Return what `online.py` measures, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.online", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = {"texts": len(json.loads(path.read_text(encoding="utf-8")))}
    found |= json.loads(done.stdout.strip().split("\n")[-1])
    return found


def _exponent(growth: list[dict[str, Any]]) -> float | None:
    """Return k of seconds ~ texts^k over the upper half of the sizes, where it is not the fixed cost that is seen."""
    import numpy as np

    points = [(one["texts"], one["cpu_s"]) for one in growth if one["cpu_s"] > 0][len(growth) // 2 - 1 :]
    if len(points) < 2:
        return None
    sizes, seconds = np.log(np.array(points)).T
    return round(float(np.polyfit(sizes, seconds, 1)[0]), 2)


def _machine() -> str:
    cpu = Path("/proc/cpuinfo").read_text(encoding="utf-8") if Path("/proc/cpuinfo").exists() else ""
    model = re.search(r"model name\s*:\s*(.+)", cpu)
    packages = ("numba", "rouge-score", "rapidfuzz", "datasketch", "rensa", "semhash")
    return (
        f"{os.cpu_count()} cores ({model[1] if model else platform.machine()}), Python {platform.python_version()}, "
        + ", ".join(f"{name} {_version(name)}" for name in packages)
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


Run = Callable[[list[str]], list[int] | None]

if __name__ == "__main__":
    main()
