"""The embedded teacher: its weights, and its server on loopback."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from selfinstruct.api.settings import load_config
from selfinstruct.config import Config
from selfinstruct.errors import TeacherRefusedError


class ServedTeacher(NamedTuple):
    """An embedded teacher that answers."""

    base_url: str
    """OpenAI-compatible, on loopback."""
    process: "subprocess.Popen[str]"


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
def serve_teacher(
    model: str | None = None,
    *,
    port: int = 0,
    config: Config | None = None,
    say: Callable[[str], None] = lambda _: None,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[ServedTeacher]:
    """Serve the embedded teacher on loopback while the block runs; port 0 takes a free one.

    Needs the extra `local`. Raises TeacherRefusedError when the server does not start.
    """
    from selfinstruct.teacher.embedded.launch import idle_cores, require_engine, server_command

    require_engine()
    config = config or load_config()
    path = pull_weights(model, config=config, say=say, progress=progress)
    threads = config.teacher.threads or idle_cores()
    command = server_command(path, slots=config.limits.concurrency, context=4096, threads=threads, port=port)
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)  # noqa: S603 - ours
    try:
        address = child.stdout.readline().strip() if child.stdout else ""
        if not address:
            raise TeacherRefusedError(
                "the embedded teacher did not start; another program may hold the port, try --port 0"
            )
        yield ServedTeacher(f"{address}/v1", child)
    finally:
        child.kill()
        child.wait()
