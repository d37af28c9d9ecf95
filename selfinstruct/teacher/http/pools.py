"""A transport over many small connection pools.

For each request httpcore2 iterates over all connections of a pool and polls the socket of each idle one
(`AsyncConnectionPool._assign_requests_to_connections`). With 512 connections, 100 of them idle, that took half of the client's CPU
time. Each request goes to the pool with the fewest requests in flight.
"""

import math
from collections.abc import AsyncIterator, Callable
from typing import cast

import httpx2

CONNECTIONS_IN_A_POOL = 4


class Pools(httpx2.AsyncBaseTransport):
    """A transport over enough pools for `connections` connections."""

    def __init__(self, connections: int) -> None:
        """Create the pools without connecting."""
        count = math.ceil(connections / CONNECTIONS_IN_A_POOL)
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=math.ceil(connections / count))
        context = httpx2.create_ssl_context()
        self._pools = [httpx2.AsyncHTTPTransport(verify=context, limits=limits) for _ in range(count)]
        self._in_use = [0] * count

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request through the pool with the fewest in flight."""
        number = self._in_use.index(min(self._in_use))
        self._in_use[number] += 1
        try:
            response = await self._pools[number].handle_async_request(request)
        except BaseException:
            self._in_use[number] -= 1
            raise
        response.stream = _Counted(cast("httpx2.AsyncByteStream", response.stream), lambda: self._ended(number))
        return response

    async def aclose(self) -> None:
        """Close all connections."""
        for pool in self._pools:
            await pool.aclose()

    def _ended(self, number: int) -> None:
        self._in_use[number] -= 1


class _Counted(httpx2.AsyncByteStream):
    """A response stream that calls `ended` once when it is closed."""

    def __init__(self, stream: httpx2.AsyncByteStream, ended: Callable[[], None]) -> None:
        self._stream = stream
        self._ended: Callable[[], None] | None = ended

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part

    async def aclose(self) -> None:
        try:
            await self._stream.aclose()
        finally:
            if self._ended:
                self._ended()
                self._ended = None
