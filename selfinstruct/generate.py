"""Composing requests and reading replies: pure functions between the pool and the teacher, for both recipes.

`batch` asks for several whole tasks in one reply, as Stanford Alpaca does. `steered` asks for one instruction as chat turns with a
drawn topic and first verb, and buys the rest in later steps: an input or a label where one is needed, then the answer.
A request depends on nothing but the run's seed, its slot, the seeds, the prompts and the part of the pool it may see.
"""

import random
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from selfinstruct.config import Config
from selfinstruct.held_out import HeldOut
from selfinstruct.language import LANGUAGES, Language, is_no_input
from selfinstruct.prompts import Prompts, parse_items, render_items
from selfinstruct.records import Candidate, LanguageCode, Message, Reply, Request, Sampling, Step, Task

FIRST_STEPS: frozenset[Step] = frozenset({"batch", "instruction"})
_EXAMPLES_PER_STEP = 2
"""Seed tasks shown in the input and label steps."""


class Plan(NamedTuple):
    """What a language's requests are made from, and what its rows must not repeat."""

    language: LanguageCode
    config: Config
    seeds: tuple[Task, ...]
    prompts: Prompts
    held_out: HeldOut = HeldOut()
    """Empty unless a set is given; never added to."""

    def rng(self, index: int, step: Step) -> random.Random:
        """Return the randomness of one slot: derived, never carried on."""
        suffix = "" if step in FIRST_STEPS else f"/{step}"
        return random.Random(f"{self.config.run.seed}/{self.language}/{index}{suffix}")


def compose(plan: Plan, index: int, rows: Sequence[Task]) -> Request:
    """Return request number `index`; `rows` are the accepted tasks that it may show."""
    return _batch(plan, index, rows) if plan.config.recipe == "batch" else _steered(plan, index, rows)


def next_step(candidate: Candidate, heard: Mapping[Step, Reply]) -> Step | None:
    """Return what has to be bought next for a candidate of the steered recipe, or None when it is complete."""
    language = LANGUAGES[candidate.language]
    if wants_label(candidate.instruction, language):
        return None if "label" in heard else "label"
    if language.matches(language.needs_input, candidate.instruction) and "input" not in heard:
        return "input"
    return None if "answer" in heard else "answer"


def wants_label(instruction: str, language: Language) -> bool:
    """Return whether an instruction asks for one of a closed set of labels that it names itself."""
    return bool(
        language.matches(language.asks_for_label, instruction) and language.matches(language.names_labels, instruction)
    )


def compose_step(plan: Plan, candidate: Candidate, step: Step) -> Request:
    """Return the request for a later step of a candidate whose earlier steps are filled in."""
    rng = plan.rng(candidate.index, step)
    template = plan.prompts.templates[step]
    if step == "answer":
        part = "user with input" if candidate.input else "user"
        values = {"instruction": candidate.instruction} | ({"input": candidate.input} if candidate.input else {})
        return _request(plan, candidate, step, [template.turn("system"), template.turn(part, **values)], ())
    shown = _examples(plan, rng, step)
    messages = [template.turn("system")]
    for task in shown:
        values = {"input": task.input, "label": task.output}
        wanted = {key: value for key, value in values.items() if f"${key}" in template.parts["assistant"]}
        messages += [template.turn("user", instruction=task.instruction), template.turn("assistant", **wanted)]
    messages.append(template.turn("user", instruction=candidate.instruction))
    return _request(plan, candidate, step, messages, shown)


def read(request: Request, reply: Reply) -> list[Candidate]:
    """Return every span of a first-step reply as a candidate, in order; one that could not be read carries its fault."""
    if reply.fault:
        return [_candidate(request, 0, fault=reply.fault, text=reply.text)]
    cut = reply.finish_reason == "length"
    if request.step == "instruction":
        return _read_instruction(request, reply.text, cut)
    items = parse_items(reply.text, cut=cut)
    return [
        _candidate(
            request,
            position,
            instruction=item.instruction,
            input=item.input,
            output=item.output,
            fault=item.fault,
            text=item.text,
        )
        for position, item in enumerate(items)
    ] or [_candidate(request, 0, fault="empty_reply")]


def fill(candidate: Candidate, step: Step, reply: Reply) -> Candidate:
    """Return a candidate with what a later step brought; a reply that cannot be used becomes its fault."""
    fault = reply.fault or ("truncated" if reply.finish_reason == "length" else "")
    text = reply.text.strip()
    language = LANGUAGES[candidate.language]
    if fault:
        return candidate.model_copy(update={"fault": fault, "output": text if step == "answer" else ""})
    if step == "answer":
        return candidate.model_copy(update={"output": text})
    if step == "input":
        given = _strip_head(text, (*language.input_words, *_MATERIAL_WORDS))
        missing = not given or is_no_input(given)
        return candidate.model_copy(update={"input": given, "fault": "missing_input" if missing else ""})
    label, given = _read_label(text, language)
    missing = not label or not given
    return candidate.model_copy(update={"input": given, "output": label, "fault": "unparsable" if missing else ""})


_MATERIAL_WORDS = ("Material", "材料")


def _batch(plan: Plan, index: int, rows: Sequence[Task]) -> Request:
    settings = plan.config.generate
    rng = plan.rng(index, "batch")
    shown = _draw(plan, rng, rows)
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
    rng = plan.rng(index, "instruction")
    template = plan.prompts.templates["instruction"]
    topic, verb = rng.choice(plan.prompts.topics), rng.choice(plan.prompts.verbs)
    shown = _draw(plan, rng, rows)
    messages = [template.turn("system")]
    for task in shown:
        leading = plan.prompts.leading_verb(task.instruction)
        messages.append(
            template.turn("user", topic=task.topic or topic, verb=leading or _first_word(task, plan.language))
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


def _draw(plan: Plan, rng: random.Random, rows: Sequence[Task]) -> list[Task]:
    """Return the in-context tasks: some accepted rows where there are enough, the rest seeds, shuffled."""
    settings = plan.config.generate
    machine = settings.machine_per_prompt if len(rows) >= settings.machine_per_prompt else 0
    seeds = plan.seeds if plan.config.recipe == "batch" else _short(plan)
    wanted = settings.seeds_per_prompt + settings.machine_per_prompt - machine
    shown = rng.sample(seeds, min(wanted, len(seeds))) + rng.sample(list(rows), machine)
    rng.shuffle(shown)
    return shown


def _short(plan: Plan) -> tuple[Task, ...]:
    """Return the seeds that suit a small teacher: the shorter half of those that are complete without an input, else all."""
    settings = plan.config.generate
    language = LANGUAGES[plan.language]
    complete = sorted(
        (task for task in plan.seeds if not task.input), key=lambda task: (language.units(task.instruction), task.id)
    )
    short = tuple(complete[: len(complete) // 2])
    return short if len(short) >= settings.seeds_per_prompt + settings.machine_per_prompt else plan.seeds


def _examples(plan: Plan, rng: random.Random, step: Step) -> list[Task]:
    """Return short seeds with an input: classification seeds for the label step, others for the input step."""
    fitting = [task for task in plan.seeds if task.input and task.is_classification == (step == "label")]
    fitting.sort(key=lambda task: (len(task.input), task.id))
    nearest = fitting[: max(_EXAMPLES_PER_STEP, len(fitting) // 3)]
    return rng.sample(nearest, min(_EXAMPLES_PER_STEP, len(nearest)))


def _first_word(task: Task, language: LanguageCode) -> str:
    return task.instruction.split()[0] if language == "en" else task.instruction[:2]


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


def _candidate(request: Request, position: int, **fields: str) -> Candidate:
    return Candidate.model_validate(
        {"language": request.language, "index": request.index, "position": position, "topic": request.topic, **fields}
    )


def _read_instruction(request: Request, text: str, cut: bool) -> list[Candidate]:
    """Return the first paragraph as the instruction, and what follows it as a span of its own."""
    language = LANGUAGES[request.language]
    body = _strip_head(text.strip(), language.instruction_words)
    head, _, tail = body.partition("\n")
    instruction = re.sub(r"^\d{1,3}\s*[.)、]\s*", "", head).strip()
    if len(instruction) > 1 and (instruction[0], instruction[-1]) in {('"', '"'), ("“", "”"), ("「", "」")}:
        instruction = instruction[1:-1].strip()
    fault = "" if instruction else "empty_reply"
    found = [
        _candidate(
            request, 0, instruction=instruction, fault="truncated" if cut and not tail.strip() else fault, text=head
        )
    ]
    if tail.strip():
        found.append(_candidate(request, 1, fault="outside_items", text=tail.strip()))
    return found


def _read_label(text: str, language: Language) -> tuple[str, str]:
    """Return (label, input) of a label-first reply; an empty part was not found."""
    labels, inputs = ("|".join(map(re.escape, words)) for words in (language.label_words, language.input_words))
    found = re.match(
        rf"^\W*(?:{labels})\W*[:：]\W*?(?P<label>[^\n]{{1,80}}?)\**\s*\n+\W*(?:{inputs})\W*[:：]\**\s*(?P<input>.+)$",
        text,
        re.DOTALL | re.IGNORECASE,
    )
    if not found:
        return "", ""
    return found["label"].strip(" *`'\"“”。."), found["input"].strip()


def _strip_head(text: str, words: Sequence[str]) -> str:
    """Return a reply without the field name that it may repeat."""
    heads = "|".join(map(re.escape, words))
    return re.sub(rf"^[#*\s]*(?:{heads})[*\s]*[:：][*\s]*", "", text, count=1, flags=re.IGNORECASE)
