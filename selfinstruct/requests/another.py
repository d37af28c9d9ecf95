"""Requests on a finished row, for a view that needs another answer: a second one, and one to its task with a condition less.

Two answers are compared in both orders, and the judge has to say the same of both. An answer to the task with a condition less is the worse one only where code
finds the condition broken (Lambert et al. 2024, "Tülu 3", section 5.2).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from selfinstruct.records import Candidate, Message, Request, Step
from selfinstruct.requests.conversation import answering
from selfinstruct.requests.later import AGAIN_TEMPERATURE, answer_messages, meet_messages
from selfinstruct.requests.plan import Plan

Origin = Literal[
    "again",
    "parent",
    "twin",
    "second",
    "second.2",
    "second.3",
    "dropped",
    "edit",
    "answer",
    "answer.2",
    "answer.3",
    "answer.4",
]
"""Where another answer to a row's question comes from: the second look at it, the row that it was evolved from, another candidate with the
same question; bought for a view; the teacher, where a person edited it; or `[generate] answers`, of which it was not chosen."""
SECOND: Final[tuple[Step, ...]] = ("second", "second.2", "second.3")
DROPPED: Final[Step] = "dropped"
PREFERRED: Final[Mapping[Origin, tuple[Step, ...]]] = {
    "again": ("prefer.1", "prefer.2"),
    "parent": ("prefer.3", "prefer.4"),
    "twin": ("prefer.5", "prefer.6"),
    "second": ("prefer.7", "prefer.8"),
    "second.2": ("prefer.9", "prefer.10"),
    "second.3": ("prefer.11", "prefer.12"),
    "answer": ("prefer.13", "prefer.14"),
    "answer.2": ("prefer.15", "prefer.16"),
    "answer.3": ("prefer.17", "prefer.18"),
    "answer.4": ("prefer.19", "prefer.20"),
}
"""{what is compared with the row's answer: the steps of both orders}; the odd one shows the row's answer first."""
OF_THE_RUN: Final[tuple[Origin, ...]] = ("answer", "answer.2", "answer.3", "answer.4")
STEPS: Final[frozenset[Step]] = frozenset((*SECOND, DROPPED, *(step for steps in PREFERRED.values() for step in steps)))


def compose_another(plan: Plan, candidate: Candidate, step: Step) -> Request:
    """Return the request for a second answer, or for one to the task with a condition less."""
    asked = candidate.model_copy(update={"instruction": with_less(candidate)}) if step == DROPPED else candidate
    if asked.history:
        messages = answering(plan, asked)
    else:
        messages = meet_messages(plan, asked) if has_condition(asked) else answer_messages(plan, asked)
    most = plan.config.teacher.max_answer_tokens
    return _request(plan, candidate, step, messages, temperature=AGAIN_TEMPERATURE, max_tokens=most)


def with_less(candidate: Candidate) -> str:
    """Return the instruction of a provable task without its last condition; "" where it has none.

    Conditions stand behind the task, a sentence each; where they are not one sentence for each check, all of them go.
    """
    conditions = candidate.drawn.instruction if candidate.drawn and has_condition(candidate) else ""
    if not conditions or not candidate.instruction.endswith(conditions):
        return ""
    task = candidate.instruction.removesuffix(conditions)
    each = [part for part in re.split(r"(?<=[.。])\s*", conditions) if part]
    kept = each[:-1] if len(each) == len(candidate.checks) else []
    return f"{task}{''.join(kept)}".strip() if task.strip() else ""


def has_condition(candidate: Candidate) -> bool:
    """Return whether a candidate is a task of the teacher's with conditions that code checks."""
    drawn = candidate.drawn
    of_code = drawn is None or drawn.input or drawn.output or drawn.details
    return candidate.recipe == "checked" and not (of_code or candidate.input)


def _request(  # noqa: PLR0913 - all that makes a request
    plan: Plan, candidate: Candidate, step: Step, messages: Sequence[Message], *, temperature: float, max_tokens: int
) -> Request:
    return plan.request(
        candidate.index,
        step,
        messages,
        position=candidate.position,
        temperature=temperature,
        max_tokens=max_tokens,
        topic=candidate.topic,
    )
