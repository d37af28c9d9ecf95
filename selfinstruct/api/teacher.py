"""The embedded teacher: its weights, and its server on loopback."""

import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from pydantic import SecretStr

from selfinstruct.api.settings import load_config
from selfinstruct.config import Config
from selfinstruct.errors import ConfigError, TeacherRefusedError


class ServedTeacher(NamedTuple):
    """An embedded teacher that answers."""

    base_url: str
    """OpenAI-compatible, on loopback."""
    process: "subprocess.Popen[bytes]"
    api_key: str
    """What a caller sends as `Authorization: Bearer`; an OpenAI client takes it as its `api_key`."""

    def __repr__(self) -> str:
        return f"ServedTeacher({self.base_url!r})"  # a key has no place in a log


def pull_weights(
    model: str | None = None,
    *,
    config: Config | None = None,
    say: Callable[[str], None] = lambda _: None,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Fetch the weights of the embedded teacher unless they are there, verify their sha256, and return the file.

    >>> pull_weights("gpt-2")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    selfinstruct.errors.ConfigError: the model `gpt-2` has no pinned weights; known: ...
    """
    from selfinstruct.weights import fetch

    config = config or load_config()
    return fetch(model or config.teacher.model, path=config.teacher.weights, say=say, progress=progress)


@contextmanager
def serve_teacher(  # noqa: PLR0913 - all but the model by name
    model: str | None = None,
    *,
    port: int = 0,
    api_key: str | None = None,
    config: Config | None = None,
    say: Callable[[str], None] = lambda _: None,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[ServedTeacher]:
    """Serve the embedded teacher on loopback while the block runs; port 0 takes a free one.

    `api_key` is what callers have to send; None: a random one, which the yielded object has. Needs the extra `local`. Raises ConfigError
    for a key that is too short, TeacherRefusedError when the server does not start.
    """
    from selfinstruct.teacher.embedded.launch import (
        END_S,
        idle_cores,
        key_line,
        new_key,
        require_engine,
        server_command,
    )

    key = new_key() if api_key is None else _checked(api_key)
    require_engine()
    config = config or load_config()
    path = pull_weights(model, config=config, say=say, progress=progress)
    threads = config.teacher.threads or idle_cores()
    command = server_command(path, slots=config.limits.concurrency, context=4096, threads=threads, port=port)
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)  # noqa: S603 - ours
    try:
        address = _address(child, key_line(key))
        yield ServedTeacher(f"{address}/v1", child, key.get_secret_value())
    finally:
        _end(child, END_S)


def _checked(key: str) -> SecretStr:
    if not re.fullmatch(r"[!-~]{16,200}", key):
        raise ConfigError("the key of the embedded teacher: must be 16 to 200 visible ASCII characters without a space")
    return SecretStr(key)


def _address(child: "subprocess.Popen[bytes]", key: bytes) -> str:
    """Hand the server its key and return its address."""
    assert child.stdin is not None and child.stdout is not None  # noqa: S101, PT018 - pipes were asked for
    with suppress(BrokenPipeError):  # it has ended; the missing address says so
        child.stdin.write(key)
        child.stdin.flush()
    if address := child.stdout.readline().decode().strip():
        return address
    raise TeacherRefusedError("the embedded teacher did not start; another program may hold the port, try --port 0")


def _end(child: "subprocess.Popen[bytes]", patience_s: float) -> None:
    """Close the server's input, so that it tidies up and ends; kill it where that takes too long."""
    try:
        child.communicate(timeout=patience_s)  # closes both pipes
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
