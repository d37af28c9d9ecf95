"""What each rule costs, in microseconds a row of the shipped seed tasks, and how long 1,000 rows take under all of them.

    make bench

Prints one JSON document: processor time, so that a busy machine does not make a rule look slow.
"""

import json
import os
import platform
import time

from selfinstruct.language import LANGUAGES
from selfinstruct.quality.rules import RULES, Rule, all_broken, all_flags
from selfinstruct.records import Candidate, LanguageCode, Seed
from selfinstruct.system.files import bundled, read_jsonl

LANGUAGE_CODES: tuple[LanguageCode, ...] = ("en", "zh")


def rows() -> list[Candidate]:
    """Return every instance of the seeds as a rule sees it."""
    return [
        Candidate(language=code, index=0, position=0, instruction=seed.instruction, input=one.input, output=one.output)
        for code in LANGUAGE_CODES
        for _, value in read_jsonl(bundled("seed_tasks") / f"{code}.jsonl")
        for seed in [Seed.model_validate(value)]
        for one in seed.instances
    ]


def cost(rule: Rule, candidates: list[Candidate]) -> float:
    """Return microseconds a row, after one pass that compiles patterns and fills caches."""
    for candidate in candidates[:50]:
        rule(candidate, LANGUAGES[candidate.language])
    started = time.process_time()
    for candidate in candidates:
        rule(candidate, LANGUAGES[candidate.language])
    return (time.process_time() - started) / len(candidates) * 1e6


def main() -> None:
    candidates = rows()
    costs = {name: round(cost(rule, candidates), 1) for name, rule in RULES.items()}
    thousand = (candidates * (1000 // len(candidates) + 1))[:1000]
    started = time.process_time()
    for candidate in thousand:
        all_broken(candidate)
        all_flags(candidate)
    seconds = time.process_time() - started
    characters = sum(len(one.instruction) + len(one.input) + len(one.output) for one in candidates) / len(candidates)
    report = {
        "us_per_row": dict(sorted(costs.items(), key=lambda item: -item[1])),
        "seconds_per_1000_rows": round(seconds, 2),
        "characters_per_row": round(characters),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
