"""What one try puts on the wire and gets from it: how far it came, and every byte that arrived, whatever happened then.

httpx2's event hooks and trace tell the phase; no exception type does ("ReadError" may come before or after the request was sent).
"""

import re
import resource
from collections.abc import AsyncIterator
from contextvars import ContextVar
from typing import Any
from urllib.request import getproxies

from pydantic import SecretStr

from selfinstruct.teacher.http.body import LARGEST_BODY
from selfinstruct.teacher.http.classify import OVERSIZE, Phase, Response

_TRACED: tuple[tuple[str, Phase], ...] = (
    ("connect_tcp.started", "connecting"),
    ("start_tls.started", "connecting"),  # through a proxy: only the proxy was spoken to
    ("send_request_headers.started", "sending"),
    ("receive_response_headers.started", "awaiting"),
)
"""Ends of httpcore2's event names, e.g. `http11.send_request_headers.started`."""
_CONNECT_S = 10.0


class NotOkError(Exception):
    """The status is no success: the body was read here, up to the same size as any other."""


class ExchangeTrace:
    """One try, filled in while it goes on."""

    def __init__(self) -> None:
        """Begin before anything is sent."""
        self.phase: Phase = "connecting"
        self._status = 0
        self._headers: dict[str, str] = {}
        self._body = bytearray()

    async def trace(self, event: str, _: Any) -> None:
        """Note an event of the connection."""
        for end, phase in _TRACED:
            if event.endswith(end):
                self.phase = phase

    def began(self, status: int, headers: Any) -> None:
        """Note the status line and headers of the answer."""
        self.phase, self._status = "body", status
        self._headers = {name.lower(): value for name, value in headers.items()}

    async def read(self, chunks: AsyncIterator[bytes]) -> None:
        """Keep what comes, up to LARGEST_BODY bytes."""
        async for chunk in chunks:
            self._body += chunk
            if len(self._body) >= LARGEST_BODY:
                return

    def answer(self, error: str, hide: "KeyRedactor") -> Response:
        """Return how the try ended, without the key."""
        body = hide(bytes(self._body[:LARGEST_BODY]))
        if len(self._body) >= LARGEST_BODY:
            body, error = (
                body.ljust(LARGEST_BODY),
                error or OVERSIZE,
            )  # as long as before: the length tells, also on reading again
        return Response(self.phase, self._status, self._headers, body, hide(error.encode("utf-8", "replace")).decode())


current: ContextVar[ExchangeTrace] = ContextVar("current")
"""The try of this task: httpx2's hooks know the request, not who sends it."""


async def on_request(request: Any) -> None:
    """Have the connection tell how far it is (a hook of httpx2)."""
    request.extensions["trace"] = current.get().trace


async def on_response(response: Any) -> None:
    """Note the answer; read it here unless it is a success (a hook of httpx2)."""
    wire = current.get()
    wire.began(response.status_code, response.headers)
    if not response.is_success:
        await wire.read(response.aiter_bytes())
        raise NotOkError


class KeyRedactor:
    """Puts `[key]` in place of the key, also where JSON escapes its letters, and of its beginning where a body was cut."""

    def __init__(self, secret: str) -> None:
        """Hide nothing when the secret is no secret, such as `none` for an endpoint without a key."""
        letters = [rf"(?:\\?{re.escape(letter)}|\\u00{ord(letter):02x})" for letter in secret if ord(letter) < 256]
        hides = len(letters) == len(secret) > 8
        self._whole = re.compile("".join(letters).encode("latin-1"), re.IGNORECASE) if hides else None
        self._secret = secret.encode("latin-1", "replace")

    def __call__(self, data: bytes) -> bytes:
        """Return data without the key."""
        if self._whole is None:
            return data
        clean = self._whole.sub(b"[key]", data)
        for length in range(len(self._secret) - 1, 3, -1):
            if clean.endswith(self._secret[:length]):
                return clean[:-length] + b"[key]"
        return clean


def openai_client(base_url: str, key: SecretStr, deadline_s: float, connections: int) -> Any:
    """Return the official client: no retries and no redirects of its own, one connection for each request in flight."""
    import httpx2
    import openai

    from selfinstruct.teacher.http.pools import Pools

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = connections + 128
    if soft < needed and (needed <= hard or hard == resource.RLIM_INFINITY):
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
    trust_env = not base_url.startswith("http://")
    http = openai.DefaultAsyncHttpxClient(
        follow_redirects=False,
        trust_env=trust_env,
        transport=None if trust_env and getproxies() else Pools(connections),  # a transport would bypass the proxy
        limits=httpx2.Limits(max_connections=connections, max_keepalive_connections=connections),
        event_hooks={"request": [on_request], "response": [on_response]},
    )
    return openai.AsyncOpenAI(
        base_url=base_url,
        api_key=key.get_secret_value(),
        max_retries=0,
        timeout=httpx2.Timeout(deadline_s, connect=min(_CONNECT_S, deadline_s)),
        default_headers={"Accept-Encoding": "identity"},  # so that half a body can be read
        http_client=http,
    )
