"""A candidate on its way down the checks."""

from typing import NamedTuple

from selfinstruct.bootstrap.checks import Needs, Reason
from selfinstruct.records import Candidate, Neighbour, Step


class Looked(NamedTuple):
    """What can be said of a whole row without those accepted before."""

    ahead: int = 0
    """Number of checks that it passes, those left out that compare with these rows."""
    found: Reason | None = None
    """What the next one finds."""
    flags: tuple[str, ...] | None = None
    """Names of the warnings on it; None where nobody looked for them."""


class Draft:
    """A candidate on its way down the checks."""

    __slots__ = ("ahead", "bought", "candidate", "found", "in_turn", "missing", "nearest", "position", "undecided")

    def __init__(self, candidate: Candidate, looked: Looked = Looked()) -> None:  # noqa: B008 - it is immutable
        """Start at the top, with what the first reply said, and what was seen of it elsewhere."""
        self.candidate = candidate
        self.missing: tuple[Step, ...] = ()
        """The steps that are worth buying now."""
        self.in_turn = False
        """Its turn has come: looking ahead is over."""
        self.position = 0
        """The check that its turn has come to."""
        self.ahead = looked.ahead
        """Number of checks passed before its turn, those that only its turn decides taken as passed."""
        self.found = looked.found
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
