"""What the commands on one finished run cost, in this tree and in another, side by side.

    python -m benchmarks.run_cost RUN OTHER_TREE [--config FILE] [--explain ID]      # OTHER_TREE: a worktree of another commit

Each command runs in a process of its own on a copy of the run, the trees in turns; what counts is processor time, so that a busy machine does not make a tree look
slow, with that of children that it waited for, and the highest resident memory of one process. `filter` runs twice: the second time nothing has changed. Prints one JSON document.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

COMMANDS = {
    "filter": ("filter", "-q"),
    "filter, nothing changed": ("filter", "-q"),
    "explain": ("explain",),
    "status": ("status", "--json"),
    "report": ("report", "-q"),
    "diff": ("diff", "RUN", "RUN", "-q"),
}
"""Each with `--run RUN` behind it, but where RUN stands in it."""
CHILD = "import sys; from selfinstruct.cli import main; sys.exit(main())"


def measure(tree: Path, run: Path, config: Path, arguments: tuple[str, ...]) -> tuple[float, float]:
    """Return (CPU seconds, megabytes of highest resident memory) of a command; raises CalledProcessError."""
    given = [str(run) if one == "RUN" else one for one in arguments]
    named = [] if "RUN" in arguments else ["--run", str(run)]
    command = [sys.executable, "-c", CHILD, *given, *named, "--config", str(config)]
    environment = os.environ | {"PYTHONPATH": str(tree)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as child:
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def some_id(run: Path) -> str:
    """Return the id of a row in the middle of the first dataset file."""
    lines = min((run / "dataset").glob("*.jsonl")).read_text(encoding="utf-8").splitlines()
    return str(json.loads(lines[len(lines) // 2])["id"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("other", type=Path)
    parser.add_argument("--config", type=Path)
    parser.add_argument("--explain")
    chosen = parser.parse_args()
    config = (chosen.config or chosen.run / "config.lock.toml").resolve()
    identifier = chosen.explain or some_id(chosen.run)
    trees = {"this": Path(__file__).parent.parent, "other": chosen.other.resolve()}
    found: dict[str, dict[str, list[float]]] = {name: {} for name in COMMANDS}
    with tempfile.TemporaryDirectory() as folder:
        for tree in trees:
            shutil.copytree(chosen.run, Path(folder) / tree)
        for name, arguments in COMMANDS.items():
            given = (*arguments, identifier) if name == "explain" else arguments
            for tree, path in trees.items():
                seconds, memory = measure(path, Path(folder) / tree, config, given)
                found[name][tree] = [round(seconds, 2), round(memory)]
    report = {
        "cpu_seconds_and_megabytes": found,
        "times_as_fast": {name: round(one["other"][0] / one["this"][0], 1) for name, one in found.items()},
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
