"""Broken variants of the code that keeps replies and money: for each, some test must fail.

    python -m tests.mutants

Each mutant is one replacement in one file, made in a copy of the package; the tests named beside it run against the copy.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent


class Mutant(NamedTuple):
    """One way to break the code."""

    name: str
    file: str
    old: str
    new: str
    tests: str


JOURNAL, BUDGET, PIPELINE = "tests/test_journal.py", "tests/test_budget.py", "tests/test_pipeline.py"
TOKENS, PRICES, CAPS = "tests/test_tokens.py", "tests/test_prices.py", "tests/test_caps.py"
MUTANTS = (
    Mutant("no lock", "journal.py", "fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)", "pass", JOURNAL),
    Mutant(
        "no fsync of a record",
        "journal.py",
        "                line = line[os.write(self._file, line) :]\n            os.fsync(self._file)",
        "                line = line[os.write(self._file, line) :]",
        JOURNAL,
    ),
    Mutant(
        "no checksum",
        "journal.py",
        """if not separator or tail != f'{zlib.crc32(text):08x}"}}\\n'.encode("ascii"):""",
        "if not separator:",
        JOURNAL,
    ),
    Mutant("torn tail left in place", "journal.py", "os.ftruncate(self._file, end)", "pass", JOURNAL),
    Mutant("torn tail thrown away", "journal.py", 'torn.write(data[end:] + b"\\n")', "pass", JOURNAL),
    Mutant(
        "short write not continued",
        "journal.py",
        "            while line:\n                line = line[os.write(self._file, line) :]",
        "            os.write(self._file, line)",
        JOURNAL,
    ),
    Mutant(
        "goes on after a failed write",
        "journal.py",
        "self.close()  # after a failed fsync",
        "pass  # after a failed fsync",
        JOURNAL,
    ),
    Mutant("late reply replaces the first", "journal.py", "and slot not in answered:", ":", JOURNAL),
    Mutant("newer record read as ours", "journal.py", 'if record.get("v") != VERSION:', "if False:", JOURNAL),
    Mutant("unsent stays uncertain", "journal.py", "self.uncertain.pop((slot, attempt), None)", "pass", JOURNAL),
    Mutant(
        "intent not written",
        "teacher/client.py",
        "attempt = self._journal.intend(request, reserved)",
        "attempt = 1",
        BUDGET,
    ),
    Mutant(
        "reply not written",
        "teacher/client.py",
        "self._journal.record(request.slot, attempt, answer.status, answer.body, spent)",
        "pass",
        PIPELINE,
    ),
    Mutant("lost send not billed", "teacher/client.py", "if error.reached:", "if False:", BUDGET),
    Mutant("key kept in bodies", "teacher/client.py", 'body.replace(secret, b"[key]")', "body", PIPELINE),
    Mutant("redirects followed", "teacher/client.py", "follow_redirects=False", "follow_redirects=True", PIPELINE),
    Mutant("provider's own retries", "teacher/client.py", "max_retries=0", "max_retries=2", BUDGET),
    Mutant(
        "reservation not checked",
        "teacher/budget.py",
        "if self.limit is not None and self.spent + self.reserved + amount > self.limit:",
        "if False:",
        BUDGET,
    ),
    Mutant("reservation not held", "teacher/budget.py", "self.reserved += amount\n", "pass\n", BUDGET),
    Mutant(
        "settled for nothing",
        "teacher/budget.py",
        "self.reserved -= reserved\n        self.spent += amount",
        "self.reserved -= reserved",
        BUDGET,
    ),
    Mutant(
        "missing usage is free",
        "teacher/budget.py",
        "amount = reserved if usage is None else cost(self.price, usage)",
        "amount = 0 if usage is None else cost(self.price, usage)",
        BUDGET,
    ),
    Mutant("prices rounded down", "teacher/budget.py", "ROUND_CEILING))", "'ROUND_FLOOR'))", BUDGET),
    Mutant(
        "bytes counted as characters",
        "teacher/tokens.py",
        'len(message.content.encode("utf-8", "surrogatepass"))',
        "len(message.content)",
        BUDGET,
    ),
    Mutant(
        "a count without its margin",
        "teacher/tokens.py",
        "-(-11 * len(encoding.encode_ordinary(message.content)) // 10)",
        "len(encoding.encode_ordinary(message.content))",
        TOKENS,
    ),
    Mutant(
        "rank file not checked",
        "teacher/tokens.py",
        "if data is None or hashlib.sha256(data).hexdigest() != known.sha256:",
        "if data is None:",
        TOKENS,
    ),
    Mutant("listed price at any host", "teacher/prices.py", "one.host == host and ", "", PRICES),
    Mutant(
        "table beats the configuration",
        "teacher/prices.py",
        ' == "embedded" or teacher.price:',
        ' == "embedded":',
        PRICES,
    ),
    Mutant("unknown cost is zero", "teacher/bill.py", "known = known and price is not None", "pass", PRICES),
    Mutant("unpriced replies stay free", "teacher/bill.py", "unpriced += cost(price, counted)", "pass", PRICES),
    Mutant("unpriced sends stay free", "teacher/bill.py", "amount or dearest for amount", "amount for amount", PRICES),
    Mutant(
        "unreported tokens are none",
        "teacher/bill.py",
        "0 if usage else counted.prompt_tokens",
        "0 if True else counted.prompt_tokens",
        CAPS,
    ),
    Mutant("cap forgets earlier tokens", "caps.py", "self.tokens = tokens\n", "self.tokens = 0\n", CAPS),
    Mutant("caps seen only after a send", "pipeline.py", "    changed(0)\n", "", CAPS),
    Mutant(
        "journal not heard on resumption",
        "pipeline.py",
        "bootstraps[recorded.request.language].hear(",
        "(lambda *_: None)(",
        PIPELINE,
    ),
    Mutant(
        "quota tried again",
        "teacher/classify.py",
        'return "refused" if any(word in text for word in _QUOTA) else "retry"',
        'return "retry"',
        PIPELINE,
    ),
)


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
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", mutant.tests]
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False, timeout=300)
    return done.returncode == 0


def main() -> None:
    """Try every mutant; exit 1 when one survives."""
    alive = []
    for mutant in MUTANTS:
        with tempfile.TemporaryDirectory() as folder:
            lives = survives(mutant, Path(folder))
        sys.stdout.write(f"{'SURVIVES' if lives else 'killed  '} {mutant.name}\n")
        sys.stdout.flush()
        alive += [mutant.name] if lives else []
    sys.stdout.write(f"{len(MUTANTS) - len(alive)} of {len(MUTANTS)} mutants killed\n")
    sys.exit(bool(alive))


if __name__ == "__main__":
    main()
