"""Requests on a finished row, for a view that needs another answer: a second one, one to its task with a condition less, and which of two is better.

Two answers are compared in both orders, and the judge has to say the same of both: the order of what a model reads sways what it says
(Zheng et al. 2023, "Judging LLM-as-a-Judge", section 3.3). An answer to the task with a condition less is the worse one only where code
finds the condition broken (Lambert et al. 2024, "Tülu 3", section 5.2).
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from selfinstruct.records import Candidate, Message, Reply, Request, Step
from selfinstruct.requests.conversation import answering
from selfinstruct.requests.later import AGAIN_TEMPERATURE, answer_messages, meet_messages
from selfinstruct.requests.plan import Plan

Origin = Literal["again", "parent", "twin", "second", "second.2", "second.3", "dropped", "edit"]
"""Where another answer to a row's question comes from: the second look at it, the row that it was evolved from, another candidate with the
same question; bought for a view; or the teacher, where a person edited it."""
SECOND: Final[tuple[Step, ...]] = ("second", "second.2", "second.3")
DROPPED: Final[Step] = "dropped"
PREFERRED: Final[Mapping[Origin, tuple[Step, ...]]] = {
    "again": ("prefer.1", "prefer.2"),
    "parent": ("prefer.3", "prefer.4"),
    "twin": ("prefer.5", "prefer.6"),
    "second": ("prefer.7", "prefer.8"),
    "second.2": ("prefer.9", "prefer.10"),
    "second.3": ("prefer.11", "prefer.12"),
}
"""{what is compared with the row's answer: the steps of both orders}; the odd one shows the row's answer first."""
STEPS: Final[frozenset[Step]] = frozenset((*SECOND, DROPPED, *(step for steps in PREFERRED.values() for step in steps)))
PROMPT: Final = "prefer"
_MOST_TOKENS: Final = 200
"""One letter; the rest is for a model that cannot help explaining itself."""
_SAID: Final = re.compile(r"\W*(?:answer|答案?)?\W*([ABC])(?![A-Za-z])", re.IGNORECASE)


def compose_another(plan: Plan, candidate: Candidate, step: Step) -> Request:
    """Return the request for a second answer, or for one to the task with a condition less."""
    asked = candidate.model_copy(update={"instruction": with_less(candidate)}) if step == DROPPED else candidate
    if asked.history:
        messages = answering(plan, asked)
    else:
        messages = meet_messages(plan, asked) if has_condition(asked) else answer_messages(plan, asked)
    most = plan.config.teacher.max_answer_tokens
    return _request(plan, candidate, step, messages, temperature=AGAIN_TEMPERATURE, max_tokens=most)


def compose_preference(plan: Plan, candidate: Candidate, answers: tuple[str, str], step: Step, key: str) -> Request:
    """Return the request that has two answers compared, those of the row and of another origin; `key` is the place of the candidate asked of."""
    first, second = answers if _row_first(step) else answers[::-1]
    template = plan.prompts.templates[PROMPT]
    before = [
        template.turn(part, text=text).content
        for turns in candidate.history
        for part, text in zip(("user asked", "user was told"), turns, strict=True)
    ]
    task = f"{candidate.instruction}\n\n{candidate.input}" if candidate.input else candidate.instruction
    told = "\n\n".join([*before, template.turn("user asked", text=task).content] if before else [task])
    messages = [template.turn("system"), template.turn("user", task=told, first=first, second=second)]
    index, position = map(int, key.rpartition("/")[2].split("."))
    at = candidate.model_copy(update={"index": index, "position": position})
    return _request(plan, at, step, messages, temperature=0.0, max_tokens=_MOST_TOKENS)


def read_preference(reply: Reply, step: Step) -> Literal["row", "other", "tie", ""]:
    """Return which answer a reply prefers in its order; "" where it says nothing that can be read."""
    found = None if reply.fault else _SAID.match(unicodedata.normalize("NFKC", reply.text))
    if not found:
        return ""
    letter = found[1].upper()
    if letter == "C":
        return "tie"
    return "row" if (letter == "A") == _row_first(step) else "other"


def _row_first(step: Step) -> bool:
    return int(step.rpartition(".")[2]) % 2 == 1


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
