"""A line for everything that was not as it should be, for a reader to know before he believes a win rate."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from selfinstruct.comparison.answers import Answers
from selfinstruct.comparison.judge import Judge
from selfinstruct.comparison.question import Question
from selfinstruct.comparison.result import Decision
from selfinstruct.comparison.sides import Side
from selfinstruct.judging.certificate import Certificate
from selfinstruct.system.numbers import amount

_ENOUGH = 20
"""Verdicts from which a taste for a place is told."""


class Compared(NamedTuple):
    """All that a result is made of."""

    sides: tuple[Side, Side]
    answers: tuple[Answers, Answers]
    questions: Sequence[Question]
    questions_from: str
    judge: Judge | None
    certificate: Certificate | None
    decisions: Sequence[Decision]
    stopped: str = ""


def remarks(found: Compared, *, refused: bool) -> Iterator[str]:
    """Yield the lines; `refused` says that the judge was not let in."""
    by = Counter(one.by for one in found.decisions)
    yield from _of_judge(found, refused=refused)
    yield from _of_answers(found, by["identical"])
    yield from _of_verdicts(found.decisions)
    if by["unanswered"]:
        yield f"{amount(by['unanswered'], 'question')} that neither side answers: in no rate."
    if by["unjudged"] and not refused:
        yield f"No judge, which {amount(by['unjudged'], 'question')} would take: not counted."
    if by["pending"]:
        yield f"{amount(by['pending'], 'question')} still to be answered or judged: {found.stopped or 'run the same command again'}"


def _of_judge(found: Compared, *, refused: bool) -> Iterator[str]:
    if found.judge and found.judge.is_on_trial:
        yield f"The judge, {found.judge.side.name}, is one of the sides."
    if found.certificate:
        yield from (f"The judge is below the bar: {fault}." for fault in found.certificate.faults)
    if refused:
        yield "The judge is refused, so that nothing but checks decided; there is no win rate. --force takes its word all the same."
    elif found.certificate and found.certificate.forced:
        yield "Its word is taken all the same, because --force says so."


def _of_answers(found: Compared, identical: int) -> Iterator[str]:
    if identical == len(found.decisions):
        yield "The sides are identical: every answer is the same."
    elif identical:
        yield f"{amount(identical, 'question')} with the same answer from both sides: ties."
    for label, answers in zip(("A", "B"), found.answers, strict=True):
        if missing := sum(bool(one.fault) for one in answers.values()):
            yield f"{label} has no answer to {amount(missing, 'question')}, and loses those that the other side answers."
        if cut := sum(one.is_cut for one in answers.values()):
            yield f"{amount(cut, 'answer')} of {label} cut off at the limit of tokens; --max-answer-tokens raises it."


def _of_verdicts(decisions: Sequence[Decision]) -> Iterator[str]:
    readings = [one for decision in decisions for one in decision.readings]
    if not readings:
        return
    if faults := Counter(one.fault for one in readings if one.fault):
        listed = ", ".join(f"{name} {count}" for name, count in sorted(faults.items()))
        yield (
            f"{sum(faults.values()) / len(readings):.0%} of the verdicts cannot be read ({listed}): their questions are ties, and the interval is widened by "
            "what they could have said."
        )
    places = Counter(one.better for one in readings)
    named = places["first"] + places["second"]
    for place in ("first", "second"):
        if named >= _ENOUGH and places[place] > 0.9 * named:
            yield f"The judge takes the {place} answer in {places[place] / named:.0%} of its verdicts, whatever it says."
    if other := sum(one.is_in_other_language for one in readings):
        yield f"{other} of {len(readings)} verdicts are in the other language, and were read all the same."
    if inconsistent := sum(one.is_consistent is False for one in decisions):
        yield f"{amount(inconsistent, 'question')} of which the judge says another thing in each order: ties."
