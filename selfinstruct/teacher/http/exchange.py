"""Trace of one HTTP exchange: its phase and every byte received, whatever error follows.

The phase comes from httpx2's event hooks and trace extension; exception types do not tell it ("ReadError" occurs before and after the
request is sent).
"""

import os
import re
import resource
from collections.abc import AsyncIterator
from contextvars import ContextVar
from html.entities import html5
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies

from selfinstruct.errors import ConfigError
from selfinstruct.teacher.http.body import LARGEST_BODY
from selfinstruct.teacher.http.charset import in_utf8
from selfinstruct.teacher.http.classify import OVERSIZE, Phase, Response
from selfinstruct.teacher.http.decodings import plain, says
from selfinstruct.teacher.http.proxies import variables, what_is_wrong

if TYPE_CHECKING:
    from selfinstruct.teacher.address import Address

_TRACED: tuple[tuple[str, Phase], ...] = (
    ("connect_tcp.started", "connecting"),
    ("start_tls.started", "connecting"),  # through a proxy: only the proxy has been contacted
    ("send_request_headers.started", "sending"),
    ("receive_response_headers.started", "awaiting"),
)
"""Suffixes of httpcore2 event names, e.g. `http11.send_request_headers.started`, and the phase each begins."""
_CONNECT_S = 10.0
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


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
        whole = in_utf8(bytes(self._body[:LARGEST_BODY]), self._headers.get("content-type", ""))
        body = redact(whole[:LARGEST_BODY])
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
    """Replaces the API key by `[key]`, also when escaped for JSON, a URL or HTML, and a key prefix at the end of truncated data.

    Data that says the key only once it is decoded, such as a title in HTML of JSON, is replaced as a whole.
    """

    def __init__(self, *secrets: str) -> None:
        """Redact `secrets`; one of at most 8 characters is no key (`none` stands for no key) and is not redacted."""
        keys = {secret.encode("latin-1", "replace") for secret in secrets if len(secret) > 8}
        self._plain = [said for secret in secrets if len(said := plain(secret)) > 8]
        self._keys = {key: re.compile(_BREAK.join(map(_spellings, key)), re.IGNORECASE) for key in keys}

    def __call__(self, data: bytes) -> bytes:
        """Return data with the keys redacted."""
        for key, whole in self._keys.items():
            data = _without_prefix(whole.sub(b"[key]", data), key)
        return _WITHHELD if self._plain and says(data, self._plain) else data


_WITHHELD = b"[key] stands in this answer in several encodings; it is withheld"
_ESCAPE = rb"(?:\\{1,8}u00|%(?:25){0,3})"
"""What stands before the two hex digits of a letter in JSON or a URL, which may be within one another."""
_BREAK = rb"(?:[\r\n][ \t]{0,8}|\\{1,8}[rn]|%0[ad]){0,2}+"
_SPELT = re.compile(_ESCAPE + rb"([0-9a-f]{2})|(?:[\r\n][ \t]*|\\{1,8}[rn])|\\{0,8}([^\\])", re.IGNORECASE | re.DOTALL)
_CUT_ESCAPE = re.compile(rb"(?:\\{1,8}(?:u[0-9a-f]{0,3})?|%(?:25){0,3}[0-9a-f]?|[\r\n]+)\Z", re.IGNORECASE)
_LONGEST_SPELLING = 14
"""Bytes of one letter, e.g. of `\\\\\\\\u0073`."""


def _spellings(code: int) -> bytes:
    """Return a pattern of a letter as it is, escaped in JSON or HTML, or percent-encoded."""
    letter = bytes([code])
    escape = b"" if letter.isalnum() else rb"\\{0,8}"  # before a letter it would be a break, or nothing of JSON's
    names = "|".join(name for name, said in html5.items() if said == chr(code) and name.endswith(";"))
    entity = b"&(?:#(?:0*%d|x0*%x);?%s)" % (code, code, b"|" * bool(names) + names.encode())
    return rb"(?:" + escape + re.escape(letter) + rb"|" + _ESCAPE + b"%02x|" % code + entity + b")"


def _without_prefix(data: bytes, key: bytes) -> bytes:
    """Return data without a prefix of the key at its end, as truncation leaves it."""
    start = max(0, len(data) - _LONGEST_SPELLING * len(key))
    tail = _CUT_ESCAPE.sub(b"", data[start:])
    letters = [found for found in _SPELT.finditer(tail) if found[1] or found[2]]
    text = b"".join(bytes.fromhex(found[1].decode()) if found[1] else found[2] for found in letters).lower()
    for length in range(min(len(key) - 1, len(letters)), 3, -1):
        if text.endswith(key[:length].lower()):
            return data[: start + letters[-length].start()] + b"[key]"
    return data


def openai_client(address: "Address", deadline_s: float, connections: int) -> Any:
    """Return an openai client without retries and redirects, with one connection per request in flight."""
    import httpx2
    import openai

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = connections + 128
    if soft < needed and (needed <= hard or hard == resource.RLIM_INFINITY):
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
    return openai.AsyncOpenAI(
        base_url=address.base_url,
        api_key=address.key.get_secret_value(),
        max_retries=0,
        timeout=httpx2.Timeout(deadline_s, connect=min(_CONNECT_S, deadline_s)),
        default_headers=_headers(address),
        default_query=dict(address.query),
        http_client=_http_client(address.base_url, connections),
    )


def _headers(address: "Address") -> dict[str, Any]:
    """Return the headers of every request; what the environment holds for OpenAI is no other provider's business."""
    import openai

    own = {name.lower(): value.get_secret_value() for name, value in address.headers.items()}
    headers = {"Accept-Encoding": "identity"}  # so that a truncated body is readable
    headers |= {"Authorization": own.pop("authorization", f"Bearer {address.key.get_secret_value()}")}
    if address.is_openai:
        return headers | own
    lines = (line.partition(":") for line in os.environ.get("OPENAI_CUSTOM_HEADERS", "").split("\n"))
    ambient = {name.strip() for name, colon, _ in lines if colon and name.strip().lower() != "authorization"}
    return {name: openai.Omit() for name in {*ambient, "OpenAI-Organization", "OpenAI-Project"}} | headers | own


def _http_client(base_url: str, connections: int) -> Any:
    """Return the HTTP client; raises ConfigError when the environment names a proxy or certificates that cannot be used."""
    import httpx2
    import openai

    from selfinstruct.teacher.http.pools import Pools

    trust_env = not base_url.startswith("http://")
    try:
        return openai.DefaultAsyncHttpxClient(
            follow_redirects=False,
            trust_env=trust_env,
            transport=None if trust_env and getproxies() else Pools(connections),  # a transport would bypass the proxy
            limits=httpx2.Limits(max_connections=connections, max_keepalive_connections=connections),
            event_hooks={"request": [on_request], "response": [on_response]},
        )
    except ImportError as error:
        raise ConfigError(
            f"a SOCKS proxy is set ({variables()}); it needs `pip install socksio`, or unset it"
        ) from error
    except OSError as error:
        named = ", ".join(f"{name}={os.environ[name]}" for name in _CERTIFICATES if name in os.environ)
        raise ConfigError(
            f"certificates cannot be read ({error.strerror or error}): {named or 'of this system'}; correct or unset it"
        ) from error
    except (ValueError, httpx2.InvalidURL) as error:
        raise ConfigError(what_is_wrong(error)) from error
