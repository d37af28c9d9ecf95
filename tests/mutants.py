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


FAULTS = "tests/test_journal_faults.py"
JOURNAL, BUDGET, PIPELINE = "tests/test_journal.py", "tests/test_budget.py", "tests/test_pipeline.py"
CLASSIFY, PACE, CLIENT = "tests/test_classify.py", "tests/test_pace.py", "tests/test_client.py"
TOKENS, PRICES, CAPS = "tests/test_tokens.py", "tests/test_prices.py", "tests/test_caps.py"
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
        "reply not written",
        "teacher/client.py",
        "await self._journal.record(slot, attempt, answer.status, answer.body, spent)",
        "pass",
        CLIENT,
    ),
    Mutant(
        "lost send not billed",
        "teacher/client.py",
        "self._budget.write_off(reserved)",
        "self._budget.release(reserved)",
        CLIENT,
    ),
    Mutant(
        "broken answer thrown away",
        "teacher/client.py",
        "describe(answer), answer.status, answer.body)",
        "describe(answer), answer.status)",
        CLIENT,
    ),
    Mutant(
        "unsent stays in the bill",
        "teacher/client.py",
        "            await self._journal.take_back(slot, attempt)",
        "            pass",
        CLIENT,
    ),
    Mutant(
        "no total deadline", "teacher/client.py", "asyncio.timeout(self._deadline_s)", "asyncio.timeout(None)", CLIENT
    ),
    Mutant(
        "no id on the wire",
        "teacher/client.py",
        '"extra_headers": {"X-Client-Request-Id": f"{run}/{request.slot}/{attempt}"},',
        "",
        CLIENT,
    ),
    Mutant("run not stopped for the others", "teacher/client.py", "            self._turns.stop(reason)\n", "", CLIENT),
    Mutant("key kept in bodies", "teacher/wire.py", 'clean = self._whole.sub(b"[key]", data)', "clean = data", CLIENT),
    Mutant("half a key kept", "teacher/wire.py", "if clean.endswith(self._secret[:length]):", "if False:", CLIENT),
    Mutant("provider's own retries", "teacher/wire.py", "max_retries=0", "max_retries=2", CLIENT),
    Mutant(
        "errors read without end",
        "teacher/wire.py",
        "            if len(self._body) >= LARGEST_BODY:\n                return",
        "            pass",
        CLIENT,
    ),
    Mutant(
        "sent counts as connecting",
        "teacher/wire.py",
        '("send_request_headers.started", "sending")',
        '("send_request_headers.started", "connecting")',
        CLIENT,
    ),
    Mutant(
        "billed tries without end",
        "teacher/patience.py",
        "if tries.billed <= self._limits.billed_retries:",
        "if True:",
        CLIENT,
    ),
    Mutant(
        "free tries without end", "teacher/patience.py", "if tries.free <= self._limits.retries:", "if True:", CLIENT
    ),
    Mutant("outage without end", "teacher/patience.py", "        if down_s >= most_s:", "        if False:", CLIENT),
    Mutant(
        "probes count for their request",
        "teacher/patience.py",
        '        if turn.probe:\n            return ""\n',
        "",
        CLIENT,
    ),
    Mutant(
        "quota tried again",
        "teacher/classify.py",
        'return "stop" if _is_quota(answer.headers, text) else "retry"',
        'return "retry"',
        CLASSIFY,
    ),
    Mutant(
        "limit per minute taken for quota",
        "teacher/classify.py",
        "return not says_when and any(",
        "return any(",
        CLASSIFY,
    ),
    Mutant(
        "phase not looked at",
        "teacher/classify.py",
        '    if answer.phase == "connecting":\n        return "retry"\n',
        "",
        CLASSIFY,
    ),
    Mutant(
        "errors of the endpoint are free",
        "teacher/classify.py",
        "or answer.status in _REFUSED or",
        "or answer.status >= 400 or",
        CLASSIFY,
    ),
    Mutant(
        "half an answer taken for whole",
        "teacher/classify.py",
        "if is_cut(answer) or is_page(answer) else",
        "if is_page(answer) else",
        CLASSIFY,
    ),
    Mutant(
        "page taken for a reply",
        "teacher/classify.py",
        "if is_cut(answer) or is_page(answer) else",
        "if is_cut(answer) else",
        CLASSIFY,
    ),
    Mutant(
        "date read by our clock",
        "teacher/classify.py",
        '(_timestamp(headers.get("date", "")) or wall_s)',
        "wall_s",
        CLASSIFY,
    ),
    Mutant("key given twice is no fault", "teacher/body.py", "if len(value) < len(pairs):", "if False:", CLASSIFY),
    Mutant("NaN is a number", "teacher/body.py", "parse_constant=_not_json, ", "", CLASSIFY),
    Mutant("yes is a count", "teacher/body.py", "type(count) is int and", "isinstance(count, int) and", CLASSIFY),
    Mutant("any count is believed", "teacher/body.py", "0 <= count < _MOST_TOKENS", "0 <= count", CLASSIFY),
    Mutant(
        "message drives the terminal",
        "teacher/body.py",
        '_DRIVES_TERMINALS.sub(" ", _text(message)[:2000])',
        "_text(message)[:2000]",
        CLASSIFY,
    ),
    Mutant(
        "minute of 59 seconds",
        "teacher/pace.py",
        "now - self._taken[0].at >= MINUTE_S",
        "now - self._taken[0].at >= 59",
        PACE,
    ),
    Mutant(
        "worst case not taken",
        "teacher/pace.py",
        "        self._sum += amount\n        return taken",
        "        return taken",
        PACE,
    ),
    Mutant("usage not corrected", "teacher/pace.py", "            self._sum += amount - taken.amount\n", "", PACE),
    Mutant("others not heeded", "teacher/pace.py", "            self.take(others, now)", "            pass", PACE),
    Mutant("gate opens early", "teacher/pace.py", "+ self._spread * chance if", "- self._spread * chance if", PACE),
    Mutant("everybody at the same time", "teacher/pace.py", "+ self._spread * chance if", "if", PACE),
    Mutant(
        "cut for every 429",
        "teacher/pace.py",
        "        if now < self._cool_until:\n            return\n        self.limit = max",
        "        self.limit = max",
        PACE,
    ),
    Mutant("unused limit grows", "teacher/pace.py", "if self._peak >= _USED * self.limit:", "if True:", PACE),
    Mutant("slow start does not end", "teacher/pace.py", "        self._slow = False\n", "", PACE),
    Mutant("breaker never opens", "teacher/pace.py", "elif self._failures >= _FAILURES:", "elif False:", PACE),
    Mutant("many probes", "teacher/pace.py", "return None if self._probing else max(", "return max(", PACE),
    Mutant(
        "probes every five seconds", "teacher/pace.py", "min(self._open_s * 2, _LONGEST_OPEN_S)", "self._open_s", PACE
    ),
    Mutant(
        "old answer ends an outage",
        "teacher/pace.py",
        "        if self._open_s and not probe:\n            return False\n",
        "",
        PACE,
    ),
    Mutant("seat not given back", "teacher/turns.py", "            self._seats.leave()\n", "            pass\n", PACE),
    Mutant("stop not told", "teacher/turns.py", "        self._stopped.set()\n", "", PACE),
    Mutant(
        "lost probe blocks for good",
        "teacher/turns.py",
        "        if turn.probe and not turn.heard:\n            self._breaker.end()",
        "        pass",
        PACE,
    ),
    Mutant(
        "no limit on requests in flight",
        "teacher/turns.py",
        "(self._free or self._taken < self._limiter.limit)",
        "True",
        PACE,
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
