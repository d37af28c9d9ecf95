"""Killing a run in a process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.support.teacher_server import Fault, Script, TeacherServer


def kill_during(
    server: TeacherServer,
    kill_at: int,
    config: Path,
    folder: Path,
    otherwise: Script = lambda *_: None,
    flags: Sequence[str] = (),
) -> None:
    """Start a run and kill it with SIGKILL when the server gets request number `kill_at`."""
    kill_command(server, kill_at, ["generate", "-q", "--config", str(config), "--run", str(folder), *flags], otherwise)


def kill_command(
    server: TeacherServer, kill_at: int, arguments: Sequence[str], otherwise: Script = lambda *_: None
) -> None:
    """Start a command and kill it with SIGKILL when the server gets request number `kill_at`."""
    process = subprocess.Popen([sys.executable, "-m", "selfinstruct", *arguments])

    def script(number: int, body: dict[str, Any]) -> Fault | None:
        if number == kill_at:
            os.kill(process.pid, signal.SIGKILL)
        return otherwise(number, body)

    server.script = script
    assert process.wait(60) == -signal.SIGKILL
