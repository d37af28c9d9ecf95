"""Each row of a run with all answers to its question that the journal holds."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from selfinstruct.bootstrap.choice import Contest
from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.dataset.review.apply import Applied, Made
from selfinstruct.records import Candidate, Reply, Row, Step, Verdict, folded, row_of
from selfinstruct.requests import Plan
from selfinstruct.requests.another import DROPPED, OF_THE_RUN, SECOND, Origin
from selfinstruct.requests.conversation import ANSWERED as REPLIES
from selfinstruct.requests.steps import ANSWERS

CUT: Final = frozenset({"truncated", "unfinished_output", "open_fence", "open_bracket"})
"""Rules that an answer breaks because it was cut: what is worse about it is its end alone, and what would be learned is a length."""
_NOT_FOR_THE_ANSWER: Final = frozenset({"review", "held_out", "read", "instruction"})
"""Stages at which something else than an answer was the reason."""
_NO_VERDICT: Final = frozenset({"", "filter", "target"})
"""Stages that say nothing of an answer: of these, and of what was never judged, the rules are asked."""

_ANSWERED: Final = frozenset({*ANSWERS, *REPLIES})
"""Steps whose reply is the answer of a row; without one it stands in the first reply, or code has it."""


class Other(NamedTuple):
    """Another answer to the question of a row."""

    text: str
    origin: Origin
    request: str
    """Slot of the request that it is the reply to."""
    rule: str = ""
    """What it was rejected by, where it was judged."""
    key: str = ""
    """Place of its candidate, where that is another than the row's."""


class Story(NamedTuple):
    """A row, the candidate that it was, and what was heard of it."""

    made: Made
    plan: Plan
    disabled: tuple[str, ...]
    requests: tuple[str, ...]
    """Slots of the requests that the row is made of."""
    heard: dict[Step, Reply]
    """Replies to later steps; those to what a view asks are added as they come."""
    twins: tuple[Other, ...] = ()
    heard_of_twins: Mapping[str, dict[Step, Reply]] = {}
    """{place: replies to later steps} of the candidates with the same question."""
    answered: tuple[tuple[Step, str], ...] = ()
    """(step, text) of the answers that the run chose among."""
    contest: Contest | None = None
    """Two of them between which the judge was to choose."""

    @property
    def row(self) -> Row:
        """The row as it stands."""
        return self.made.row

    @property
    def candidate(self) -> Candidate | None:
        """What the teacher said; None for a row that was added by hand."""
        return self.made.verdict.candidate if self.made.verdict else None

    @property
    def same_question(self) -> bool:
        """Whether the question stands as the teacher answered it."""
        return self.candidate is not None and _question(row_of(self.candidate)) == _question(self.row)

    @property
    def edited(self) -> bool:
        """Whether a person has put another answer in the place of the teacher's."""
        return self.candidate is None or row_of(self.candidate).output != self.row.output

    @property
    def thought(self) -> str:
        """What was thought before the answer that stands."""
        if self.row.reasoning or self.candidate is None or self.edited or not self.same_question:
            return self.row.reasoning
        return self.candidate.reasoning

    def others(self) -> Iterator[Other]:
        """Yield the other answers, those that were bought for a view after those that were there."""
        candidate = self.candidate
        if candidate is None or not self.same_question:
            return
        if self.edited:
            said = (slot for slot in reversed(self.requests) if slot.rpartition("/")[2] in _ANSWERED)
            yield Other(row_of(candidate).output, "edit", next(said, self.requests[0]))
        if again := self._answer("again"):
            yield Other(again, "again", f"{candidate.key}/again")
        yield from self.twins
        yield from self._not_chosen(candidate)
        drawn = candidate.drawn
        if drawn and drawn.kind.startswith("constraint.") and drawn.output and candidate.recipe == "evolve":
            yield Other(drawn.output, "parent", self.requests[0])
        yield from self._bought(candidate)

    def _not_chosen(self, candidate: Candidate) -> Iterator[Other]:
        """Yield the answers of which another one was chosen."""
        for origin, (step, text) in zip(OF_THE_RUN, self.answered, strict=False):
            if not same_text(text, row_of(candidate).output):
                yield Other(text, origin, f"{candidate.key}/{step}")

    def _bought(self, candidate: Candidate) -> Iterator[Other]:
        """Yield the answers that were bought for a view."""
        for step in SECOND:
            if step in self.heard:
                yield Other(self._answer(step), step, f"{candidate.key}/{step}")  # type: ignore[arg-type] # it is an origin
        if DROPPED in self.heard:
            yield Other(self._answer(DROPPED), "dropped", f"{candidate.key}/{DROPPED}")

    def _answer(self, step: Step) -> str:
        """Return the text of a reply; "" for one that is cut, empty or none."""
        reply = self.heard.get(step)
        usable = reply is not None and not reply.fault and not reply.cut
        return reply.text.strip() if reply and usable else ""


def _question(row: Row) -> tuple[object, ...]:
    return (row.instruction, row.input, row.system, row.history)


def stories_of(bootstraps: Mapping[str, Bootstrap], applied: Mapping[str, Applied]) -> list[Story]:
    """Return the rows of all languages with their answers, by language and id."""
    return [
        story
        for language, bootstrap in sorted(bootstraps.items())
        for story in sorted(_of_language(bootstrap, applied[language]), key=lambda story: story.row.id)
    ]


def _of_language(bootstrap: Bootstrap, applied: Applied) -> Iterator[Story]:
    twins: dict[str, list[Verdict]] = {}
    wanted = {made.was or made.row.id for made in applied.rows if made.verdict}
    for verdict in applied.verdicts:
        if not verdict.accepted and verdict.candidate.output and verdict.stage not in _NOT_FOR_THE_ANSWER:
            name = row_of(verdict.candidate).id
            if name in wanted:
                twins.setdefault(name, []).append(verdict)
    for made in applied.rows:
        same = twins.get(made.was or made.row.id, ()) if made.verdict else ()
        yield Story(
            made=made,
            plan=bootstrap.plan,
            disabled=bootstrap.acceptance.disabled,
            requests=tuple(_requests(bootstrap, made.verdict.candidate)) if made.verdict else (),
            heard=dict(bootstrap.acceptance.replies.of(made.verdict.candidate)) if made.verdict else {},
            twins=tuple(_twin(bootstrap, one) for one in same),
            heard_of_twins={one.candidate.key: dict(bootstrap.acceptance.replies.of(one.candidate)) for one in same},
            **(_chosen(bootstrap, made.verdict.candidate) if made.verdict else {}),
        )


def _chosen(bootstrap: Bootstrap, candidate: Candidate) -> dict[str, Any]:
    """Return the answers of a run that asks for several, and those that were left to the judge."""
    if not bootstrap.plan.config.generate.answers:
        return {}
    first, replies = _first(bootstrap, candidate), bootstrap.acceptance.replies
    answered = tuple((step, one.output) for step, one in replies.answered(first).items() if not one.fault)
    return {"answered": answered, "contest": replies.contest(first)}


def _first(bootstrap: Bootstrap, candidate: Candidate) -> Candidate:
    """Return a candidate as its first reply had it."""
    spans = bootstrap.spans(candidate.index)
    return next((one for one in spans if one.position == candidate.position), candidate)


def _requests(bootstrap: Bootstrap, candidate: Candidate) -> Iterator[str]:
    """Yield the slots of the requests that a candidate is made of, in order."""
    yield bootstrap.requests[candidate.index].slot
    first = _first(bootstrap, candidate)
    steps = (step for step, reply, _ in bootstrap.acceptance.replies.steps(first) if reply)
    yield from (f"{candidate.key}/{step}" for step in steps)


def _twin(bootstrap: Bootstrap, verdict: Verdict) -> Other:
    rule = "" if verdict.stage in _NO_VERDICT else verdict.rule
    candidate = verdict.candidate
    slot = (
        tuple(_requests(bootstrap, candidate))[-1]
        if candidate.recipe != "batch"
        else bootstrap.requests[candidate.index].slot
    )
    return Other(row_of(candidate).output, "twin", slot, rule, candidate.key)


def same_text(one: str, other: str) -> bool:
    """Return whether two answers differ in nothing but width, case and blanks."""
    return folded(one) == folded(other)
