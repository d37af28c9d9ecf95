"""What a candidate was made from: its recipe, what code drew and what proves it; and what each later step decided."""

from difflib import SequenceMatcher
from typing import Any, Final

from selfinstruct.config.sections import Generate
from selfinstruct.records import Candidate, Check, Record, Reply, Request, Step
from selfinstruct.requests.confirmed import agreement, probability_of_yes
from selfinstruct.requests.translate import measured_text
from selfinstruct.rouge import tokens
from selfinstruct.runs.explanation.find import FoundCandidate

_FIRST_WORDING: Final[Step] = "computed"
"""First step whose reply is another wording of what code drew."""
_MOST_DIFFERING: Final = 40
"""Places where a way back differs that are shown."""
_PROBABLE, _DOUBTFUL = "holds", "the answer is not sure"


class Origin(Record):
    """What a candidate was made from."""

    recipe: str
    by_code: bool = False
    """Question and answer are in the words of code alone."""
    kind: str = ""
    """Of the provable task that code drew."""
    drawn: str = ""
    """The instruction, or condition, in the words of code."""
    details: tuple[tuple[str, str], ...] = ()
    """(name, value) of what the text that the teacher wrote must hold."""
    checks: tuple[Check, ...] = ()
    """Kinds and arguments that prove it."""
    document: str = ""
    passage: str = ""
    """Id of the passage that was asked about."""
    quoted: str = ""
    """The words of the passage that prove the answer."""
    span: tuple[int, int] | None = None
    """Where they stand in the document, in characters."""
    parent: str = ""
    """Id of the row that it was evolved from or goes on."""
    persona: str = ""
    """Whom the teacher played in a conversation."""
    ended_by: str = ""
    """Rule that a further turn broke, which ended the conversation before it."""
    translation_of: str = ""
    """Id of the row that it is a translation of."""
    decision: str = ""
    """What became of that row: translate, adapt, keep or drop."""
    reason: str = ""
    adapted: tuple[tuple[str, str], ...] = ()
    """(before, after) of each name, unit or institution that was adapted."""
    back: str = ""
    """The translation, translated back."""
    differs: tuple[tuple[str, str], ...] = ()
    """(source, way back) of each place where the two differ, in order."""


class StepTaken(Record):
    """A later step, or the rewording of a computed task, and what it decided."""

    step: Step
    decided: str
    probability: float | None = None
    """P(yes) of a look at the task or a second one at its answer, where log-probabilities came."""


def origin_of(found: FoundCandidate) -> Origin | None:
    """Return what a candidate was made from; None when no reply was ever read."""
    if found.candidate is None:
        return None
    request, candidate = found.bootstrap.requests[found.request], found.candidate
    drawn, source = request.drawn, candidate.source
    if drawn is None or found.position:
        return Origin(recipe=candidate.recipe)
    quotes = [str(check.arguments.get("quote", "")) for check in candidate.checks if check.kind == "quote"]
    return Origin(
        recipe=candidate.recipe,
        by_code=candidate.by_code,
        kind=drawn.kind,
        drawn=drawn.instruction,
        details=drawn.details,
        checks=candidate.checks,
        document=source.document if source else drawn.source.document if drawn.source else "",
        passage=request.topic if drawn.source and drawn.source.document else "",
        parent=drawn.source.parent if drawn.source else "",
        persona=drawn.persona,
        ended_by=candidate.ended,
        quoted="".join(quotes[:1]),
        span=source.span if source else None,
        **_translation_of(candidate),
    )


def _translation_of(candidate: Candidate) -> dict[str, Any]:
    """Return what is said of a translation: its source, what became of it, and where the way back differs."""
    said, source = candidate.translation, candidate.source
    if said is None:
        return {}
    differs = differing(measured_text(candidate.drawn), said.back) if said.back else ()
    fields = {name: getattr(said, name) for name in ("decision", "reason", "adapted", "back")}
    return fields | {"translation_of": source.translation_of if source else "", "differs": differs}


def differing(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Return (before, after) of each place where two texts differ, by the tokens of the near-duplicate filter.

    >>> differing("The old bridge is closed.", "The ancient bridge is closed today.")
    (('old', 'ancient'), ('', 'today'))
    """
    left, right = tokens(before), tokens(after)
    edits = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    gap = " " if before.isascii() else ""
    pairs = [(gap.join(left[a:b]), gap.join(right[c:d])) for kind, a, b, c, d in edits if kind != "equal"]
    return tuple(pairs[:_MOST_DIFFERING])


def steps_of(found: FoundCandidate) -> tuple[StepTaken, ...]:
    """Return what each step after the first decided, in order; one that was not heard says so."""
    if found.candidate is None:
        return ()
    request = found.bootstrap.requests[found.request]
    before = found.bootstrap.spans(found.request)[found.position]
    generate = found.bootstrap.plan.config.generate
    taken = [_first_wording(request, before)] if request.step == _FIRST_WORDING and not before.fault else []
    for step, reply, after in found.bootstrap.acceptance.replies.steps(before):
        taken.append(_taken(step, reply, (before, after), generate))
        before = after
    return tuple(taken)


def _first_wording(request: Request, candidate: Candidate) -> StepTaken:
    return StepTaken(step=request.step, decided=_wording(used=not candidate.by_code))


def _taken(step: Step, reply: Reply | None, around: tuple[Candidate, Candidate], generate: Generate) -> StepTaken:
    """Return what a step decided; `around` is the candidate before and after it."""
    before, after = around
    if reply is None:
        return StepTaken(step=step, decided="not answered yet")
    if step in {"confirm", "back"}:
        return (
            _confirmed(reply, generate.sure_of(before.language))
            if step == "confirm"
            else StepTaken(step=step, decided=_measured(after))
        )
    if step == "wording":
        return StepTaken(step=step, decided=_wording(used=before.instruction != after.instruction))
    if step == "again":
        alike = f"ROUGE-L {agreement(reply.text, before.output):.2f} to the first answer"
        return StepTaken(step=step, decided=f"{alike}: {_DOUBTFUL if after.fault else _PROBABLE}")
    if after.ended and not before.ended:
        return StepTaken(step=step, decided=f"{after.ended}: the conversation ends before this turn")
    decided = _SAID.get((step, bool(after.fault)), after.fault or "used")
    return StepTaken(step=step, decided=decided, probability=probability_of_yes(reply))


_SAID: Final[dict[tuple[Step, bool], str]] = {
    ("reread", False): "read again, the passage gives the same answer",
    ("reread", True): "read again, the passage does not give this answer",
    ("answerable", False): "it can be done as it stands",
    ("answerable", True): "it cannot be done as it stands",
    ("closed", False): "without the passage the teacher does not know the answer",
    ("closed", True): "the teacher gives the same answer without the passage",
}
"""{(step, whether it finds a fault): what it decided}."""


def _measured(candidate: Candidate) -> str:
    said = candidate.translation
    if said is None or said.score is None:
        return "cannot be read: it measures nothing, and changes nothing"
    return f"translated back, ROUGE-L {said.score:.2f} to the source; it decides nothing"


def _wording(*, used: bool) -> str:
    return "the teacher's wording is used" if used else "not used: the words of code stay"


def _confirmed(reply: Reply, sure: float) -> StepTaken:
    probability = probability_of_yes(reply)
    if probability is None:
        return StepTaken(step="confirm", decided="no log-probabilities of a yes or no: answered again instead")
    held = probability >= sure
    said = f"P(yes) {probability:.3f}, {sure:g} needed: {_PROBABLE if held else _DOUBTFUL}"
    return StepTaken(step="confirm", decided=said, probability=probability)
