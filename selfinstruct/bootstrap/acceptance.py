"""What stands in one language so far, seeds and accepted rows, and the verdict of a candidate against it.

A verdict depends on the candidate, the replies to its later steps, and the rows accepted before it; nothing here asks for a reply or
knows about requests in flight. `bootstrap` decides whose turn it is.
"""

from selfinstruct.bootstrap.judge import criteria_of, read_judgement, verdict_of
from selfinstruct.dedup import contamination
from selfinstruct.dedup.filter import Pool
from selfinstruct.quality.rules import INSTRUCTION_RULES, ROW_RULES, first_broken, repeats
from selfinstruct.records import (
    Candidate,
    ContaminationMatch,
    Judgement,
    Neighbour,
    Reply,
    Request,
    Row,
    Step,
    Task,
    Verdict,
    row_of,
)
from selfinstruct.requests import Plan, fill, next_step

EXCLUDED = "excluded"
"""The rule of a row whose id stands in the configuration as one that nobody wants."""


class Acceptance:
    """Seeds and accepted rows of one language."""

    def __init__(self, plan: Plan) -> None:
        """Start with the seeds as the pool."""
        self.plan = plan
        self.target = plan.config.target[plan.language]
        self.verdicts: list[Verdict] = []
        self.rows: list[Row] = []
        self.tasks: list[Task] = []
        """The rows as prompts show them."""
        self.pool = Pool(getattr(plan.config.filter.threshold, plan.language))
        self._criteria = list(criteria_of(plan)) if plan.config.judge_steps else []
        self._replies: dict[tuple[int, int], dict[Step, Reply]] = {}
        self._answers: dict[str, str] = {}
        """Row id -> its answer."""
        self._texts: dict[str, str] = {}
        """Instruction of every seed and row, by id."""
        self._compared: tuple[Candidate, ContaminationMatch | None] | None = None
        """The last look into the held-out sets: a candidate that waits for its answer is judged at every reply that comes."""
        for task in plan.seeds:
            self._add(task.id, task.instruction)

    @property
    def full(self) -> bool:
        """Whether the target is reached."""
        return len(self.rows) >= self.target

    @property
    def disabled(self) -> tuple[str, ...]:
        """Rules that are not applied in this language."""
        return self.plan.config.validate_.disable.get(self.plan.language, ())

    def hear(self, request: Request, reply: Reply) -> None:
        """Keep the reply to a later step."""
        self._replies.setdefault((request.index, request.position), {})[request.step] = reply

    def judge(self, candidate: Candidate) -> Verdict:
        """Return the verdict of a candidate whose turn has come; pending when a step has still to be bought."""
        if candidate.fault:
            return Verdict(candidate=candidate, stage="read", rule=candidate.fault)
        if broken := first_broken(INSTRUCTION_RULES, candidate, self.disabled):
            return Verdict(candidate=candidate, stage="instruction", rule=broken[0], detail=broken[1])
        nearest = self.pool.nearest(candidate.instruction)
        if self.pool.is_near(nearest):
            return Verdict(candidate=candidate, stage="filter", rule="near_duplicate", nearest=nearest)
        candidate, missing = self.complete(candidate)
        if unwanted := self.unwanted(candidate, missing):
            return unwanted.model_copy(update={"nearest": nearest})
        if missing:
            return Verdict(candidate=candidate, pending=True, detail=f"waits for its {missing}", nearest=nearest)
        return self._judge_row(candidate, nearest)

    def record(self, verdict: Verdict) -> None:
        """Take the next verdict; an accepted candidate becomes a row."""
        self.verdicts.append(verdict)
        if not verdict.accepted:
            return
        row = row_of(verdict.candidate)
        self.rows.append(row)
        self._answers[row.id] = row.output
        self._add(row.id, row.instruction)
        fields = row.model_dump(include={"id", "instruction", "input", "output"})
        self.tasks.append(Task(**fields, topic=verdict.candidate.topic))

    def complete(self, candidate: Candidate) -> tuple[Candidate, Step | None]:
        """Return a candidate with all steps filled in that were heard, and the step that is still missing."""
        if self.plan.config.recipe == "batch":
            return candidate, None
        heard: dict[Step, Reply] = {}
        replies = self._replies.get((candidate.index, candidate.position), {})
        while not candidate.fault and (step := next_step(candidate, heard)):
            if step not in replies:
                return candidate, step
            heard[step] = replies[step]
            candidate = fill(candidate, step, replies[step])
        return candidate, None

    def unwanted(self, candidate: Candidate, missing: Step | None) -> Verdict | None:
        """Return the verdict of a candidate whose question is enough to reject it, before its answer is bought."""
        if candidate.fault or missing not in {None, "answer"}:
            return None
        excluded = self.plan.config.validate_.exclude
        if excluded and row_of(candidate).id in excluded:
            detail = "its id stands in [validate] exclude"
            return Verdict(candidate=candidate, stage="answer", rule=EXCLUDED, detail=detail)
        if match := self._repeated(candidate):
            detail = contamination.where(match)
            return Verdict(
                candidate=candidate, stage="held_out", rule=contamination.RULE, detail=detail, held_out=match
            )
        return None

    def is_sound(self, candidate: Candidate) -> bool:
        """Return whether a complete candidate passes all that does not depend on its turn, so that a judge is worth asking."""
        return (
            not candidate.fault
            and not self.unwanted(candidate, None)
            and not first_broken(ROW_RULES, candidate, self.disabled)
        )

    def judged(self, candidate: Candidate) -> tuple[tuple[Judgement, ...], tuple[Step, ...]]:
        """Return the judgements on a candidate, and the steps of those that are missing; none of either when the judge is off."""
        replies = self._replies.get((candidate.index, candidate.position), {})
        steps = self.plan.config.judge_steps
        there = tuple(read_judgement(replies[step], self._criteria) for step in steps if step in replies)
        return there, tuple(step for step in steps if step not in replies)

    def text_of(self, neighbour: Neighbour | None) -> str | None:
        """Return the instruction of a seed or an accepted row."""
        return self.instruction_of(neighbour.id) if neighbour else None

    def instruction_of(self, identifier: str) -> str | None:
        """Return the instruction of a seed or an accepted row by its id; None when there is none in this replay."""
        return self._texts.get(identifier)

    def _repeated(self, candidate: Candidate) -> ContaminationMatch | None:
        """Return what a candidate repeats of the held-out sets."""
        if self._compared is None or self._compared[0] != candidate:
            self._compared = candidate, self.plan.evaluation_sets.find(candidate, self.pool.threshold)
        return self._compared[1]

    def _judge_row(self, candidate: Candidate, nearest: Neighbour | None) -> Verdict:
        if candidate.fault:
            return Verdict(candidate=candidate, stage="answer", rule=candidate.fault, nearest=nearest)
        if broken := first_broken(ROW_RULES, candidate, self.disabled):
            return Verdict(candidate=candidate, stage="answer", rule=broken[0], detail=broken[1], nearest=nearest)
        row = row_of(candidate)
        if row.id in self._answers:
            rule = repeats(row.output, self._answers[row.id])
            return Verdict(candidate=candidate, stage="filter", rule=rule, nearest=nearest)
        if self.full:
            return Verdict(candidate=candidate, stage="target", rule="over_target", nearest=nearest)
        return self._judge_by_teacher(candidate, nearest)

    def _judge_by_teacher(self, candidate: Candidate, nearest: Neighbour | None) -> Verdict:
        """Return the verdict of a candidate that passes everything else; without a judge it is accepted."""
        judged, missing = self.judged(candidate)
        if missing:
            detail = f"waits for its {missing[0]}"
            return Verdict(candidate=candidate, pending=True, detail=detail, nearest=nearest, judged=judged)
        rule, detail = verdict_of(judged, self.plan.config.judge.least) if judged else ("", "")
        stage = {"stage": "judge", "rule": rule, "detail": detail} if rule else {}
        return Verdict.model_validate({"candidate": candidate, "nearest": nearest, "judged": judged} | stage)

    def _add(self, identifier: str, instruction: str) -> None:
        self.pool.add(identifier, instruction)
        self._texts[identifier] = instruction
