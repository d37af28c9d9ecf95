"""Slices of one language's run and their union, without journals around them."""

import random
from collections.abc import Iterable, Sequence

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.records import Reply, Request
from selfinstruct.requests import Plan
from tests.support.bootstraps import scripted

Heard = list[tuple[Request, Reply]]


def sliced(plan: Plan, name: str) -> Plan:
    generate = plan.config.generate.model_copy(update={"slice": name})
    return plan._replace(config=plan.config.model_copy(update={"generate": generate}))


def asked(plan: Plan, concurrency: int = 4, seed: int = 0) -> tuple[Bootstrap, Heard]:
    """Carry the requests of a plan to the scripted teacher, which answers in random order; returns what was heard too."""
    bootstrap, flying, heard, rng = Bootstrap(plan), list[Request](), Heard(), random.Random(seed)
    while True:
        while len(flying) < concurrency and (request := bootstrap.ask()):
            flying.append(request)
        if not flying:
            return bootstrap, heard
        request = flying.pop(rng.randrange(len(flying)))
        heard.append((request, scripted(request)))
        bootstrap.hear(*heard[-1])


def slices(plan: Plan, of: int, seed: int = 0) -> list[tuple[Bootstrap, Heard]]:
    return [asked(sliced(plan, f"{number}/{of}"), seed=seed) for number in range(1, of + 1)]


def united(plan: Plan, heard: Iterable[Sequence[tuple[Request, Reply]]]) -> Bootstrap:
    bootstrap = Bootstrap(plan)
    for one in heard:
        for request, reply in one:
            bootstrap.hear(request, reply)
    bootstrap.close()
    return bootstrap
