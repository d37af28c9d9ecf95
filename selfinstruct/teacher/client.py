"""The one client: raw bytes of any OpenAI-compatible chat endpoint through the official `openai` package, its own retries off.

A reply is in the journal before anybody reads it. Retries are tenacity's, with an allow-list; what may have been billed is written
off at its worst case. Reading the body is `body.py`, what a status means is `classify.py`.
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
from selfinstruct.teacher.budget import Budget
from selfinstruct.teacher.classify import Answer, classify, explain_refusal
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
    """This try failed in a way that may pass."""

    def __init__(self, reason: str, after_s: float = 0.0, reached: bool = True, body: bytes = b"") -> None:
        super().__init__(reason)
        self.after_s = after_s
        self.reached = reached
        self.body = body
        """What came of an answer that was cut."""


@asynccontextmanager
async def open_teacher(
    config: Config, journal: Journal, budget: Budget, say: Callable[[str], None], progress: Progress | None = None
) -> AsyncIterator[Ask]:
    """Yield the callable that asks; the embedded teacher is started for it and always ended."""
    async with AsyncExitStack() as stack:
        if config.teacher.kind == "embedded":
            from selfinstruct.teacher.embedded import serve

            endpoint = _Endpoint(await stack.enter_async_context(serve(config, say, progress)), SecretStr("none"))
        else:
            endpoint = _Endpoint(config.teacher.base_url, _key(config))
        yield await stack.enter_async_context(_Client(config, endpoint, journal, budget, say))


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
    def __init__(
        self, config: Config, endpoint: _Endpoint, journal: Journal, budget: Budget, say: Callable[[str], None]
    ) -> None:
        import openai

        base_url, key = endpoint
        self._config = config
        self._base_url = base_url
        self._key = key
        self._journal = journal
        self._budget = budget
        self._say = say
        self._reached = False
        self._deadline_s = config.limits.timeout_s * (_EMBEDDED_PATIENCE if config.teacher.kind == "embedded" else 1)
        local = base_url.startswith("http://")
        self._http = openai.DefaultAsyncHttpxClient(follow_redirects=False, trust_env=not local)
        self._client = openai.AsyncOpenAI(
            base_url=base_url,
            api_key=key.get_secret_value(),
            max_retries=0,
            timeout=self._deadline_s,
            http_client=self._http,
        )

    async def __aenter__(self) -> Ask:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()

    async def __call__(self, request: Request) -> Reply:
        from tenacity import AsyncRetrying, retry_if_exception_type

        retrying = AsyncRetrying(
            retry=retry_if_exception_type(_TryAgainError),
            stop=self._give_up,
            wait=_wait,
            before_sleep=self._tell,
            reraise=True,
        )
        try:
            answer: Answer = await retrying(self._attempt, request)
        except _TryAgainError as error:
            raise TeacherRefusedError(
                f"{self._base_url}: {error}; gave up after several tries. Check the address and the network, then run the same command again"
            ) from error
        return read_reply(answer.status, answer.body)

    async def _attempt(self, request: Request) -> Answer:
        reserved = self._budget.reserve(request)
        attempt = await self._journal.intend(request, reserved)
        try:
            answer = await self._send(request)
        except _TryAgainError as error:
            if error.reached:
                self._budget.write_off(reserved)
                await self._journal.lose(request.slot, attempt, str(error), body=error.body)
            else:
                self._budget.release(reserved)
                await self._journal.take_back(request.slot, attempt)
            raise
        self._reached = True
        meaning = classify(answer)
        if meaning in {"retry", "refused"} and answer.status < 500:
            self._budget.release(reserved)
            await self._journal.take_back(request.slot, attempt)
        elif meaning == "retry":
            self._budget.write_off(reserved)
            reason = f"status {answer.status}"
            await self._journal.lose(request.slot, attempt, reason, answer.status, answer.body)
        else:
            usage = usage_of(answer.body)
            spent = self._budget.settle(reserved, usage) if answer.status == 200 else self._free(reserved)
            await self._journal.record(request.slot, attempt, answer.status, answer.body, spent)
        if meaning == "refused":
            raise TeacherRefusedError(explain_refusal(answer, self._base_url, self._config.teacher))
        if meaning == "retry":
            raise _TryAgainError(f"status {answer.status}", answer.retry_after_s)
        return answer

    async def _send(self, request: Request) -> Answer:
        import httpx2
        import openai

        sampling = request.sampling
        fields: dict[str, Any] = {
            "model": sampling.model,
            "messages": [message.model_dump() for message in request.messages],
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "max_tokens": sampling.max_tokens,
            "seed": sampling.seed,
            "extra_body": self._config.teacher.extra or None,
        }
        body = bytearray()
        try:
            async with asyncio.timeout(self._deadline_s):
                async with self._client.chat.completions.with_streaming_response.create(**fields) as response:
                    async for chunk in response.iter_bytes():
                        body += chunk
                    return self._answer(response.status_code, response.headers, bytes(body))
        except openai.APIStatusError as error:
            return self._answer(error.status_code, error.response.headers, error.response.content)
        except TimeoutError:
            reason = f"no complete answer within {self._deadline_s:.0f} s"
            raise _TryAgainError(reason, body=self._clean(bytes(body))) from None
        except openai.APIConnectionError as error:
            unsent = "Connect" in type(error.__cause__).__name__
            raise _TryAgainError(_plain(error), reached=not unsent) from None
        except (httpx2.TransportError, OSError) as error:
            raise _TryAgainError(_plain(error), body=self._clean(bytes(body))) from None

    def _answer(self, status: int, headers: Any, body: bytes) -> Answer:
        content_type = str(headers.get("content-type", ""))
        return Answer(status, content_type, _seconds(headers.get("retry-after")), self._clean(body))

    def _clean(self, body: bytes) -> bytes:
        secret = self._key.get_secret_value().encode()
        return body.replace(secret, b"[key]") if len(secret) > 8 else body

    def _free(self, reserved: int) -> int:
        self._budget.release(reserved)
        return 0

    def _give_up(self, state: Any) -> bool:
        """Stop after the configured retries; after two while the endpoint was never reached at all."""
        most = self._config.limits.retries if self._reached else min(2, self._config.limits.retries)
        return bool(state.attempt_number > most)

    def _tell(self, state: Any) -> None:
        wait = state.next_action.sleep
        self._say(f"{self._base_url}: {state.outcome.exception()}; next try in {wait:.0f} s")


def _wait(state: Any) -> float:
    """Return seconds until the next try: what the provider asked for, else exponential; always with jitter."""
    asked = getattr(state.outcome.exception(), "after_s", 0.0)
    base = min(asked or 2.0 ** (state.attempt_number - 1), _LONGEST_WAIT_S)
    return float(base * random.uniform(1.0, 1.2))


def _seconds(header: str | None) -> float:
    try:
        return max(0.0, float(header or 0))
    except ValueError:
        return 0.0


def _plain(error: BaseException) -> str:
    cause = error.__cause__ or error
    return f"{type(cause).__name__}: {cause}".strip(": ")
