"""What a journal says: bootstraps that have heard it. Pure but for reading the journal."""

from collections.abc import Mapping

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.journal import Journal
from selfinstruct.records import Reply
from selfinstruct.requests import Plan
from selfinstruct.runs.originals import following_rows, in_place
from selfinstruct.teacher import read_reply

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
    bootstraps = feed(plans, journal)
    for bootstrap in bootstraps.values():
        bootstrap.close()
    return bootstraps


def _hear(bootstraps: Bootstraps, journal: Journal) -> None:
    for recorded in journal.recorded():
        if recorded.request.language in bootstraps:
            held = Reply(fault="held") if recorded.kind == "held" else None
            reply = held or read_reply(recorded.status, recorded.body)
            bootstraps[recorded.request.language].hear(recorded.request, reply)
