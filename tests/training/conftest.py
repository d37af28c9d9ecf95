"""Shared models, and the command line run in this process; torch is imported only by selected tests."""

import os
import socket
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.support.models import CHAT, FAMILIES, build_model, build_tokenizer

_WITH_TORCH = [
    "model/test_matrix.py",
    "model/test_strange_values.py",
    "model/test_strangers.py",
    "test_rate.py",
    "test_served.py",
]
collect_ignore = [] if find_spec("torch") else _WITH_TORCH
"""Torch comes with the [finetune] extra; the quick tests do without."""


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Tiny models are slower on several threads; quiet bars keep the output readable."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")


@pytest.fixture(scope="session")
def chat_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_model(tmp_path_factory.mktemp("models") / "chat", build_tokenizer(chat=CHAT))


@pytest.fixture(scope="session")
def family_models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder, tokenizer = tmp_path_factory.mktemp("families"), build_tokenizer(chat=CHAT)
    return {family: build_model(folder / family, tokenizer, family) for family in FAMILIES}


@pytest.fixture
def selfinstruct(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., CompletedProcess[str]]:
    """Run the command line in an empty directory, in this process: another one would spend its time on importing torch."""
    from selfinstruct.cli import main

    def run(*args: str | Path) -> CompletedProcess[str]:
        command = ["selfinstruct", *map(str, args)]
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr("sys.argv", command)
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return CompletedProcess(command, int(ended.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        pytest.fail("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
