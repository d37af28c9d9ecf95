"""HTTP on a stream: read a request, send an answer whole, or in the manner of a fault."""

import asyncio
import contextlib
import socket
import struct
import time
from email.utils import formatdate
from typing import NamedTuple

from tests.torture.faults import Wire

HANG_S = 60.0
"""A hanging answer is given up after this, should the client never hang up."""


class Asked(NamedTuple):
    """One HTTP request."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


def gone(reader: asyncio.StreamReader) -> bool:
    """Return whether the client has hung up."""
    return reader.at_eof() or reader.exception() is not None


async def read(reader: asyncio.StreamReader) -> Asked | None:
    """Return the next request of a connection, or None at its end."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    except asyncio.IncompleteReadError:
        return None
    method, target, _ = head[0].split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    return Asked(method, target, headers, await reader.readexactly(int(headers.get("content-length", "0"))))


def _head(made: Wire, length: int) -> bytes:
    lines = [f"HTTP/1.1 {made.status} X", f"Content-Type: {made.content_type}", f"Content-Length: {length}"]
    lines += [f"Date: {formatdate(usegmt=True)}", *(f"{name}: {value}" for name, value in made.headers)]
    return "\r\n".join([*lines, "", ""]).encode()


async def send(writer: asyncio.StreamWriter, made: Wire) -> bool:
    """Send an answer whole."""
    writer.write(_head(made, len(made.body)) + made.body)
    await writer.drain()
    return True


async def play(name: str, made: Wire, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Send an answer in the manner of a fault; returns whether it left whole and the connection goes on."""
    if name not in {"reset", "fin", "reset_body", "fin_body", "hang", "loris"}:
        return await send(writer, made)
    if name.endswith("_body") or name == "loris":
        writer.write(_head(made, len(made.body)) + made.body[: len(made.body) // 2])
        await writer.drain()
    if name == "hang":
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(reader.read(1), HANG_S)
    elif name == "loris":
        await _drip(made.body[len(made.body) // 2 :], reader, writer)
    elif name.endswith("_body"):
        await asyncio.sleep(0.02)  # a reset at once could overtake the half body
    if name.startswith("reset"):
        with contextlib.suppress(OSError):  # the client was killed first, and its connection is gone
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


async def _drip(rest: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    end = time.monotonic() + HANG_S
    for byte in rest[:-1]:
        if gone(reader) or time.monotonic() > end:
            return
        writer.write(bytes([byte]))
        await asyncio.sleep(0.2)
