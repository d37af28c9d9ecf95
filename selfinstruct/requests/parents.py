"""Which row a request evolves or goes on from: one of those that were given, each in its turn, else one of the run, else a seed."""

import functools
import random
from collections.abc import Callable, Sequence

from selfinstruct.records import Drawn, Source, Task
from selfinstruct.requests.plain import plain_seeds
from selfinstruct.requests.plan import Plan, Visible

_DRAWS = 64
"""Draws among the rows of the run before one that fits is given up."""


def given(plan: Plan, visible: Visible) -> Task:
    """Return the next of the rows that were given, or of the seeds: every one once, in an order drawn anew each time round.

    A small teacher, which makes nothing of long tasks, starts from plain seeds.
    """
    seeds = plain_seeds(plan.seeds, plan.language) if plan.config.small_teacher else plan.seeds
    tasks: Sequence[Task] = plan.parents or seeds
    again, place = divmod(visible.number, len(tasks))
    return tasks[_order(f"{plan.config.run.seed}/{plan.language}/parents/{again}", len(tasks))[place]]


def one_of(rng: random.Random, rows: Sequence[Task], fits: Callable[[Task], bool]) -> Task | None:
    """Return a row of the run that fits; None when a few draws found none."""
    for _ in range(_DRAWS if rows else 0):
        row = rng.choice(rows)
        if fits(row):
            return row
    return None


def drawn_from(parent: Task, kind: str) -> Drawn:
    """Return a row as what a request starts from."""
    return Drawn(
        kind=kind,
        instruction=parent.instruction,
        input=parent.input,
        output=parent.output,
        system=parent.system,
        history=parent.history,
        source=Source(parent=parent.id),
    )


@functools.lru_cache(maxsize=8)
def _order(key: str, count: int) -> tuple[int, ...]:
    order = list(range(count))
    random.Random(key).shuffle(order)
    return tuple(order)
