"""Plain tasks: what a small teacher can write. One kind of task at a time, an everyday subject, no forced first word.

A task that needs a text is an exercise: the teacher writes both in one reply, so that its answer rests on what stands there and not on
what a small model believes to know.
"""

import random
from collections.abc import Sequence
from typing import NamedTuple

from selfinstruct.language import LANGUAGES
from selfinstruct.quality.rules.requested import requests
from selfinstruct.records import Drawn, LanguageCode, Message, Request, Step, Task
from selfinstruct.requests.plan import Plan, Visible
from selfinstruct.requests.short_question import is_short_question

_FEWEST = 3
"""Plain seeds of a category that are enough to show the kind of task."""
_SHOWN_FOR = 40
"""Requests of a recipe in which a category shows the same seeds: a server that has read a prompt's beginning does not read it again."""
_LISTS, _ON_WORDS = "brainstorming", "language_usage"
"""Categories of plain tasks that ask for a list, and for a sentence with a given word."""
_TEXT_TOKENS = 80
"""Of the text of an exercise: three short sentences."""


class _Chosen(NamedTuple):
    """The category asked for, and the tasks shown."""

    category: str
    shown: list[Task]


def compose_plain(plan: Plan, index: int, visible: Visible) -> Request:
    """Return a request for one plain task, with a text where the seeds of its kind have one."""
    rng = plan.rng(index, "instruction")
    seeds = plain_seeds(plan.seeds, plan.language)
    return _request(plan, index, rng, _chosen(plan, rng, visible, _on_a_text(seeds, plan.language)))


def _on_a_text(seeds: list[Task], language: LanguageCode) -> list[Task]:
    """Return the seeds that ask a question with one short answer on a text; if there are none those with a text, or all.

    A small teacher knows little, so that few of its rows without a text were good; of those that described or summed up one, none, and of
    questions such as what somebody did, or what a thing is like, one in three. Classification is left out: labels of its own are vague,
    and `checked` has new texts for those of the seeds.
    """
    without_labels = [task for task in seeds if not task.is_classification] or seeds
    with_text = [task for task in without_labels if task.input]
    return [task for task in with_text if is_short_question(task.instruction, language)] or with_text or without_labels


def compose_open(plan: Plan, index: int, visible: Visible, drawn: Drawn, needs: str) -> Request:
    """Return a request for one plain task without a text, to which code adds the conditions `drawn`; they need prose, a list or neither."""
    rng = plan.rng(index, "task")
    plain = plain_seeds(plan.seeds, plan.language)
    fitting = [task for task in plain if not task.input and _bears(task, needs, plan.language)]
    seeds = fitting or [task for task in plain if not task.input] or plain
    return _request(plan, index, rng, _chosen(plan, rng, visible._replace(rows=()), seeds), "task", drawn)


def _bears(task: Task, needs: str, language: LanguageCode) -> bool:
    """Return whether a condition may be added to such a task: one on a word of its own has conditions enough."""
    if needs == "prose":
        return task.category not in {_LISTS, _ON_WORDS}
    if needs == "list":
        return task.category == _LISTS and not requests(task.instruction, language)
    return task.category != _ON_WORDS


def plain_seeds(seeds: Sequence[Task], language: str) -> list[Task]:
    """Return the seeds that are marked plain; where there are too few, the shorter half of all without input."""
    plain = [task for task in seeds if task.plain]
    if len(plain) >= _FEWEST and any(not task.input for task in plain):
        return plain
    units = LANGUAGES[language].units
    complete = [task for task in seeds if not task.input]
    complete.sort(key=lambda task: (units(task.instruction), task.id))
    return complete[: max(len(complete) // 2, _FEWEST)] or list(seeds)


def _request(  # noqa: PLR0913, PLR0917 - all that makes a request
    plan: Plan, index: int, rng: random.Random, chosen: _Chosen, step: Step = "instruction", drawn: Drawn | None = None
) -> Request:
    subject = rng.choice([one for one in plan.prompts.subjects if one not in {task.topic for task in chosen.shown}])
    is_exercise = step == "instruction" and all(task.input for task in chosen.shown)
    name = "exercise" if is_exercise else "plain"
    template, kind = plan.prompts.templates[name], plan.prompts.kind(name, chosen.category)
    messages: list[Message] = [template.turn("system")]
    for task in chosen.shown:
        values = {"instruction": task.instruction} | ({"input": task.input} if is_exercise else {})
        messages += [template.turn("user", topic=task.topic or kind, kind=kind), template.turn("assistant", **values)]
    messages.append(template.turn("user", topic=subject, kind=kind))
    teacher = plan.config.teacher
    return plan.request(
        index,
        "exercise" if is_exercise else step,
        messages,
        temperature=teacher.temperature,
        max_tokens=teacher.max_instruction_tokens + (_TEXT_TOKENS if is_exercise else 0),
        shown=tuple(task.id for task in chosen.shown),
        topic=subject,
        drawn=drawn,
    )


def _chosen(plan: Plan, rng: random.Random, visible: Visible, seeds: Sequence[Task]) -> _Chosen:
    """Return the tasks shown: seeds of one category, and of others where that has too few; accepted rows of the recipe if there are enough.

    A category comes as often as it has seeds.
    """
    settings = plan.config.generate
    first = rng.choice(seeds)
    category, has_text = first.category, bool(first.input)
    kinds = sorted({(task.category, bool(task.input)) for task in seeds})
    rng.shuffle(kinds)
    kinds.sort(key=lambda kind: kind != (category, has_text))
    rows = [task for task in visible.rows if task.plain and bool(task.input) == has_text]
    machine = settings.machine_per_prompt if len(rows) >= settings.machine_per_prompt else 0
    wanted = settings.seeds_per_prompt + settings.machine_per_prompt - machine
    shown: list[Task] = []
    for kind in (one for one in kinds if one[1] == has_text):
        if len(shown) >= wanted:
            break
        of_it = [task for task in seeds if (task.category, bool(task.input)) == kind]
        same = random.Random(f"{plan.config.run.seed}/{plan.language}/{kind}/{visible.number // _SHOWN_FOR}")
        shown += same.sample(of_it, min(len(of_it), wanted - len(shown)))
    return _Chosen(category, shown + rng.sample(rows, machine))
