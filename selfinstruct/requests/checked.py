"""The recipe `checked`: tasks that code draws and proves, and the teacher words, writes the text of, or answers."""

import random
from typing import Final

from selfinstruct.language import LANGUAGES
from selfinstruct.records import Candidate, Check, Drawn, Message, Reply, Request
from selfinstruct.requests import labelled
from selfinstruct.requests.plain import compose_open
from selfinstruct.requests.plan import Plan, Visible
from selfinstruct.requests.wording import reworded
from selfinstruct.verifiers.kind import Draw, Kind, Part, Scene, Task
from selfinstruct.verifiers.pairs import second_condition
from selfinstruct.verifiers.registry import KINDS
from selfinstruct.verifiers.scenes import unfit

_PARTS: Final[tuple[Part, ...]] = ("passage", "wording", "task")
"""What the teacher writes, in turn."""
_EASY_PARTS: Final[tuple[Part, ...]] = ("passage", "wording", "passage", "wording", "passage", "task")
"""What a small teacher writes: of its answers to open tasks three in eleven were good, of all others 39 in 41."""
_TRIED = 8
"""Times that a kind is asked for before it can step back."""
_LEAST_YIELD = 0.1
_AGAIN = 20
"""One in so many requests asks for a kind all the same, in case the yield was bad luck."""
WORDING_TEMPERATURE = 0.7
_PASSAGE_TOKENS = 160


def compose_checked(plan: Plan, index: int, visible: Visible) -> Request:
    """Return the first request of a provable task, of the kind whose turn it is."""
    kind = KINDS[kind_at(plan, visible)]
    if kind.name == labelled.KIND:
        return labelled.compose_labelled(plan, index, plan.rng(index, "passage"))
    draw = Draw(plan.rng(index, "computed"), plan.language, plan.config.level)
    made = kind.draw(draw) if kind.draw else Task("")
    if isinstance(made, Scene):
        return _passage(plan, index, kind, made)
    if kind.part == "wording":
        return _computed(plan, index, kind, made)
    checks = [Check(kind=kind.name, arguments=made.arguments)]
    condition = made.instruction
    if draw.level == 2 and (second := second_condition(kind.name, draw)):
        checks.append(Check(kind=second[0], arguments=second[1].arguments))
        condition = f"{condition}{LANGUAGES[plan.language].gap}{second[1].instruction}"
    drawn = Drawn(kind=kind.name, level=draw.level, instruction=condition, checks=tuple(checks))
    return compose_open(plan, index, visible, drawn, kind.needs)


def kind_at(plan: Plan, visible: Visible) -> str:
    """Return the kind whose turn it is: what the teacher writes goes in turn, and within that every kind once before one comes again.

    A kind that the teacher hardly ever gets right steps back, and is tried again now and then.
    """
    parts = _EASY_PARTS if plan.config.small_teacher else _PARTS
    turn, within = divmod(visible.number, len(parts))
    part = parts[within]
    kinds = sorted(name for name, kind in KINDS.items() if kind.part == part and kind.draw)
    of_seeds = [labelled.KIND] if part == "passage" and labelled.classification_seeds(plan) else []
    before = turn * parts.count(part) + parts[:within].count(part)
    again, place = divmod(before, len(kinds) + len(of_seeds))
    random.Random(f"{plan.config.run.seed}/{plan.language}/{part}/{again}").shuffle(kinds)
    kinds += of_seeds
    turns = kinds[place:] + kinds[:place]
    if visible.number % _AGAIN == 0:
        return turns[0]
    return next((kind for kind in turns if not steps_back(kind, *visible.yields.get(kind, (0, 0)))), turns[0])


def steps_back(kind: str, asked: int, rows: int) -> bool:
    """Return whether a kind that was asked for so often, and brought so many rows, lets the others go first; one on documents never does."""
    is_drawn = kind in KINDS and KINDS[kind].draw is not None
    return (is_drawn or kind == labelled.KIND) and asked >= _TRIED and rows / asked < _LEAST_YIELD


def wording_messages(plan: Plan, instruction: str) -> list[Message]:
    """Return the messages that ask for another wording of an instruction."""
    template = plan.prompts.templates["wording"]
    messages = [template.turn("system")]
    for before, after in plan.prompts.examples("wording"):
        messages += [template.turn("user", instruction=before), template.turn("assistant", instruction=after)]
    return [*messages, template.turn("user", instruction=instruction)]


def _computed(plan: Plan, index: int, kind: Kind, task: Task) -> Request:
    drawn = Drawn(
        kind=kind.name,
        level=plan.config.level,
        instruction=task.instruction,
        input=task.input,
        output=task.output,
        checks=(Check(kind=kind.name, arguments=task.arguments),),
        kept=task.kept,
    )
    return plan.request(
        index,
        "computed",
        wording_messages(plan, task.instruction),
        temperature=WORDING_TEMPERATURE,
        max_tokens=plan.config.teacher.max_instruction_tokens,
        drawn=drawn,
    )


def _passage(plan: Plan, index: int, kind: Kind, scene: Scene) -> Request:
    template = plan.prompts.templates["passage"]
    details, text = scene.example
    messages = [
        template.turn("system"),
        template.turn("user", what=scene.what, details=_listed(details, plan)),
        template.turn("assistant", text=text),
        template.turn("user", what=scene.what, details=_listed(scene.details, plan)),
    ]
    drawn = Drawn(
        kind=kind.name, level=plan.config.level, instruction=scene.what, details=scene.details, example=scene.example
    )
    return plan.request(
        index,
        "passage",
        messages,
        temperature=WORDING_TEMPERATURE,
        max_tokens=min(_PASSAGE_TOKENS, plan.config.teacher.max_answer_tokens),
        drawn=drawn,
    )


def _listed(details: tuple[tuple[str, str], ...], plan: Plan) -> str:
    language = LANGUAGES[plan.language]
    between = f"{language.semicolon}{language.gap}"
    return between.join(f"{name}{language.colon}{language.gap}{value}" for name, value in details)


def read_checked(request: Request, reply: Reply, candidate: Candidate) -> Candidate:
    """Return the candidate of a first reply; `candidate` is its beginning, and `reply` can be read."""
    drawn = request.drawn or Drawn(kind="")
    text = reply.text.strip()
    if request.step == "computed":
        instruction = reworded(drawn.instruction, text, drawn.kept, request.language)
        fields = {"instruction": instruction or drawn.instruction, "input": drawn.input, "output": drawn.output}
        return candidate.model_copy(update=fields | {"checks": drawn.checks, "by_code": not instruction})
    if reply.cut:
        return candidate.model_copy(update={"fault": "truncated"})
    if request.step == "task":
        whole = f"{candidate.instruction}{LANGUAGES[request.language].gap}{drawn.instruction}"
        return candidate.model_copy(update={"instruction": whole, "checks": drawn.checks, "drawn": drawn})
    return _on_passage(request, drawn, reply, candidate)


def _on_passage(request: Request, drawn: Drawn, reply: Reply, candidate: Candidate) -> Candidate:
    """Return the task on a text that the teacher wrote, if the text carries one."""
    text = reply.text.strip()
    kind = KINDS.get(drawn.kind)
    if drawn.kind == labelled.KIND:
        return labelled.read_labelled(request, drawn, reply, candidate)
    if kind is None or kind.build is None or drawn.example is None:
        return candidate.model_copy(update={"fault": "unfit_passage"})
    scene = Scene(drawn.instruction, drawn.details, drawn.example)
    rng = random.Random(f"{request.slot}/{request.sampling.seed}")
    fits = not unfit(scene, text, request.language)
    task = kind.build(Draw(rng, request.language, drawn.level), scene, text) if fits else None
    if task is None:
        return candidate.model_copy(update={"fault": "unfit_passage"})
    checks = (Check(kind=kind.name, arguments=task.arguments),)
    still = drawn.model_copy(update={"instruction": task.instruction, "kept": task.kept})
    fields = {"instruction": task.instruction, "input": task.input, "output": task.output}
    return candidate.model_copy(update=fields | {"checks": checks, "drawn": still})
