"""Mutate the corpus and rendered tasks at random, and read them: never an exception, nothing lost, in time, and inverse.

    python tests/support/items_fuzz.py --seconds 600 --seed 1

Prints executions; a finding is printed as Python text that can be pasted into the corpus, and the exit status is 1.
"""

import argparse
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from selfinstruct.language import LANGUAGES
from selfinstruct.prompts import parse_items, render_items
from selfinstruct.records import Task
from tests.support.corpus import CASES
from tests.support.items_measures import lost
from tests.support.items_strategies import PIECES, plain

MOST_SECONDS = 0.25
"""Processor time for one reply of at most `LONGEST` characters, on a busy machine; alone it is below 0.05."""
LONGEST = 64 * 1024


def main() -> int:
    """Run for a number of seconds; return 1 if there was a finding."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    end = time.monotonic() + arguments.seconds
    executions = findings = 0
    while time.monotonic() < end:
        executions += 1
        finding = check_inverse(rng) if executions % 4 == 0 else check_reply(rng)
        if finding:
            findings += 1
            print(finding, flush=True)  # noqa: T201
    print(f"{executions} executions, {findings} findings, seed {arguments.seed}")  # noqa: T201
    return bool(findings)


def check_reply(rng: random.Random) -> str:
    """Return what is wrong with the reading of one mutated reply."""
    reply = _mutate(rng, rng.choice(CASES).reply)
    if rng.random() < 0.01:
        reply = (reply * (LONGEST // max(1, len(reply)) + 1))[:LONGEST]
    cut = rng.random() < 0.5
    began = time.process_time()
    try:
        items = parse_items(reply, cut)
    except Exception as error:  # noqa: BLE001 - any exception is the finding
        return f"raises {error!r}: {reply!r}"
    spent = time.process_time() - began
    if spent > MOST_SECONDS:
        return f"took {spent:.2f} s: {reply[:2000]!r}"
    missing = lost(reply, items)
    return f"lost {missing!r}: {reply!r} cut={cut}" if missing else ""


def check_inverse(rng: random.Random) -> str:
    """Return what is wrong with reading back some tasks of random text."""
    tasks = [
        Task(id="t", instruction=_text(rng), input=_text(rng), output=_text(rng)) for _ in range(rng.randrange(1, 4))
    ]
    language, first = rng.choice(list(LANGUAGES.values())), rng.choice([0, 1, 4, 19, 10**6])
    try:
        read = [item[:3] for item in parse_items(render_items(tasks, language, first))]
    except Exception as error:  # noqa: BLE001 - any exception is the finding
        return f"raises {error!r}: {tasks!r} {language.code} {first}"
    return "" if read == [plain(task) for task in tasks] else f"not inverse: {tasks!r} {language.code} {first}"


def _text(rng: random.Random) -> str:
    if rng.random() < 0.2:
        return _mutate(rng, rng.choice(CASES).reply)
    return "".join(rng.choices(PIECES, k=rng.randrange(12)))


def _mutate(rng: random.Random, reply: str) -> str:
    for _ in range(rng.randrange(1, 6)):
        start = rng.randrange(len(reply) + 1)
        end = min(len(reply), start + rng.choice([0, 0, 1, 2, 5, 20, 100]))
        inserted = rng.choice(["", rng.choice(PIECES), _line(rng), reply[start:end] * 2, chr(rng.randrange(1, 0xD800))])
        reply = reply[:start] + inserted + reply[end:]
    return reply


def _line(rng: random.Random) -> str:
    """Return a line of any reply of the corpus, as a line."""
    return "\n" + rng.choice(rng.choice(CASES).reply.split("\n")) + "\n"


if __name__ == "__main__":
    sys.exit(main())
