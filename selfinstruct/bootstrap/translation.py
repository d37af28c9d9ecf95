"""The rows that one language takes over from the other: all at once from a file, or from the other language's run as it accepts them."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from selfinstruct.records import Candidate, Original, Reply, Request, Row
from selfinstruct.requests import Plan, compose
from selfinstruct.requests.originals import VOID, Rules, following
from selfinstruct.requests.translate import decided, is_lost, once_more


class Accepting(Protocol):
    """The run of the other language."""

    @property
    def rows(self) -> Sequence[Row]:
        """The rows accepted so far; only more come."""

    @property
    def full(self) -> bool:
        """Whether no more come."""


class Translation:
    """The originals of one language, and what code decides of them."""

    def __init__(self, plan: Plan, source: Accepting | None) -> None:
        """Start with those of the plan, which hold all rows that `source` has by now."""
        self.originals: list[Original | None] = list(plan.originals)
        self.rules = rules_of(plan)
        self._source = source
        self._taken = len(source.rows) if source else 0
        self._seen = {one.key for one in self.originals if one}
        self.texts = {one.text_hash for one in self.originals if one}
        """The hash of the texts of each row that is there."""
        self._decided = 0
        self.in_parts = any(one is not None and one.part_bytes for one in self.originals)
        """Whether any row is asked for in several requests."""
        self._lost = set[int]()
        self._withholds = plan.config.limits.uncertain != "resend"

    def is_lost(self, number: int, request: Request, reply: Reply) -> bool:
        """Return whether a row is asked for once more, as its reply is lost; one that must not be paid for twice is not."""
        if not is_lost(request, reply) or (reply.fault == "held" and self._withholds):
            return False
        self._lost.add(number)
        return True

    def asked(self, number: int, request: Request) -> Request:
        """Return the request for a row, or the second one where the reply to the first is lost."""
        return once_more(request) if number in self._lost else request

    @property
    def complete(self) -> bool:
        """Whether no further row can come."""
        return self._source is None or (self._source.full and self._taken == len(self._source.rows))

    def grow(self) -> None:
        """Take over the rows that the other language has accepted since."""
        if self._source is None:
            return
        if more := self._source.rows[self._taken :]:
            self.originals += (found := following(more, self.rules, self._seen))
            self.texts |= {one.text_hash for one in found}
            self.in_parts = self.in_parts or any(one.part_bytes for one in found)
        self._taken = len(self._source.rows)

    def by_code(self, plan: Plan) -> Iterator[tuple[int, Request | None, list[Candidate]]]:
        """Yield (number, request that is never sent, candidates) of each row that code decides, once; a number without a row has neither."""
        for index in range(self._decided, len(self.originals)):
            one = self.originals[index]
            if one and one.decided == VOID:
                yield index, None, []
            elif one and one.decided:
                blank = Candidate(language=plan.language, index=index, position=0, recipe="translate")
                yield index, compose(plan, index, "translate"), [decided(one, blank)]
        self._decided = len(self.originals)


def rules_of(plan: Plan) -> Rules:
    """Return what decides how the rows of a plan are carried over."""
    generate = plan.config.generate
    most = plan.config.teacher.max_tokens
    return Rules(plan.language, plan.glossary, most, generate.most_back, generate.translate_comments)
