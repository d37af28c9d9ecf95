"""The teacher client: asks an OpenAI-compatible chat endpoint through the `openai` package, with its own retries disabled.

One request at a time is `direct.py`, the provider's Batch API `batch_api/`; the embedded teacher is an endpoint like any other.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Protocol

from selfinstruct.config import Config
from selfinstruct.errors import ConfigError
from selfinstruct.journal import Journal
from selfinstruct.records import Reply, Request
from selfinstruct.teacher.address import address_of
from selfinstruct.teacher.batch_api.wait import BatchWait
from selfinstruct.teacher.billing.budget import Budget
from selfinstruct.teacher.consent import Confirm, check_consent
from selfinstruct.teacher.direct import DirectClient
from selfinstruct.teacher.http.endpoint import Endpoint
from selfinstruct.teacher.pacing.rate_limiter import Clock, RateLimiter
from selfinstruct.teacher.speech import FILE as DIALECT
from selfinstruct.teacher.start import enter_address
from selfinstruct.weights import Progress


class Ask(Protocol):
    """Sends one request to the teacher; the reply is in the journal when this returns."""

    async def __call__(self, request: Request) -> Reply:
        """Return the reply; raises TeacherRefusedError, CapReachedError or StorageError when the run has to stop."""
        ...


class TeacherClient(Ask, Protocol):
    """An `Ask` that can be stopped."""

    @property
    def waiting(self) -> int:
        """Number of requests that wait to be tried again, and take no place among those in flight."""
        ...

    @property
    def in_flight(self) -> int:
        """Number of requests that are with the teacher now."""
        ...

    @property
    def room(self) -> asyncio.Event:
        """Set when `waiting` grows: there is room for more in flight."""
        ...

    def stop(self, reason: str) -> None:
        """Stop sending: waiting requests raise TeacherRefusedError with the reason, those in flight are completed."""
        ...


@asynccontextmanager
async def open_teacher(  # noqa: PLR0913 - the clock is for tests
    config: Config,
    journal: Journal,
    budget: Budget,
    say: Callable[[str], None],
    progress: Progress | None = None,
    *,
    clock: Clock | None = None,
    batch_wait: BatchWait | None = None,
    dialect_file: str = DIALECT,
) -> AsyncIterator[TeacherClient]:
    """Yield the client; an embedded teacher is started first and always ended. Its dialect is kept beside the journal."""
    async with AsyncExitStack() as stack:
        address, deadline_s = await enter_address(config, stack, say, progress)
        endpoint = Endpoint(address, deadline_s, config.limits.concurrency)
        stack.push_async_callback(endpoint.close)
        if config.teacher.transport == "batch_api":
            from selfinstruct.teacher.batch_api import BatchContext, open_batch_api

            context = BatchContext(config, endpoint, journal, budget, clock or Clock(), batch_wait or BatchWait(), say)
            yield await stack.enter_async_context(open_batch_api(context))
        else:
            limiter = RateLimiter(config.limits, clock or Clock())
            yield DirectClient(config, endpoint, journal, budget, limiter, say, dialect_file)


def check_teacher(config: Config, confirm: Confirm | None = None, *, trusted: bool = False) -> None:
    """Raise ConfigError with the remedy when the API key or the embedded engine is missing, or the key may not be sent there.

    `confirm` asks the user about a server that is new; `trusted` says that he named it himself.
    """
    if config.teacher.kind == "openai":
        address_of(config)
        check_consent(config.teacher, confirm, trusted=trusted)
        return
    if config.limits.uncertain == "reconcile":
        raise ConfigError(
            '[limits] uncertain: the embedded teacher keeps no completions; write "resend", which costs nothing'
        )
    from selfinstruct.teacher.embedded.launch import require_engine

    require_engine()
