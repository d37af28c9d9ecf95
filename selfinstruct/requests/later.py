"""Later requests on a candidate: another wording, an answer that keeps its conditions, and whether an answer holds."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from selfinstruct.records import Candidate, Drawn, Message, Request, Step
from selfinstruct.requests.checked import WORDING_TEMPERATURE, wording_messages
from selfinstruct.requests.labelled import is_labelled
from selfinstruct.requests.parts import STEPS
from selfinstruct.requests.plan import Plan
from selfinstruct.requests.translate import compose_back
from selfinstruct.requests.translate_parts import compose_part

_TOP_LOGPROBS = 12
_ONE_WORD = 4
"""Tokens of a reply of one word."""
_SHORT = 96
AGAIN_TEMPERATURE = 0.7


def _wording(plan: Plan, candidate: Candidate) -> Request:
    messages = wording_messages(plan, candidate.instruction)
    most = plan.config.teacher.max_instruction_tokens
    return _request(plan, candidate, "wording", messages, temperature=WORDING_TEMPERATURE, max_tokens=most)


def _meet(plan: Plan, candidate: Candidate) -> Request:
    return _answer(plan, candidate, "meet", meet_messages(plan, candidate))


def meet_messages(plan: Plan, candidate: Candidate) -> list[Message]:
    """Return the messages that ask for an answer which keeps the conditions of its task."""
    template = plan.prompts.templates["meet"]
    return [template.turn("system"), template.turn("user", instruction=candidate.instruction)]


def _confirm(plan: Plan, candidate: Candidate) -> Request:
    """Ask whether an answer is right; the log-probabilities of the first token are what counts."""
    template = plan.prompts.templates["confirm"]
    messages = [template.turn("system")]
    for task, answer, verdict in plan.prompts.examples("confirm"):
        shown = template.turn("user", instruction=task, answer=answer)
        messages += [shown, Message(role="assistant", content=verdict)]
    question = f"{candidate.instruction}\n{candidate.input}".strip()
    messages.append(template.turn("user", instruction=question, answer=candidate.output))
    return _request(plan, candidate, "confirm", messages, max_tokens=_ONE_WORD, top_logprobs=_TOP_LOGPROBS)


def _answerable(plan: Plan, candidate: Candidate) -> Request:
    """Ask whether a task can be done as it stands."""
    template = plan.prompts.templates["answerable"]
    messages = [template.turn("system")]
    for task, verdict in plan.prompts.examples("answerable"):
        messages += [template.turn("user", instruction=task), Message(role="assistant", content=verdict)]
    messages.append(template.turn("user", instruction=f"{candidate.instruction}\n{candidate.input}".strip()))
    return _request(plan, candidate, "answerable", messages, max_tokens=_ONE_WORD, top_logprobs=_TOP_LOGPROBS)


def _again(plan: Plan, candidate: Candidate) -> Request:
    most = plan.config.teacher.max_answer_tokens
    temperature = 0.0 if is_labelled(candidate) else AGAIN_TEMPERATURE  # a label that chance picks is none
    messages = answer_messages(plan, candidate)
    return _request(plan, candidate, "again", messages, temperature=temperature, max_tokens=most)


def answer_messages(plan: Plan, candidate: Candidate) -> list[Message]:
    """Return the messages that ask for the answer to a task, without examples."""
    template = plan.prompts.templates["answer"]
    part = "user with input" if candidate.input else "user"
    values = {"instruction": candidate.instruction} | ({"input": candidate.input} if candidate.input else {})
    return [template.turn("system"), template.turn(part, **values)]


def _reread(plan: Plan, candidate: Candidate) -> Request:
    template = plan.prompts.templates["reread"]
    passage = (candidate.drawn or Drawn(kind="")).passage
    turn = template.turn("user", passage=passage, question=candidate.instruction)
    return _request(plan, candidate, "reread", [template.turn("system"), turn], max_tokens=_SHORT)


def _closed(plan: Plan, candidate: Candidate) -> Request:
    template = plan.prompts.templates["closed"]
    messages = [template.turn("system"), template.turn("user", question=candidate.instruction)]
    return _request(plan, candidate, "closed", messages, max_tokens=_SHORT)


def _answer(plan: Plan, candidate: Candidate, step: Step, messages: Sequence[Message]) -> Request:
    teacher = plan.config.teacher
    return _request(
        plan, candidate, step, messages, temperature=teacher.answer_temperature, max_tokens=teacher.max_answer_tokens
    )


def _request(  # noqa: PLR0913 - all that makes a request
    plan: Plan,
    candidate: Candidate,
    step: Step,
    messages: Sequence[Message],
    *,
    temperature: float = 0.0,
    max_tokens: int,
    top_logprobs: int = 0,
) -> Request:
    return plan.request(
        candidate.index,
        step,
        messages,
        position=candidate.position,
        temperature=temperature,
        max_tokens=max_tokens,
        top_logprobs=top_logprobs,
        topic=candidate.topic,
    )


LATER_STEPS: Final[Mapping[Step, Callable[[Plan, Candidate], Request]]] = {
    "wording": _wording,
    "meet": _meet,
    "confirm": _confirm,
    "again": _again,
    "answerable": _answerable,
    "reread": _reread,
    "closed": _closed,
    "back": compose_back,
    **{step: partial(compose_part, step=step) for step in STEPS},
}
"""{later step: its request}, of the recipes that came after `steered`, and of the check on its answers."""
