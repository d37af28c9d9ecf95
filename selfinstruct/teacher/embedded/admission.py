"""Which requests the embedded teacher takes: those of a program on this machine that knows the key, and no browser's.

Pure functions over a parsed head. The key alone keeps strangers out; the rest holds even where a page got hold of the key, or where a
route needs none. What each rule is against:

    Host           DNS rebinding: the page's own name resolves to 127.0.0.1, but the browser still sends that name (CVE-2024-28224)
    Origin,        a page of another origin that sends a request without reading the answer
    Sec-Fetch-Site
    Content-Type   types that a page may send without asking first (Fetch standard, "CORS-safelisted request-header")
    routes         what tells of others' prompts or of the machine: /slots, /props, /metrics, the web page
"""

import hmac
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple

ROUTES: Mapping[str, str] = {
    "/health": "GET",
    "/v1/models": "GET",
    "/v1/chat/completions": "POST",
    "/v1/completions": "POST",
    "/v1/responses": "POST",
    "/tokenize": "POST",
}
"""Path -> its method; anything else does not exist."""
_OPEN = "/health"
"""Tells whether the server is up, and nothing more; needs no key."""
_HOST = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?", re.IGNORECASE | re.ASCII)


class Head(NamedTuple):
    """The head of a request."""

    method: str
    path: str
    """As it stands on the request line, without the query."""
    headers: tuple[tuple[str, str], ...]
    """(name in lower case, value), in the order sent."""

    def values(self, name: str) -> list[str]:
        """Return all values of a header."""
        return [value for found, value in self.headers if found == name]


class Refusal(NamedTuple):
    """Why a request is not handed on."""

    status: HTTPStatus
    reason: str


def refusal(head: Head, key: str) -> Refusal | None:
    """Return why a request is refused, None if it is taken; what a stranger may learn is decided by the order of the checks."""
    if reason := _browser(head):
        return Refusal(HTTPStatus.FORBIDDEN, reason)
    if head.path != _OPEN and not _has_key(head, key):
        return Refusal(HTTPStatus.UNAUTHORIZED, "a key is needed: Authorization: Bearer KEY, as printed at the start")
    if head.path not in ROUTES:
        return Refusal(HTTPStatus.NOT_FOUND, f"no such address; there are {', '.join(ROUTES)}")
    if head.method != ROUTES[head.path]:
        return Refusal(HTTPStatus.METHOD_NOT_ALLOWED, f"only {ROUTES[head.path]} is answered here")
    if head.method == "POST" and not _is_json(head.values("content-type")):
        return Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json")
    return None


def _browser(head: Head) -> str:
    """Return why a request is refused that a browser sent for a page; empty for that of a program, which sends no origin."""
    hosts, origins, sites = head.values("host"), head.values("origin"), head.values("sec-fetch-site")
    if len(hosts) != 1 or not _HOST.fullmatch(hosts[0]):
        return "the Host header must be 127.0.0.1, localhost or [::1]"
    own = f"http://{hosts[0]}".lower()
    if any(origin.lower() != own for origin in origins) or any(site not in {"same-origin", "none"} for site in sites):
        return "requests of web pages are refused"
    return ""


def _has_key(head: Head, key: str) -> bool:
    given = head.values("authorization")
    scheme, _, value = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    return scheme.lower() == "bearer" and hmac.compare_digest(value.strip().encode(), key.encode())


def _is_json(types: list[str]) -> bool:
    return len(types) == 1 and types[0].partition(";")[0].strip().lower() == "application/json"
