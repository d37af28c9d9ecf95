"""The paper's loop, between the bootstraps and the teacher: ask what can be asked, hear what comes back. Source: Wang et al. 2022."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sized
from typing import Any, Protocol

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.errors import SelfInstructError
from selfinstruct.records import Reply, Request
from selfinstruct.runs.stopping import StopSignal
from selfinstruct.teacher import Ask

Bootstraps = dict[str, Bootstrap]


class Asking(Protocol):
    """What composes requests and hears their replies: a bootstrap, or what a view of the rows still needs."""

    @property
    def full(self) -> bool:
        """Whether nothing is left to ask."""

    @property
    def rows(self) -> Sized:
        """What stands."""

    @property
    def target(self) -> int:
        """How much is to stand."""

    @property
    def fruitless(self) -> int:
        """Number of requests in a row that brought nothing."""

    def ask(self) -> Request | None:
        """Return the next request worth sending, each only once; None while nothing can be asked without hearing more."""

    def hear(self, request: Request, reply: Reply) -> None:
        """Take the reply to a request."""

    def take_back(self, request: Request) -> None:
        """Let a request that was not answered be asked again."""


async def run_loop(  # noqa: PLR0913, PLR0917 - all that the loop is between
    bootstraps: Mapping[str, Asking],
    ask: Ask,
    at_once: Callable[[], int],
    room: asyncio.Event,
    stop_signal: StopSignal,
    watch: Callable[[int], None],
) -> None:
    """Run Self-Instruct's loop: ask what can be asked, hear what comes back, until nothing is left to ask.

    `at_once` says how many requests may be open, those that wait to be tried again among them; `room` is set when it grows.
    """
    flying: dict[asyncio.Task[Reply], tuple[Asking, Request]] = {}
    try:
        while True:
            while not stop_signal.error and len(flying) < at_once() and (asked := _next(bootstraps)):
                flying[asyncio.create_task(ask(asked[1]))] = asked
            watch(len(flying))
            if not flying:
                if all(bootstrap.full for bootstrap in bootstraps.values()):
                    stop_signal.forgive()
                return
            for task in await _landed(flying, room):
                bootstrap, request = flying.pop(task)
                try:
                    bootstrap.hear(request, task.result())
                except SelfInstructError as error:
                    bootstrap.take_back(request)
                    stop_signal.set(error)
    finally:
        for task in flying:
            task.cancel()


async def _landed(flying: Iterable[asyncio.Task[Reply]], room: asyncio.Event) -> set[asyncio.Task[Any]]:
    """Return the requests that are done, none when there is room for more before that."""
    room.clear()
    more: asyncio.Task[Any] = asyncio.create_task(room.wait())
    try:
        landed, _ = await asyncio.wait({*flying, more}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        more.cancel()
    return landed - {more}


def _next(bootstraps: Mapping[str, Asking]) -> tuple[Asking, Request] | None:
    """Return the next request, of the language that is furthest from its target; each request without a row lets the others go first."""
    for bootstrap in sorted(bootstraps.values(), key=lambda one: (len(one.rows) + one.fruitless) / max(one.target, 1)):
        if request := bootstrap.ask():
            return bootstrap, request
    return None
