"""Trace of one HTTP exchange: its phase and every byte received, whatever error follows.

The phase comes from httpx2's event hooks and trace extension; exception types do not tell it ("ReadError" occurs before and after the
request is sent).
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
    ("start_tls.started", "connecting"),  # through a proxy: only the proxy has been contacted
    ("send_request_headers.started", "sending"),
    ("receive_response_headers.started", "awaiting"),
)
"""Suffixes of httpcore2 event names, e.g. `http11.send_request_headers.started`, and the phase each begins."""
_CONNECT_S = 10.0


class NotOkError(Exception):
    """The status is not a success; the body has been read already, up to LARGEST_BODY bytes."""


class ExchangeTrace:
    """Phase and response data of one exchange, updated while it runs."""

    def __init__(self) -> None:
        """Start in phase `connecting`."""
        self.phase: Phase = "connecting"
        self._status = 0
        self._headers: dict[str, str] = {}
        self._body = bytearray()

    async def trace(self, event: str, _: Any) -> None:
        """Update the phase on a connection event."""
        for end, phase in _TRACED:
            if event.endswith(end):
                self.phase = phase

    def headers_arrived(self, status: int, headers: Any) -> None:
        """Record status and headers of the response."""
        self.phase, self._status = "body", status
        self._headers = {name.lower(): value for name, value in headers.items()}

    async def read(self, chunks: AsyncIterator[bytes]) -> None:
        """Record the body, up to LARGEST_BODY bytes."""
        async for chunk in chunks:
            self._body += chunk
            if len(self._body) >= LARGEST_BODY:
                return

    def answer(self, error: str, redact: "KeyRedactor") -> Response:
        """Return the response, with the API key redacted."""
        body = redact(bytes(self._body[:LARGEST_BODY]))
        if len(self._body) >= LARGEST_BODY:
            # redaction may shorten the body; `read_reply` recognises an oversize one by its length
            body, error = body.ljust(LARGEST_BODY), error or OVERSIZE
        return Response(
            self.phase, self._status, self._headers, body, redact(error.encode("utf-8", "replace")).decode()
        )


current: ContextVar[ExchangeTrace] = ContextVar("current")
"""Trace of the current task, for the hooks of httpx2, which receive only the request."""


async def on_request(request: Any) -> None:
    """Attach the trace to a request (a hook of httpx2)."""
    request.extensions["trace"] = current.get().trace


async def on_response(response: Any) -> None:
    """Record a response; read the body of an error and raise NotOkError (a hook of httpx2)."""
    trace = current.get()
    trace.headers_arrived(response.status_code, response.headers)
    if not response.is_success:
        await trace.read(response.aiter_bytes())
        raise NotOkError


class KeyRedactor:
    """Replaces the API key by `[key]`, also when JSON-escaped, and a key prefix at the end of truncated data."""

    def __init__(self, secret: str) -> None:
        """Redact `secret`; one of at most 8 characters is no key (`none` stands for no key) and is not redacted."""
        letters = [rf"(?:\\?{re.escape(letter)}|\\u00{ord(letter):02x})" for letter in secret if ord(letter) < 256]
        hides = len(letters) == len(secret) > 8
        self._whole = re.compile("".join(letters).encode("latin-1"), re.IGNORECASE) if hides else None
        self._secret = secret.encode("latin-1", "replace")

    def __call__(self, data: bytes) -> bytes:
        """Return data with the key redacted."""
        if self._whole is None:
            return data
        clean = self._whole.sub(b"[key]", data)
        for length in range(len(self._secret) - 1, 3, -1):
            if clean.endswith(self._secret[:length]):
                return clean[:-length] + b"[key]"
        return clean


def openai_client(base_url: str, key: SecretStr, deadline_s: float, connections: int) -> Any:
    """Return an openai client without retries and redirects, with one connection per request in flight."""
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
        default_headers={"Accept-Encoding": "identity"},  # so that a truncated body is readable
        http_client=http,
    )
