"""Bootstrapping one language, as a pure state machine: replies in, requests and verdicts out.

Source: Wang et al. 2022, "Self-Instruct". Candidates are judged in request order, never in order of arrival, so the same replies
give the same verdicts whatever the concurrency. Request i is composed from the pool as it stood after request i - window.
No clock, no disk, no socket: `pipeline` carries the requests to the teacher, a replay carries them to the journal.
"""

import sys
from collections.abc import Iterator, Sequence

from selfinstruct.bootstrap.acceptance import Acceptance
from selfinstruct.bootstrap.draft import Draft, Looked
from selfinstruct.bootstrap.later import asked_about, composed, places_of
from selfinstruct.bootstrap.schedule import Schedule
from selfinstruct.bootstrap.translation import Translation
from selfinstruct.records import CERTIFICATE_STEPS, FIRST_STEPS, Candidate, Reply, Request, Task
from selfinstruct.requests import Plan, compose, read
from selfinstruct.requests.translate import of_today


class Bootstrap:
    """The run of one language."""

    def __init__(self, plan: Plan, source: "Bootstrap | None" = None) -> None:
        """Start with the seeds as the pool; `source` is the run whose rows this one translates, where it does."""
        self._translation = Translation(plan, source) if "translate" in plan.config.recipes else None
        if self._translation:
            plan = plan._replace(originals=self._translation.originals)
        self.plan = plan
        self._part = plan.config.part  # its requests are numbered here by their place among its own
        self.acceptance = Acceptance(plan)
        self.target, self.rows, self.verdicts = self.acceptance.target, self.acceptance.rows, self.acceptance.verdicts
        self.requests: dict[int, Request] = {}
        """First-step requests that were heard, by index, without their messages: the journal has these."""
        self.models: dict[int, str] = {}
        """The model that answered each of those that were sent."""
        self.heard = 0
        """Number of replies heard, first and later ones."""
        self.candidates = 0
        """Number of candidates read so far, with or without a verdict."""
        self.fruitless = 0
        """Settled requests in a row that brought no row."""
        self._drafts: dict[int, list[Draft]] = {}
        self._asked: set[str] = set()
        self._begun: set[int] = set()
        """Indexes of the first-step requests that were asked."""
        self._schedule = Schedule(plan)
        self._pool_after: list[int] = []
        """Number of rows after each settled request."""
        self._position = self._looked = 0
        self.settled_candidates = 0
        """Number of candidates in the settled requests."""
        self._take_decided()

    @property
    def settled(self) -> int:
        """Number of requests, from the first on, all of whose candidates have a verdict."""
        return len(self._pool_after)

    @property
    def next_index(self) -> int:
        """Index of the first request that is not settled."""
        return self._part.index_at(self.settled)

    @property
    def full(self) -> bool:
        """Whether the target is reached, or every row is translated."""
        return self.acceptance.full or self._translated

    def settled_keys(self) -> list[str]:
        """Return the candidates of the settled requests, as they were read."""
        return [draft.candidate.key for index in range(self.settled) for draft in self._drafts.get(index, ())]

    def unread(self) -> list[Candidate]:
        """Return the candidates of replies beyond the request that reached the target; a higher target judges them."""
        return [
            draft.candidate for index in sorted(self._drafts) if index >= self.settled for draft in self._drafts[index]
        ]

    def unread_rows(self) -> list[Candidate]:
        """Return the same candidates as far as their later steps were heard."""
        return [self.acceptance.replies.complete(candidate)[0] for candidate in self.unread()]

    def spans(self, index: int) -> list[Candidate]:
        """Return everything that was read from the reply to a request, in order."""
        return [draft.candidate for draft in self._drafts.get(self._part.place(index), ())]

    @property
    def spare(self) -> int:
        """Number of replies beyond the request that reached the target: not read, kept for a higher one."""
        return sum(index >= self.settled for index in self._drafts)

    def hear(self, request: Request, reply: Reply, looked: Sequence[Looked] = ()) -> None:
        """Take the reply to a request, new or recorded, and settle what it allows; `looked` is what `acceptance.look` says of it."""
        self.heard += 1
        if request.step in CERTIFICATE_STEPS:
            return
        self._asked.update(places_of(request))
        if request.step in FIRST_STEPS:
            place = self._part.place(request.index)
            if self._translation and self._translation.is_lost(place, request, reply):
                self._begun.discard(place)
                return
            self._begun.add(place)
            self.requests[request.index] = request.model_copy(update={"messages": ()})
            self.models[request.index] = sys.intern(reply.model)
            candidates = read(request, reply)
            if self._translation:
                candidates = [of_today(self.plan, one, self._translation.texts) for one in candidates]
            drafts = list(map(Draft, candidates, looked)) if looked else list(map(Draft, candidates))
            self.acceptance.flags |= {one.key: seen.flags for one, seen in zip(candidates, looked, strict=False)}
            self.candidates += len(drafts) - len(self._drafts.get(place, ()))
            self._drafts[place] = drafts
        else:
            self.acceptance.replies.hear(request, reply)
        self._settle()
        self._look_ahead(request)

    def ask(self) -> Request | None:
        """Return the next request worth sending, each only once; None while nothing can be asked without hearing more."""
        if self._translation:
            self._translation.grow()
            self._take_decided()
        request = None if self.full else next(self._open_steps(), None) or self._next_first()
        if request:
            self._asked.update(places_of(request))
            if request.step in FIRST_STEPS:
                self._begun.add(self._part.place(request.index))
        return request

    def take_back(self, request: Request) -> None:
        """Let a request that was not answered be asked again."""
        self._asked.difference_update(places_of(request))
        if request.step in FIRST_STEPS:
            self._begun.discard(self._part.place(request.index))

    def close(self) -> None:
        """Give every candidate that waits for a reply the verdict `pending`, and settle the rest without it."""
        while not self.full and (later := [index for index in self._drafts if index >= self.settled]):
            for _ in range(min(later) - self.settled):
                self._schedule.settle(None, 0)
                self._pool_after.append(len(self.rows))
            self._settle(closing=True)

    def _settle(self, closing: bool = False) -> None:
        while not self.full and self.settled in self._drafts:
            drafts = self._drafts[self.settled]
            before = self._pool_after[-1] if self._pool_after else 0
            while self._position < len(drafts):
                verdict = self.acceptance.judge(drafts[self._position], closing=closing)
                if verdict.pending and not closing:
                    return
                self.acceptance.record(verdict)
                drafts[self._position].bought = {}  # of fifty thousand, one after the other is done with
                self._position += 1
            if len(self.rows) > before:
                self.fruitless = 0
            elif self._was_asked(self.settled):
                self.fruitless += 1
            self._position = 0
            self._schedule.settle(self.requests.get(self.next_index), len(self.rows) - before)
            self._pool_after.append(len(self.rows))
            self._balance(len(drafts))

    @property
    def _translated(self) -> bool:
        """Whether every row of the source has its verdict, and no further one can come."""
        done = self._translation is not None and self.settled >= len(self.plan.originals)
        return done and self._translation is not None and self._translation.complete

    def _was_asked(self, index: int) -> bool:
        """Return whether a reply says something of the teacher: that of a row which code decides, or whose text is gone, does not."""
        one = self.plan.originals[index] if self._translation else None
        return not self._translation or (one is not None and not one.decided)

    @property
    def reads_whole_rows(self) -> bool:
        """Whether every first reply holds whole rows, of this language alone."""
        return self._translation is None and set(self.plan.config.recipes) == {"batch"}

    @property
    def _asks_once(self) -> bool:
        """Whether a first reply holds whole rows, of which nothing is measured."""
        if self._translation:
            return self.plan.config.generate.most_back == 0 and not self._translation.in_parts
        return self.reads_whole_rows

    def _take_decided(self) -> None:
        """Take what code decides of the rows to translate, and settle what that allows."""
        for index, request, candidates in self._translation.by_code(self.plan) if self._translation else ():
            self._begun.add(index)
            self.requests.update({index: request} if request else {})
            self._drafts[index] = [Draft(candidate) for candidate in candidates]
            self.candidates += len(candidates)
        self._settle()

    def _balance(self, candidates: int) -> None:
        """Raise AssertionError when the request that was just settled left a candidate without a verdict, or with two."""
        self.settled_candidates += candidates
        if len(self.verdicts) != self.settled_candidates:
            raise AssertionError(
                f"{len(self.verdicts)} verdicts on {self.settled_candidates} candidates; this is a bug of selfinstruct, please report it"
            )

    def _look_ahead(self, heard: Request) -> None:
        """Find the steps that are worth buying for candidates whose turn has not come: new ones, and the one that was heard of."""
        if self._asks_once and not self.plan.config.judge_steps:
            return
        if heard.step not in FIRST_STEPS and self.settled <= self._part.place(heard.index) < self._looked:
            for draft in asked_about(heard, self._drafts.get(self._part.place(heard.index), ())):
                if not draft.undecided:
                    self.acceptance.look_ahead(draft, ())
        self._looked = max(self._looked, self.settled)
        while self._looked in self._drafts:
            for draft in self._drafts[self._looked]:
                self.acceptance.look_ahead(draft, self._undecided(draft))
            self._looked += 1

    def _undecided(self, draft: Draft) -> Iterator[Candidate]:
        """Yield the other candidates up to its request that may still be accepted."""
        for index in range(self.settled, self._looked + 1):
            for other in self._drafts[index]:
                if other is not draft and other.may_be_accepted:
                    yield other.candidate

    def _open_steps(self) -> Iterator[Request]:
        """Yield the later-step requests that may be sent and were not."""
        for index in range(self.settled, max(self._looked, self.settled + 1)):
            drafts = self._drafts.get(index, [])
            for draft in drafts:
                for step in draft.missing:
                    if f"{draft.candidate.key}/{step}" not in self._asked:
                        yield composed(self.acceptance, draft, [one.candidate for one in drafts], step)

    def _next_first(self) -> Request | None:
        """Return the next first-step request, as long as its reply is likely to be needed at the yield so far."""
        last = self.settled + self._schedule.needed(self.target - len(self.rows), self.settled, len(self.rows))
        for place in range(self.settled, min(last, len(self.plan.originals)) if self._translation else last):
            if place not in self._begun:
                known = self._schedule.visible(place, self._visible(place))
                request = compose(self.plan, self._part.index_at(place), self._schedule.recipe_of(place), known)
                return self._translation.asked(place, request) if self._translation else request
        return None

    def _visible(self, place: int) -> list[Task]:
        """Return the rows that a request may show: the pool as it stood after its own request place - window."""
        last = place - self.plan.config.generate.window
        rows = self.acceptance.tasks[: self._pool_after[last]] if last >= 0 else []
        goes_on = "conversation" in self.plan.config.recipes
        return [row for row in rows if not row.history] if goes_on else rows
