"""The server process of the embedded teacher, with a fake engine: how it gets its key, and how it ends."""

import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from selfinstruct.teacher.embedded.launch import key_line, new_key, server_command

pytestmark = pytest.mark.thorough  # processes of their own

ROOT = Path(__file__).parents[3]
Start = Callable[[bytes], "subprocess.Popen[bytes]"]
looks_into_proc = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc of Linux")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    (tmp_path / "modules").mkdir()
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom tests.support.fake_engine import CommonParams, Server\n"
    )
    (tmp_path / "modules" / "xllamacpp.py").write_text(code, encoding="utf-8")
    begun: list[subprocess.Popen[bytes]] = []

    def start(line: bytes) -> "subprocess.Popen[bytes]":
        command = server_command(tmp_path / "weights.gguf", slots=1, context=64, threads=1)
        environment = os.environ | {"PYTHONPATH": f"{tmp_path / 'modules'}{os.pathsep}{ROOT}"}
        pipe = subprocess.PIPE
        begun.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment))
        assert begun[-1].stdin is not None
        begun[-1].stdin.write(line)
        begun[-1].stdin.flush()
        return begun[-1]

    yield start
    for child in begun:
        if child.returncode is None:
            child.communicate(timeout=60)  # closes its input, so that it tidies up


def address_of(child: "subprocess.Popen[bytes]") -> str:
    assert child.stdout is not None
    return child.stdout.readline().decode().strip()


def status(url: str, key: str) -> int:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {key}"})  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def engines(child: "subprocess.Popen[bytes]") -> list[Path]:
    """Return the Unix sockets on which a process listens."""
    inodes = {str(path.readlink()) for path in Path(f"/proc/{child.pid}/fd").iterdir()}
    lines = [line.split() for line in Path("/proc/net/unix").read_text(encoding="utf-8").splitlines()[1:]]
    return [Path(line[7]) for line in lines if len(line) > 7 and f"socket:[{line[6]}]" in inodes and line[7][0] == "/"]


def test_every_start_has_a_key_of_its_own_that_cannot_be_guessed() -> None:
    keys = {new_key().get_secret_value() for _ in range(20)}
    assert len(keys) == 20
    assert min(map(len, keys)) >= 43  # 32 random bytes


def test_only_who_has_the_key_of_this_start_is_served(start: Start) -> None:
    key, other = new_key(), new_key()
    url = address_of(start(key_line(key))) + "/v1/models"
    assert status(url, key.get_secret_value()) == 200
    assert status(url, other.get_secret_value()) == status(url, "none") == 401


@looks_into_proc
def test_the_key_stands_neither_in_arguments_nor_environment_nor_output(start: Start) -> None:
    key = new_key()
    child = start(key_line(key))
    address_of(child)
    secret = key.get_secret_value().encode()
    assert secret not in Path(f"/proc/{child.pid}/cmdline").read_bytes()
    assert secret not in Path(f"/proc/{child.pid}/environ").read_bytes()
    output, errors = child.communicate(timeout=60)
    assert secret not in output + errors


@looks_into_proc
def test_the_engine_itself_listens_where_only_this_user_and_no_browser_reaches_it(start: Start) -> None:
    child = start(key_line(new_key()))
    address_of(child)
    (engine,) = engines(child)
    assert engine.parent.stat().st_mode & 0o777 == 0o700


@looks_into_proc
def test_it_ends_with_its_parent_and_leaves_nothing_behind(start: Start) -> None:
    child = start(key_line(new_key()))
    address_of(child)
    (engine,) = engines(child)
    child.communicate(timeout=60)  # closes its input, as the end of the parent does
    assert child.returncode == 0
    assert not engine.parent.exists()


def test_without_a_key_it_does_not_start(start: Start) -> None:
    child = start(b"\n")
    output, errors = child.communicate(timeout=60)
    assert (child.returncode, output) == (2, b"")
    assert b"the first line of standard input must be the key" in errors
