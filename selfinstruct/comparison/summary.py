"""From decisions to the result: rates by language and kind, the winner, and a line for everything that was not as it should be."""

import hashlib
from collections import Counter
from collections.abc import Sequence

from selfinstruct.comparison.answers import Answers
from selfinstruct.comparison.length_control import length_controlled
from selfinstruct.comparison.questions import questions_sha256
from selfinstruct.comparison.remarks import Compared, remarks
from selfinstruct.comparison.result import Comparison, Decision, LengthControlled, Outcome, Rate, SideSummary
from selfinstruct.comparison.sides import Side
from selfinstruct.comparison.statistics import is_sure, more_questions, p_value, rate_of


def summarise(found: Compared) -> Comparison:
    """Return the result; the same for the same answers and verdicts, whenever they came."""
    decisions, certificate = found.decisions, found.certificate
    refused = certificate is not None and not certificate.passed and not certificate.forced
    total = _rate(decisions, refused=refused)
    readings = [one for decision in decisions for one in decision.readings]
    unreadable = Counter(one.fault for one in readings if one.fault)
    sides = tuple(
        _side(*each, decisions, number) for number, each in enumerate(zip(found.sides, found.answers, strict=True))
    )
    sha256 = questions_sha256(list(found.questions))
    return Comparison(
        key=_key(sha256, decisions),
        sides=(sides[0], sides[1]),
        judge=found.judge.side.name if found.judge else "",
        is_judge_on_trial=bool(found.judge and found.judge.is_on_trial),
        certificate=certificate,
        questions_from=found.questions_from,
        questions_sha256=sha256,
        total=total,
        winner=_winner(total, decisions),
        p_value=p_value(total.a, total.b),
        length_controlled=LengthControlled(why_not="the judge is refused") if refused else length_controlled(decisions),
        more_questions=None if total.interval is None else more_questions(decisions),
        languages={
            name: _rate([one for one in decisions if one.language == name], refused=refused)
            for name in sorted({one.language for one in decisions})
        },
        kinds={
            name: _rate([one for one in decisions if one.kind == name], refused=refused)
            for name in sorted({one.kind for one in decisions if one.kind})
        },
        decided_by=dict(sorted(Counter(one.by for one in decisions).items())),
        readings=len(readings),
        unreadable=round(sum(unreadable.values()) / len(readings), 4) if readings else 0.0,
        unreadable_by=dict(sorted(unreadable.items())),
        in_other_language=sum(one.is_in_other_language for one in readings),
        inconsistent=sum(one.is_consistent is False for one in decisions),
        remarks=tuple(remarks(found, refused=refused)),
        stopped=found.stopped,
        decisions=tuple(decisions),
    )


def _rate(decisions: Sequence[Decision], *, refused: bool) -> Rate:
    """Return a win rate; only the counts where the judge was refused, for the questions that checks decide are not like the others."""
    rate = rate_of(decisions)
    return rate.model_copy(update={"win_rate": None, "interval": None}) if refused else rate


def _key(sha256: str, decisions: Sequence[Decision]) -> str:
    """Return what tells a comparison from another: its questions and both answers to each."""
    digest = hashlib.sha256(sha256.encode())
    for one in decisions:
        digest.update(f"{one.a}\0{one.b}\0".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]


def _side(side: Side, answers: Answers, decisions: Sequence[Decision], number: int) -> SideSummary:
    missing = Counter(one.fault for one in answers.values() if one.fault)
    texts = [one.text for one in answers.values() if not one.fault]
    checked = [one.checks[number] for one in decisions if one.checks]
    return SideSummary(
        name=side.name,
        answered=len(texts),
        missing=sum(missing.values()),
        missing_by=dict(sorted(missing.items())),
        cut=sum(one.is_cut for one in answers.values()),
        checked=len(checked),
        passed=sum(not one for one in checked),
        mean_length=round(sum(map(len, texts)) / len(texts), 1) if texts else 0.0,
    )


def _winner(total: Rate, decisions: Sequence[Decision]) -> Outcome:
    """Return the better side; nothing while something is still to come, for a look at a running count finds a winner too often."""
    if total.win_rate is None or any(one.by == "pending" for one in decisions):
        return ""
    return "tie" if not is_sure(total) else "A" if total.win_rate > 0.5 else "B"
