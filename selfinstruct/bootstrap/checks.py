"""What decides a candidate: one ordered list of checks, which it goes down once; the first that finds something rejects it.

Acceptance goes down the list when it is the candidate's turn, looking ahead goes down it before (to buy what is surely needed), and
`explain` goes past the check that decided. What a check needs says what has to be bought first. Source of the order: cheap before dear,
so that no reply is bought for a candidate that what is there already rejects (Wang et al. 2022 filter after everything is generated).
"""

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple, Protocol

from selfinstruct.bootstrap.judge import LOW, verdict_of
from selfinstruct.dedup import contamination
from selfinstruct.dedup.filter import apart
from selfinstruct.language import LANGUAGES
from selfinstruct.quality.rules import INSTRUCTION_RULES, PROOFS, ROW_RULES, Rule, repeats
from selfinstruct.quality.rules.language_match import wrong_language, wrong_language_output
from selfinstruct.quality.translation import TRANSLATION_RULES, TranslationRule
from selfinstruct.records import Candidate, ContaminationMatch, Judgement, LanguageCode, Neighbour, Row, Stage, row_of
from selfinstruct.requests import Plan
from selfinstruct.requests.translate import pair_of

EXCLUDED = "excluded"
"""The rule of a row whose id stands in the configuration as one that nobody wants."""
NEAR_DUPLICATE = "near_duplicate"
Needs = Literal["reply", "neighbour", "question", "row", "confirmed", "judgements"]
"""What has to be there before a check can look: the first reply; the nearest row accepted before; instruction and input; the answer
too; a second look at it; what the judge says."""


class Reason(NamedTuple):
    """Why a candidate is rejected."""

    rule: str
    detail: str = ""
    contamination: ContaminationMatch | None = None


class Case(NamedTuple):
    """A candidate as far as it is bought, and what a check may know of it."""

    candidate: Candidate
    nearest: Neighbour | None = None
    judged: tuple[Judgement, ...] = ()


class Accepted(Protocol):
    """What stands in a candidate's language before its turn."""

    plan: Plan

    @property
    def full(self) -> bool:
        """Whether the target is reached."""

    @property
    def threshold(self) -> float:
        """Highest ROUGE-L that is kept."""

    def nearest(self, candidate: Candidate) -> Neighbour | None:
        """Return the nearest seed or accepted row."""

    def row(self, candidate: Candidate) -> Row:
        """Return the row that a candidate is or would be."""

    def same_task(self, identifier: str) -> Candidate | None:
        """Return the accepted candidate with this row id."""


Look = Callable[[Accepted, Case], Reason | None]


class Check(NamedTuple):
    """One check, and where a candidate that it rejects ended."""

    rule: str
    """Name that it has in reports while it finds nothing; empty where only a reason has a name."""
    stage: Stage
    needs: Needs
    look: Look
    in_turn: bool = False
    """It compares with the rows accepted before, which are known in the candidate's turn and not earlier."""
    again: bool = False
    """Its rule has looked at the first reply: where that is the whole row, it finds nothing new."""


def checks_of(plan: Plan) -> tuple[Check, ...]:
    """Return the checks that apply in a plan, in the order in which they decide."""
    compared = len(plan.evaluation_sets) > 0
    later = set(plan.config.recipes) != {"batch"}
    proved = bool({"checked", "documents"} & set(plan.config.recipes))
    translates = "translate" in plan.config.recipes
    looked_at = plan.config.generate.confirm or proved or translates
    return (
        Check("", "read", "reply", _fault),
        *(_of_translation(rule) for rule in (TRANSLATION_RULES if translates else ())),
        *(_of_rule(rule, "instruction", "reply", plan.language) for rule in INSTRUCTION_RULES),
        Check(NEAR_DUPLICATE, "filter", "neighbour", _near_duplicate, in_turn=True),
        *([Check(EXCLUDED, "answer", "question", _excluded)] if plan.config.validate_.exclude else []),
        *([Check(contamination.RULE, "held_out", "question", _contaminated)] if compared else []),
        # an answer that was bought later may be what an evaluation set holds
        *([Check(contamination.RULE, "held_out", "row", _contaminated)] if compared and later else []),
        Check("", "answer", "row", _fault),
        *(_of_rule(rule, "answer", "row", plan.language) for rule in (*ROW_RULES, *(PROOFS if proved else ()))),
        *([Check("", "answer", "confirmed", _fault)] if looked_at else []),
        Check("duplicate", "filter", "row", _same_task, in_turn=True),
        Check("over_target", "target", "row", _over_target, in_turn=True),
        *([Check(LOW, "judge", "judgements", _judged)] if plan.config.judge_steps else []),
    )


def surely_apart(candidate: Candidate, accepted: Accepted, undecided: Iterable[Candidate]) -> bool:
    """Return whether no verdict that is still open can make a candidate a near-duplicate."""
    nearest = accepted.nearest(candidate)
    if nearest and nearest.score > accepted.threshold:
        return False
    return apart(candidate.compared, (other.compared for other in undecided), accepted.threshold)


def _of_rule(rule: Rule, stage: Stage, needs: Needs, code: LanguageCode) -> Check:
    name, language, of_language = rule.__name__, LANGUAGES[code], rule in _OF_LANGUAGE

    def look(_: Accepted, case: Case) -> Reason | None:
        if of_language and _is_neutral(case.candidate):
            return None
        detail = rule(case.candidate, language)
        return Reason(name, detail) if detail else None

    return Check(name, stage, needs, look, again=stage == "answer" and rule in INSTRUCTION_RULES)


_OF_LANGUAGE = (wrong_language, wrong_language_output)


def _is_neutral(candidate: Candidate) -> bool:
    """Return whether a row was kept because it is in no language; one that was in the wanted one already is none of these."""
    said = candidate.translation
    return said is not None and said.decision == "keep" and candidate.source is not None


def _of_translation(rule: TranslationRule) -> Check:
    def look(_: Accepted, case: Case) -> Reason | None:
        pair = pair_of(case.candidate)
        detail = rule(pair) if pair else ""
        return Reason(rule.__name__, detail) if detail else None

    return Check(rule.__name__, "read", "reply", look)


def _fault(_: Accepted, case: Case) -> Reason | None:
    return Reason(case.candidate.fault, case.candidate.lacks) if case.candidate.fault else None


def _near_duplicate(accepted: Accepted, case: Case) -> Reason | None:
    near = case.nearest and case.nearest.score > accepted.threshold
    return Reason(NEAR_DUPLICATE) if near else None


def _excluded(accepted: Accepted, case: Case) -> Reason | None:
    unwanted = not case.candidate.fault and row_of(case.candidate).id in accepted.plan.config.validate_.exclude
    return Reason(EXCLUDED, "its id stands in [validate] exclude") if unwanted else None


def _contaminated(accepted: Accepted, case: Case) -> Reason | None:
    if case.candidate.fault:
        return None
    match = accepted.plan.evaluation_sets.find(case.candidate, accepted.threshold)
    return Reason(contamination.RULE, contamination.where(match), match) if match else None


def _same_task(accepted: Accepted, case: Case) -> Reason | None:
    row = accepted.row(case.candidate)
    same = accepted.same_task(row.id)
    return Reason(repeats(row.output, row_of(same).output)) if same else None


def _over_target(accepted: Accepted, _: Case) -> Reason | None:
    return Reason("over_target") if accepted.full else None


def _judged(accepted: Accepted, case: Case) -> Reason | None:
    rule, detail = verdict_of(case.judged, accepted.plan.config.judge.least)
    return Reason(rule, detail) if rule else None
