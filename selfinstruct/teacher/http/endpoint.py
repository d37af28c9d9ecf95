"""An endpoint: performs HTTP exchanges and returns each as a `Response`; it neither classifies nor retries."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

from selfinstruct.teacher.address import Address
from selfinstruct.teacher.http.classify import Response
from selfinstruct.teacher.http.exchange import ExchangeTrace, KeyRedactor, NotOkError, current, openai_client
from selfinstruct.teacher.http.proxies import through_proxy

Exchange = Callable[[], AbstractAsyncContextManager[Any]]
"""Starts an exchange; its context yields a streamed response of the openai package."""
Read = Callable[[AsyncIterator[bytes]], Awaitable[None]]
"""Consumes the body chunks of a successful response."""


class Endpoint:
    """The openai client of one address; the API key is redacted from all responses."""

    def __init__(self, address: Address, deadline_s: float, connections: int) -> None:
        """Create the client without connecting; `deadline_s` is the total time of one exchange in seconds."""
        self.base_url = address.base_url
        self.deadline_s = deadline_s
        self.redact = KeyRedactor(*address.secrets)
        self.client = openai_client(address, deadline_s, connections)

    async def close(self) -> None:
        """Close all connections."""
        await self.client.close()

    async def complete(self, body: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
        """Request one completion; `body` is that of the request, whatever its fields are called.

        The messages go round the package's own reading of them, which finds nothing to change and takes half of the time of a request.
        """
        named = {name: body[name] for name in ("model", "stream") if name in body} | {"messages": []}
        others = {name: value for name, value in body.items() if name not in {"model", "stream"}}
        create = self.client.chat.completions.with_streaming_response.create
        return await self.exchange(lambda: create(**named, extra_body=others, extra_headers=dict(headers)))

    async def look_up(self, model: str, metadata: dict[str, str]) -> Response:
        """List the stored completions of a model with all of `metadata`, at most one."""
        listing = self.client.chat.completions.with_streaming_response.list
        return await self.exchange(lambda: listing(model=model, metadata=metadata, limit=1))

    async def exchange(self, begin: Exchange, read: Read | None = None, deadline_s: float | None = None) -> Response:
        """Perform an exchange and return its response.

        Errors of the transport are part of the response; raises only on cancellation and what `read` raises. Without `read` the body is
        kept in the response.
        """
        import httpx2
        import openai

        trace, error, deadline_s = ExchangeTrace(), "", deadline_s or self.deadline_s
        current.set(trace)
        try:
            async with asyncio.timeout(deadline_s):
                async with begin() as response:
                    await (read or trace.read)(response.iter_bytes())
        except NotOkError:
            pass
        except TimeoutError:
            error = f"no complete answer within {deadline_s:.0f} s"
        except (openai.APIConnectionError, httpx2.RequestError, OSError) as caught:
            cause = caught.__cause__ or caught
            error = f"{type(cause).__name__}: {cause}".strip(": ")
            if isinstance(cause, httpx2.ProxyError):
                trace.phase = "connecting"
            if trace.phase == "connecting":
                error = through_proxy(error, self.base_url)
        return trace.answer(error, self.redact)
