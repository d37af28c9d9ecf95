"""Who decides a question: its checks where they say all there is to say, else the judge; nobody is asked about two answers that are the same."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from selfinstruct.comparison.answers import Answer, Answers
from selfinstruct.comparison.checkers import fault, is_whole
from selfinstruct.comparison.question import Question
from selfinstruct.comparison.result import Decision, Outcome
from selfinstruct.judging.pair import Pair
from selfinstruct.judging.reading import Reading
from selfinstruct.judging.ruling import rule

_OUTCOMES: dict[float, Outcome] = {1.0: "A", 0.5: "tie", 0.0: "B"}


def first_decisions(
    questions: Sequence[Question], a: Answers, b: Answers, watch: Callable[[int], None] = lambda _: None
) -> list[Decision]:
    """Return what can be decided without a judge, in the order of the questions; what takes one is `unjudged`."""
    return list(_decided(questions, a, b, watch))


def _decided(questions: Sequence[Question], a: Answers, b: Answers, watch: Callable[[int], None]) -> Iterator[Decision]:
    for number, question in enumerate(questions, 1):
        yield _first(question, a.get(question.id), b.get(question.id))
        watch(number)


def _first(question: Question, a: Answer | None, b: Answer | None) -> Decision:
    if a is None or b is None:
        return _decision(question, a, b, by="pending")
    if a.fault or b.fault:
        lost = {"by": "missing", "outcome": "B" if a.fault else "A"}
        return _decision(question, a, b, **({"by": "unanswered"} if a.fault and b.fault else lost))
    if a.text == b.text:
        return _decision(question, a, b, by="identical", outcome="tie", checks=_checked(question, a, a))
    checks = _checked(question, a, b)
    if checks and bool(checks[0]) != bool(checks[1]):
        return _decision(question, a, b, by="check", outcome="B" if checks[0] else "A", checks=checks)
    if checks and all(map(is_whole, question.checks)):
        return _decision(question, a, b, by="check", outcome="tie", checks=checks)
    return _decision(question, a, b, by="unjudged", checks=checks)


def _checked(question: Question, a: Answer, b: Answer) -> tuple[str, str] | None:
    if not question.checks:
        return None
    first = fault(question, a.text)
    return first, first if b.text == a.text else fault(question, b.text)


def _decision(question: Question, a: Answer | None, b: Answer | None, **more: Any) -> Decision:
    score = {"A": 1.0, "B": 0.0}.get(more.get("outcome", ""), 0.5)
    return Decision(
        id=question.id,
        language=question.language,
        kind=question.kind,
        question=question.text,
        reference=question.reference,
        a=a.text if a and not a.fault else None,
        b=b.text if b and not b.fault else None,
        low=score,
        high=score,
        **more,
    )


def pair_of(decision: Decision) -> Pair:
    """Return the pair that a judge is asked about."""
    return Pair(
        language=decision.language,
        question=decision.question,
        first=decision.a or "",
        second=decision.b or "",
        reference=decision.reference,
        name=decision.id,
    )


def judged(decisions: Sequence[Decision], readings: Mapping[str, tuple[Reading, Reading]]) -> list[Decision]:
    """Return the decisions with the word of the judge on those that take one; `pending` where it has not spoken in both orders."""
    return [_judged(one, readings.get(one.id)) if one.by == "unjudged" else one for one in decisions]


def _judged(decision: Decision, readings: tuple[Reading, Reading] | None) -> Decision:
    if readings is None:
        return decision.model_copy(update={"by": "pending"})
    ruling = rule(*readings)
    return decision.model_copy(
        update={
            "by": "judge",
            "outcome": _OUTCOMES[ruling.score],
            "low": ruling.low,
            "high": ruling.high,
            "readings": readings,
            "is_consistent": ruling.is_consistent,
        }
    )
