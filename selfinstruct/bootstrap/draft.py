"""A candidate on its way down the checks."""

from selfinstruct.bootstrap.checks import Needs, Reason
from selfinstruct.records import Candidate, Neighbour, Step

Looked = tuple[int, Reason | None]
"""Number of checks that a whole row passes, those left out that compare with rows accepted before; and what the next one finds."""


class Draft:
    """A candidate on its way down the checks."""

    __slots__ = ("ahead", "bought", "candidate", "found", "in_turn", "missing", "nearest", "position", "undecided")

    def __init__(self, candidate: Candidate, looked: Looked = (0, None)) -> None:
        """Start at the top, with what the first reply said, and what was seen of it elsewhere."""
        self.candidate = candidate
        self.missing: tuple[Step, ...] = ()
        """The steps that are worth buying now."""
        self.in_turn = False
        """Its turn has come: looking ahead is over."""
        self.position = 0
        """The check that its turn has come to."""
        self.ahead = looked[0]
        """Number of checks passed before its turn, those that only its turn decides taken as passed."""
        self.found = looked[1]
        """What the check at `ahead` found."""
        self.undecided = False
        """Looking ahead ended at a verdict that is still open."""
        self.nearest: Neighbour | None = None
        self.bought: dict[Needs, Candidate] = {}
        """The candidate as the checks with such a need see it, once everything for that is there."""

    @property
    def may_be_accepted(self) -> bool:
        """Whether no check has found anything so far."""
        return self.found is None and not self.candidate.fault
