"""All of the torture: kills, a night of faults, load, then `docs/reliability.md` from their figures. `make torture` runs this.

    python -m tests.torture [--runs 24 --kills 15 --requests 10000]

Keeps the figures in build/torture/; ends with 1 when a promise was broken, after writing down which.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from tests.torture.report import write
from tests.torture.service import ROOT

FIGURES = ROOT / "build" / "torture"


def main() -> int:
    """Run everything and write the document."""
    parser = argparse.ArgumentParser(description="Kills, load, and docs/reliability.md.")
    parser.add_argument("--runs", default="24")
    parser.add_argument("--kills", default="15")
    parser.add_argument("--requests", default="10000")
    parser.add_argument("--long", action="store_true", help="100,000 requests as well, about an hour")
    options = parser.parse_args()
    FIGURES.mkdir(parents=True, exist_ok=True)
    codes = [_part("kill", FIGURES / "kill.json", "--runs", options.runs, "--kills", options.kills)]
    codes.append(_part("night", FIGURES / "night.json"))
    codes.append(_part("load", FIGURES / "load.json", "--requests", options.requests))
    if options.long:
        codes.append(_part("load", FIGURES / "long.json", "--requests", "100000"))
    write(FIGURES, ROOT / "docs" / "reliability.md")
    return max(codes)


def _part(name: str, figures: Path, *options: str) -> int:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with figures.open("wb") as file:
        command = [sys.executable, "-m", f"tests.torture.{name}", *options]
        return subprocess.run(command, cwd=ROOT, env=environment, stdout=file, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
