"""Kill `selfinstruct generate` with SIGKILL, at random times and at chosen system calls, until it is done; then compare.

    python -m tests.torture.kill --runs 20 --kills 15 --seed 1 --concurrency 8

Every second run meets faults as well. The uninterrupted run that the dataset is compared with is the command line itself, in a
process of its own, against a calm server. Prints one JSON summary; ends with 1 when a promise was broken.
"""

import argparse
import hashlib
import json
import os
import random
import select
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.torture.child import FailPoint, run
from tests.torture.oracle import Oracle, Verdict, micro, status_of
from tests.torture.service import ROOT, Service

CANARY = "sk-canary-7f3a9c51e8d24b60"
KEY_NAME = "TORTURE_TEACHER_KEY"
LATENCY_MS = 40
PATIENCE_S = 120.0
TIGHT = "0.02"
"""USD; stops a run early, and is raised tenfold each time it does."""
CONFIG = """
[run]
name = "torture"
seed = {seed}
[target]
en = {rows}
zh = {rows}
[teacher]
kind = "openai"
base_url = "{url}"
model = "scripted-teacher"
api_key_env = "{key}"
price = {{ input = "1", output = "2" }}
[generate]
recipe = "{recipe}"
tasks_per_request = 2
window = 32
[limits]
concurrency = {concurrency}
retries = 20
timeout_s = 3
"""


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


def main() -> int:
    """Make the runs and print the summary."""
    options = _options()
    os.environ[KEY_NAME] = CANARY
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        os.environ.pop(name, None)
    import httpx2
    import openai

    import selfinstruct.cli.generate
    import selfinstruct.cli.status
    import selfinstruct.pipeline  # noqa: F401 - warm for the forks

    _ = httpx2, openai.resources.chat.completions
    began = time.monotonic()
    results = []
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        for number in range(options.runs):
            results.append(_one_run(options, number, Path(folder) / f"{number}"))
            sys.stderr.write(f"run {number}: {_line(results[-1])}\n")
    summary = _summary(options, results) | {"seconds": round(time.monotonic() - began)}
    sys.stdout.write(json.dumps(summary, indent=1) + "\n")
    return 0 if summary["identical"] == options.runs and not summary["broken_promises"] else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Kill runs and compare their datasets with those of uninterrupted ones."
    )
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--kills", type=int, default=15, help="kills in each run")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--rows", type=int, default=60, help="accepted rows of each language")
    parser.add_argument("--faults", choices=("off", "on", "half"), default="half", help="half: in every second run")
    parser.add_argument("--rate", type=float, default=0.12, help="share of requests that meet a fault")
    return parser.parse_args()


def _one_run(options: argparse.Namespace, number: int, folder: Path) -> dict[str, Any]:
    folder.mkdir()
    seed = options.seed * 1000 + number
    faulty = options.faults == "on" or (options.faults == "half" and number % 2 == 1)
    server = ["--seed", str(seed), "--rate", str(options.rate if faulty else 0)]
    with Service(*server, "--calm") as calm:
        calm_config = _write_config(options, folder / "calm.toml", seed, calm)
        whole = _uninterrupted(calm_config, folder / "calm")
        bill = micro(status_of(calm_config, folder / "calm")["cost_usd"])
        exact = bill == calm.ask("/summary")["micro_usd"]
    with Service(*server, "--latency-ms", str(LATENCY_MS), "--ledger", str(folder / "ledger.jsonl")) as service:
        config = _write_config(options, folder / "torture.toml", seed, service)
        oracle = Oracle(config, folder / "run", options.concurrency, CANARY)
        one = Run(number, folder / "run", config, service, oracle, random.Random(seed))
        began = time.monotonic()
        _torture(one, options.kills)
        sends = service.sends()
        end = oracle.end(sorted(folder.glob("out*")), sends)
    verdict = oracle.verdict
    return {
        "faults": faulty,
        "identical": _digest(folder / "run") == whole,
        "exact_bill": exact,
        "sends": len(sends),
        "faults_met": sum(bool(send["fault"]) for send in sends),
        "stops": one.exits,
        "seconds": round(time.monotonic() - began, 1),
        "verdict": verdict,
        "end": end,
    }


def _write_config(options: argparse.Namespace, path: Path, seed: int, service: Service) -> Path:
    fields = {"seed": seed, "rows": options.rows, "url": service.url, "key": KEY_NAME}
    recipe = ("steered", "batch")[seed // 2 % 2]
    path.write_text(CONFIG.format(**fields, recipe=recipe, concurrency=options.concurrency), encoding="utf-8")
    return path


def _uninterrupted(config: Path, folder: Path) -> list[str]:
    command = [sys.executable, "-m", "selfinstruct", "generate", "-q", "--config", str(config), "--run", str(folder)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run(command, env=environment, cwd=folder.parent, check=True, timeout=PATIENCE_S)
    return _digest(folder)


def _digest(folder: Path) -> list[str]:
    paths = sorted((folder / "dataset").glob("*.jsonl"))
    return [f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in paths]


def _torture(one: Run, kills: int) -> None:
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
    killed, code = _reap(child, pause)
    at = time.monotonic()
    os.close(reading)
    if killed:
        one.oracle.verdict.by_manner[f"{fail.call} {fail.manner}" if fail and killed == "itself" else "clock"] += 1
    sends = one.service.sends()
    one.oracle.judge(sends, at if killed else None, int(float(one.budget) * 1_000_000))
    if code > 0:
        one.exits += 1
        one.budget = str(float(one.budget) * 10) if code == 3 else one.budget
    return code


def _await_send(service: Service, child: int, sent: int) -> None:
    descriptor = os.pidfd_open(child)
    while service.ask("/summary")["sent"] == sent and not select.select([descriptor], [], [], 0.01)[0]:
        pass
    os.close(descriptor)


def _reap(child: int, pause: float) -> tuple[str, int]:
    """Wait for the child, kill it when its time is over; returns who killed it, and its exit code."""
    descriptor = os.pidfd_open(child)
    ended, _, _ = select.select([descriptor], [], [], pause)
    if not ended:
        os.kill(child, signal.SIGKILL)
    os.close(descriptor)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return ("" if code >= 0 else "itself" if ended else "clock"), code


def _line(result: dict[str, Any]) -> str:
    verdict: Verdict = result["verdict"]
    return (
        f"{verdict.kills} kills, identical {result['identical']}, {verdict.defects()} broken, {result['seconds']} s "
        f"{' '.join(verdict.notes[:3])}"
    )


def _summary(options: argparse.Namespace, results: list[dict[str, Any]]) -> dict[str, Any]:
    verdicts: list[Verdict] = [result["verdict"] for result in results]
    manners = sum((verdict.by_manner for verdict in verdicts), Verdict().by_manner)
    figures = {
        name: sum(getattr(verdict, name) for verdict in verdicts)
        for name, value in asdict(Verdict()).items()
        if isinstance(value, int) and name != "most_duplicates"
    }
    runs = [{**result, "verdict": None, "notes": result["verdict"].notes} for result in results]
    return {
        "command": f"kill --runs {options.runs} --kills {options.kills} --seed {options.seed} --concurrency {options.concurrency}",
        "runs": len(results),
        "runs_with_faults": sum(result["faults"] for result in results),
        "identical": sum(result["identical"] for result in results),
        **figures,
        "most_duplicates_per_kill": max(verdict.most_duplicates for verdict in verdicts),
        "concurrency": options.concurrency,
        "broken_promises": sum(verdict.defects() for verdict in verdicts)
        + sum(verdict.most_duplicates > options.concurrency for verdict in verdicts),
        "exact_bills": sum(result["exact_bill"] for result in results if not result["faults"]),
        "kills_by_manner": dict(sorted(manners.items())),
        "sends": sum(result["sends"] for result in results),
        "faults_met": sum(result["faults_met"] for result in results),
        "each": runs,
    }


if __name__ == "__main__":
    sys.exit(main())
