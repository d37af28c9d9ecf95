"""The one client: raw bytes of any OpenAI-compatible chat endpoint through the official `openai` package, its own retries off.

A reply is in the journal before anybody reads it, and so is what came of a broken one. Retries are tenacity's, with an allow-list. What
a try means is `classify.py`, when it may go `turns.py`, when to give up `patience.py`, what came over the wire `wire.py`.
"""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, NamedTuple, Protocol

from pydantic import SecretStr

from selfinstruct.config import Config
from selfinstruct.errors import ConfigError, TeacherRefusedError
from selfinstruct.journal import Journal
from selfinstruct.records import Reply, Request
from selfinstruct.teacher.body import read_reply, usage_of
from selfinstruct.teacher.budget import Budget, worst_case
from selfinstruct.teacher.classify import Answer, Meaning, classify, describe, is_free
from selfinstruct.teacher.patience import Patience, Tries
from selfinstruct.teacher.turns import Clock, Turn, Turns
from selfinstruct.teacher.wire import Hider, NotOkError, Wire, current, openai_client
from selfinstruct.weights import Progress

_LONGEST_WAIT_S = 60.0
_EMBEDDED_PATIENCE = 10
"""A busy machine slows the embedded teacher down; asking it again would only start over."""


class Ask(Protocol):
    """Asks the teacher one request; the reply is durable when this returns."""

    async def __call__(self, request: Request) -> Reply:
        """Return the reply, raising TeacherRefusedError, CapReachedError or StorageError when the run has to stop."""
        ...


class _Endpoint(NamedTuple):
    base_url: str
    key: SecretStr


class _TryAgainError(Exception):
    """This try failed in a way that may pass; the only thing that is tried again."""

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
) -> AsyncIterator[Ask]:
    """Yield the callable that asks; the embedded teacher is started for it and always ended."""
    async with AsyncExitStack() as stack:
        if config.teacher.kind == "embedded":
            from selfinstruct.teacher.embedded import serve

            endpoint = _Endpoint(await stack.enter_async_context(serve(config, say, progress)), SecretStr("none"))
        else:
            endpoint = _Endpoint(config.teacher.base_url, _key(config))
        client = _Client(config, endpoint, journal, budget, Turns(config.limits, clock or Clock()))
        client.say = say
        yield await stack.enter_async_context(client)


def check_teacher(config: Config) -> None:
    """Raise ConfigError with the remedy when the teacher cannot be asked at all: no key, or no engine."""
    if config.teacher.kind == "embedded":
        from selfinstruct.teacher.embedded import require_engine

        require_engine()
    else:
        _key(config)


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
    def __init__(self, config: Config, endpoint: _Endpoint, journal: Journal, budget: Budget, turns: Turns) -> None:
        self._config = config
        self._base_url = endpoint.base_url
        self._hide = Hider(endpoint.key.get_secret_value())
        self._journal = journal
        self._budget = budget
        self._turns = turns
        self.say: Callable[[str], None] = lambda _: None
        self._patience = Patience(config, endpoint.base_url, turns)
        self._deadline_s = config.limits.timeout_s * (_EMBEDDED_PATIENCE if config.teacher.kind == "embedded" else 1)
        self._client = openai_client(*endpoint, self._deadline_s, config.limits.concurrency)

    async def __aenter__(self) -> Ask:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()

    async def __call__(self, request: Request) -> Reply:
        from tenacity import AsyncRetrying, retry_if_exception_type

        retrying = AsyncRetrying(
            retry=retry_if_exception_type(_TryAgainError),
            wait=_wait,
            sleep=self._turns.pause,
        )
        answer: Answer = await retrying(self._attempt, request, Tries())
        return read_reply(answer.status, answer.body)

    async def _attempt(self, request: Request, tries: Tries) -> Answer:
        async with self._turns.turn(_tokens(request)) as turn:
            reserved = self._budget.reserve(request)
            attempt = await self._journal.intend(request, reserved)
            answer = await self._send(request, attempt)
            meaning = classify(answer)
            self._turns.hear(turn, answer, usage_of(answer.body) if meaning == "done" else None)
            await self._keep(request.slot, attempt, reserved, answer, meaning)
            await self._go_on(answer, meaning, turn, tries)
        return answer

    async def _keep(self, slot: str, attempt: int, reserved: int, answer: Answer, meaning: Meaning) -> None:
        """Write down how a try ended, in the journal and in the bill."""
        if meaning in {"done", "failed"}:
            spent = 0 if is_free(answer) else self._budget.settle(reserved, usage_of(answer.body))
            self._budget.release(reserved if is_free(answer) else 0)
            await self._journal.record(slot, attempt, answer.status, answer.body, spent)
        elif is_free(answer):
            self._budget.release(reserved)
            await self._journal.take_back(slot, attempt)
        else:
            self._budget.write_off(reserved)
            await self._journal.lose(slot, attempt, describe(answer), answer.status, answer.body)

    async def _go_on(self, answer: Answer, meaning: Meaning, turn: Turn, tries: Tries) -> None:
        """Return when the request is through; raise to try again, or to end the run."""
        if reason := self._patience.ends(answer, meaning, turn, tries):
            self._turns.stop(reason)
            raise TeacherRefusedError(reason)
        if meaning in {"done", "failed"}:
            return
        wait = 0.0 if self._turns.delay_s else min(2.0 ** (tries.made - 1), _LONGEST_WAIT_S) * random.uniform(1, 2)
        self.say(f"{self._base_url}: {describe(answer)}; next try in {max(wait, self._turns.delay_s):.0f} s")
        raise _TryAgainError(describe(answer), wait)

    async def _send(self, request: Request, attempt: int) -> Answer:
        import httpx2
        import openai

        wire, error = Wire(), ""
        current.set(wire)
        try:
            async with asyncio.timeout(self._deadline_s):
                create = self._client.chat.completions.with_streaming_response.create
                async with create(**self._fields(request, attempt)) as response:
                    await wire.read(response.iter_bytes())
        except NotOkError:
            pass
        except TimeoutError:
            error = f"no complete answer within {self._deadline_s:.0f} s"
        except (openai.APIConnectionError, httpx2.RequestError, OSError) as caught:
            cause = caught.__cause__ or caught
            error = f"{type(cause).__name__}: {cause}".strip(": ")
            if isinstance(cause, httpx2.ProxyError):
                wire.phase = "connecting"
        return wire.answer(error, self._hide)

    def _fields(self, request: Request, attempt: int) -> dict[str, Any]:
        sampling, teacher, run = request.sampling, self._config.teacher, self._config.run.name
        kept = {"store": True, "metadata": {"run": run, "slot": request.slot, "attempt": str(attempt)}}
        return {
            "model": sampling.model,
            "messages": [message.model_dump() for message in request.messages],
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "max_tokens": sampling.max_tokens,
            "seed": sampling.seed,
            "extra_body": teacher.extra or None,
            "extra_headers": {"X-Client-Request-Id": f"{run}/{request.slot}/{attempt}"},
        } | (kept if teacher.store else {})


def _wait(state: Any) -> float:
    return float(state.outcome.exception().after_s)


def _tokens(request: Request) -> int:
    most = worst_case(request)
    return most.prompt_tokens + most.completion_tokens
