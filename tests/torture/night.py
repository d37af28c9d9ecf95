"""A night's run that nobody watches: one `selfinstruct generate` against a server that fails as a real one does, until it ends.

    python -m tests.torture.night --rows 4000 --concurrency 64 --outage-s 60

1 % of 500s, 0.5 % of resets, outages in which the port is closed, a limit of requests a minute that brings bursts of 429, and thoughts
that are billed outside `completion_tokens`. Prints JSON: the exit code of the one command, its sends, what was withheld, and what the
server billed beside what the run booked.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.torture.service import ROOT, Service

KEY = "sk-canary-night-0123456789"
CONFIG = """
[run]
name = "night"
[target]
en = {rows}
zh = {rows}
[teacher]
kind = "openai"
base_url = "{url}"
model = "scripted-teacher"
api_key_env = "TORTURE_TEACHER_KEY"
price = {{ input = "1", output = "2" }}
[generate]
recipe = "steered"
window = 256
[filter]
threshold = 1.0
[validate]
disable = {disable}
[limits]
concurrency = {concurrency}
max_fruitless = 1000
timeout_s = 30
{budget}
"""


def main() -> int:
    """Run it and print the figures; ends with 1 when a promise was broken."""
    options = _options()
    faults = ("--fault", "status_500", "--fault", "status_500", "--fault", "reset", "--rate", "0.015")
    calm = ("--latency-ms", "60", "--rpm", str(options.rpm), "--thoughts", "300", "--outage-s", str(options.outage_s))
    outages = [part for number in (1, 3, 5) for part in ("--outage-after", str(number * options.rows // 2))]
    with tempfile.TemporaryDirectory() as place, Service(*faults, *calm, *outages) as service:
        found = _night(options, service, Path(place))
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return int(found["exit"] != 0 or found["beyond_books_micro_usd"] > 0 or found["key_found"] > 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="One command, a night of faults.")
    parser.add_argument("--rows", type=int, default=2000, help="rows of each language")
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--rpm", type=int, default=2400)
    parser.add_argument("--outage-s", type=float, default=60.0)
    parser.add_argument("--budget-usd", default="", help="stop at this; then exit 3 is right too")
    return parser.parse_args()


def _night(options: argparse.Namespace, service: Service, place: Path) -> dict[str, Any]:
    from selfinstruct.quality.rules import RULE_NAMES

    budget = f'budget_usd = "{options.budget_usd}"' if options.budget_usd else ""
    fields = {"rows": options.rows, "url": service.url, "concurrency": options.concurrency, "budget": budget}
    (place / "night.toml").write_text(CONFIG.format(**fields, disable=json.dumps(sorted(RULE_NAMES))), encoding="utf-8")
    command = [sys.executable, "-m", "selfinstruct", "generate", "--config", "night.toml", "--run", "run", "-q"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TORTURE_TEACHER_KEY": KEY}
    began = time.monotonic()
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)
    minutes = (time.monotonic() - began) / 60
    manifest = json.loads((place / "run/manifest.json").read_text(encoding="utf-8"))
    sends = service.sends()
    billed = sum(send["billed"] for send in sends)
    booked = sum(_micro(manifest[name]) for name in ("cost_usd", "uncertain_usd"))
    asked = {"rows": 2 * options.rows, "concurrency": options.concurrency, "outage": options.outage_s}
    return {
        "asked": asked,
        "exit": done.returncode,
        "said": done.stderr.strip()[-300:],
        "minutes": round(minutes, 1),
        "rows": manifest["ledger"]["total"]["accepted"],
        "sends": len(sends),
        "faults": dict(Counter(send["fault"] or "none" for send in sends)),
        "withheld": manifest["ledger"]["total"]["rejected"].get("held", 0),
        "server_micro_usd": billed,
        "booked_micro_usd": booked,
        "beyond_books_micro_usd": max(0, billed - booked),
        "key_found": sum(KEY.encode() in path.read_bytes() for path in place.rglob("*") if path.is_file()),
    }


def _micro(usd: str | None) -> int:
    return round(float(usd or 0) * 1_000_000)


if __name__ == "__main__":
    sys.exit(main())
