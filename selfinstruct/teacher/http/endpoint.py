"""An endpoint: one HTTP exchange each, as an `Response` with every byte that came. It neither judges nor tries again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, NamedTuple

from pydantic import SecretStr

from selfinstruct.teacher.http.classify import Response
from selfinstruct.teacher.http.exchange import ExchangeTrace, KeyRedactor, NotOkError, current, openai_client

Exchange = Callable[[], AbstractAsyncContextManager[Any]]
"""Begins an exchange; yields a response of openai's that is streamed."""
Read = Callable[[AsyncIterator[bytes]], Awaitable[None]]
"""Takes the body of a success."""


class Address(NamedTuple):
    """Where an endpoint is, and the key to it."""

    base_url: str
    key: SecretStr


class Endpoint:
    """The official client behind one address; no answer of it holds the key."""

    def __init__(self, address: Address, deadline_s: float, connections: int) -> None:
        """Connect to nothing yet; `deadline_s` is the total time of one exchange."""
        self.base_url = address.base_url
        self.deadline_s = deadline_s
        self.hide = KeyRedactor(address.key.get_secret_value())
        self.client = openai_client(address.base_url, address.key, deadline_s, connections)

    async def close(self) -> None:
        """Close all connections."""
        await self.client.close()

    async def complete(self, fields: dict[str, Any]) -> Response:
        """Ask for one completion; `fields` are those of the request's body."""
        return await self.exchange(lambda: self.client.chat.completions.with_streaming_response.create(**fields))

    async def look_up(self, model: str, metadata: dict[str, str]) -> Response:
        """Ask for the stored completions of a model that carry all of `metadata`."""
        listing = self.client.chat.completions.with_streaming_response.list
        return await self.exchange(lambda: listing(model=model, metadata=metadata, limit=1))

    async def exchange(self, begin: Exchange, read: Read | None = None, deadline_s: float | None = None) -> Response:
        """Return how an exchange ended; only cancellation is raised, and what `read` raises, which else keeps the body."""
        import httpx2
        import openai

        wire, error, deadline_s = ExchangeTrace(), "", deadline_s or self.deadline_s
        current.set(wire)
        try:
            async with asyncio.timeout(deadline_s):
                async with begin() as response:
                    await (read or wire.read)(response.iter_bytes())
        except NotOkError:
            pass
        except TimeoutError:
            error = f"no complete answer within {deadline_s:.0f} s"
        except (openai.APIConnectionError, httpx2.RequestError, OSError) as caught:
            cause = caught.__cause__ or caught
            error = f"{type(cause).__name__}: {cause}".strip(": ")
            if isinstance(cause, httpx2.ProxyError):
                wire.phase = "connecting"
        return wire.answer(error, self.hide)
