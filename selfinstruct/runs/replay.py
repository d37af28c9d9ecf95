"""What a journal says: bootstraps that have heard it. Pure but for reading the journal.

A run that asked is judged once: what its bootstraps decided while they heard is what a replay would decide, for verdicts depend on the replies alone
and not on their order. It is replayed all the same after trouble, and on request to check that. Of a long journal of whole rows the rules
that look at a row alone run in child processes.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from selfinstruct.bootstrap.draft import Looked
from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.journal import Journal, Recorded
from selfinstruct.records import FIRST_STEPS, Reply
from selfinstruct.requests import Plan, read
from selfinstruct.runs.originals import following_rows, in_place
from selfinstruct.system.aside import Aside
from selfinstruct.system.children import LEAST_ITEMS, in_children, may_fork
from selfinstruct.system.machine import cores
from selfinstruct.teacher import read_reply
from selfinstruct.weights import Say

Bootstraps = dict[str, Bootstrap]


def feed(plans: Mapping[str, Plan], journal: Journal) -> Bootstraps:
    """Return bootstraps that have heard everything the journal holds; one that translates the rows of another hears it after that."""
    followers = {language: plan for language, plan in plans.items() if plan.source in plans}
    first = {language: plan for language, plan in plans.items() if language not in followers}
    bootstraps = {language: Bootstrap(in_place(plan, journal)) for language, plan in first.items()}
    _hear(bootstraps, journal)
    for language, plan in followers.items():
        source = bootstraps[str(plan.source)]
        bootstraps[language] = Bootstrap(following_rows(plan, source.rows, journal), source)
        _hear({language: bootstraps[language]}, journal)
    return {language: bootstraps[language] for language in plans}


def replay(plans: Mapping[str, Plan], journal: Journal) -> Bootstraps:
    """Return bootstraps in which every candidate of the journal has its verdict."""
    return _closed(feed(plans, journal))


def is_sound(plans: Mapping[str, Plan], journal: Journal) -> bool:
    """Return whether what is heard from here on is all that a replay would hear.

    A request without an outcome may have been composed by another version; a row to translate depends on which of the other language stand.
    """
    troubled = journal.damaged or journal.torn or journal.unanswered
    return not troubled and not any("translate" in plan.config.recipes for plan in plans.values())


def judged(bootstraps: Bootstraps, plans: Mapping[str, Plan], journal: Journal, *, sound: bool) -> Bootstraps:
    """Return bootstraps in which every candidate of the journal has its verdict, after they heard replies as they came.

    They are replayed only unless `sound`, or where the journal has an outcome that they have not heard, as of a request that was cancelled.
    """
    heard = sum(bootstrap.heard for bootstrap in bootstraps.values())
    if sound and heard == len(journal.answered) + len(journal.withheld):
        return _closed(bootstraps)
    return replay(plans, journal)


def verified(bootstraps: Bootstraps, plans: Mapping[str, Plan], journal: Journal, say: Say) -> Bootstraps:
    """Return what a replay of the journal decides; `say` hears whether it is what was decided before."""
    replayed = replay(plans, journal)
    pairs = ((bootstraps[language].verdicts, one.verdicts) for language, one in replayed.items())
    found = next((one or other for both in pairs for one, other in zip_longest(*both) if one != other), None)
    say(
        f"{journal.folder}: a replay decides otherwise from {found.candidate.key} on, and its verdicts stand; this is a bug of selfinstruct, please report it"
        if found
        else Aside("Verified: a replay of the journal gives the same verdicts")
    )
    return replayed


def _closed(bootstraps: Bootstraps) -> Bootstraps:
    for bootstrap in bootstraps.values():
        bootstrap.close()
    return bootstraps


def _hear(bootstraps: Bootstraps, journal: Journal) -> None:
    for recorded, looked in _looked_at(bootstraps, journal):
        if recorded.request.language in bootstraps:
            bootstraps[recorded.request.language].hear(recorded.request, _reply(recorded), looked)


def _looked_at(bootstraps: Bootstraps, journal: Journal) -> Iterator[tuple[Recorded, Sequence[Looked]]]:
    """Yield what was recorded, with what the rules say of its candidates where children found that on the other cores."""
    whole = all(bootstrap.reads_whole_rows for bootstrap in bootstraps.values())
    if not whole or len(journal.answered) < LEAST_ITEMS or not may_fork():
        yield from ((recorded, ()) for recorded in journal.recorded())
        return

    def look(chunk: list[Recorded]) -> list[list[Looked]]:
        return [
            [
                bootstraps[one.request.language].acceptance.look(candidate)
                for candidate in read(one.request, _reply(one))
            ]
            if one.request.language in bootstraps and one.request.step in FIRST_STEPS
            else []
            for one in chunk
        ]

    waiting: deque[Recorded] = deque()

    def items() -> Iterator[Recorded]:
        for recorded in journal.recorded():
            waiting.append(recorded)
            yield recorded

    for looked in in_children(look, items(), cores()):
        yield waiting.popleft(), looked


def _reply(recorded: Recorded) -> Reply:
    return Reply(fault="held") if recorded.kind == "held" else read_reply(recorded.status, recorded.body)
