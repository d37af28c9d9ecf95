"""The request of a later step of a candidate, whatever it is about: an answer, a choice between answers, a judgement alone or with others."""

from collections.abc import Iterable, Sequence

from selfinstruct.bootstrap.acceptance import Acceptance
from selfinstruct.bootstrap.choice import WORDS, compose_choice
from selfinstruct.bootstrap.draft import Draft
from selfinstruct.bootstrap.judge import ROWS_STEPS, compose_judge, compose_together
from selfinstruct.records import Candidate, Request, Step
from selfinstruct.requests import compose_step


def composed(acceptance: Acceptance, draft: Draft, reply: Sequence[Candidate], step: Step) -> Request:
    """Return the request of a step that a candidate lacks; `reply` has all candidates of its first reply."""
    plan = acceptance.plan
    if step in ROWS_STEPS:
        return compose_together(plan, acceptance.together(draft.candidate, reply, step), step)
    if step in WORDS:
        contest = acceptance.replies.contest(draft.candidate)
        assert contest is not None  # noqa: S101 - only then this step is missing
        return compose_choice(plan, contest, step)
    candidate, missing = acceptance.replies.complete(draft.candidate)
    return (compose_step if missing else compose_judge)(plan, candidate, step)


def places_of(request: Request) -> list[str]:
    """Return the slots that a request fills: of one about several rows that of each."""
    if request.step not in ROWS_STEPS:
        return [request.slot]
    return [f"{request.language}/{request.index}.{position}/{request.step}" for position in request.shown]


def asked_about(request: Request, drafts: Iterable[Draft]) -> list[Draft]:
    """Return those of a first request's candidates that a later one is about."""
    positions = set(map(int, request.shown)) if request.step in ROWS_STEPS else {request.position}
    return [draft for draft in drafts if draft.candidate.position in positions]
