"""Before a key goes to a server that a project's file names, the user agrees once; a file may come from anybody.

A cloned project could name any server, and any variable of the environment as the key: one `generate` would hand over, say, a cloud
password. So server and variable are shown and agreed to together, and remembered together, in the user's own folder and never in the
project. Not asked: this machine itself, an address that the user typed, and a well-known provider with a variable of its name.
"""

import errno
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from selfinstruct.config import Teacher, header_variables
from selfinstruct.config.address import is_loopback_host, server_of
from selfinstruct.errors import ConfigError, InputError, StorageError
from selfinstruct.system.plain import open_plain
from selfinstruct.system.writing import make_private_folder, write_text

Confirm = Callable[[str], bool]
"""Asks the user a question and returns whether the answer is yes."""

PROVIDERS = {
    "api.anthropic.com": "ANTHROPIC",
    "api.cerebras.ai": "CEREBRAS",
    "api.deepseek.com": "DEEPSEEK",
    "api.fireworks.ai": "FIREWORKS",
    "api.groq.com": "GROQ",
    "api.mistral.ai": "MISTRAL",
    "api.moonshot.ai": "MOONSHOT",
    "api.moonshot.cn": "MOONSHOT",
    "api.openai.com": "OPENAI",
    "api.siliconflow.cn": "SILICONFLOW",
    "api.together.xyz": "TOGETHER",
    "api.x.ai": "XAI",
    "dashscope-intl.aliyuncs.com": "DASHSCOPE",
    "dashscope.aliyuncs.com": "DASHSCOPE",
    "generativelanguage.googleapis.com": "GEMINI",
    "open.bigmodel.cn": "ZHIPU",
    "openrouter.ai": "OPENROUTER",
}
"""Host, as its provider documents it -> word in the name of a variable that holds a key for it."""


class Destination(NamedTuple):
    """Where a key would go."""

    server: str
    """Scheme, host and port."""
    variable: str
    """Name of the environment variable that holds the key."""


def check_consent(teacher: Teacher, confirm: Confirm | None = None, *, trusted: bool = False) -> None:
    """Raise ConfigError unless the key may be sent; `trusted` when the user himself named the server.

    `confirm` is asked about a server that is new; None: there is nobody to ask.
    """
    for variable in (teacher.api_key_env, *header_variables(teacher)):
        _check(Destination(server_of(teacher.base_url), variable), confirm, trusted)


def _check(destination: Destination, confirm: Confirm | None, trusted: bool) -> None:
    if _is_expected(destination) or destination in _agreed():
        return
    if not trusted and not (confirm and confirm(_question(destination))):
        raise ConfigError(
            f"[teacher] base_url: the key in {destination.variable} was never sent to {destination.server}, which the configuration "
            "file names, and is not sent now. If you know that server, run the same command with --yes once (or set SELFINSTRUCT_YES=1; "
            "in Python: open_run(..., trust_endpoint=True)); otherwise correct base_url and api_key_env"
        )
    _remember(destination)


def consent_file() -> Path:
    """Return the file of what was agreed to: in $XDG_STATE_HOME, else in ~/.local/state; raises OSError without a home.

    A relative path is invalid (XDG Base Directory Specification), and would let a project answer for the user.
    """
    state = Path(os.environ.get("XDG_STATE_HOME", ""))
    if not state.is_absolute():
        try:
            state = Path.home() / ".local" / "state"
        except RuntimeError as error:
            raise FileNotFoundError(errno.ENOENT, "this user has no home") from error
    if not state.is_absolute():
        raise FileNotFoundError(errno.ENOENT, "this user's home is no absolute path")
    return state / "selfinstruct" / "endpoints.jsonl"


def _question(destination: Destination) -> str:
    return (
        f"The configuration file names a server that has not had a key of yours yet: {destination.server} would get the value of "
        f"{destination.variable}. Send it?"
    )


def _is_expected(destination: Destination) -> bool:
    parts = urlsplit(destination.server)
    host = parts.hostname or ""
    word = PROVIDERS.get(host) if destination.server == f"https://{host}:443" else None
    return is_loopback_host(host) or bool(word and word in destination.variable.upper())


def _agreed() -> list[Destination]:
    """Return what was agreed to; nothing where the file is missing, another user could have written it, or cannot be read."""
    try:
        descriptor = open_plain(consent_file(), os.O_RDONLY)
    except (OSError, InputError):
        return []
    with os.fdopen(descriptor, encoding="utf-8", errors="replace") as file:
        found = os.fstat(descriptor)
        if found.st_uid != os.geteuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            return []
        lines = file.read().split("\n")
    return [destination for line in lines if (destination := _parsed(line))]


def _parsed(line: str) -> Destination | None:
    try:
        value = json.loads(line)
        return Destination(str(value["server"]), str(value["variable"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _remember(destination: Destination) -> None:
    lines = [json.dumps(one._asdict()) + "\n" for one in (*_agreed(), destination)]
    try:
        file = consent_file()
        make_private_folder(file.parent)
        write_text(file, "".join(lines), private=True)
    except (OSError, StorageError):
        return  # a home that cannot be written to, as in a container: the question comes again next time
