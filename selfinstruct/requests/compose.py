"""Composition of requests, from seed, slot, seed tasks, prompts and the visible part of the pool."""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from selfinstruct.language import LANGUAGES
from selfinstruct.language.leading_verb import first_word
from selfinstruct.prompts import Template, render_items
from selfinstruct.records import Candidate, Message, Recipe, Request, Sampling, Step, Task
from selfinstruct.requests.checked import compose_checked
from selfinstruct.requests.conversation import compose_follow, compose_turn
from selfinstruct.requests.evolve import compose_evolved
from selfinstruct.requests.grounded import compose_grounded
from selfinstruct.requests.later import LATER_STEPS
from selfinstruct.requests.plain import compose_plain
from selfinstruct.requests.plan import Plan, Visible
from selfinstruct.requests.several import FURTHER, main_step
from selfinstruct.requests.translate import compose_translation

_EXAMPLES_PER_STEP = 2
"""Number of seed tasks shown in the input and label steps."""
_COMPOSED: Final[Mapping[Recipe, Callable[[Plan, int, Visible], Request]]] = {
    "checked": compose_checked,
    "documents": compose_grounded,
    "evolve": compose_evolved,
    "conversation": compose_follow,
    "translate": compose_translation,
}
"""{recipe: its first request}; `batch` and `steered` are below."""


def compose(plan: Plan, index: int, recipe: Recipe, visible: Visible = Visible()) -> Request:  # noqa: B008 - it is immutable
    """Return request number `index`, the first one of a recipe; `visible` is what it may know of the run."""
    if recipe in _COMPOSED:
        return _COMPOSED[recipe](plan, index, visible)
    if recipe == "batch":
        return _batch(plan, index, visible.rows)
    return compose_plain(plan, index, visible) if plan.config.small_teacher else _steered(plan, index, visible.rows)


def compose_step(plan: Plan, candidate: Candidate, step: Step) -> Request:
    """Return a later-step request for a candidate whose earlier steps are complete."""
    if step in LATER_STEPS:
        return LATER_STEPS[step](plan, candidate)
    if candidate.recipe == "conversation":
        return compose_turn(plan, candidate, step)
    if step in FURTHER:
        return _again(plan, candidate, step)
    rng = plan.rng(candidate.index, step)
    template = plan.prompts.templates[step]
    if step == "answer":
        return _answer(plan, candidate)
    shown = _examples(plan, rng, step)
    messages = [template.turn("system")]
    for task in shown:
        values = {"input": task.input, "label": task.output}
        wanted = {key: value for key, value in values.items() if f"${key}" in template.parts["assistant"]}
        messages += [template.turn("user", instruction=task.instruction), template.turn("assistant", **wanted)]
    messages.append(template.turn("user", instruction=candidate.instruction))
    return _request(plan, candidate, step, messages, shown)


def _again(plan: Plan, candidate: Candidate, step: Step) -> Request:
    """Return the request for an answer once more: the same question with another seed."""
    request = compose_step(plan, candidate, main_step(candidate))
    seed = random.Random(f"{plan.config.run.seed}/{candidate.key}/{step}").randrange(2**31)
    return request.model_copy(update={"step": step, "sampling": request.sampling.model_copy(update={"seed": seed})})


def _answer(plan: Plan, candidate: Candidate) -> Request:
    """Return the request for an answer; a small teacher sees those of the plain seeds after which it wrote the task."""
    template = plan.prompts.templates["answer"]
    messages = [template.turn("system")]
    shown = (
        [task for name in candidate.shown for task in plan.seeds if task.id == name]
        if plan.config.small_teacher
        else []
    )
    for task in shown:
        messages += [_task_turn(template, task), Message(role="assistant", content=task.output)]
    return _request(plan, candidate, "answer", [*messages, _task_turn(template, candidate)], shown)


def _task_turn(template: Template, task: Task | Candidate) -> Message:
    given = {"input": task.input} if task.input else {}
    return template.turn("user with input" if given else "user", instruction=task.instruction, **given)


def _batch(plan: Plan, index: int, rows: Sequence[Task]) -> Request:
    settings = plan.config.generate
    rng = plan.rng(index, "batch")
    shown = _draw(plan, rng, _rich(plan.seeds), rows)
    first = len(shown) + 1
    last = first + settings.tasks_per_request - 1
    template = plan.prompts.templates["batch"]
    tasks = render_items(shown, LANGUAGES[plan.language])
    values = {"tasks": tasks, "count": str(settings.tasks_per_request), "first": str(first), "last": str(last)}
    return Request(
        language=plan.language,
        index=index,
        step="batch",
        messages=(template.turn("system"), template.turn("user", **values)),
        sampling=_sampling(plan, plan.config.teacher.temperature, plan.config.teacher.max_tokens, rng),
        shown=tuple(task.id for task in shown),
    )


def _steered(plan: Plan, index: int, rows: Sequence[Task]) -> Request:
    """Return a request for an instruction on a topic; those shown stand under their own topic, so that rows of other recipes are not."""
    rng = plan.rng(index, "instruction")
    template = plan.prompts.templates["instruction"]
    topic, verb = rng.choice(plan.prompts.topics), rng.choice(plan.prompts.verbs)
    shown = _draw(plan, rng, _short(plan), [row for row in rows if row.plain])
    messages = [template.turn("system")]
    for task in shown:
        leading = plan.prompts.leading_verb(task.instruction)
        messages.append(
            template.turn("user", topic=task.topic, verb=leading or first_word(task.instruction, plan.language))
        )
        messages.append(template.turn("assistant", instruction=task.instruction))
    messages.append(template.turn("user", topic=topic, verb=verb))
    return Request(
        language=plan.language,
        index=index,
        step="instruction",
        messages=tuple(messages),
        sampling=_sampling(plan, plan.config.teacher.temperature, plan.config.teacher.max_instruction_tokens, rng),
        shown=tuple(task.id for task in shown),
        topic=topic,
        verb=verb,
    )


def _draw(plan: Plan, rng: random.Random, seeds: Sequence[Task], rows: Sequence[Task]) -> list[Task]:
    """Return the in-context tasks, shuffled: accepted rows if there are enough, the rest seeds."""
    settings = plan.config.generate
    machine = settings.machine_per_prompt if len(rows) >= settings.machine_per_prompt else 0
    wanted = settings.seeds_per_prompt + settings.machine_per_prompt - machine
    shown = rng.sample(seeds, min(wanted, len(seeds))) + rng.sample(list(rows), machine)
    rng.shuffle(shown)
    return shown


def _rich(seeds: tuple[Task, ...]) -> tuple[Task, ...]:
    """Return the seeds that a strong teacher is shown: those that are not plain, or all where there is no other."""
    return tuple(task for task in seeds if not task.plain) or seeds


def _short(plan: Plan) -> tuple[Task, ...]:
    """Return the shorter half of the seeds with a topic and without input, or all with a topic if there are too few."""
    settings = plan.config.generate
    units = LANGUAGES[plan.language].units
    seeds = tuple(task for task in _rich(plan.seeds) if task.topic)
    complete = sorted((task for task in seeds if not task.input), key=lambda task: (units(task.instruction), task.id))
    short = tuple(complete[: len(complete) // 2])
    return short if len(short) >= settings.seeds_per_prompt + settings.machine_per_prompt else seeds


def _examples(plan: Plan, rng: random.Random, step: Step) -> list[Task]:
    """Return short seeds with input: classification seeds for the label step, others for the input step; plain ones for a small teacher."""
    seeds = [task for task in plan.seeds if task.input and task.is_classification == (step == "label")]
    fitting = [task for task in seeds if task.plain == plan.config.small_teacher] or seeds
    fitting.sort(key=lambda task: (len(task.input), task.id))
    nearest = fitting[: max(_EXAMPLES_PER_STEP, len(fitting) // 3)]
    return rng.sample(nearest, min(_EXAMPLES_PER_STEP, len(nearest)))


def _request(
    plan: Plan, candidate: Candidate, step: Step, messages: Sequence[Message], shown: Sequence[Task]
) -> Request:
    teacher = plan.config.teacher
    rng = random.Random(f"{plan.config.run.seed}/{candidate.key}/{step}")
    return Request(
        language=plan.language,
        index=candidate.index,
        position=candidate.position,
        step=step,
        messages=tuple(messages),
        sampling=_sampling(plan, teacher.answer_temperature, teacher.max_answer_tokens, rng),
        shown=tuple(task.id for task in shown),
        topic=candidate.topic,
    )


def _sampling(plan: Plan, temperature: float, max_tokens: int, rng: random.Random) -> Sampling:
    teacher = plan.config.teacher
    return Sampling(
        model=teacher.model,
        temperature=temperature,
        top_p=teacher.top_p,
        max_tokens=max_tokens,
        seed=rng.randrange(2**31),
    )
