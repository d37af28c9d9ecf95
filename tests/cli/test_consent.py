"""A key and a server that only the project's file names, from the command line: nothing is connected before the user agrees.

A proxy on loopback stands for the world outside: it counts who was to be connected, and connects nobody.
"""

import os
import pty
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer

import pytest

import selfinstruct as si
from tests.support.command import Cli
from tests.support.teacher_server import KEY, TeacherServer
from tests.support.translating import carry
from tests.support.translating import write as write_rows

PROJECT = """
[target]
en = 1
zh = 0
[teacher]
kind = "openai"
base_url = "https://teacher.example/v1"
model = "m"
api_key_env = "TEST_TEACHER_KEY"
transport = "{transport}"
price = {{ input = "1", output = "1" }}
[limits]
retries = 0
max_outage_s = 0.1
"""


class Proxy(ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), _Refuses)


class _Refuses(StreamRequestHandler):
    server: Proxy

    def handle(self) -> None:
        self.server.asked.append(self.rfile.readline().decode().split(" ")[1])
        self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")


@pytest.fixture(autouse=True)
def proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    with Proxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.server_address[1]}")
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
        write(tmp_path)
        thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield proxy
        proxy.shutdown()
        thread.join()


def write(folder: Path, transport: str = "direct") -> Path:
    path = folder / "selfinstruct.toml"
    path.write_text(PROJECT.format(transport=transport), encoding="utf-8")
    return path


@pytest.mark.parametrize("transport", ["direct", "batch_api"])
def test_a_project_that_names_a_server_gets_no_key_of_a_script(
    selfinstruct: Cli, tmp_path: Path, proxy: Proxy, transport: str
) -> None:
    write(tmp_path, transport)
    done = selfinstruct("generate")
    assert done.returncode == 2
    assert "https://teacher.example:443" in done.stderr
    assert "--yes" in done.stderr
    assert KEY not in done.stdout + done.stderr
    assert proxy.asked == []


@pytest.mark.parametrize("how", ["flag", "environment"])
def test_yes_is_said_once_and_remembered(
    selfinstruct: Cli, proxy: Proxy, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    if how == "environment":
        monkeypatch.setenv("SELFINSTRUCT_YES", "1")
    done = selfinstruct("generate", *(["--yes"] if how == "flag" else []))
    assert "https://teacher.example:443 would get the value of TEST_TEACHER_KEY" in done.stderr
    assert set(proxy.asked) == {"teacher.example:443"}
    proxy.asked.clear()
    monkeypatch.delenv("SELFINSTRUCT_YES", raising=False)
    again = selfinstruct("generate")
    assert "would get the value" not in again.stderr
    assert set(proxy.asked) == {"teacher.example:443"}


@pytest.mark.thorough
def test_a_server_that_was_typed_is_not_asked_about(
    selfinstruct: Cli, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    selfinstruct("generate", "--base-url", "https://one.example/v1")
    monkeypatch.setenv("SELFINSTRUCT_BASE_URL", "https://two.example/v1")
    selfinstruct("generate", "--run", "other")
    assert set(proxy.asked) == {"one.example:443", "two.example:443"}


@pytest.mark.parametrize("words", [("estimate",), ("generate", "--dry-run"), ("status",)], ids=" ".join)
def test_what_sends_nothing_asks_nothing(selfinstruct: Cli, proxy: Proxy, words: tuple[str, ...]) -> None:
    done = selfinstruct(*words)
    assert "was never sent" not in done.stderr
    assert proxy.asked == []


def test_a_refusal_leaves_the_old_run_where_it_is(selfinstruct: Cli, tmp_path: Path) -> None:
    (tmp_path / "outputs" / "demo").mkdir(parents=True)
    assert selfinstruct("generate", "--fresh").returncode == 2
    assert [path.name for path in (tmp_path / "outputs").iterdir()] == ["demo"]


@pytest.mark.thorough
@pytest.mark.parametrize(("answer", "connected"), [(b"n\n", set()), (b"y\n", {"teacher.example:443"})])
def test_at_a_terminal_the_user_is_asked(tmp_path: Path, proxy: Proxy, answer: bytes, connected: set[str]) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "selfinstruct", "generate"]
    with subprocess.Popen(command, cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        while b"[y/N]" not in shown:
            shown += os.read(ours, 4096)
        os.write(ours, answer)
        drain(ours)
        code = process.wait(60)
    os.close(ours)
    assert b"TEST_TEACHER_KEY" in shown
    assert b"https://teacher.example:443" in shown
    assert (code == 2) is (answer == b"n\n")
    assert set(proxy.asked) == connected


def drain(descriptor: int) -> None:
    """Read until the other side of a terminal is closed."""
    try:
        while os.read(descriptor, 4096):
            pass
    except OSError:  # what Linux says at its end
        pass


def test_in_the_library_a_file_is_not_trusted_and_the_error_names_the_keyword(tmp_path: Path, proxy: Proxy) -> None:
    run = si.open_run(tmp_path / "run", config=write(tmp_path), say=lambda _: None)
    with pytest.raises(si.ConfigError, match="trust_endpoint=True"):
        run.generate()
    assert proxy.asked == []


@pytest.mark.thorough
@pytest.mark.parametrize("how", ["keyword", "settings", "defaults", "settings over the file"])
def test_in_the_library_what_the_program_itself_says_is_trusted(tmp_path: Path, proxy: Proxy, how: str) -> None:
    file = write(tmp_path)
    teacher = {"kind": "openai", "model": "m", "base_url": "https://mine.example/v1", "api_key_env": "TEST_TEACHER_KEY"}
    unnamed = {name: value for name, value in teacher.items() if name != "base_url"}
    limits = {"retries": 0, "max_outage_s": 0.1}
    make: dict[str, Callable[[], si.Run]] = {
        "keyword": lambda: si.open_run(tmp_path / "run", config=file, say=print, trust_endpoint=True),
        "settings": lambda: si.open_run(tmp_path / "run", say=print, teacher=teacher, limits=limits),
        "defaults": lambda: si.open_run(tmp_path / "run", say=print, teacher=unnamed, limits=limits),
        "settings over the file": lambda: si.open_run(tmp_path / "run", config=file, say=print, teacher=teacher),
    }
    with pytest.raises(si.TeacherRefusedError):
        make[how]().generate()
    hosts = {"keyword": "teacher.example", "defaults": "api.openai.com"}
    assert set(proxy.asked) == {f"{hosts.get(how, 'mine.example')}:443"}


@pytest.mark.parametrize("more", [["--target", "zh=2"], ["--fresh"]])
def test_a_server_that_only_the_lock_of_a_translation_names_gets_no_key_of_a_script(
    selfinstruct: Cli, tmp_path: Path, proxy: Proxy, server: TeacherServer, more: list[str]
) -> None:
    rows = [{"instruction": f"Explain how lamp {number} works.", "output": "It glows."} for number in (3, 4)]
    carry(server, write_rows(tmp_path / "en.jsonl", rows[:1]), tmp_path / "zh")
    write_rows(tmp_path / "en.jsonl", rows)
    for name in ("config.lock.toml", "manifest.json"):
        text = (tmp_path / "zh" / name).read_text(encoding="utf-8")
        assert server.url in text
        (tmp_path / "zh" / name).write_text(text.replace(server.url, "https://elsewhere.example/v1"), encoding="utf-8")
    done = selfinstruct("generate", "--run", "zh", *more)
    assert done.returncode == 2
    assert "https://elsewhere.example:443" in done.stderr
    assert KEY not in done.stdout + done.stderr
    assert proxy.asked == []
    assert not (tmp_path / "zh.1").exists()
