"""Decisions as a judge of known bias would make them, without asking one."""

import random

from selfinstruct.comparison.result import Decision
from selfinstruct.judging.reading import Better, Reading
from selfinstruct.judging.ruling import rule

OUTCOMES = {1.0: "A", 0.5: "tie", 0.0: "B"}


def decided(name: str, straight: Better, swapped: Better, a: str = "one", b: str = "two") -> Decision:
    """Return what a judge's readings in both orders decide; empty for one that cannot be read."""
    readings = tuple(Reading(better=one, fault="" if one else "prose") for one in (straight, swapped))
    found = rule(*readings)
    return Decision.model_validate(
        {
            "id": name,
            "language": "en",
            "kind": "writing",
            "question": "Name a river.",
            "a": a,
            "b": b,
            "by": "judge",
            "outcome": OUTCOMES[found.score],
            "low": found.low,
            "high": found.high,
            "readings": readings,
            "is_consistent": found.is_consistent,
        }
    )


def drawn(rng: random.Random, questions: int, for_a: float, unreadable: float = 0.0) -> list[Decision]:
    """Return decisions of a judge that prefers A with the same chance in each verdict of its own throw."""

    def reading(name: Better, other: Better) -> Better:
        if rng.random() < unreadable:
            return ""
        return name if rng.random() < for_a else other

    return [decided(str(number), reading("first", "second"), reading("second", "first")) for number in range(questions)]


def settled(rng: random.Random, questions: int, for_a: float) -> list[Decision]:
    """Return decisions of a judge that says the same in both orders, for A with a chance."""
    won = [rng.random() < for_a for _ in range(questions)]
    return [decided(str(at), "first" if one else "second", "second" if one else "first") for at, one in enumerate(won)]


def by_length(rng: random.Random, questions: int, longer_by: float, taste: float) -> list[Decision]:
    """Return decisions of a judge that takes the longer answer with a chance in each order, and cares for nothing else.

    Answers of A are longer by `longer_by` standard deviations on average.
    """
    found = []
    for number in range(questions):
        difference = round(200 * rng.gauss(longer_by, 1))
        for_a = taste if difference > 0 else 1 - taste
        straight: Better = "first" if rng.random() < for_a else "second"
        swapped: Better = "second" if rng.random() < for_a else "first"
        found.append(decided(str(number), straight, swapped, "a" * max(1, 1_000 + difference), "b" * 1_000))
    return found
