"""The teacher client: asks an OpenAI-compatible chat endpoint through the `openai` package, with its own retries disabled.

Every reply, complete or not, is in the journal before it is read. tenacity retries, with an allow-list. The meaning of a response is in
`http/classify.py`, the HTTP exchange in `http/endpoint.py`, pacing in `pacing/rate_limiter.py`, giving up in `pacing/retry_policy.py`,
and requests that may have been billed in `uncertain.py`.
"""

import os
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Protocol
from urllib.parse import quote

from pydantic import SecretStr

from selfinstruct.config import Config
from selfinstruct.errors import ConfigError, TeacherRefusedError
from selfinstruct.journal import Journal, Stored
from selfinstruct.records import Reply, Request
from selfinstruct.teacher.batch_api.wait import BatchWait
from selfinstruct.teacher.billing.budget import Budget, worst_case
from selfinstruct.teacher.billing.settle import settle
from selfinstruct.teacher.http.body import read_reply, usage_of
from selfinstruct.teacher.http.chat import chat_fields
from selfinstruct.teacher.http.classify import Meaning, Response, classify, describe
from selfinstruct.teacher.http.endpoint import Address, Endpoint
from selfinstruct.teacher.pacing.rate_limiter import Clock, Permit, RateLimiter
from selfinstruct.teacher.pacing.retry_policy import RetryPolicy, Tries
from selfinstruct.teacher.uncertain import UncertainSends
from selfinstruct.weights import Progress

_LONGEST_WAIT_S = 60.0
_EMBEDDED_TIMEOUT_FACTOR = 10
"""Factor on [limits] timeout_s: a busy machine slows the embedded teacher down, and a retry would start over."""


class Ask(Protocol):
    """Sends one request to the teacher; the reply is in the journal when this returns."""

    async def __call__(self, request: Request) -> Reply:
        """Return the reply; raises TeacherRefusedError, CapReachedError or StorageError when the run has to stop."""
        ...


class TeacherClient(Ask, Protocol):
    """An `Ask` that can be stopped."""

    def stop(self, reason: str) -> None:
        """Stop sending: waiting requests raise TeacherRefusedError with the reason, those in flight are completed."""
        ...


class _TryAgainError(Exception):
    """A temporary failure; the only error that is retried."""

    def __init__(self, reason: str, after_s: float) -> None:
        super().__init__(reason)
        self.after_s = after_s


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
) -> AsyncIterator[TeacherClient]:
    """Yield the client; an embedded teacher is started first and always ended."""
    async with AsyncExitStack() as stack:
        if config.teacher.kind == "embedded":
            from selfinstruct.teacher.embedded.launch import serve

            address = Address(await stack.enter_async_context(serve(config, say, progress)), SecretStr("none"))
        else:
            address = Address(config.teacher.base_url, _key(config))
        deadline_s = config.limits.timeout_s * (_EMBEDDED_TIMEOUT_FACTOR if config.teacher.kind == "embedded" else 1)
        endpoint = Endpoint(address, deadline_s, config.limits.concurrency)
        stack.push_async_callback(endpoint.close)
        if config.teacher.transport == "batch_api":
            from selfinstruct.teacher.batch_api import BatchContext, open_batch_api

            context = BatchContext(config, endpoint, journal, budget, clock or Clock(), batch_wait or BatchWait(), say)
            yield await stack.enter_async_context(open_batch_api(context))
        else:
            yield _Client(config, endpoint, journal, budget, RateLimiter(config.limits, clock or Clock()), say)


def check_teacher(config: Config) -> None:
    """Raise ConfigError with the remedy when the API key or the embedded engine is missing."""
    if config.teacher.kind == "openai":
        _key(config)
        return
    if config.limits.uncertain == "reconcile":
        raise ConfigError(
            '[limits] uncertain: the embedded teacher keeps no completions; write "resend", which costs nothing'
        )
    from selfinstruct.teacher.embedded.launch import require_engine

    require_engine()


def _key(config: Config) -> SecretStr:
    name = config.teacher.api_key_env
    value = os.environ.get(name, "").strip()
    local = config.teacher.base_url.startswith("http://")
    if not value and not local:
        raise ConfigError(
            f"[teacher] api_key_env: the environment variable {name} is not set; export {name}=... or name another one"
        )
    return SecretStr(value or "none")


class _Client:
    def __init__(  # noqa: PLR0913, PLR0917 - made in one place
        self,
        config: Config,
        endpoint: Endpoint,
        journal: Journal,
        budget: Budget,
        rate_limiter: RateLimiter,
        say: Callable[[str], None],
    ) -> None:
        self._config = config
        self._endpoint = endpoint
        self._journal = journal
        self._budget = budget
        self._rate_limiter = rate_limiter
        self._say = say
        self._retry_policy = RetryPolicy(config, endpoint.base_url, rate_limiter)
        self._uncertain = UncertainSends(config, endpoint, journal, budget, rate_limiter)

    async def __call__(self, request: Request) -> Reply:
        from tenacity import AsyncRetrying, retry_if_exception_type

        retrying = AsyncRetrying(
            retry=retry_if_exception_type(_TryAgainError),
            wait=_wait,
            sleep=self._rate_limiter.pause,
        )
        reply: Reply = await retrying(self._attempt, request, Tries())
        return reply

    def stop(self, reason: str) -> None:
        self._rate_limiter.stop(reason)

    async def _attempt(self, request: Request, tries: Tries) -> Reply:
        if reply := await self._uncertain.settle(request):
            return reply
        async with self._rate_limiter.acquire(_tokens(request)) as permit:
            reserved, stored = self._budget.reserve(request), self._uncertain.name()
            attempt = await self._journal.intend(request, reserved, stored)
            answer = await self._endpoint.complete(self._fields(request, attempt, stored))
            meaning = classify(answer)
            self._rate_limiter.observe(permit, answer, usage_of(answer.body) if meaning == "done" else None)
            await settle(self._journal, self._budget, (request.slot, attempt), reserved, answer, meaning)
            await self._finish_or_retry(answer, meaning, permit, tries)
        return read_reply(answer.status, answer.body)

    async def _finish_or_retry(self, answer: Response, meaning: Meaning, permit: Permit, tries: Tries) -> None:
        """Return when the request is done; raise _TryAgainError to retry, TeacherRefusedError to end the run."""
        if reason := self._retry_policy.stop_reason(answer, meaning, permit, tries):
            self._rate_limiter.stop(reason)
            raise TeacherRefusedError(reason)
        if meaning in {"done", "failed"}:
            return
        if meaning == "retry_billed" and self._config.limits.uncertain != "resend":
            raise _TryAgainError(describe(answer), 0.0)  # UncertainSends decides first whether it is sent again
        wait = (
            0.0 if self._rate_limiter.delay_s else min(2.0 ** (tries.made - 1), _LONGEST_WAIT_S) * random.uniform(1, 2)
        )
        delay_s = max(wait, self._rate_limiter.delay_s)
        self._say(f"{self._endpoint.base_url}: {describe(answer)}; next try in {delay_s:.0f} s")
        raise _TryAgainError(describe(answer), wait)

    def _fields(self, request: Request, attempt: int, stored: Stored | None) -> dict[str, Any]:
        run = self._config.run.name
        fields = chat_fields(request) | {
            "extra_body": self._config.teacher.extra or None,
            "extra_headers": {"X-Client-Request-Id": f"{quote(run)}/{request.slot}/{attempt}"},  # a header is ASCII
        }
        if stored is None:
            return fields
        metadata = {"run": run, "slot": request.slot, "attempt": str(attempt), "send": stored.name}
        return fields | {"store": True, "metadata": metadata}


def _wait(state: Any) -> float:
    return float(state.outcome.exception().after_s)


def _tokens(request: Request) -> int:
    worst = worst_case(request)
    return worst.prompt_tokens + worst.completion_tokens
