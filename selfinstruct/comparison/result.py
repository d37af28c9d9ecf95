"""The records of a comparison: who won each question and why, and what that says together."""

from typing import Any, Literal

from selfinstruct.judging.certificate import Certificate
from selfinstruct.judging.reading import Reading
from selfinstruct.records import LanguageCode, Record

By = Literal["check", "judge", "identical", "missing", "unanswered", "unjudged", "pending"]
"""What decided a question. `unanswered`: neither side has an answer; `unjudged`: it takes a judge, and there is none that may; `pending`: answers or
verdicts are still to come. Of these three none is in a rate."""
Outcome = Literal["A", "B", "tie", ""]
DECIDED: tuple[By, ...] = ("check", "judge", "identical", "missing")
Interval = tuple[float, float]


class Decision(Record):
    """One question, both answers, and who won."""

    id: str
    language: LanguageCode
    kind: str
    question: str
    reference: str = ""
    a: str | None
    """None: there is no answer."""
    b: str | None
    by: By
    outcome: Outcome = ""
    """Empty where nothing decided."""
    low: float = 0.5
    high: float = 0.5
    """Lowest and highest score of A that unreadable verdicts allow."""
    checks: tuple[str, str] | None = None
    """What the checks say of A and of B; empty for an answer that passes."""
    readings: tuple[Reading, ...] = ()
    """Of the judge: A first, then B first."""
    is_consistent: bool | None = None

    @property
    def is_decided(self) -> bool:
        """Whether it counts."""
        return self.by in DECIDED

    @property
    def score(self) -> float:
        """1 for A, 0 for B, else 0.5."""
        return {"A": 1.0, "B": 0.0}.get(self.outcome, 0.5)


class Rate(Record):
    """How often A wins, ties as a half, with its 95 % score interval (Tango 1998)."""

    questions: int
    a: int
    b: int
    tie: int
    win_rate: float | None
    interval: Interval | None
    """Widened by what unreadable verdicts could have said."""


class LengthControlled(Record):
    """The win rate at equal length; a missing answer has no length, and counts as in the raw rate."""

    win_rate: float | None = None
    interval: Interval | None = None
    """Widened by what unreadable verdicts could have said."""
    longer: float | None = None
    """Share of the questions on which the answer of A is the longer one, of those that both sides answered."""
    questions: int = 0
    """Decided questions that both sides answered."""
    missing: int = 0
    """Decided questions to which an answer is missing."""
    why_not: str = ""
    """Why there is none."""


class SideSummary(Record):
    """What one side did."""

    name: str
    answered: int
    missing: int
    """Questions without an answer; it loses those that the other side answers."""
    missing_by: dict[str, int]
    cut: int
    """Answers that end at the limit of tokens."""
    checked: int
    passed: int
    """Questions with checks that it answered, and whose checks it passes."""
    mean_length: float
    """Characters."""


class Comparison(Record):
    """The whole result."""

    key: str
    """What tells it from another: the votes of a person are for one comparison."""
    sides: tuple[SideSummary, SideSummary]
    judge: str
    """Empty without one."""
    is_judge_on_trial: bool
    """Whether the judge is one of the sides, because the user named it."""
    certificate: Certificate | None
    questions_from: str
    questions_sha256: str
    total: Rate
    winner: Outcome
    """A or B; `tie` while the interval holds 50 %; empty when nothing may be said."""
    p_value: float | None
    """Of an exact sign test over the questions that one side won."""
    length_controlled: LengthControlled
    more_questions: int | None
    """That would decide it in four of five cases if the win rate stays what it is; None where no number would, as while what cannot be read could turn it."""
    languages: dict[str, Rate]
    kinds: dict[str, Rate]
    decided_by: dict[str, int]
    readings: int
    """Verdicts of the judge on the questions, two a question."""
    unreadable: float
    """Share of them that could not be read."""
    unreadable_by: dict[str, int]
    in_other_language: int
    inconsistent: int
    """Questions of which the judge says another thing in each order; ties."""
    agreement: dict[str, Any] | None = None
    """Of a person's votes with the judge."""
    remarks: tuple[str, ...]
    stopped: str = ""
    """Why something is still missing."""
    decisions: tuple[Decision, ...]

    def document(self, *, whole: bool = False) -> dict[str, Any]:
        """Return the result as `--json` prints it; `whole` has every question too."""
        value = self.model_dump(
            mode="json", exclude={"decisions", "total", "sides", "languages", "kinds", "certificate"}
        )
        head = {
            "questions": len(self.decisions),
            "wins": {"A": self.total.a, "B": self.total.b, "tie": self.total.tie},
            "undecided": len(self.decisions) - self.total.questions,
            "unanswered": self.decided_by.get("unanswered", 0),
            "win_rate": self.total.win_rate,
            "interval": list(self.total.interval) if self.total.interval else None,
            "unreadable": self.unreadable,
            "winner": self.winner,
            "certificate": self.certificate.model_dump(mode="json") if self.certificate else None,
            "sides": dict(zip(("A", "B"), (one.model_dump(mode="json") for one in self.sides), strict=True)),
            "languages": {name: one.model_dump(mode="json") for name, one in self.languages.items()},
            "kinds": {name: one.model_dump(mode="json") for name, one in self.kinds.items()},
        }
        decisions = {"decisions": [one.model_dump(mode="json") for one in self.decisions]} if whole else {}
        return head | {name: held for name, held in value.items() if name not in head} | decisions
