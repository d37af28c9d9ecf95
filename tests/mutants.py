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


JOURNAL, FAULTS = "tests/test_journal.py", "tests/test_journal_faults.py"
BUDGET, PIPELINE = "tests/test_budget.py", "tests/test_pipeline.py"
MUTANTS = (
    Mutant(
        "no lock",
        "journal/lock.py",
        "        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)\n        disk",
        "        disk",
        JOURNAL,
    ),
    Mutant(
        "holder not named",
        "journal/lock.py",
        'write_all(disk, descriptor, f"process {os.getpid()} on {socket.gethostname()}\\n".encode())',
        "pass",
        JOURNAL,
    ),
    Mutant(
        "lock kept after a refused opening",
        "journal/journal.py",
        "        except StorageError:\n            self.close()\n",
        "        except StorageError:\n",
        JOURNAL,
    ),
    Mutant(
        "no fsync of a record",
        "journal/tape.py",
        "        self._disk.sync(self._descriptor)\n        self._size +=",
        "        self._size +=",
        FAULTS,
    ),
    Mutant(
        "no fsync of the folder of a new segment",
        "journal/tape.py",
        "            self._disk.sync_folder(self._folder)\n        except",
        "            pass\n        except",
        FAULTS,
    ),
    Mutant("no fsync of the folders above", "journal/disk.py", "disk.sync_folder(path.parent)", "pass", FAULTS),
    Mutant(
        "no checksum",
        "journal/lines.py",
        "if not separator or data[len(text) :] != _ending(text):",
        "if not separator:",
        FAULTS,
    ),
    Mutant("torn tail left in place", "journal/tape.py", "disk.truncate(segment, damage.start)", "pass", FAULTS),
    Mutant("torn tail thrown away", "journal/tape.py", 'write_all(disk, torn, damage.torn + b"\\n")', "pass", FAULTS),
    Mutant("torn tail cut before it is safe", "journal/tape.py", "disk.sync(torn)", "pass", FAULTS),
    Mutant(
        "no fsync of the folder of the torn tail",
        "journal/tape.py",
        "    disk.sync_folder(folder)\n    segment =",
        "    segment =",
        FAULTS,
    ),
    Mutant("no fsync of the cut", "journal/tape.py", "disk.sync(segment)", "pass", FAULTS),
    Mutant(
        "short write not continued",
        "journal/disk.py",
        "    while rest:\n        rest = rest[disk.write(descriptor, rest) :]",
        "    disk.write(descriptor, rest)",
        FAULTS,
    ),
    Mutant("goes on after a failed write", "journal/writer.py", "reason = self._failure or (", "reason = (", FAULTS),
    Mutant(
        "waits for its record only to be queued",
        "journal/journal.py",
        "await asyncio.wrap_future(self._writer.submit(line))",
        "self._writer.submit(line)",
        JOURNAL,
    ),
    Mutant(
        "one fsync for each record",
        "journal/writer.py",
        "entries, self._queue = self._queue, []",
        "entries, self._queue = self._queue[:1], self._queue[1:]",
        JOURNAL,
    ),
    Mutant(
        "cancelling takes a record back",
        "journal/writer.py",
        "entry.done.set_running_or_notify_cancel()",
        "pass",
        JOURNAL,
    ),
    Mutant("closing drops what is queued", "journal/writer.py", "        self._thread.join()\n", "", JOURNAL),
    Mutant("no reserve", "journal/tape.py", "write_all(self._disk, descriptor, os.urandom(size))", "pass", FAULTS),
    Mutant(
        "no fsync of the reserve",
        "journal/tape.py",
        "            self._disk.sync(descriptor)\n        finally",
        "            pass\n        finally",
        FAULTS,
    ),
    Mutant("reserve not given back", "journal/tape.py", "self._disk.remove(self._folder / _RESERVE)", "pass", FAULTS),
    Mutant(
        "no fsync of the reserve's removal",
        "journal/tape.py",
        "        self._disk.sync_folder(self._folder)  # file systems",
        "        # file systems",
        FAULTS,
    ),
    Mutant(
        "full disk not noticed", "journal/writer.py", "if self._full or error.errno not in _FULL:", "if True:", FAULTS
    ),
    Mutant(
        "still sends on a full disk",
        "journal/writer.py",
        '(self._full if isinstance(entry.line, Intent) else "")',
        '""',
        FAULTS,
    ),
    Mutant(
        "half a group left on a full disk",
        "journal/tape.py",
        "self._disk.truncate(self._descriptor, self._size)",
        "pass",
        FAULTS,
    ),
    Mutant(
        "no fsync of the half group's cut",
        "journal/tape.py",
        "        self._disk.sync(self._descriptor)\n        self._disk.remove",
        "        self._disk.remove",
        FAULTS,
    ),
    Mutant("never a new segment", "journal/tape.py", "if self._size > self._segment_bytes:", "if False:", JOURNAL),
    Mutant(
        "missing segment not noticed",
        "journal/segments.py",
        "if path.name != segment_name(number):",
        "if False:",
        JOURNAL,
    ),
    Mutant(
        "late reply replaces the first",
        "journal/segments.py",
        "if line.slot not in ended and line.slot not in requests:",
        "if line.slot not in requests:",
        JOURNAL,
    ),
    Mutant(
        "late hold replaces the reply",
        "journal/index.py",
        "if slot in self.asked and slot not in self.answered and slot not in self.held:",
        "if slot in self.asked:",
        JOURNAL,
    ),
    Mutant("attempts not numbered", "journal/index.py", "self._attempts.get(slot, 0) + 1", "1", JOURNAL),
    Mutant("newer record read as ours", "journal/lines.py", "if version != VERSION:", "if False:", JOURNAL),
    Mutant(
        "unsent stays uncertain",
        "journal/index.py",
        "self.uncertain.pop((line.slot, line.attempt), None)",
        "pass",
        JOURNAL,
    ),
    Mutant(
        "lost send forgotten",
        "journal/index.py",
        "self.lost.add((line.slot, line.attempt))",
        "self.uncertain.pop((line.slot, line.attempt), None)",
        JOURNAL,
    ),
    Mutant("damage not told", "journal/journal.py", "self.damaged.append((line.file, line.line))", "pass", JOURNAL),
    Mutant(
        "intent not written",
        "teacher/client.py",
        "attempt = await self._journal.intend(request, reserved)",
        "attempt = 1",
        BUDGET,
    ),
    Mutant(
        "reply not written",
        "teacher/client.py",
        "await self._journal.record(request.slot, attempt, answer.status, answer.body, spent)",
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
        "teacher/budget.py",
        'len(message.content.encode("utf-8", "surrogatepass"))',
        "len(message.content)",
        BUDGET,
    ),
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
