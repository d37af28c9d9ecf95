"""Bootstrapping one language, as a pure state bootstrap: replies in, requests and verdicts out.

Source: Wang et al. 2022, "Self-Instruct". Candidates are judged in request order, never in order of arrival, so the same replies
give the same verdicts whatever the concurrency. Request i is composed from the pool as it stood after request i - window.
No clock, no disk, no socket: `pipeline` carries the requests to the teacher, a replay carries them to the journal.
"""

import math
from collections.abc import Iterator

from selfinstruct.bootstrap.acceptance import Acceptance
from selfinstruct.bootstrap.judge import compose_judge
from selfinstruct.dedup.filter import apart
from selfinstruct.quality.rules import INSTRUCTION_RULES, first_broken
from selfinstruct.records import Candidate, Reply, Request, Step, Task
from selfinstruct.requests import FIRST_STEPS, Plan, compose, compose_step, read

_LEARNT_AFTER = 4
"""Settled requests after which the yield so far, instead of the best case, says how many more are needed."""


class Draft:
    """A candidate on its way to a verdict."""

    def __init__(self, candidate: Candidate) -> None:
        """Start with what the first reply said."""
        self.candidate = candidate
        self.may_ask = False
        """Its next step can be bought: no verdict that is still open can make it a near-duplicate."""
        self.broken: tuple[str, str] | None = None
        """The instruction rule that it breaks."""
        self.sound: bool | None = None
        """Complete, and worth a judgement; None while that was not looked at."""
        self.unwanted: bool | None = None
        """Its question stands in a held-out set or is excluded: no answer is bought; None while that was not looked at."""


class Bootstrap:
    """The run of one language."""

    def __init__(self, plan: Plan) -> None:
        """Start with the seeds as the pool."""
        self.plan = plan
        self.acceptance = Acceptance(plan)
        self.target = self.acceptance.target
        self.verdicts = self.acceptance.verdicts
        self.rows = self.acceptance.rows
        self.requests: dict[int, Request] = {}
        """First-step requests that were heard, by index."""
        self.fruitless = 0
        """Settled requests in a row that brought no row."""
        self._drafts: dict[int, list[Draft]] = {}
        self._asked: set[str] = set()
        self._pool_after: list[int] = []
        """Number of rows after each settled request."""
        self._position = 0
        self._looked = 0
        self._due = 0
        """Number of candidates in the settled requests."""

    @property
    def settled(self) -> int:
        """Number of requests, from 0, all of whose candidates have a verdict."""
        return len(self._pool_after)

    @property
    def full(self) -> bool:
        """Whether the target is reached."""
        return self.acceptance.full

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

    def unread(self) -> list[Candidate]:
        """Return the candidates of replies beyond the request that reached the target; a higher target judges them."""
        return [
            draft.candidate for index in sorted(self._drafts) if index >= self.settled for draft in self._drafts[index]
        ]

    def spans(self, index: int) -> list[Candidate]:
        """Return everything that was read from the reply to a request, in order."""
        return [draft.candidate for draft in self._drafts.get(index, ())]

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
            self.acceptance.hear(request, reply)
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
                verdict = self.acceptance.judge(drafts[self._position].candidate)
                if verdict.pending and not closing:
                    drafts[self._position].may_ask = True
                    return
                self.acceptance.record(verdict)
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

    def _look_ahead(self) -> None:
        """Allow steps of candidates whose turn has not come, when no open verdict can make them near-duplicates."""
        if self.plan.config.recipe == "batch" and not self.plan.config.judge_steps:
            return
        self._looked = max(self._looked, self.settled)
        while self._looked in self._drafts:
            for draft in self._drafts[self._looked]:
                draft.broken = first_broken(INSTRUCTION_RULES, draft.candidate, self.acceptance.disabled)
                draft.may_ask = draft.may_ask or self._surely_apart(draft)
            self._looked += 1

    def _surely_apart(self, draft: Draft) -> bool:
        candidate = draft.candidate
        pool = self.acceptance.pool
        if candidate.fault or draft.broken or pool.is_near(pool.nearest(candidate.instruction)):
            return False
        open_ones = (
            other.candidate.instruction
            for index in range(self.settled, self._looked + 1)
            for other in self._drafts[index]
            if other is not draft and not other.candidate.fault and not other.broken
        )
        return apart(candidate.instruction, open_ones, pool.threshold)

    def _open_steps(self) -> Iterator[Request]:
        """Yield the later-step requests that may be sent and were not."""
        for index in range(self.settled, max(self._looked, self.settled + 1)):
            for draft in self._drafts.get(index, ()):
                if draft.may_ask:
                    yield from self._steps_of(draft)

    def _steps_of(self, draft: Draft) -> Iterator[Request]:
        candidate, missing = self.acceptance.complete(draft.candidate)
        steps = (missing,) if missing else self.plan.config.judge_steps
        for step in steps:
            if f"{candidate.key}/{step}" not in self._asked and self._is_worth(draft, candidate, missing):
                compose_it = compose_step if missing else compose_judge
                yield compose_it(self.plan, candidate, step)

    def _is_worth(self, draft: Draft, candidate: Candidate, missing: Step | None) -> bool:
        """Return whether a step may lead to a row: a question that is unwanted needs no answer, a broken row no judge."""
        if missing:
            if missing == "answer" and draft.unwanted is None:
                draft.unwanted = self.acceptance.unwanted(candidate, missing) is not None
            return not draft.unwanted
        if draft.sound is None:
            draft.sound = self.acceptance.is_sound(candidate)
        return draft.sound

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
        return self.acceptance.tasks[: self._pool_after[last]] if last >= 0 else []
