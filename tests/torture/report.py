"""`docs/reliability.md` from the figures of a run: the words are here, every number comes from build/torture/*.json."""

import json
import os
import platform
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

from selfinstruct.teacher.billing.budget import usd

TEXT = """# Reliability: what is promised, and how it is shown

Written by `make torture` from the figures of one run; do not edit by hand.

## What is promised

No client can close the gap between "the provider has billed" and "the answer is on our disk". What can be kept is this:

1. **Nothing that reached us is lost.** A reply is on disk before anything reads it, and its request is never sent again.
2. **Every send that may cost money is written down first.** After a crash, sends without an outcome are *uncertain*: counted, priced at
   their worst, and shown by `selfinstruct status`. One kill leaves at most as many as were in flight.
3. **A crash does not change the dataset.** The run that was killed ends with the same bytes as the one that was not: uncertain sends are
   sent again (`[limits] uncertain = "resend"`), or looked up where the provider keeps completions (`reconcile`), which buys nothing
   twice. `hold` buys nothing twice either, without a lookup: it leaves them out, and the dataset is the replay of the run's own journal.
4. **Spent plus uncertain never exceeds the budget.**
5. **The key is nowhere**: not in the run directory, not in any output, even when the server echoes it.

## How it is shown

`tests/torture/server.py` is an OpenAI-compatible server in its own process with books of its own: what it was sent, what it billed, what
it delivered whole. It fails in {way} ways on the way and {content} in the content, before and after billing; which request meets which fault depends
on the request alone, so a run can be repeated. In runs with faults the port also closes for a second, the key is revoked or the quota
runs out on the way; the harness then does what a user would, and goes on. `tests/torture/kill.py` runs `selfinstruct generate` against it and kills it with SIGKILL:
by the clock, and at the k-th write, sync, rename or truncation, before it, after it, in the middle of it, or with everything unsynced
taken away as a power cut may. The child is killed in recovery and while it writes its dataset too. After each kill the journal's files and
`status --json` are compared with the server's books; at the end the dataset is compared with that of an uninterrupted run, or, where
requests were left out, with what `selfinstruct filter` makes of a copy of the journal alone.
A reply that left the server less than {late} s before a kill and is not in the journal counts as in flight, any other as lost.

## Kills

{runs} runs, {runs_with_faults} of them with faults ({faults_met} met in {sends} sends), {kills} kills, concurrency {concurrency}, {seconds} s.

| figure | wanted | found |
|---|---|---|
| runs whose dataset is identical to the uninterrupted one (`hold`: to the replay of its journal) | {runs} | {identical} |
| replies lost | 0 | {lost} |
| journaled requests sent again | 0 | {sent_again} |
| billed sends that `status` does not account for | 0 | {unaccounted} |
| kills after which `status` and journal differ | 0 | {status_wrong} |
| replies whose cost is not the server's bill | 0 | {cost_wrong} |
| micro-USD billed beyond cost plus uncertain | 0 | {uncovered_micro_usd} |
| uninterrupted runs billed as the server did, to the micro-USD | {runs_without_faults} | {exact_bills} |
| times the budget was exceeded | 0 | {over_budget} |
| requests billed a second time, for any reason, under `hold` and `reconcile` | 0 | {bought_twice} |
| entries of the ledger that do not add up after a kill | 0 | {unbalanced} |
| places where the key was found | 0 | {canary} |
| most requests billed twice by one kill | at most {concurrency} | {most_duplicates_per_kill} |

All kills together: {billed} sends billed, {duplicates} of them a second time, {in_flight} replies in flight; {before_the_first_send} kills fell in recovery or emission.

| uncertain | runs | kills | identical | billed again because of a kill | most for one kill | left out | uncertain at the end |
|---|---|---|---|---|---|---|---|
{policies}

| killed at | times |
|---|---|
{manners}

## Load

Our client with its journal beside a bare `AsyncOpenAI` loop over the same requests, each in a process of its own, loopback server.

| figure | ours | bare |
|---|---|---|
{loads}

## The machine

{machine}

## The commands

    make torture                                            # all of the above
    python -m tests.torture.kill --runs 24 --kills 15 --seed 1 --concurrency 8
    python -m tests.torture.load --requests 10000 --concurrency 512
    python -m tests.torture.server --fault hang-after --rate 0.1     # the server alone
"""
ROWS = (
    ("requests a second", "requests_per_s"),
    ("CPU for each request, ms", "cpu_ms_per_request"),
    ("highest resident memory, MB", "peak_rss_mb"),
    ("most open files", "open_files"),
    ("resident memory over the run, MB", "rss_mb"),
)


def write(figures: Path, document: Path) -> None:
    """Write the document from `kill.json`, `load.json` and, if there is one, `long.json`."""
    from tests.torture.faults import CONTENT, WAY
    from tests.torture.oracle import LATE_S

    kills = json.loads((figures / "kill.json").read_text(encoding="utf-8"))
    loads = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(figures.glob("lo*.json"))]
    policies = "\n".join(_policy(name, found) for name, found in kills.pop("policies").items())
    filled = TEXT.format(
        **kills,
        policies=policies,
        way=len(WAY),
        content=len(CONTENT),
        late=LATE_S,
        runs_without_faults=kills["runs"] - kills["runs_with_faults"],
        manners="\n".join(f"| {name} | {count} |" for name, count in kills["kills_by_manner"].items()),
        loads="\n".join(_load(load) for load in loads),
        machine=_machine(),
    )
    document.write_text(filled, encoding="utf-8")


def _policy(name: str, found: dict[str, int]) -> str:
    cells = [found[key] for key in ("runs", "kills", "identical", "duplicates", "most_duplicates_per_kill", "held")]
    return f"| `{name}` | {' | '.join(map(str, cells))} | {usd(found['uncertain_micro_usd'])} |"


def _load(load: dict[str, Any]) -> str:
    ours, bare = load["ours"], load["bare"]
    head = f"| **{load['requests']:,} requests, concurrency {load['concurrency']}** | ratio {load['ratio']} | |"
    return "\n".join([head, *(f"| {text} | {_cell(ours[name])} | {_cell(bare[name])} |" for text, name in ROWS)])


def _cell(value: float | list[float]) -> str:
    if not isinstance(value, list):
        return str(value)
    points = value[:: max(1, len(value) // 8)]
    return " ".join(f"{point:.0f}" for point in points)


def _machine() -> str:
    cpu = Path("/proc/cpuinfo").read_text(encoding="utf-8") if Path("/proc/cpuinfo").exists() else ""
    model = re.search(r"model name\s*:\s*(.+)", cpu)
    packages = ", ".join(f"{name} {version(name)}" for name in ("openai", "httpx2", "pydantic"))
    release = platform.release().split("-")[0]
    return f"{os.cpu_count()} cores ({model[1] if model else platform.machine()}), {platform.system()} {release}, Python {platform.python_version()}, {packages}."
