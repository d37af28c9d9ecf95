"""The sends whose reply a process at work waits for; the others without an outcome are uncertain."""

from collections.abc import Set as AbstractSet

from selfinstruct.journal import Journal, Send, in_use
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.teacher.billing.bill import uncertain_cost
from selfinstruct.teacher.billing.prices import Prices


def in_flight(directory: RunDirectory, journal: Journal) -> set[Send]:
    """Return the sends whose reply a process at work waits for: of each request without an outcome the last one, unless that has ended."""
    if not in_use(directory.journal):
        return set()
    last = {slot: attempt for slot, attempt in sorted(journal.uncertain) if slot in journal.unanswered}
    return {*last.items()} - journal.lost


def apart(journal: Journal, prices: Prices, flying: AbstractSet[Send]) -> tuple[int | None, int | None]:
    """Return what the sends in flight, and those that are uncertain, cost at most in micro-USD; None when unknown."""
    uncertain = {*journal.uncertain} - flying
    return uncertain_cost(journal, prices, sends=flying), uncertain_cost(journal, prices, sends=uncertain)
