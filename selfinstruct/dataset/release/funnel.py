"""The funnel: number of candidates left after each stage of acceptance, from those read in replies to the rows."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise

from selfinstruct.records import Verdict

STEPS = {
    "candidates": "candidates in the replies",
    "read": "could be read",
    "instruction": "instruction keeps the rules",
    "filter": "no near-duplicate",
    "held_out": "in no evaluation set",
    "answered": "has its answer",
    "answer": "answer keeps the rules",
    "judge": "good enough for the judge",
    "accepted": "rows",
}
"""Step -> description of the candidates left, in order; most steps are named after the stage that rejects."""


def funnel(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """Return {step: number of candidates left}; the last number is that of the rows."""
    lost = Counter(_lost_at(verdict) for verdict in verdicts)
    left, steps = lost.total(), {}
    for step in STEPS:
        left -= lost[step]
        steps[step] = left
    return steps


def total(funnels: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Return the funnel of all languages together."""
    return {step: sum(one[step] for one in funnels.values()) for step in STEPS}


def narrowing(steps: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return (step, candidates left) for the first and last step and those that rejected something."""
    names = list(STEPS)
    lost = [name for before, name in pairwise(names) if steps[name] < steps[before]]
    return [(name, steps[name]) for name in dict.fromkeys([names[0], *lost, names[-1]])]


def _lost_at(verdict: Verdict) -> str:
    if verdict.pending:
        return "answered"
    return "accepted" if verdict.stage in {"target", "review"} else verdict.stage
