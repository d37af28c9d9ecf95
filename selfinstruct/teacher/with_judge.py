"""Teacher and judge behind one client: a request goes to whom it is for, by its step, through one journal and one budget.

Where `[judge]` names nobody the teacher judges, and this is its client alone. The judge is opened with the first request to it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from selfinstruct.config import Config
from selfinstruct.errors import ConfigError
from selfinstruct.journal import Journal
from selfinstruct.records import JUDGED_BY, Reply, Request
from selfinstruct.teacher.batch_api.wait import BatchWait
from selfinstruct.teacher.billing.budget import Budget
from selfinstruct.teacher.billing.prices import judge_of, price_of
from selfinstruct.teacher.client import TeacherClient, check_teacher, open_teacher
from selfinstruct.teacher.consent import Confirm
from selfinstruct.weights import Progress

_DIALECT = "judge-dialect.json"


@asynccontextmanager
async def open_with_judge(  # noqa: PLR0913 - as `open_teacher`
    config: Config,
    journal: Journal,
    budget: Budget,
    say: Callable[[str], None],
    progress: Progress | None = None,
    *,
    batch_wait: BatchWait | None = None,
) -> AsyncIterator[TeacherClient]:
    """Yield a client of the teacher that has the judge's requests sent to the judge."""
    judge = judge_of(config)
    async with open_teacher(config, journal, budget, say, progress, batch_wait=batch_wait) as teacher:
        if judge is config:
            yield teacher
            return
        async with AsyncExitStack() as stack:

            async def opened() -> TeacherClient:
                own = budget.at(price_of(judge))
                client = open_teacher(judge, journal, own, say, progress, dialect_file=_DIALECT)
                return await stack.enter_async_context(client)

            yield _WithJudge(teacher, opened)


class _WithJudge:
    """Two clients as one."""

    def __init__(self, teacher: TeacherClient, opened: Callable[[], Awaitable[TeacherClient]]) -> None:
        self._teacher, self._open = teacher, opened
        self._opening = asyncio.Lock()
        self._judge: TeacherClient | None = None
        self._stopped = ""

    @property
    def waiting(self) -> int:
        """Number of requests that wait to be tried again, with either."""
        return self._teacher.waiting + (self._judge.waiting if self._judge else 0)

    @property
    def in_flight(self) -> int:
        """Number of requests that are with either now."""
        return self._teacher.in_flight + (self._judge.in_flight if self._judge else 0)

    @property
    def room(self) -> asyncio.Event:
        """Set when more of the teacher's wait; what waits with the judge is seen with the next reply."""
        return self._teacher.room

    def stop(self, reason: str) -> None:
        """Stop sending, with both."""
        self._stopped = reason
        self._teacher.stop(reason)
        if self._judge:
            self._judge.stop(reason)

    async def __call__(self, request: Request) -> Reply:
        """Return the reply of whom the request is for."""
        if request.step not in JUDGED_BY:
            return await self._teacher(request)
        async with self._opening:
            if self._judge is None:
                self._judge = await self._open()
                if self._stopped:
                    self._judge.stop(self._stopped)
        return await self._judge(request)


def check_judge(config: Config, confirm: Confirm | None = None, *, trusted: bool = False) -> None:
    """Raise ConfigError, of `[judge]`, for one that cannot be asked or whose key may not go there; nothing where the teacher judges."""
    judge = judge_of(config)
    if judge is config:
        return
    try:
        check_teacher(judge, confirm, trusted=trusted)
    except ConfigError as error:
        raise ConfigError(str(error).replace("[teacher]", "[judge]")) from error
