"""Starting a run against the scripted teacher, and what it wrote."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.config import Config
from selfinstruct.errors import InterruptedRunError
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.run import Observer, generate
from selfinstruct.runs.stopping import StopSignal
from tests.support.teacher_server import Fault, TeacherServer

MakeConfig = Callable[..., Config]


def start(config: Config, path: Path, *, fresh: bool = False) -> dict[str, Any]:
    def watch(*_: object) -> None:
        pass

    return generate(config, RunDirectory(path), Observer(lambda _: None, watch), StopSignal(), fresh=fresh)


def digest(path: Path) -> dict[str, str]:
    """Return {file: sha256} of everything a run emits, the manifest's money and request counts aside."""
    files = sorted([*path.glob("dataset/*.jsonl"), path / "provenance.jsonl", path / "rejected.jsonl"])
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def files_in(folder: Path) -> dict[str, str]:
    """Return {path: sha256} of every file below a folder."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def start_and_interrupt(config: Config, path: Path, server: TeacherServer, after: int) -> None:
    """Run until so many requests were sent, and interrupt."""
    stop = StopSignal()

    def script(number: int, _: dict[str, Any]) -> Fault | None:
        if number >= after:
            stop.set(InterruptedRunError("interrupted"))
        return None

    server.requests.clear()
    server.script = script
    with pytest.raises(InterruptedRunError):
        generate(config, RunDirectory(path), Observer(lambda _: None, lambda *_: None), stop)
    server.script = lambda *_: None
