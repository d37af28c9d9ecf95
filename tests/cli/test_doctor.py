"""`doctor` as a user and a script see it; a small `torch` stands for the real one, which takes seconds to load."""

import json
import os
import re
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from tests.support.command import Cli
from tests.support.teacher_server import KEY, TeacherServer

CANARY = "sk-canary-0123456789abcdef"
TORCH = """
__version__ = "9.9"
class version: cuda = "12.9"
class cuda:
    is_available = staticmethod(lambda: True)
    device_count = staticmethod(lambda: 1)
    get_device_name = staticmethod(lambda number: "Card of a test")
class backends: pass
"""


@pytest.fixture(autouse=True)
def small_torch(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("torch")
    (folder / "torch.py").write_text(TORCH, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{folder}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    monkeypatch.setenv("SELFINSTRUCT_CACHE", str(folder / "cache"))
    return folder


def test_a_folder_without_a_project_is_in_order(selfinstruct: Cli, tmp_path: Path) -> None:
    done = selfinstruct("doctor", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["packages"]["core"]["complete"]
    assert found["machine"]["cores"] >= 1
    assert found["teacher"]["configuration"] is None
    assert {one["state"] for one in found["weights"]} == {"missing"}
    assert [one for one in found["problems"] if one["severity"] == "error"] == []
    assert found["reached"] == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_value_of_a_variable_is_shown(
    selfinstruct: Cli,
    write_config: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    server: TeacherServer,
    lang: str,
) -> None:
    path = write_config("batch")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("model =", 'headers = { X-Team = "Bearer $TEAM_TOKEN" }\nmodel ='), encoding="utf-8")
    for name in ("TEAM_TOKEN", "HF_TOKEN", "HTTPS_PROXY", "SELFINSTRUCT_YES"):
        monkeypatch.setenv(name, CANARY)
    done = [selfinstruct("doctor", "--lang", lang), selfinstruct("doctor", "--json")]
    assert [one.returncode for one in done] == [0, 0]
    said = "".join(one.stdout + one.stderr for one in done)
    assert "TEAM_TOKEN" in said
    assert "HTTPS_PROXY" in said
    assert CANARY not in said
    assert KEY not in said
    assert server.requests == []


def test_a_key_that_is_not_set_is_named_and_exits_1(
    selfinstruct: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    teacher = '[teacher]\nkind = "openai"\nbase_url = "https://api.example.com/v1"\nmodel = "m"\napi_key_env = "NO_SUCH_KEY"\n'
    (tmp_path / "selfinstruct.toml").write_text(teacher, encoding="utf-8")
    done = selfinstruct("doctor")
    assert (done.returncode, done.stderr) == (1, "selfinstruct: 1 problem\n")
    assert "Problem: the environment variable NO_SUCH_KEY is not set" in done.stdout
    assert "问题：环境变量 NO_SUCH_KEY 没有设置" in selfinstruct("doctor", "--lang", "zh").stdout


def test_a_key_that_was_written_where_its_variable_belongs_is_not_shown(selfinstruct: Cli, tmp_path: Path) -> None:
    key = "abcdef0123456789abcdef0123456789"
    teacher = (
        f'[teacher]\nkind = "openai"\nbase_url = "https://api.example.com/v1"\nmodel = "m"\napi_key_env = "{key}"\n'
    )
    (tmp_path / "selfinstruct.toml").write_text(teacher, encoding="utf-8")
    done = selfinstruct("doctor")
    assert (done.returncode, key in done.stdout + done.stderr) == (1, False)
    assert "(32 characters that may be a key)" in done.stdout


@pytest.mark.parametrize(
    "text",
    [
        "[teacher]\napi_key = '{key}'\n",
        "[teacher]\napi_key_env = {key}\n",
        "[teacher]\napi_key_env = '{key}'\n",
        "[teacher]\nbase_url = 'https://me:{key}@a.b/v1'\n",
    ],
)
def test_no_configuration_error_repeats_a_key(selfinstruct: Cli, tmp_path: Path, text: str) -> None:
    (tmp_path / "selfinstruct.toml").write_text(text.replace("{key}", CANARY), encoding="utf-8")
    done = selfinstruct("doctor")
    assert (done.returncode, CANARY in done.stdout + done.stderr) == (1, False)


def test_a_configuration_that_is_named_and_not_there_is_a_problem(selfinstruct: Cli) -> None:
    done = selfinstruct("doctor", "--config", "none.toml")
    assert (done.returncode, "none.toml" in done.stdout) == (1, True)


def test_a_configuration_that_cannot_be_read_is_told_beside_the_rest(selfinstruct: Cli, tmp_path: Path) -> None:
    (tmp_path / "selfinstruct.toml").write_text("[teacher]\nmodle = 1\n", encoding="utf-8")
    done = selfinstruct("doctor", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert [one["rule"] for one in found["problems"]] == ["configuration_unreadable"]
    assert "model" in found["problems"][0]["detail"]
    assert found["python"]["version"]


class _Listener(BaseHTTPRequestHandler):
    """Answers each GET with the status that its path ends in, and keeps the headers."""

    heard: ClassVar[list[tuple[str, dict[str, str]]]] = []

    def do_GET(self) -> None:
        self.heard.append((self.path, dict(self.headers)))
        self.send_response(int(self.path.split("/")[1]))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@pytest.fixture
def listening() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Listener)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    _Listener.heard.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("status", [200, 401, 404])
def test_reach_sends_one_request_without_a_key_and_any_status_is_an_answer(
    selfinstruct: Cli, write_config: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, listening: str, status: int
) -> None:
    path = write_config("batch")
    text = re.sub(r'base_url = ".*"', f'base_url = "{listening}/{status}"', path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("HF_ENDPOINT", f"{listening}/200")
    done = selfinstruct("doctor", "--reach", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 0, done.stdout
    assert [(one["name"], one["answer"]) for one in found["reached"]] == [("teacher", status), ("hub", 200)]
    assert [path for path, _ in _Listener.heard] == [f"/{status}/models", "/200"]
    assert KEY not in str(_Listener.heard)


def test_an_address_without_an_answer_is_a_problem(
    selfinstruct: Cli, write_config: Callable[..., Path], server: TeacherServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_config("batch")
    server.close()
    monkeypatch.setenv("HF_ENDPOINT", server.url)
    done = selfinstruct("doctor", "--reach", "--json")
    problems = json.loads(done.stdout)["problems"]
    assert (done.returncode, [(one["rule"], one["severity"]) for one in problems]) == (
        1,
        [("not_reached", "error"), ("not_reached", "note")],
    )


def test_the_users_own_folder_is_not_named(selfinstruct: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SELFINSTRUCT_CACHE", str(tmp_path / "cache"))
    done = selfinstruct("doctor", "--run", str(tmp_path / "runs"))
    assert "~/runs" in done.stdout
    assert "~/cache" in done.stdout
    assert str(tmp_path) not in done.stdout


@pytest.mark.parametrize(
    ("settings", "first"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "系统"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "system"),
        ({"LANG": "en_US.UTF-8", "SELFINSTRUCT_LANG": "zh"}, "系统"),
    ],
)
def test_the_answer_is_in_the_language_of_the_locale(
    selfinstruct: Cli, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], first: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert f"\n{first} " in selfinstruct("doctor").stdout
