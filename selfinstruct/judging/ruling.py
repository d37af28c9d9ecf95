"""What a judge says of two answers in both orders together.

An answer wins when it is the better one in both orders; all else is a tie (MT-bench, Zheng et al. 2023). What could not be read is
never left out: it counts as a tie, and `low` and `high` say what it could have made of the question, so that the interval of a win rate is
the wider for it.
"""

from selfinstruct.judging.reading import Reading
from selfinstruct.records import Record

_VOTES = {"first": 1.0, "second": 0.0, "tie": 0.5}


class Ruling(Record):
    """The word of the judge on one pair."""

    score: float
    """Of the first answer of the pair: 1 it is better, 0 the other is, 0.5 neither."""
    low: float
    high: float
    """The lowest and highest score that the readings allow; apart only where one could not be read."""
    is_consistent: bool | None
    """Whether both orders say the same of the answers; None when one could not be read."""


def rule(straight: Reading, swapped: Reading) -> Ruling:
    """Return what two readings say of a pair, the second of them of the answers in reverse order.

    >>> rule(Reading(better="first"), Reading(better="second"))
    Ruling(score=1.0, low=1.0, high=1.0, is_consistent=True)
    >>> rule(Reading(better="first"), Reading(better="first"))
    Ruling(score=0.5, low=0.5, high=0.5, is_consistent=False)
    >>> rule(Reading(better="first"), Reading(fault="prose"))
    Ruling(score=0.5, low=0.5, high=1.0, is_consistent=None)
    """
    votes = votes_of(straight, swapped)
    known = [vote for vote in votes if vote is not None]
    if len(known) < len(votes):
        low, high = (min((*known, 0.5)), max((*known, 0.5))) if known else (0.0, 1.0)
        return Ruling(score=0.5, low=low, high=high, is_consistent=None)
    score = known[0] if known[0] == known[1] else 0.5
    return Ruling(score=score, low=score, high=score, is_consistent=known[0] == known[1])


def votes_of(straight: Reading, swapped: Reading) -> tuple[float | None, float | None]:
    """Return the votes for the first answer of a pair in both orders, 0 to 1; None for one that could not be read."""
    second = _VOTES.get(swapped.better)
    return _VOTES.get(straight.better), None if second is None else 1 - second
