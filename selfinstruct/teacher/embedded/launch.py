"""Launch the embedded teacher: pinned weights, served by xllamacpp on loopback in a child process that ends with this one."""

import asyncio
import importlib.util
import os
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from pydantic import SecretStr

from selfinstruct.config import Config
from selfinstruct.errors import ConfigError, TeacherRefusedError
from selfinstruct.system.aside import Aside
from selfinstruct.system.extras import install_command
from selfinstruct.system.interpreter import python
from selfinstruct.weights import Progress, fetch

_START_S = 120.0
_SAMPLE_S = 0.5
_WARM_SLOTS = 8
"""Slots that hold the beginnings of prompts while others write."""
END_S = 5.0
"""Seconds that a server has to end by itself."""


class Served(NamedTuple):
    """A running embedded teacher."""

    base_url: str
    key: SecretStr


@asynccontextmanager
async def serve(config: Config, say: Callable[[str], None], progress: Progress | None = None) -> AsyncIterator[Served]:
    """Yield address and key of the served teacher; the child ends with this process, even if that is killed."""
    require_engine()
    path = fetch(config.teacher.model, path=config.teacher.weights, say=say, progress=progress)
    say(Aside(f"Starting the embedded teacher {config.teacher.model}"))
    slots, context = slots_of(config)
    threads = config.teacher.threads or await asyncio.to_thread(idle_cores)
    child = await asyncio.create_subprocess_exec(
        *server_command(path, slots=slots, context=context, threads=threads),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C reaches only this process: replies in flight are still wanted
    )
    key = new_key()
    try:
        yield Served(await _address(child, key) + "/v1", key)
    finally:
        await _end(child)


_QUESTION = 160
"""Tokens of a question in a conversation, at most."""


def slots_of(config: Config) -> tuple[int, int]:
    """Return (slots, tokens of each): more slots than requests at once, so that the prompts that come again find their beginning computed.

    Reading prompts is what costs: with 4 slots for 6 kinds of prompts 11,462 of 12,667 tokens were computed anew, with 12 slots 5,063 of 13,520.
    """
    if config.generate.translate or "translate" in config.recipes:  # a row and its translation, and one kind of prompt
        return config.limits.concurrency, 1024 + 2 * config.teacher.max_tokens
    if "batch" in config.recipes:
        return config.limits.concurrency, 3072 + config.teacher.max_tokens
    most = 2048 if "documents" in config.recipes else 1024 + config.teacher.max_answer_tokens
    if "conversation" in config.recipes:
        most = max(
            most, 1024 + config.generate.least_and_most_turns[1] * (config.teacher.max_answer_tokens + _QUESTION)
        )
    return config.limits.concurrency + _WARM_SLOTS, most


def new_key() -> SecretStr:
    """Return a random key, another one for each start."""
    return SecretStr(secrets.token_urlsafe(32))


def key_line(key: SecretStr) -> bytes:
    """Return what the server process reads first: its key, on a pipe, where no other process sees it."""
    return key.get_secret_value().encode() + b"\n"


def server_command(path: Path, *, slots: int, context: int, threads: int, port: int = 0) -> list[str]:
    """Return the command of the server process.

    It reads `key_line` from its standard input, prints its address, and ends when that input closes.
    """
    options = {"slots": slots, "context": context, "threads": threads, "port": port}
    flags = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    return python("-m", "selfinstruct.teacher.embedded.server", str(path), *flags)


def idle_cores() -> int:
    """Return the number of idle CPU cores, at least 1.

    One thread too many costs far more than one too few, because the engine's threads synchronise after every layer: on two cores with
    another program running, two threads were measured four times slower than one.
    """
    cores = os.cpu_count() or 1
    try:
        before = _idle_ticks()
        time.sleep(_SAMPLE_S)
        idle = (_idle_ticks() - before) / (os.sysconf("SC_CLK_TCK") * _SAMPLE_S)
    except (OSError, ValueError):
        idle = cores - os.getloadavg()[0]
    return min(max(round(idle), 1), cores)


def _idle_ticks() -> int:
    return int(Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[4])


def require_engine() -> None:
    """Raise ConfigError with the remedy when the [local] extra is not installed."""
    if importlib.util.find_spec("xllamacpp") is None:
        raise ConfigError(
            f"the embedded teacher needs the [local] extra: {install_command('local')}, "
            'or set [teacher] kind = "openai" with a base_url'
        )


async def _address(child: asyncio.subprocess.Process, key: SecretStr) -> str:
    assert child.stdin is not None and child.stdout is not None  # noqa: S101, PT018 - pipes were asked for
    child.stdin.write(key_line(key))
    try:
        line = await asyncio.wait_for(child.stdout.readline(), _START_S)
    except TimeoutError:
        line = b""
    if not line.startswith(b"http://127.0.0.1:"):
        raise TeacherRefusedError(
            "the embedded teacher did not start; try fewer --concurrency (memory) or another [teacher] model"
        )
    return line.decode().strip()


async def _end(child: asyncio.subprocess.Process) -> None:
    """Close the child's input, so that it tidies up and ends; kill it where that takes too long."""
    if child.stdin is not None:
        child.stdin.close()
    try:
        await asyncio.wait_for(child.wait(), END_S)
    except TimeoutError:
        child.kill()
        await child.wait()
