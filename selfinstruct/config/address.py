"""Addresses of endpoints: which are on this machine itself, which carry what they must not, and which are the same server."""

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

_PORTS = {"http": 80, "https": 443}


def is_loopback(url: str) -> bool:
    """Return whether a URL is plain http to this machine itself."""
    try:
        parts = urlsplit(url)
        return parts.scheme == "http" and is_loopback_host(parts.hostname or "")
    except ValueError:
        return False


def is_loopback_host(host: str) -> bool:
    """Return whether a host is this machine itself: by the whole name, since `localhost.example.com` is another one."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


_AZURE_QUERY = re.compile(r"api-version=[\w.-]{1,40}", re.ASCII)


def check_address(url: str, *, insecure_http: bool = False) -> None:
    """Raise ValueError with the remedy, and without the URL, for one that may carry a secret or is read differently by different parsers.

    Every query but Azure's `api-version` is refused, and not only one that looks like a key: no list of names of keys is complete.
    `insecure_http` allows http to a private address.
    """
    parts = _split(url)
    if "@" in parts.netloc:
        raise ValueError("must not contain a user or password; name the key's variable in api_key_env")
    if "#" in url or ("?" in url and not _AZURE_QUERY.fullmatch(parts.query)):
        raise ValueError(
            "must not contain a #fragment, or a ?query other than Azure's api-version, which may hold a key; name the key's variable in "
            "api_key_env, further headers in headers"
        )
    if not re.fullmatch(r"[!-~]+", url) or set(url) & set('\\"<>^`{|}'):
        raise ValueError(
            "must be plain ASCII without spaces and backslashes; write a host as xn--..., other characters as %XX"
        )
    if parts.scheme != "https" and not is_loopback(url) and not (insecure_http and is_private(url)):
        allowed = "; insecure_http = true allows it for this private address" if is_private(url) else ""
        if re.search(r"[a-z]", parts.hostname or "", re.IGNORECASE) and ":" not in (parts.hostname or ""):
            allowed = (
                "; insecure_http = true allows it for a private address in numbers, such as http://192.168.1.5:8000/v1"
            )
        raise ValueError(f"must begin with https:// (http:// only for this machine itself{allowed})")
    if not parts.hostname:
        raise ValueError("must name a host: https://HOST/v1")


def server_of(url: str) -> str:
    """Return scheme, host and port of a checked URL, always with the port: `https://api.example.com:443`."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removesuffix(".")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}:{parts.port or _PORTS[parts.scheme]}"


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ValueError(
            "is no address; write one such as https://api.example.com/v1"
        ) from None  # its text has the URL's
    return parts


def is_private(url: str) -> bool:
    """Return whether a URL is plain http to an address of a private network (RFC 1918, RFC 4193, link-local), or a name without a dot."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme != "http" or not host:
            return False
        if re.fullmatch(r"[\d.]+|[0-9a-f:]*:[0-9a-f:.]*", host):
            address = ip_address(host)
            return (getattr(address, "ipv4_mapped", None) or address).is_private
    except ValueError:
        return False
    return _is_local_name(host)


_NAME = re.compile(r"(?!0x[0-9a-f]*\Z)[\w-]+(?:\.[\w-]+)*", re.ASCII)
"""A host's name: resolvers read `0x08080808` as 8.8.8.8, and what has other characters is an address in some other form."""


def _is_local_name(host: str) -> bool:
    if not _NAME.fullmatch(host):
        return False
    return "." not in host or host.endswith((".local", ".internal", ".lan", ".home.arpa"))
