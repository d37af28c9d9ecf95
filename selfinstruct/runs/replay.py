"""What a journal says: bootstraps that have heard it. Pure but for reading the journal."""

from collections.abc import Mapping

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.journal import Journal
from selfinstruct.records import Reply
from selfinstruct.requests import Plan
from selfinstruct.teacher import read_reply

Bootstraps = dict[str, Bootstrap]


def feed(plans: Mapping[str, Plan], journal: Journal) -> Bootstraps:
    """Return bootstraps that have heard everything the journal holds."""
    bootstraps = {language: Bootstrap(plan) for language, plan in plans.items()}
    for recorded in journal.recorded():
        if recorded.request.language in bootstraps:
            held = Reply(fault="held") if recorded.kind == "held" else None
            reply = held or read_reply(recorded.status, recorded.body)
            bootstraps[recorded.request.language].hear(recorded.request, reply)
    return bootstraps


def replay(plans: Mapping[str, Plan], journal: Journal) -> Bootstraps:
    """Return bootstraps in which every candidate of the journal has its verdict."""
    bootstraps = feed(plans, journal)
    for bootstrap in bootstraps.values():
        bootstrap.close()
    return bootstraps
