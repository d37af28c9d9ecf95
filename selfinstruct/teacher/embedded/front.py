"""The door of the embedded teacher: HTTP on loopback, each request checked, then handed to the engine over a Unix socket.

The engine can check a key, but neither Host, Origin nor Content-Type, echoes any origin, and shows its settings to whoever has the key.
So it listens where no browser reaches, and this is in front. HTTP is parsed by h11, on which the client of every other teacher is built
too (httpx2 brings it), and a request is composed anew for the engine: the two cannot read one request differently. One request per
connection, which costs a millisecond on loopback.
"""

import asyncio
import json
import socket
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any

import h11
import httpx2

from selfinstruct.teacher.embedded.admission import Head, Refusal, refusal

LARGEST_BODY = 8 * 2**20
"""Maximum bytes of a request; the context of the embedded models ends far below."""
_ARRIVE_S = 30.0
"""Seconds in which a request has to arrive whole."""
_LINGER_S = 1.0
"""Seconds in which the rest of a refused request is read, so that the refusal is not lost to a reset connection."""
_CHUNK = 2**16


async def serve_front(listening: socket.socket, engine: str, key: str) -> None:
    """Serve on a listening socket for ever; `engine` is the path of the engine's Unix socket."""
    # No idle connections: the engine closes them after five seconds, and a request on one being closed would be lost.
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=0)
    transport = httpx2.AsyncHTTPTransport(uds=engine, limits=limits)
    # No timeout: a reply takes as long as it takes, and a caller who does not want to wait hangs up.
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://engine", timeout=None, trust_env=False
    ) as client:
        server = await asyncio.start_server(partial(_serve, client, key), sock=listening, limit=_CHUNK)
        async with server:
            await server.serve_forever()


async def _serve(
    client: httpx2.AsyncClient, key: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer the one request of a connection and close it."""
    with suppress(OSError, TimeoutError, h11.LocalProtocolError):  # the caller hung up
        await _Exchange(client, key, reader, writer).answer()
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


class _Exchange:
    def __init__(
        self, client: httpx2.AsyncClient, key: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._client, self._key, self._reader, self._writer = client, key, reader, writer
        self._http = h11.Connection(h11.SERVER)

    async def answer(self) -> None:
        try:
            async with asyncio.timeout(_ARRIVE_S):
                head = await self._head()
                if head is None:
                    return
                if refused := refusal(head, self._key):
                    await self._refuse(refused)
                    return
                body = await self._body()
        except h11.RemoteProtocolError as error:
            await self._refuse(Refusal(HTTPStatus(error.error_status_hint), "this is not a request that can be read"))
            return
        relaying, leaving = asyncio.create_task(self._relay(head, body)), asyncio.create_task(self._gone())
        await asyncio.wait((relaying, leaving), return_when=asyncio.FIRST_COMPLETED)
        leaving.cancel()
        relaying.cancel()  # a caller that hung up is not written for: its slot is free again
        try:
            await relaying
        except asyncio.CancelledError:
            pass
        except httpx2.HTTPError:
            if self._http.our_state is h11.SEND_RESPONSE:
                await self._refuse(Refusal(HTTPStatus.BAD_GATEWAY, "the engine does not answer; start it again"))

    async def _head(self) -> Head | None:
        """Return the head of the request, None if the caller hung up without one."""
        event = await self._event()
        if not isinstance(event, h11.Request):
            return None
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in event.headers)
        return Head(event.method.decode("ascii"), event.target.decode("ascii").partition("?")[0], headers)

    async def _body(self) -> bytes:
        body = bytearray()
        while isinstance(event := await self._event(), h11.Data):
            body += event.data
            if len(body) > LARGEST_BODY:
                raise h11.RemoteProtocolError("too large", error_status_hint=413)
        return bytes(body)

    async def _event(self) -> Any:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            if self._http.they_are_waiting_for_100_continue:
                await self._send(h11.InformationalResponse(status_code=100, headers=[]))
            self._http.receive_data(await self._reader.read(_CHUNK))
        return event

    async def _relay(self, head: Head, body: bytes) -> None:
        headers = {"Content-Type": "application/json"}
        async with self._client.stream(head.method, head.path, content=body or None, headers=headers) as reply:
            await self._begin(reply.status_code, reply.headers.get("content-type", "application/json"))
            async for chunk in reply.aiter_raw():
                await self._send(h11.Data(data=chunk))
        await self._send(h11.EndOfMessage())

    async def _refuse(self, refused: Refusal) -> None:
        error = {"message": refused.reason, "type": "invalid_request_error", "code": int(refused.status)}
        await self._begin(refused.status, "application/json")
        await self._send(h11.Data(data=json.dumps({"error": error}).encode()))
        await self._send(h11.EndOfMessage())
        self._writer.write_eof()
        async with asyncio.timeout(_LINGER_S):
            await self._gone()

    async def _begin(self, status: int, content_type: str) -> None:
        headers = [
            ("Content-Type", content_type),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("Connection", "close"),
        ]
        await self._send(h11.Response(status_code=status, headers=headers, reason=HTTPStatus(status).phrase))

    async def _send(self, event: h11.Event) -> None:
        self._writer.write(self._http.send(event) or b"")
        await self._writer.drain()

    async def _gone(self) -> None:
        """Return when the caller hangs up."""
        while await self._reader.read(_CHUNK):
            pass
