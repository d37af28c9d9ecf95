"""The proxy of the environment that a request goes through, as messages name it: without user and password."""

import os
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

_KNOWN = {"http", "https", "socks5", "socks5h"}
"""Schemes that httpx2 takes (`httpx2.Proxy`)."""
_VARIABLES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
"""Those that count for https://, in the order in which they do: a name in small letters beats its own in capitals."""


class Proxy(NamedTuple):
    """A proxy, and the environment variable that names it."""

    variable: str
    scheme: str
    """In small letters; `http` where none is written."""
    place: str
    """Host and port."""


def proxies() -> list[Proxy]:
    """Return the proxies that the client reads from the environment, those for https:// first."""
    named = ((name, os.environ.get(name, "").strip()) for name in (*_VARIABLES, "http_proxy", "HTTP_PROXY"))
    return [_parsed(name, value) for name, value in named if value]


def through_proxy(error: str, base_url: str) -> str:
    """Return an error of a connection with the proxy that an address is reached through, if it is."""
    url = urlsplit(base_url)
    if url.scheme != "https" or proxy_bypass(url.netloc):
        return error
    proxy = next((one for one in proxies() if one.variable in _VARIABLES), None)
    return f"{error} through the proxy {proxy.place} of {proxy.variable}" if proxy else error


def what_is_wrong(error: Exception) -> str:
    """Return why no client can be made of the environment's proxies, and the remedy, with the variables that are set."""
    for one in proxies():
        if one.scheme == "socks":
            return f"{one.variable}: the proxy {one.place} has the scheme socks://, which says no version; write socks5://{one.place}"
        if one.scheme not in _KNOWN:
            return f"{one.variable}: the proxy {one.place} has the scheme {one.scheme}://, which is not known; write http://, https:// or socks5://, or unset it"
    return f"a proxy of the environment cannot be used ({error}); correct or unset {variables()}"


def variables() -> str:
    """Return the variables that name a proxy and are set."""
    return ", ".join(one.variable for one in proxies()) or "the proxy of this system"


def _parsed(variable: str, value: str) -> Proxy:
    scheme, mark, rest = value.rpartition("://")
    place = rest.rpartition("@")[2].partition("/")[0]
    return Proxy(variable, scheme.lower() if mark else "http", place)
