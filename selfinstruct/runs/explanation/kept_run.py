"""One candidate of a run whose verdicts are kept: found in them, with its requests alone read from the journal."""

from collections.abc import Sequence

from selfinstruct.bootstrap.acceptance import Acceptance
from selfinstruct.bootstrap.draft import Draft
from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.records import FIRST_STEPS, Candidate, Neighbour, Reply, row_of
from selfinstruct.requests import Plan, read
from selfinstruct.runs.explanation.find import SHORTEST_PREFIX, FoundCandidate, place_of
from selfinstruct.runs.explanation.sends import Asked
from selfinstruct.runs.kept import Kept


def key_in(kept: Kept, identifier: str) -> str:
    """Return the candidate that a user means, e.g. `en/3.0`; empty where no kept verdict, or more than one, fits."""
    wanted = identifier.strip().lower()
    if key := place_of(wanted):
        return key if kept.at(key) else ""
    places = kept.places(wanted) if len(wanted) >= SHORTEST_PREFIX and wanted.isalnum() else {}
    return places.get(wanted) or ("".join(places.values()) if len(places) == 1 else "")


def found_in(kept: Kept, plan: Plan, key: str, asked: Sequence[Asked]) -> FoundCandidate | None:
    """Return a candidate by its place; None where its first reply is not in the journal."""
    at = kept.at(key)
    request, position = (int(number) for number in key.partition("/")[2].split("."))
    bootstrap = _OneRequest(plan, kept, at[1] if at else 0, asked)
    spans = bootstrap.spans(request)
    if at is None or position >= len(spans):
        return None
    candidate = at[0].candidate if at[0] else spans[position]
    return FoundCandidate(bootstrap, request, position, candidate, at[0])


class _OneRequest(Bootstrap):
    """A bootstrap that has heard one request and its later steps, and knows what was accepted before from kept verdicts."""

    def __init__(self, plan: Plan, kept: Kept, before: int, asked: Sequence[Asked]) -> None:
        super().__init__(plan)
        self.acceptance = _Standing(plan, kept, before)
        for one in asked:
            reply = Reply(fault="held") if one.held else one.reply
            if reply is None:
                continue
            if one.request.step in FIRST_STEPS:
                self.requests[one.request.index] = one.request
                self._drafts[self._part.place(one.request.index)] = [
                    Draft(candidate) for candidate in read(one.request, reply)
                ]
            else:
                self.acceptance.replies.hear(one.request, reply)


class _Standing(Acceptance):
    """What stood before the turn of one candidate."""

    def __init__(self, plan: Plan, kept: Kept, before: int) -> None:
        super().__init__(plan)
        self._kept, self._before = kept, before
        self._is_filled = False

    @property
    def full(self) -> bool:
        return self._before >= self.target

    def before(self, index: int, position: int) -> Acceptance:  # noqa: ARG002 -- it is made for one candidate
        return self

    def nearest(self, candidate: Candidate) -> Neighbour | None:
        if not self._is_filled:
            for one in self._kept.accepted(self.plan.language, self._before):
                row = row_of(one)
                self._pool.add(row.id, row.compared)
            self._is_filled = True
        return super().nearest(candidate)

    def same_task(self, identifier: str) -> Candidate | None:
        return self._kept.row(self.plan.language, identifier, self._before)

    def instruction_of(self, identifier: str) -> str | None:
        seed = super().instruction_of(identifier)
        row = self._kept.row(self.plan.language, identifier) if seed is None else None
        return row_of(row).instruction if row else seed
