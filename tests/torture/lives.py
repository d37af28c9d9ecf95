"""The lives of one run: a child is forked, dies by the clock or at a system call, and is judged; until one of them ends by itself."""

import os
import random
import select
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from tests.torture.child import FailPoint, died_at, run
from tests.torture.oracle import Oracle
from tests.torture.service import Service

PATIENCE_S = 120.0
TIGHT = "0.02"
"""USD; stops a run early, and is raised tenfold each time it does."""


@dataclass
class Run:
    """One run directory, its server and what is done to it."""

    number: int
    folder: Path
    config: Path
    service: Service
    oracle: Oracle
    rng: random.Random
    budget: str = TIGHT
    exits: int = 0
    """Times the child ended by itself with a reason."""


def torture(one: Run, kills: int) -> None:
    """Kill the run `kills` times, the last two of them while it writes its dataset, then let it end."""
    while one.oracle.verdict.kills < kills - 2:
        fail = _fail_point(one.rng)
        sending = fail is None and one.rng.random() < 0.7
        if _life(one, fail, 2.0 if fail else one.rng.uniform(0.0, 0.3), sending) == 0:
            break  # done sooner than planned; the kills that are left fall on the emission
    while one.oracle.verdict.kills < kills:
        _life(one, FailPoint("replace", one.rng.randint(1, 6), one.rng.choice(("before", "after"))), 5.0)
    for _ in range(60):
        if _life(one, None, PATIENCE_S) == 0:
            return
    raise SystemExit(f"run {one.number} did not end; its output is in {one.folder.parent}")


def _fail_point(rng: random.Random) -> FailPoint | None:
    """Return a system call to die at, or None for a kill by the clock alone."""
    if rng.random() < 0.4:
        return None
    call = rng.choice(("write", "write", "write", "sync", "sync", "sync", "replace", "ftruncate"))
    manners = ("before", "after", "torn", "power") if call == "write" else ("before", "after", "power")
    return FailPoint(call, rng.randint(1, 2 if call in {"replace", "ftruncate"} else 24), rng.choice(manners))


def _life(one: Run, fail: FailPoint | None, pause: float, sending: bool = False) -> int:
    """Run the child once, kill it `pause` seconds after it opened its journal or began sending; returns its exit code or -9."""
    reading, writing = os.pipe()
    output = one.folder.parent / "out.txt"
    argv = ["generate", "--config", str(one.config), "--run", str(one.folder), "--budget-usd", one.budget]
    sent = one.service.ask("/summary")["sent"]
    child = os.fork()
    if child == 0:
        os.close(reading)
        run(argv, output, fail, lambda: os.close(writing), one.folder)
    os.close(writing)
    select.select([reading], [], [], PATIENCE_S)
    if sending:
        _await_send(one.service, child, sent)
    killed, code, at = _reap(child, pause)
    os.close(reading)
    if killed:
        one.oracle.verdict.by_manner[f"{fail.call} {fail.manner}" if fail and killed == "itself" else "clock"] += 1
    sends = one.service.sends()
    one.oracle.judge(sends, at if killed else None, int(float(one.budget) * 1_000_000))
    if code > 0:
        one.exits += 1
        one.budget = str(float(one.budget) * 10) if code == 3 else one.budget
        one.service.ask("/control", {"revoked_after": None, "quota_after": None})  # somebody paid, or renewed the key
    return code


def _await_send(service: Service, child: int, sent: int) -> None:
    descriptor = os.pidfd_open(child)
    while service.ask("/summary")["sent"] == sent and not select.select([descriptor], [], [], 0.01)[0]:
        pass
    os.close(descriptor)


def _reap(child: int, pause: float) -> tuple[str, int, float]:
    """Wait for the child, kill it when its time is over; returns who killed it, its exit code, and when it was killed."""
    descriptor = os.pidfd_open(child)
    ended, _, _ = select.select([descriptor], [], [], pause)
    at = time.monotonic()
    if not ended:
        os.kill(child, signal.SIGKILL)
    os.close(descriptor)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        return "", code, at
    return ("itself", code, died_at()) if ended else ("clock", code, at)
