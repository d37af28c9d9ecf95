"""A comparison from its sides to its result, in order: answers, checks, the judge's certificate, its verdicts.

Everything that costs goes through journals in the folder of the comparison, so that it can be stopped at any time and goes on where it was;
the result is a function of questions, answers and verdicts alone.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from selfinstruct.comparison.answers import LABELS, Answers, Settings, answers_of
from selfinstruct.comparison.asking import Observer, Session, check_prices
from selfinstruct.comparison.decisions import first_decisions, judged, pair_of
from selfinstruct.comparison.judge import Judge, certificate_of, read_pairs
from selfinstruct.comparison.question import Question
from selfinstruct.comparison.remarks import Compared
from selfinstruct.comparison.result import Comparison
from selfinstruct.comparison.sides import Side
from selfinstruct.comparison.summary import summarise
from selfinstruct.config import Config
from selfinstruct.runs.stopping import StopSignal


class Job(NamedTuple):
    """What is compared, over what, by whom."""

    config: Config
    folder: Path
    """Where journals and results go."""
    sides: tuple[Side, Side]
    questions: Sequence[Question]
    questions_from: str
    """As the report names them."""
    settings: Settings
    judge: Judge | None


def compare(job: Job, observer: Observer, stop_signal: StopSignal) -> Comparison:
    """Return the result as far as it stands; what stopped it is in the stop signal, for the caller to raise when the result is written."""
    session = Session(job.config, job.folder, observer, stop_signal)
    asked = (*job.sides, *([job.judge.side] if job.judge else ()))
    check_prices(session, (side.teacher for side in asked if side.teacher))
    a, b = (_answers(session, job, number) for number in (0, 1))
    decisions = first_decisions(job.questions, a, b, lambda done: observer.watch("checks", done, len(job.questions)))
    certificate, pairs = None, [pair_of(one) for one in decisions if one.by == "unjudged"]
    if job.judge and pairs:
        certificate = certificate_of(session, job.judge)
        if certificate is None:
            decisions = judged(decisions, {})
        elif certificate.passed or certificate.forced:
            decisions = judged(decisions, read_pairs(session, job.judge, pairs, "verdicts"))
    stopped = str(stop_signal.error) if stop_signal.error else ""
    return summarise(
        Compared(job.sides, (a, b), job.questions, job.questions_from, job.judge, certificate, decisions, stopped)
    )


def _answers(session: Session, job: Job, number: int) -> Answers:
    return answers_of(session, LABELS[number], job.sides[number], job.sides[1 - number], job.questions, job.settings)
