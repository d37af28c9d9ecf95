"""Kill `selfinstruct generate` with SIGKILL, at random times and at chosen system calls, until it is done; then compare.

    python -m tests.torture.kill --runs 24 --kills 15 --seed 1 --concurrency 8

Half of the runs meet faults as well, and each policy for uncertain sends has a third of them. The uninterrupted run that the dataset
is compared with is the command line itself, in a process of its own, against a calm server; a run that left requests out is compared
with the replay of its own journal. Prints one JSON summary; ends with 1 when a promise was broken.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.torture.faults import SAID, WAY
from tests.torture.lives import PATIENCE_S, Run, torture
from tests.torture.oracle import Oracle, Verdict, bought_twice, micro, status_of
from tests.torture.service import ROOT, Service

CANARY = "sk-canary-7f3a9c51e8d24b60"
KEY_NAME = "TORTURE_TEACHER_KEY"
LATENCY_MS = 40
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
uncertain = "{policy}"
"""
POLICIES = ("resend", "hold", "reconcile")


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
    import selfinstruct.runs.run  # noqa: F401 - warm for the forks

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
    parser.add_argument("--faults", choices=("off", "on", "half"), default="half", help="half: in half of the runs")
    parser.add_argument("--policy", choices=POLICIES, help="only this one")
    parser.add_argument("--rate", type=float, default=0.12, help="share of requests that meet a fault")
    parser.add_argument("--fault", action="append", default=[], help="only these, e.g. hang, reset_body-after")
    return parser.parse_args()


def _one_run(options: argparse.Namespace, number: int, folder: Path) -> dict[str, Any]:
    folder.mkdir()
    seed = options.seed * 1000 + number
    policy = options.policy or POLICIES[number % len(POLICIES)]
    faulty = options.faults == "on" or (options.faults == "half" and number // len(POLICIES) % 2 == 1)
    server = ["--seed", str(seed), "--rate", str(options.rate if faulty else 0)]
    faults = options.fault or (WAY + SAID if policy == "reconcile" else ())
    server += [word for name in faults for word in ("--fault", name)]
    stops = [("--outage-after", "40", "--outage-s", "1"), ("--revoked-after", "60"), ("--quota-after", "80")]
    with Service(*server, "--calm") as calm:
        calm_config = _write_config(options, folder / "calm.toml", number, policy, calm)
        whole = _uninterrupted(calm_config, folder / "calm")
        bill = micro(status_of(calm_config, folder / "calm")["cost_usd"])
        exact = bill == calm.ask("/summary")["micro_usd"]
    server += stops[number // 6 % 3] if faulty and not options.fault else ()
    with Service(*server, "--latency-ms", str(LATENCY_MS), "--ledger", str(folder / "ledger.jsonl")) as service:
        config = _write_config(options, folder / "torture.toml", number, policy, service)
        oracle = Oracle(config, folder / "run", options.concurrency, CANARY)
        one = Run(number, folder / "run", config, service, oracle, random.Random(seed))
        began = time.monotonic()
        torture(one, options.kills)
        sends = service.sends()
        end = oracle.end(sorted(folder.glob("out*")), sends)
    verdict = oracle.verdict
    if policy != "resend":
        verdict.bought_twice = bought_twice(sends)
    found = _digest(folder / "run")
    return {
        "policy": policy,
        "faults": faulty,
        "identical": found == (_replayed(config, folder) if end["held"] else whole),
        "exact_bill": exact,
        "sends": len(sends),
        "faults_met": sum(bool(send["fault"]) for send in sends),
        "stops": one.exits,
        "seconds": round(time.monotonic() - began, 1),
        "verdict": verdict,
        "end": end,
    }


def _write_config(options: argparse.Namespace, path: Path, number: int, policy: str, service: Service) -> Path:
    fields = {"seed": options.seed * 1000 + number, "rows": options.rows, "url": service.url, "key": KEY_NAME}
    recipe = ("steered", "batch")[number // 6 % 2]
    text = CONFIG.format(**fields, recipe=recipe, concurrency=options.concurrency, policy=policy)
    path.write_text(text, encoding="utf-8")
    return path


def _uninterrupted(config: Path, folder: Path) -> list[str]:
    _run("generate", "-q", "--config", str(config), "--run", str(folder))
    return _digest(folder)


def _replayed(config: Path, folder: Path) -> list[str]:
    """Return the datasets that a run's journal alone gives."""
    shutil.copytree(folder / "run" / "journal", folder / "replay" / "journal")
    _run("filter", "-q", "--config", str(config), "--run", str(folder / "replay"))
    return _digest(folder / "replay")


def _run(*words: str) -> None:
    command = [sys.executable, "-m", "selfinstruct", *words]
    subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True, timeout=PATIENCE_S)


def _digest(folder: Path) -> list[str]:
    paths = sorted((folder / "dataset").glob("*.jsonl"))
    return [f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in paths]


def _line(result: dict[str, Any]) -> str:
    verdict: Verdict = result["verdict"]
    return (
        f"{verdict.kills} kills, {result['policy']}, identical {result['identical']}, {verdict.defects()} broken, {result['seconds']} s "
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
    policies = {policy: _by_policy(policy, results) for policy in POLICIES}
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
        "policies": policies,
        "each": runs,
    }


def _by_policy(policy: str, results: list[dict[str, Any]]) -> dict[str, int]:
    chosen = [result for result in results if result["policy"] == policy]
    verdicts: list[Verdict] = [result["verdict"] for result in chosen]
    return {
        "runs": len(chosen),
        "kills": sum(verdict.kills for verdict in verdicts),
        "identical": sum(result["identical"] for result in chosen),
        "duplicates": sum(verdict.duplicates for verdict in verdicts),
        "most_duplicates_per_kill": max((verdict.most_duplicates for verdict in verdicts), default=0),
        "bought_twice": sum(verdict.bought_twice for verdict in verdicts),
        "held": sum(result["end"]["held"] for result in chosen),
        "uncertain_micro_usd": sum(result["end"]["uncertain_micro_usd"] for result in chosen),
    }


if __name__ == "__main__":
    sys.exit(main())
