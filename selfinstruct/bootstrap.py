"""Bootstrapping one language, as a pure state machine: replies in, requests and verdicts out.

Source: Wang et al. 2022, "Self-Instruct". Candidates are judged in request order, never in order of arrival, so the same replies
give the same verdicts whatever the concurrency. Request i is composed from the pool as it stood after request i - window.
No clock, no disk, no socket: `pipeline` carries the requests to the teacher, a replay carries them to the journal.
"""

import math
from collections.abc import Iterator

from selfinstruct import held_out
from selfinstruct.filter import Pool, apart
from selfinstruct.generate import FIRST_STEPS, Plan, compose, compose_step, fill, next_step, read
from selfinstruct.records import Candidate, HeldOutMatch, Neighbour, Reply, Request, Row, Step, Task, Verdict, row_of
from selfinstruct.rules import INSTRUCTION_RULES, ROW_RULES, first_broken, repeats

_LEARNT_AFTER = 4
"""Settled requests after which the yield so far, instead of the best case, says how many more are needed."""


class Draft:
    """A candidate on its way to a verdict."""

    def __init__(self, candidate: Candidate) -> None:
        """Start with what the first reply said."""
        self.candidate = candidate
        self.heard: dict[Step, Reply] = {}
        self.may_ask = False
        """Its next step can be bought: no verdict that is still open can make it a near-duplicate."""
        self.broken: tuple[str, str] | None = None
        """The instruction rule that it breaks."""


class Bootstrap:
    """The run of one language."""

    def __init__(self, plan: Plan) -> None:
        """Start with the seeds as the pool."""
        self.plan = plan
        self.target = plan.config.target[plan.language]
        self.verdicts: list[Verdict] = []
        self.rows: list[Row] = []
        self.requests: dict[int, Request] = {}
        """First-step requests that were heard, by index."""
        self.fruitless = 0
        """Settled requests in a row that brought no row."""
        self._drafts: dict[int, list[Draft]] = {}
        self._replies: dict[tuple[int, int], dict[Step, Reply]] = {}
        self._asked: set[str] = set()
        self._pool = Pool(getattr(plan.config.filter.threshold, plan.language))
        self._answers: dict[str, str] = {}
        """Row id -> its answer."""
        self._texts: dict[str, str] = {}
        """Instruction of every seed and row, by id."""
        self._shown_pool: list[Task] = []
        self._pool_after: list[int] = []
        """Number of rows after each settled request."""
        self._position = 0
        self._looked = 0
        self._due = 0
        """Number of candidates in the settled requests."""
        for task in plan.seeds:
            self._add(task.id, task.instruction)

    @property
    def settled(self) -> int:
        """Number of requests, from 0, all of whose candidates have a verdict."""
        return len(self._pool_after)

    @property
    def full(self) -> bool:
        """Whether the target is reached."""
        return len(self.rows) >= self.target

    @property
    def candidates(self) -> int:
        """Number of candidates read so far, with or without a verdict."""
        return sum(len(drafts) for drafts in self._drafts.values())

    @property
    def settled_candidates(self) -> int:
        """Number of candidates in the settled requests."""
        return self._due

    def settled_keys(self) -> list[str]:
        """Return the candidates of the settled requests, as they were read."""
        return [draft.candidate.key for index in range(self.settled) for draft in self._drafts.get(index, ())]

    def missing(self, candidate: Candidate) -> Step | None:
        """Return the step whose reply a candidate still waits for, or None when all of it is there."""
        return self._complete(candidate)[1]

    def unread(self) -> list[Candidate]:
        """Return the candidates of replies beyond the request that reached the target; a higher target judges them."""
        return [
            draft.candidate for index in sorted(self._drafts) if index >= self.settled for draft in self._drafts[index]
        ]

    def spans(self, index: int) -> list[Candidate]:
        """Return everything that was read from the reply to a request, in order."""
        return [draft.candidate for draft in self._drafts.get(index, ())]

    def text_of(self, neighbour: Neighbour | None) -> str | None:
        """Return the instruction of a seed or an accepted row."""
        return self.instruction_of(neighbour.id) if neighbour else None

    def instruction_of(self, identifier: str) -> str | None:
        """Return the instruction of a seed or an accepted row by its id; None when there is none in this replay."""
        return self._texts.get(identifier)

    @property
    def spare(self) -> int:
        """Number of replies beyond the request that reached the target: not read, kept for a higher one."""
        return sum(index >= self.settled for index in self._drafts)

    def hear(self, request: Request, reply: Reply) -> None:
        """Take the reply to a request, new or recorded, and settle what it allows."""
        self._asked.add(request.slot)
        if request.step in FIRST_STEPS:
            self.requests[request.index] = request
            self._drafts[request.index] = [Draft(candidate) for candidate in read(request, reply)]
        else:
            self._replies.setdefault((request.index, request.position), {})[request.step] = reply
        self._settle()
        self._look_ahead()

    def ask(self) -> Request | None:
        """Return the next request worth sending, each only once; None while nothing can be asked without hearing more."""
        request = None if self.full else next(self._open_steps(), None) or self._next_first()
        if request:
            self._asked.add(request.slot)
        return request

    def take_back(self, request: Request) -> None:
        """Let a request that was not answered be asked again."""
        self._asked.discard(request.slot)

    def close(self) -> None:
        """Give every candidate that waits for a reply the verdict `pending`, and settle the rest without it."""
        while not self.full and (later := [index for index in self._drafts if index >= self.settled]):
            for _ in range(min(later) - self.settled):
                self._pool_after.append(len(self.rows))
            self._settle(closing=True)

    def _settle(self, closing: bool = False) -> None:
        while not self.full and self.settled in self._drafts:
            drafts = self._drafts[self.settled]
            before = len(self.rows)
            while self._position < len(drafts):
                verdict = self._judge(drafts[self._position])
                if verdict.pending and not closing:
                    return
                self._record(verdict)
                self._position += 1
            self.fruitless = 0 if len(self.rows) > before else self.fruitless + 1
            self._position = 0
            self._pool_after.append(len(self.rows))
            self._balance(len(drafts))

    def _balance(self, candidates: int) -> None:
        """Raise AssertionError when the request that was just settled left a candidate without a verdict, or with two."""
        self._due += candidates
        if len(self.verdicts) != self._due:
            raise AssertionError(
                f"{len(self.verdicts)} verdicts on {self._due} candidates; this is a bug of selfinstruct, please report it"
            )

    def _judge(self, draft: Draft) -> Verdict:
        """Return the verdict of a candidate whose turn has come; pending when a step has still to be bought."""
        candidate = draft.candidate
        if candidate.fault:
            return Verdict(candidate=candidate, stage="read", rule=candidate.fault)
        if broken := first_broken(INSTRUCTION_RULES, candidate, self.disabled):
            return Verdict(candidate=candidate, stage="instruction", rule=broken[0], detail=broken[1])
        nearest = self._pool.nearest(candidate.instruction)
        if self._pool.is_near(nearest):
            return Verdict(candidate=candidate, stage="filter", rule="near_duplicate", nearest=nearest)
        candidate, missing = self._complete(candidate)
        if repeated := self._repeats(candidate, missing):
            return Verdict(
                candidate=candidate,
                stage="held_out",
                rule=held_out.RULE,
                detail=_where(repeated),
                nearest=nearest,
                held_out=repeated,
            )
        if missing:
            draft.may_ask = True
            return Verdict(candidate=candidate, pending=True, detail=f"waits for its {missing}", nearest=nearest)
        return self._judge_row(candidate, nearest)

    def _judge_row(self, candidate: Candidate, nearest: Neighbour | None) -> Verdict:
        if candidate.fault:
            return Verdict(candidate=candidate, stage="answer", rule=candidate.fault, nearest=nearest)
        if broken := first_broken(ROW_RULES, candidate, self.disabled):
            return Verdict(candidate=candidate, stage="answer", rule=broken[0], detail=broken[1], nearest=nearest)
        row = row_of(candidate)
        if row.id in self._answers:
            return Verdict(
                candidate=candidate, stage="filter", rule=repeats(row.output, self._answers[row.id]), nearest=nearest
            )
        if self.full:
            return Verdict(candidate=candidate, stage="target", rule="over_target", nearest=nearest)
        return Verdict(candidate=candidate, nearest=nearest)

    def _record(self, verdict: Verdict) -> None:
        self.verdicts.append(verdict)
        if not verdict.accepted:
            return
        row = row_of(verdict.candidate)
        self.rows.append(row)
        self._answers[row.id] = row.output
        self._add(row.id, row.instruction)
        self._shown_pool.append(
            Task(
                id=row.id,
                instruction=row.instruction,
                input=row.input,
                output=row.output,
                topic=verdict.candidate.topic,
            )
        )

    def _add(self, identifier: str, instruction: str) -> None:
        self._pool.add(identifier, instruction)
        self._texts[identifier] = instruction

    def _complete(self, candidate: Candidate) -> tuple[Candidate, Step | None]:
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

    def _repeats(self, candidate: Candidate, missing: Step | None) -> HeldOutMatch | None:
        """Return what a candidate repeats of the held-out sets, as soon as its question is complete: before its answer is bought."""
        if candidate.fault or missing not in {None, "answer"}:
            return None
        return self.plan.held_out.find(candidate, self._pool.threshold)

    def _look_ahead(self) -> None:
        """Allow steps of candidates whose turn has not come, when no open verdict can make them near-duplicates."""
        if self.plan.config.recipe == "batch":
            return
        self._looked = max(self._looked, self.settled)
        while self._looked in self._drafts:
            for draft in self._drafts[self._looked]:
                draft.broken = first_broken(INSTRUCTION_RULES, draft.candidate, self.disabled)
                draft.may_ask = draft.may_ask or self._surely_apart(draft)
            self._looked += 1

    def _surely_apart(self, draft: Draft) -> bool:
        candidate = draft.candidate
        if candidate.fault or draft.broken or self._pool.is_near(self._pool.nearest(candidate.instruction)):
            return False
        standing = (
            other.candidate.instruction
            for index in range(self.settled, self._looked + 1)
            for other in self._drafts[index]
            if other is not draft and not other.candidate.fault and not other.broken
        )
        return apart(candidate.instruction, standing, self._pool.threshold)

    def _open_steps(self) -> Iterator[Request]:
        """Yield the later-step requests that may be sent and were not."""
        for index in range(self.settled, max(self._looked, self.settled + 1)):
            for draft in self._drafts.get(index, ()):
                if not draft.may_ask:
                    continue
                candidate, missing = self._complete(draft.candidate)
                if missing and not self._repeats(candidate, missing):
                    request = compose_step(self.plan, candidate, missing)
                    if request.slot not in self._asked:
                        yield request

    def _next_first(self) -> Request | None:
        """Return the next first-step request, as long as its reply is likely to be needed at the yield so far."""
        settings = self.plan.config.generate
        yields: float = settings.tasks_per_request if self.plan.config.recipe == "batch" else 1
        if self.settled >= _LEARNT_AFTER:
            yields = min(yields, max(len(self.rows) / self.settled, 1 / _LEARNT_AFTER))
        most = min(settings.window, math.ceil((self.target - len(self.rows)) / yields))
        step: Step = "batch" if self.plan.config.recipe == "batch" else "instruction"
        for index in range(self.settled, self.settled + most):
            if f"{self.plan.language}/{index}.0/{step}" not in self._asked:
                return compose(self.plan, index, self._visible(index))
        return None

    def _visible(self, index: int) -> list[Task]:
        """Return the rows that request `index` may show: the pool as it stood after request index - window."""
        last = index - self.plan.config.generate.window
        return self._shown_pool[: self._pool_after[last]] if last >= 0 else []

    @property
    def disabled(self) -> tuple[str, ...]:
        """Rules that are not applied in this language."""
        return self.plan.config.validate_.disable.get(self.plan.language, ())


def _where(match: HeldOutMatch) -> str:
    return f"{match.how} {match.score:.3f} to the {match.field} of {match.file}:{match.line}"
