"""The embedded teacher: pinned weights, served by xllamacpp on loopback in a child process that never outlives us."""

import asyncio
import importlib.util
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from selfinstruct.config import Config
from selfinstruct.errors import ConfigError, TeacherRefusedError
from selfinstruct.weights import Progress, fetch

_START_S = 120.0


@asynccontextmanager
async def serve(config: Config, say: Callable[[str], None], progress: Progress | None = None) -> AsyncIterator[str]:
    """Yield the base URL of a served teacher; the child ends with us, even when we are killed."""
    require_engine()
    path = fetch(config.teacher.model, path=config.teacher.weights, say=say, progress=progress)
    say(f"Starting the embedded teacher {config.teacher.model}")
    context = 2048 if config.recipe == "steered" else 3072 + config.teacher.max_tokens
    options = [str(path), "--slots", str(config.limits.concurrency), "--context", str(context)]
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "selfinstruct.teacher.server",
        *options,
        "--threads",
        str(config.teacher.threads or os.cpu_count() or 1),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield await _address(child) + "/v1"
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


def require_engine() -> None:
    """Raise ConfigError with the remedy when the [local] extra is not installed."""
    if importlib.util.find_spec("xllamacpp") is None:
        raise ConfigError(
            "the embedded teacher needs the [local] extra: pip install 'selfinstruct[local]', "
            'or set [teacher] kind = "openai" with a base_url'
        )


async def _address(child: asyncio.subprocess.Process) -> str:
    assert child.stdout is not None  # noqa: S101 - a pipe was asked for
    try:
        line = await asyncio.wait_for(child.stdout.readline(), _START_S)
    except TimeoutError:
        line = b""
    if not line.startswith(b"http://127.0.0.1:"):
        raise TeacherRefusedError("the embedded teacher did not start; try fewer --concurrency (memory) or another [teacher] model")
    return line.decode().strip()
