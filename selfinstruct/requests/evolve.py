"""The recipe `evolve`: another task out of one that stands, by one operation a request, and what makes such a task no gain.

Source: Xu et al. 2023, "WizardLM" (Evol-Instruct): in depth (a constraint, a reasoning step, a particular case, material) and in breadth.
Unlike there, an evolution is held against its parent by code and named when it is dropped.
"""

import random
import re
from typing import Final

from selfinstruct.config import THRESHOLD
from selfinstruct.language import LANGUAGES
from selfinstruct.records import Candidate, Drawn, Reply, Request, Task
from selfinstruct.requests.parents import drawn_from, given, one_of
from selfinstruct.requests.plan import Plan, Visible
from selfinstruct.requests.role import Misspoken, bare_task, of_task
from selfinstruct.rouge import score, tokens

OPERATIONS: Final = ("constraint", "reasoning", "concrete", "input", "rarer", "breadth")
_SAME_MATTER: Final = ("constraint", "reasoning", "concrete")
"""Operations that leave a task the material that it is about."""
ROUNDS: Final = 2
"""How often a task is evolved at most."""
_FURTHER: Final = 0.3
"""Share of the requests that evolve a task that was evolved before, where there is one."""
_LONGER: Final = (4, 40)
"""A child has at most so many times the units of its parent, and so many more."""
_RUN: Final = 8
"""Tokens in a row that a task shares with the directions, and not with its parent, when they leaked into it."""
_SAME_ANSWER: Final = 0.9
"""ROUGE-L of two answers that are the same."""
_LEAK: Final = re.compile(
    r"\b(?:given|original|rewritten|evolved|created) (?:task|prompt|instruction)|#\w+ prompt|(?:改写|进化|给定|原)后?的?(?:任务|指令|提示词?)",
    re.IGNORECASE,
)
_MATERIAL: Final = re.compile(r"^[\s*#]*(?:material|材料)[*\s]*[:：][*\s]*", re.IGNORECASE | re.MULTILINE)


def compose_evolved(plan: Plan, index: int, visible: Visible) -> Request:
    """Return a request for another task out of one that stands."""
    rng = plan.rng(index, "evolve")
    parent, operation = _parent(plan, rng, visible), rng.choice(OPERATIONS)
    template = plan.prompts.templates["evolve"]
    task = f"{parent.instruction}\n{parent.input}".strip()
    return plan.request(
        index,
        "evolve",
        [template.turn("system"), template.turn("user", operation=template.parts[operation], task=task)],
        temperature=plan.config.teacher.temperature,
        max_tokens=plan.config.teacher.max_answer_tokens,
        shown=(parent.id,),
        topic=parent.topic,
        drawn=drawn_from(parent, f"{operation}.{parent.evolved + 1}"),
    )


def read_evolved(request: Request, reply: Reply, candidate: Candidate) -> Candidate:
    """Return the candidate of a reply: the new task, with the material of its parent unless it has its own."""
    parent = request.drawn or Drawn(kind="")
    task, *material = [part.strip() for part in _MATERIAL.split(reply.text, maxsplit=1)]
    operation = parent.kind.partition(".")[0]
    fields = {
        "instruction": bare_task(task),
        "input": "".join(material) or (parent.input if operation in _SAME_MATTER else ""),
        "system": parent.system,
        "source": parent.source,
        "drawn": parent,
    }
    evolved = candidate.model_copy(update=fields)
    rule, detail = Misspoken("truncated") if reply.cut else _no_gain(request, evolved, parent)
    return evolved.model_copy(update={"fault": rule, "lacks": detail})


def evades(candidate: Candidate) -> bool:
    """Return whether an answer is that of the parent: what was asked for besides is not there."""
    parent = candidate.drawn or Drawn(kind="")
    return bool(parent.output) and score(tokens(candidate.output), tokens(parent.output)) >= _SAME_ANSWER


def evolutions(kind: str) -> int:
    """Return how many times a task was evolved, from the kind that was drawn for it."""
    operation, _, number = kind.partition(".")
    return int(number) if operation in OPERATIONS and number else 0


def _parent(plan: Plan, rng: random.Random, visible: Visible) -> Task:
    again = rng.random() < _FURTHER
    child = one_of(rng, visible.rows, lambda row: 0 < row.evolved < ROUNDS) if again else None
    own = None if child or plan.parents else one_of(rng, visible.rows, lambda row: not row.evolved)
    return child or own or given(plan, visible)


def _no_gain(request: Request, child: Candidate, parent: Drawn) -> Misspoken:
    """Return what makes a child no gain over its parent; no rule when it is one."""
    if not child.instruction:
        return Misspoken("empty_reply")
    if _leaks(request, child, parent):
        return Misspoken("leaked_prompt")
    if (misspoken := of_task(child.instruction)).rule:
        return misspoken
    if score(tokens(child.instruction), tokens(parent.instruction)) > THRESHOLD:
        return Misspoken("unchanged")
    units = LANGUAGES[child.language].units
    times, more = _LONGER
    return Misspoken("overgrown" if units(child.instruction) > times * units(parent.instruction) + more else "")


def _leaks(request: Request, child: Candidate, parent: Drawn) -> bool:
    if _LEAK.search(child.instruction) and not _LEAK.search(parent.instruction):
        return True
    directions = {run for message in request.messages for run in _runs(message.content)}
    known = _runs(f"{parent.instruction}\n{parent.input}".strip())
    return bool(_runs(child.instruction) & (directions - known))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = tokens(text)
    return {tuple(words[first : first + _RUN]) for first in range(len(words) - _RUN + 1)}
