"""Plain tasks: what a small teacher can write. One kind of task at a time, an everyday subject, no forced first word."""

import random
from collections.abc import Sequence

from selfinstruct.language import LANGUAGES
from selfinstruct.records import Drawn, Message, Request, Step, Task
from selfinstruct.requests.plan import Plan, Visible

_FEWEST = 3
"""Plain seeds of a category that are enough to show the kind of task."""


def compose_plain(
    plan: Plan, index: int, visible: Visible, step: Step = "instruction", drawn: Drawn | None = None
) -> Request:
    """Return a request for one plain instruction; `drawn` goes into it."""
    rng = plan.rng(index, step)
    shown = _shown(plan, rng, visible)
    subject = rng.choice([one for one in plan.prompts.subjects if one not in {task.topic for task in shown}])
    template = plan.prompts.templates["plain"]
    messages: list[Message] = [template.turn("system")]
    for task in shown:
        messages += [template.turn("user", topic=task.topic), template.turn("assistant", instruction=task.instruction)]
    messages.append(template.turn("user", topic=subject))
    teacher = plan.config.teacher
    return plan.request(
        index,
        step,
        messages,
        temperature=teacher.temperature,
        max_tokens=teacher.max_instruction_tokens,
        shown=tuple(task.id for task in shown),
        topic=subject,
        drawn=drawn,
    )


def plain_seeds(seeds: Sequence[Task], language: str) -> list[Task]:
    """Return the seeds without input that are marked plain; where there are too few, the shorter half of all without input."""
    complete = [task for task in seeds if not task.input]
    plain = [task for task in complete if task.plain]
    if len(plain) >= _FEWEST:
        return plain
    units = LANGUAGES[language].units
    complete.sort(key=lambda task: (units(task.instruction), task.id))
    return complete[: max(len(complete) // 2, _FEWEST)] or list(seeds)


def _shown(plan: Plan, rng: random.Random, visible: Visible) -> list[Task]:
    """Return the tasks shown: seeds of one category, and of a second where that has too few; accepted rows of the recipe if there are enough."""
    settings = plan.config.generate
    seeds = plain_seeds(plan.seeds, plan.language)
    rows = [task for task in visible.rows if task.plain and not task.input]
    machine = settings.machine_per_prompt if len(rows) >= settings.machine_per_prompt else 0
    wanted = settings.seeds_per_prompt + settings.machine_per_prompt - machine
    categories = sorted({task.category for task in seeds})
    rng.shuffle(categories)
    shown: list[Task] = []
    for category in categories:
        if len(shown) >= wanted:
            break
        of_it = [task for task in seeds if task.category == category]
        shown += rng.sample(of_it, min(len(of_it), wanted - len(shown)))
    shown += rng.sample(rows, machine)
    rng.shuffle(shown)
    return shown
