"""Requests to one endpoint through a journal of its own, under the budget and the caps of the whole comparison.

A request has its number from all that it asks, so the journal is the cache too: what was answered is never bought again, in whatever order,
after a crash, or with other questions.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from selfinstruct.config import Config, Teacher
from selfinstruct.errors import CapReachedError, ConfigError, SelfInstructError
from selfinstruct.journal import Journal
from selfinstruct.records import Reply, Request
from selfinstruct.runs.caps import Caps
from selfinstruct.runs.stopping import Interrupts, StopSignal
from selfinstruct.system.event_loop import run_coroutine
from selfinstruct.teacher import Ask, Budget, Confirm, bill_of, check_teacher, open_teacher, price_of, read_reply
from selfinstruct.teacher.billing.budget import BudgetReachedError
from selfinstruct.weights import Progress, Say, agree_to_fetch


class Observer(NamedTuple):
    """Who is told how a comparison goes, and who is asked."""

    say: Say
    watch: Callable[[str, int, int], None] = lambda *_: None
    """Told what is asked for, how much of it stands, and how much is wanted."""
    progress: Progress | None = None
    confirm: Confirm | None = None
    trusts_endpoint: bool = False


class Session(NamedTuple):
    """What all askings of a comparison share."""

    config: Config
    folder: Path
    observer: Observer
    stop_signal: StopSignal

    def of(self, teacher: Teacher) -> Config:
        """Return the configuration with another endpoint, asked directly."""
        return self.config.model_copy(update={"teacher": teacher.model_copy(update={"transport": "direct"})})


def ask_all(  # noqa: PLR0913 - all that says who is asked what
    session: Session, role: str, teacher: Teacher, requests: Sequence[Request], what: str, *, typed: bool
) -> dict[str, Reply]:
    """Return {slot: reply} of the requests that stand, asking for those that do not unless the comparison is stopping.

    What stops it is in the stop signal; what stands till then is returned.
    """
    config, stop_signal, observer = session.of(teacher), session.stop_signal, session.observer
    wanted = {request.slot: request for request in requests}
    with Journal(session.folder / role / "journal") as journal:
        missing = [
            request for slot, request in wanted.items() if slot not in journal.answered and slot not in journal.withheld
        ]
        if missing and not stop_signal.error:
            check_teacher(config, observer.confirm, trusted=typed or observer.trusts_endpoint)
            _agree_to_fetch(teacher, observer)
            budget, caps = (
                _budget(session, config, role, journal),
                Caps(config.limits, bill_of(journal, price_of(config)).tokens, stop_signal.clock),
            )
            interrupts = Interrupts(stop_signal, observer.say, journal)
            told = _Told(observer, what, len(wanted), len(wanted) - len(missing))
            run_coroutine(
                lambda: _ask(session, config, journal, budget, caps, interrupts, missing, told), interrupts.interrupt
            )
            interrupts.tell_left()
            if isinstance(stop_signal.error, BudgetReachedError):
                stop_signal.error = stop_signal.error.after(_budget(session, config, role, journal))
        return dict(_replies(journal, wanted))


def _agree_to_fetch(teacher: Teacher, observer: Observer) -> None:
    """Ask a person before weights are downloaded, where there is one to ask; raises ConfigError where he declines."""
    if teacher.kind == "embedded" and observer.confirm is not None:
        agree_to_fetch(teacher.model, observer.confirm, path=teacher.weights)


def _replies(journal: Journal, wanted: dict[str, Request]) -> Iterator[tuple[str, Reply]]:
    for one in journal.recorded():
        if one.request.slot in wanted:
            yield one.request.slot, Reply(fault="held") if one.kind == "held" else read_reply(one.status, one.body)


class _Told:
    """Counts what stands, for who watches."""

    def __init__(self, observer: Observer, what: str, wanted: int, stands: int) -> None:
        self._observer, self._what, self._wanted, self.stands = observer, what, wanted, stands

    def tell(self, more: int = 0) -> None:
        self.stands += more
        self._observer.watch(self._what, self.stands, self._wanted)


async def _ask(  # noqa: PLR0913, PLR0917 - all that the loop is between
    session: Session,
    config: Config,
    journal: Journal,
    budget: Budget,
    caps: Caps,
    interrupts: Interrupts,
    missing: Sequence[Request],
    told: _Told,
) -> None:
    stop_signal, observer = session.stop_signal, session.observer
    with interrupts.watch(None, signals=True):
        try:
            async with open_teacher(config, journal, budget, observer.say, observer.progress) as teacher:
                stop_signal.stop = teacher.stop
                interrupts.in_flight = lambda: teacher.in_flight
                await _carry(
                    missing,
                    caps.counted(teacher),
                    lambda: config.limits.concurrency + teacher.waiting,
                    caps,
                    stop_signal,
                    told,
                )
        except asyncio.CancelledError:
            pass  # the second Ctrl-C: what stopped it is in the signal
        except SelfInstructError as error:
            stop_signal.set(error)


async def _carry(  # noqa: PLR0913, PLR0917 - all that the loop is between
    requests: Sequence[Request], ask: Ask, at_once: Callable[[], int], caps: Caps, stop_signal: StopSignal, told: _Told
) -> None:
    """Ask everything, so many at once, until it is answered or something stops it; what is in flight is awaited."""
    waiting, flying = iter(requests), set[asyncio.Task[Reply]]()
    try:
        while True:
            for reason in caps.reached({}):
                stop_signal.set(CapReachedError(reason))
            while not stop_signal.error and len(flying) < at_once() and (request := next(waiting, None)):
                flying.add(asyncio.create_task(ask(request)))
            told.tell()
            if not flying:
                return
            landed, flying = await asyncio.wait(flying, return_when=asyncio.FIRST_COMPLETED)
            for task in landed:
                _heard(task, stop_signal, told)
    finally:
        for task in flying:
            task.cancel()


def _heard(task: asyncio.Task[Reply], stop_signal: StopSignal, told: _Told) -> None:
    try:
        task.result()
    except SelfInstructError as error:
        stop_signal.set(error)
    else:
        told.tell(1)


def check_prices(session: Session, teachers: Iterable[Teacher]) -> None:
    """Raise ConfigError for an endpoint whose price is not known where a budget is set: before anything is bought of the others."""
    for teacher in teachers if session.config.limits.budget_usd is not None else ():
        config = session.of(teacher)
        if price_of(config) is None:
            raise ConfigError(
                f"a budget needs the price of {teacher.title}, which is not known: name it with --price-a, --price-b or --judge-price IN,OUT, in USD "
                "per million tokens; of the configuration's own, [teacher] or [judge] price"
            )


def _budget(session: Session, config: Config, role: str, journal: Journal) -> Budget:
    """Return the budget of the comparison, of which its other endpoints may have spent a part."""
    bill = bill_of(journal, price_of(config))
    others = sum(_spent(path) for path in sorted(session.folder.glob("*/journal")) if path.parent.name != role)
    return Budget(
        price_of(config),
        config.limits.budget_usd,
        bill.at_most + others,
        bill.beyond,
        bill.dearer,
        tokens=bill.prompt + bill.completion,
        unknown=bill.unknown,
        cny_per_usd=config.limits.cny_per_usd,
    )


def _spent(folder: Path) -> int:
    """Return the micro-USD that a journal may have cost, as settled when its replies came."""
    with Journal(folder, read_only=True) as journal:
        return journal.spent + sum(journal.uncertain.values())
