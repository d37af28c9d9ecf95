"""Run the tests against each mutant of the code and report those that survive.

    python -m tests.mutants [WORD]      only those whose name or file holds WORD

Each mutant is made in a copy of the package, as many at once as there are cores; the tests named beside it run against the copy.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutants.every import MUTANTS
from tests.mutants.mutant import Mutant

ROOT = Path(__file__).parent.parent.parent
_LIMIT_S = 600
"""Several times what the slowest of the tests named beside a mutant take, with all cores busy."""


def survives(mutant: Mutant, folder: Path) -> bool:
    """Return whether all tests pass although the code is broken."""
    for name in ("selfinstruct", "tests", "prompts", "seed_tasks"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("selfinstruct.toml", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    path = folder / "selfinstruct" / mutant.file
    text = path.read_text(encoding="utf-8")
    if text.count(mutant.old) != 1:
        raise SystemExit(f"{mutant.name}: {text.count(mutant.old)} places in {mutant.file} instead of one")
    path.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *mutant.tests.split()]
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False, timeout=_LIMIT_S)
    except subprocess.TimeoutExpired:
        return False  # tests that never end do not pass
    return done.returncode == 0


def in_a_folder(mutant: Mutant) -> bool:
    """Return whether a mutant survives, made in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return survives(mutant, Path(folder))


def main() -> None:
    """Try every mutant; exit 1 when one survives."""
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    chosen = [mutant for mutant in MUTANTS if word in mutant.name or word in mutant.file]
    if not importlib.util.find_spec("torch"):
        chosen = [mutant for mutant in chosen if "tests/training/" not in mutant.tests]
        sys.stdout.write("those of fine-tuning are left out: they need `make finetune` once\n")
    alive = []
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for mutant, lives in zip(chosen, threads.map(in_a_folder, chosen), strict=True):
            sys.stdout.write(f"{'SURVIVES' if lives else 'killed  '} {mutant.name}\n")
            sys.stdout.flush()
            alive += [mutant.name] if lives else []
    sys.stdout.write(f"{len(chosen) - len(alive)} of {len(chosen)} mutants killed\n")
    sys.exit(bool(alive))


if __name__ == "__main__":
    main()
