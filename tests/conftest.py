"""Shared fixtures: a scripted teacher, a small configuration, and no socket but loopback."""

import asyncio
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from selfinstruct.config import Config, parse_config
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.run import Observer, generate
from selfinstruct.runs.stopping import StopSignal
from selfinstruct.teacher.pacing.rate_limiter import Clock
from tests.support.batch_run import BATCH, Run
from tests.support.batch_server import BatchShelf
from tests.support.command import Cli
from tests.support.fork_server import ForkServer
from tests.support.teacher_server import KEY, TeacherServer

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fixed", settings.get_profile("busy"), derandomize=True)  # one commit, one outcome: for CI
settings.load_profile("busy")  # a machine that does other things too is no reason to fail
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a shell's background jobs begin without Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)

CONFIG = """
[run]
name = "test"
[target]
en = 3
zh = 3
[teacher]
kind = "openai"
base_url = "{url}"
model = "scripted-teacher"
api_key_env = "TEST_TEACHER_KEY"
price = {{ input = "1.00", output = "2.00" }}
[generate]
recipe = "{recipe}"
tasks_per_request = 3
window = 4
[limits]
concurrency = 4
retries = 2
timeout_s = 20
"""


@pytest.fixture(scope="session")
def state_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what stands for the user's own folder, so that no test reads or writes the developer's."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch, state_home: Path) -> None:
    """Fail any test that opens a socket to another machine, and forget the settings of the developer's shell."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in {"127.0.0.1", "::1"}:
            raise AssertionError(f"a test opened a socket to {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setenv("TEST_TEACHER_KEY", KEY)
    monkeypatch.setenv("XDG_STATE_HOME", str(state_home))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def replayed_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `filter` replay the journal also where nothing changed, so that every test of it compares a replay; tests/runs/test_kept.py does not."""
    monkeypatch.setattr("selfinstruct.runs.refilter.stands", lambda *_: False)


@pytest.fixture
def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the client's clock jump over what it would wait for."""
    jumped = [0.0]

    async def pause(_: Clock, seconds: float, __: asyncio.Event) -> None:
        jumped[0] += seconds
        await asyncio.sleep(0)

    monkeypatch.setattr(Clock, "now", lambda _: time.monotonic() + jumped[0])
    monkeypatch.setattr(Clock, "pause", pause)


@pytest.fixture
def server() -> Iterator[TeacherServer]:
    teacher = TeacherServer()
    yield teacher
    teacher.close()


@pytest.fixture
def make_config(server: TeacherServer) -> Callable[..., Config]:
    def make(recipe: str = "steered", **overrides: Any) -> Config:
        dotted = {key.replace("__", "."): value for key, value in overrides.items()}
        return parse_config(CONFIG.format(url=server.url, recipe=recipe), "test.toml", dotted)

    return make


@pytest.fixture
def write_config(server: TeacherServer, tmp_path: Path) -> Callable[..., Path]:
    def write(recipe: str = "steered", extra: str = "") -> Path:
        path = tmp_path / "selfinstruct.toml"
        path.write_text(CONFIG.format(url=server.url, recipe=recipe) + extra, encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def fork_server() -> Iterator[ForkServer]:
    server = ForkServer()
    yield server
    server.close()


@pytest.fixture
def selfinstruct(tmp_path: Path, fork_server: ForkServer) -> Cli:
    """Run the command line in an empty directory, or in `cwd`, and return what it did."""

    def run(*args: str | Path, cwd: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        return fork_server.run([*map(str, args)], cwd, os.environ)

    return run


@pytest.fixture
def run(make_config: Callable[..., Config], tmp_path: Path) -> Run:
    """Run through the Batch API and return the manifest."""

    def run(
        recipe: str = "batch",
        folder: str = "run",
        say: Callable[[str], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
        watch: Callable[..., None] = lambda *_: None,
        **more: Any,
    ) -> dict[str, Any]:
        config = make_config(recipe, **BATCH | more)
        return generate(config, RunDirectory(tmp_path / folder), Observer(say, watch), StopSignal(clock))

    return run


@pytest.fixture
def shelf(server: TeacherServer) -> BatchShelf:
    return server.shelf
