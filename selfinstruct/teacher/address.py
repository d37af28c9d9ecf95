"""The address of a teacher: base URL, query, headers and key, checked before the first request."""

import os
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from pydantic import SecretStr

from selfinstruct.config import VARIABLE, Config, is_loopback, is_private
from selfinstruct.errors import ConfigError

_NO_KEY = "none"
"""Sent where no key is needed."""
_PLACEHOLDER = re.compile(
    r"(sk-)?(x{3,}|\.{3}|\*{3,}|…)|<.*>|\[.*\]|\{.*\}|(sk-)?(your|my|the|insert|paste|put)[-_ ].*|change[-_ ]?me|(api[-_]?)?key|todo|placeholder|null|undefined",
    re.IGNORECASE,
)
"""What documentation writes where a key belongs."""


class Address(NamedTuple):
    """Where requests go, and what authorises them."""

    base_url: str
    key: SecretStr
    query: Mapping[str, str] = MappingProxyType({})
    """Sent with every request, e.g. Azure's `api-version`."""
    headers: Mapping[str, SecretStr] = MappingProxyType({})
    variables: tuple[SecretStr, ...] = ()
    """Values of the environment variables that the headers name."""

    @property
    def secrets(self) -> list[str]:
        """All values that must not be seen."""
        return [one.get_secret_value() for one in (self.key, *self.variables)]

    @property
    def is_openai(self) -> bool:
        """Whether it is OpenAI itself, whose organisation and project headers then make sense."""
        return f".{urlsplit(self.base_url).hostname}".endswith(".openai.com")


def address_of(config: Config) -> Address:
    """Return the address of an OpenAI-compatible teacher; raises ConfigError with the remedy."""
    base_url, query = split_url(config.teacher.base_url)
    key = key_of(config)
    values = _variables(config.teacher.headers)
    headers = {name: SecretStr(_filled(value, values)) for name, value in config.teacher.headers.items()}
    if (urlsplit(base_url).hostname or "").endswith((".azure.com", ".azure-api.net", ".microsoft.com")):
        headers.setdefault("api-key", key)
    return Address(base_url, key, query, headers, tuple(map(SecretStr, values.values())))


def split_url(url: str) -> tuple[str, dict[str, str]]:
    """Return (base URL, query) of what a user wrote, which may be the whole address of the chat endpoint.

    >>> split_url("https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2026-06-01")
    ('https://x.openai.azure.com/openai/deployments/d', {'api-version': '2026-06-01'})
    >>> split_url("https://api.example.com/v1/")
    ('https://api.example.com/v1', {})
    """
    parts = urlsplit(url)
    path = re.sub(r"/(chat/)?completions$", "", parts.path.rstrip("/")).rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path}", dict(parse_qsl(parts.query))


def key_of(config: Config) -> SecretStr:
    """Return the API key; raises ConfigError when it is missing, or cannot be one. The message never repeats it."""
    name, url = config.teacher.api_key_env, config.teacher.base_url
    value = os.environ.get(name, "").strip()
    if not value:
        if is_loopback(url) or is_private(url):
            return SecretStr(_NO_KEY)
        raise ConfigError(
            f"[teacher] api_key_env: the environment variable {name} is not set; export {name}=... or name another one"
        )
    if not re.fullmatch(r"[\x21-\x7e]+", value):
        raise ConfigError(
            f"{name}: a key is one line of ASCII letters without a blank; this variable holds something else. Set it to the key alone"
        )
    if _PLACEHOLDER.fullmatch(value) and not (is_loopback(url) or is_private(url)):
        raise ConfigError(f"{name}: holds the placeholder of some documentation and not a key; set it to your own key")
    return SecretStr(value)


def tell_no_key(config: Config, say: Callable[[str], None]) -> None:
    """Say that requests go without a key, where the configuration names a variable for it that is not set, and the server may need none."""
    teacher = config.teacher
    is_named = teacher.kind == "openai" and teacher.api_key_env != type(teacher).model_fields["api_key_env"].default
    may_go = is_loopback(teacher.base_url) or is_private(teacher.base_url)  # elsewhere nothing is sent
    if is_named and may_go and not os.environ.get(teacher.api_key_env, "").strip():
        say(
            f"WARNING: [teacher] api_key_env: the environment variable {teacher.api_key_env} is not set: requests to {teacher.base_url} go without a key"
        )


def _variables(headers: Mapping[str, str]) -> dict[str, str]:
    """Return {environment variable that a header names: its value}; raises ConfigError for one that cannot be sent."""
    values = {}
    for header, text in headers.items():
        for variable in (found[1] or found[2] for found in VARIABLE.finditer(text)):
            values[variable] = os.environ.get(variable, "").strip()
            if not re.fullmatch(r"[\x20-\x7e]+", values[variable]):
                raise ConfigError(
                    f"[teacher] headers: {header} names the environment variable {variable}, which is not one line of ASCII; set it"
                )
    return values


def _filled(text: str, values: Mapping[str, str]) -> str:
    return VARIABLE.sub(lambda found: values[found[1] or found[2]], text)
