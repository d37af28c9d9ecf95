"""`docs/reliability.md` from the figures of a run: the words are here, every number comes from build/torture/*.json."""

import json
import os
import platform
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

from selfinstruct.teacher.billing.budget import in_usd

TEXT = """# Reliability: what is promised, and how it is shown

[中文](reliability.zh-CN.md)

Written by `make torture` from the figures of one run; do not edit by hand.

## What is promised

No client can close the gap between "the provider has billed" and "the answer is on our disk". What can be kept is this:

1. **Nothing that reached us is lost.** A reply is on disk before anything reads it, and its request is never sent again.
2. **Every send that may cost money is written down first.** After a crash, sends without an outcome are *uncertain*: counted, priced at
   their worst, and shown by `selfinstruct status`. One kill leaves at most as many as were in flight.
3. **A crash does not change the dataset.** The run that was killed ends with the same bytes as the one that was not: uncertain sends are
   sent again (`[limits] uncertain = "resend"`), or looked up where the provider keeps completions (`reconcile`), which buys nothing
   twice. `hold` buys nothing twice either, without a lookup: it leaves them out, and the dataset is the replay of the run's own journal.
   A request that fails for its own sake, `[limits] billed_retries` + 1 times while others are answered, is withheld by name under every
   policy; the journal records which, so that the dataset is its replay.
4. **Spent plus uncertain never exceeds the budget**, by what was known when a request was sent: a provider that bills thoughts beside `max_tokens`
   can pass it by the requests in flight at the first such reply, once; from then on they are in the reserve, after a restart too.
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

## A night that nobody watches

One command, `selfinstruct generate` at {night_concurrency} in flight, against the same server with 1 % of 500s, 0.5 % of resets, three outages of {night_outage} s in which the
port is closed, a limit of requests a minute that brings bursts of 429, and thoughts that are billed outside `completion_tokens`.

| figure | wanted | found |
|---|---|---|
| exit code, without a touch | 0 | {night[exit]} |
| rows | {night_rows} | {night[rows]} |
| sends, and minutes | | {night[sends]}, {night[minutes]} |
| faults met | | {night_faults} |
| requests withheld by name, because they failed twice while others were answered | few | {night[withheld]} |
| micro-USD billed by the server beyond what the run booked | 0 | {night[beyond_books_micro_usd]} |
| files in which the key was found | 0 | {night[key_found]} |

## The machine

{machine}

## The commands

    make torture                                            # all of the above
    python -m tests.torture.kill --runs 24 --kills 15 --seed 1 --concurrency 8
    python -m tests.torture.night --rows 2000 --concurrency 64 --outage-s 60
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
        **_night(figures),
    )
    document.write_text(filled, encoding="utf-8")


def _night(figures: Path) -> dict[str, Any]:
    night = json.loads((figures / "night.json").read_text(encoding="utf-8"))
    faults = ", ".join(f"{name} {count}" for name, count in sorted(night["faults"].items()) if name != "none")
    given = ("concurrency", "outage", "rows")
    return {"night": night, "night_faults": faults, **{f"night_{name}": night["asked"][name] for name in given}}


def _policy(name: str, found: dict[str, int]) -> str:
    cells = [found[key] for key in ("runs", "kills", "identical", "duplicates", "most_duplicates_per_kill", "held")]
    return f"| `{name}` | {' | '.join(map(str, cells))} | ${in_usd(found['uncertain_micro_usd'])} |"


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
