"""Accepted rows of one language, the replies to later steps, and each candidate's way down the checks.

A verdict depends on the candidate, the replies to its later steps, and the rows accepted before it; nothing here asks for a reply or
knows about requests in flight. `state` decides whose turn it is.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from selfinstruct.bootstrap.checks import Case, Check, Needs, Reason, checks_of, surely_apart
from selfinstruct.bootstrap.draft import Draft, Looked
from selfinstruct.bootstrap.heard import Heard
from selfinstruct.dedup.filter import Pool
from selfinstruct.quality.rules import all_flags
from selfinstruct.records import Candidate, Neighbour, Row, Step, Task, Verdict, row_of
from selfinstruct.requests import Plan
from selfinstruct.requests.evolve import evolutions
from selfinstruct.requests.steps import ANSWERS, CONFIRMATIONS, MEASUREMENTS

_UNTIL: Final[Mapping[Needs, frozenset[Step]]] = {
    **dict.fromkeys(("reply", "neighbour", "question"), ANSWERS | CONFIRMATIONS),
    "row": CONFIRMATIONS,
}
"""{what a check needs: the steps that it can do without}."""


class Acceptance:
    """Accepted rows of one language, and the next verdict."""

    def __init__(self, plan: Plan) -> None:
        """Start with the seeds as the pool."""
        self.plan = plan
        self.target = plan.config.wanted(plan.language)
        self.threshold: float = getattr(plan.config.filter.threshold, plan.language)
        self.checks = checks_of(plan)
        self.disabled: tuple[str, ...] = plan.config.validate_.disable.get(plan.language, ())
        """Rules that are not applied in this language."""
        self.verdicts: list[Verdict] = []
        self.flags: dict[str, tuple[str, ...] | None] = {}
        """{candidate: warnings on it} of those that were looked at elsewhere."""
        self.rejected: Counter[str] = Counter()
        """{rule: verdicts}, counted as they come."""
        self.rows: list[Row] = []
        self.tasks: list[Task] = []
        """The rows as prompts show them."""
        self._pool = Pool(self.threshold)
        self.replies = Heard(plan)
        """What was heard of the candidates after their first replies."""
        self._by_id: dict[str, Candidate] = {}
        self._row: tuple[Candidate, Row] | None = None
        """The last candidate that was looked at as a row."""
        self._texts: dict[str, str] = {}
        """Instruction of every seed and row, by id."""
        evolved = plan.parents if "evolve" in plan.config.recipes else ()
        for task in (*plan.seeds, *evolved):
            self._add(task.id, task.instruction, task.instruction)

    @property
    def full(self) -> bool:
        """Whether the target is reached."""
        return len(self.rows) >= self.target

    def judge(self, draft: Draft, *, closing: bool = False) -> Verdict:
        """Go on down the checks in a candidate's turn; the verdict is pending where a step has to be bought first, unless `closing` and it only measures."""
        draft.in_turn = True
        needs, case = "", Case(draft.candidate)
        while draft.position < len(self.checks):
            check = self.checks[draft.position]
            if draft.position < draft.ahead and not check.in_turn:
                draft.position += 1
                continue
            if check.needs != needs:  # checks that need the same stand together
                needs, (case, draft.missing) = check.needs, self.case_of(draft, check.needs)
                if draft.missing and not (closing and MEASUREMENTS.issuperset(draft.missing)):
                    return _verdict(case, pending=True, detail=f"waits for its {draft.missing[0]}")
            if check.needs == "neighbour":
                draft.nearest = self.nearest(case.candidate)
                case = case._replace(nearest=draft.nearest)
            if reason := self._look(check, case, draft):
                return _verdict(
                    case, stage=check.stage, rule=reason.rule, detail=reason.detail, held_out=reason.contamination
                )
            draft.position += 1
        case = self.case_of(draft, self.checks[-1].needs)[0]
        if draft.candidate.translation:
            case = case._replace(candidate=self.replies.complete(draft.candidate)[0])  # with what was measured of it
        return _verdict(case)

    def look_ahead(self, draft: Draft, undecided: Iterable[Candidate]) -> None:
        """Go on down the checks before a candidate's turn, as far as no verdict that is still open can matter.

        `undecided` are the candidates that may be accepted before it, or beside it in its request.
        """
        while not draft.in_turn and draft.found is None and draft.ahead < len(self.checks):
            check = self.checks[draft.ahead]
            case, draft.missing = self.case_of(draft, check.needs)
            if draft.missing:
                return
            if check.needs == "neighbour":
                draft.undecided = not surely_apart(case.candidate, self, undecided)
                if draft.undecided:
                    return
            elif not check.in_turn and check.rule not in self.disabled:
                draft.found = check.look(self, case)
            draft.ahead += draft.found is None

    def look(self, candidate: Candidate) -> Looked:
        """Go down the checks of a candidate that its first reply holds whole, past those that only its turn decides."""
        case = Case(candidate)
        for place, check in enumerate(self.checks):
            if check.needs in {"confirmed", "judgements"}:
                break
            passed = check.in_turn or check.again or check.rule in self.disabled
            if not passed and (reason := check.look(self, case)):
                return Looked(place, reason)
        else:
            place = len(self.checks)
        return Looked(place, None, tuple(rule for rule, _ in all_flags(candidate, self.disabled)))

    def record(self, verdict: Verdict) -> None:
        """Take the next verdict; an accepted candidate becomes a row."""
        self.verdicts.append(verdict)
        if verdict.rule:
            self.rejected[verdict.rule] += 1
        if not verdict.accepted:
            return
        row = self.row(verdict.candidate)
        if self.plan.config.validate_.keep_reasoning or verdict.candidate.translation:
            row = row.model_copy(update={"reasoning": verdict.candidate.reasoning})
        self.rows.append(row)
        self._by_id[row.id] = verdict.candidate
        self._add(row.id, row.instruction, row.compared)
        self.tasks.append(_task_of(row, verdict.candidate))

    def before(self, index: int, position: int) -> "Acceptance":
        """Return what stood before the turn of a candidate."""
        earlier = Acceptance(self.plan)
        earlier.replies = self.replies
        for verdict in self.verdicts:
            if (verdict.candidate.index, verdict.candidate.position) >= (index, position):
                break
            earlier.record(verdict)
        return earlier

    def case_of(self, draft: Draft, needs: Needs) -> tuple[Case, tuple[Step, ...]]:
        """Return a candidate with what a check needs of it, and the steps that would have to be bought for that."""
        if needs in {"reply", "neighbour"} and not _in_parts(draft.candidate):
            return Case(draft.candidate, draft.nearest), ()
        if needs == "judgements":
            case, missing = self.case_of(draft, "row")
            judged, unheard = ((), missing) if missing else self.replies.judged(case.candidate)
            return case._replace(judged=judged), unheard
        if needs not in draft.bought:
            candidate, step = self.replies.complete(draft.candidate, _UNTIL.get(needs, frozenset()))
            if step:
                return Case(candidate, draft.nearest), (step,)
            draft.bought[needs] = candidate
        return Case(draft.bought[needs], draft.nearest), ()

    def together(self, candidate: Candidate, reply: Sequence[Candidate], step: Step) -> list[Candidate]:
        """Return the rows of a first reply that are judged in one request with a candidate, itself among them.

        Which these are depends on that reply alone, and not on what was accepted before.
        """
        open_ones = [
            one for one in reply if not self.replies.is_judged_with_others(one, step) and self._passes_alone(one)
        ]
        most = self.plan.config.judge.rows_per_request or 1
        begin = next(place for place, one in enumerate(open_ones) if one.key == candidate.key) // most * most
        return open_ones[begin : begin + most]

    def _passes_alone(self, candidate: Candidate) -> bool:
        """Return whether no check finds anything in a whole candidate that does not depend on other rows."""
        case = Case(candidate)
        checks = (one for one in self.checks if one.needs in {"reply", "question", "row"} and not one.in_turn)
        return not any(one.rule not in self.disabled and one.look(self, case) for one in checks)

    def nearest(self, candidate: Candidate) -> Neighbour | None:
        """Return the nearest seed or accepted row."""
        return self._pool.nearest(candidate.compared)

    def same_task(self, identifier: str) -> Candidate | None:
        """Return the accepted candidate with this row id."""
        return self._by_id.get(identifier)

    def row(self, candidate: Candidate) -> Row:
        """Return the row that a candidate is or would be."""
        if self._row is None or self._row[0] is not candidate:
            self._row = candidate, row_of(candidate)
        return self._row[1]

    def text_of(self, neighbour: Neighbour | None) -> str | None:
        """Return the instruction of a seed or an accepted row."""
        return self.instruction_of(neighbour.id) if neighbour else None

    def instruction_of(self, identifier: str) -> str | None:
        """Return the instruction of a seed or an accepted row by its id; None when there is none in this replay."""
        return self._texts.get(identifier)

    def _look(self, check: Check, case: Case, draft: Draft) -> Reason | None:
        """Return what a check finds in a candidate's turn; what was found ahead is not looked for again."""
        if check.rule in self.disabled or (check.again and case.candidate is draft.candidate):
            return None
        return draft.found if draft.found and draft.position == draft.ahead else check.look(self, case)

    def _add(self, identifier: str, instruction: str, compared: str) -> None:
        self._pool.add(identifier, compared)
        self._texts[identifier] = instruction


def _in_parts(candidate: Candidate) -> bool:
    """Return whether the first reply is only a part of the row."""
    return candidate.drawn is not None and bool(candidate.drawn.part_bytes)


def _task_of(row: Row, candidate: Candidate) -> Task:
    names = ("id", "instruction", "input", "output", "system", "history")
    made = {"topic": candidate.topic, "plain": candidate.recipe == "steered"}
    kind = candidate.drawn.kind if candidate.drawn else ""
    return Task(**{name: getattr(row, name) for name in names}, **made, evolved=evolutions(kind))


def _verdict(case: Case, **ending: Any) -> Verdict:
    return Verdict(candidate=case.candidate, nearest=case.nearest, judged=case.judged, **ending)
