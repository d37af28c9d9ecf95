"""What one reply costs the live display and the check of the caps, with few and with many verdicts before it: the same, within noise."""

import os
import platform
import statistics
import sys
import time
from pathlib import Path

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.cli.console import Screen
from selfinstruct.config import parse_config
from selfinstruct.records import Candidate, Verdict
from selfinstruct.runs.caps import Caps
from selfinstruct.runs.inputs import load_inputs
from selfinstruct.teacher import Budget

REPLIES = 2000
VERDICTS = (100, 80_000)


def bootstraps(verdicts: int) -> dict[str, Bootstrap]:
    config = parse_config("", "benchmark")
    found = {language: Bootstrap(plan) for language, plan in load_inputs(config).plans.items()}
    for number in range(verdicts):
        candidate = Candidate(language="en", index=number, position=0, instruction=f"Name {number}.")
        found["en"].acceptance.record(Verdict(candidate=candidate, stage="instruction", rule=f"rule_{number % 20}"))
    return found


def cpu_of_a_reply(verdicts: int, *, quiet: bool) -> float:
    """Return the median CPU seconds of a reply: told to the display, looked at by the caps."""
    runs, screen = bootstraps(verdicts), Screen(quiet)
    config = parse_config("", "benchmark")
    caps, budget = Caps(config.limits, 0, time.monotonic), Budget(None, None, 0)
    seconds = []
    for _ in range(REPLIES):
        before = time.thread_time()
        screen.run(runs, 1, budget)
        list(caps.reached(runs))
        seconds.append(time.thread_time() - before)
    return statistics.median(seconds)


def main() -> None:
    print(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}")
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        sys.stderr = nowhere
        for quiet in (False, True):
            few, many = (cpu_of_a_reply(count, quiet=quiet) for count in VERDICTS)
            named = "quiet" if quiet else "shown"
            print(
                f"{named}: {1e6 * few:.1f} us a reply after {VERDICTS[0]:,} verdicts, {1e6 * many:.1f} us after {VERDICTS[1]:,}"
            )


if __name__ == "__main__":
    main()
