"""The funnel: how many candidates are left after each stage of judgement, from all that were read from replies down to the rows."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise

from selfinstruct.records import Verdict

STEPS = {
    "candidates": "candidates in the replies",
    "read": "could be read",
    "instruction": "instruction keeps the rules",
    "filter": "no near-duplicate",
    "held_out": "in no held-out set",
    "answered": "has its answer",
    "answer": "answer keeps the rules",
    "judge": "good enough for the judge",
    "accepted": "rows",
}
"""Step -> what is left there, in order of judgement; most are named after the stage whose rejections they leave behind."""


def funnel(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """Return {step: candidates left}; the last step is the rows."""
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
    """Return (step, left) of the first and last step and of those that lost something."""
    names = list(STEPS)
    lost = [name for before, name in pairwise(names) if steps[name] < steps[before]]
    return [(name, steps[name]) for name in dict.fromkeys([names[0], *lost, names[-1]])]


def _lost_at(verdict: Verdict) -> str:
    if verdict.pending:
        return "answered"
    return "accepted" if verdict.stage == "target" else verdict.stage
