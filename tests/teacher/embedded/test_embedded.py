"""The embedded teacher end to end: real weights, real engine, a full run in both languages."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.language import han_share
from selfinstruct.system.files import bundled, read_text

pytestmark = pytest.mark.embedded


@pytest.fixture(autouse=True)
def only_loopback() -> None:
    """Fetching the weights may use the network here; nothing else does."""


@pytest.fixture(autouse=True)
def small_weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The demo with the smaller weights: what is tried here is the same with both."""
    text = read_text(bundled("selfinstruct.toml"))
    path = tmp_path / "small.toml"
    path.write_text(text.replace("qwen2.5-coder-1.5b-instruct", "qwen2.5-coder-0.5b-instruct", 1), encoding="utf-8")
    monkeypatch.setenv("SELFINSTRUCT_CONFIG", str(path))


def run(folder: Path, *args: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "selfinstruct", *args, "--run", str(folder), "--json"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)


def test_it_writes_rows_in_both_languages_and_leaves_no_server_behind(tmp_path: Path) -> None:
    before = servers()
    done = run(tmp_path / "run", "generate", "--target", "en=2,zh=2")
    assert done.returncode == 0, done.stderr
    manifest = json.loads(done.stdout)
    assert manifest["stop"] == "target reached"
    assert manifest["weights"]["licence"] == "Apache-2.0"
    for language in ("en", "zh"):
        lines = (tmp_path / "run" / "dataset" / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
        shares = [han_share(json.loads(line)["instruction"]) for line in lines]
        assert len(shares) >= 2
        assert all(share > 0.3 if language == "zh" else share < 0.3 for share in shares)
    again = run(tmp_path / "run", "filter")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["datasets"] == manifest["datasets"]
    assert servers() <= before


def test_killed_in_the_middle_its_server_ends_with_it(tmp_path: Path) -> None:
    before = servers()
    command = [sys.executable, "-m", "selfinstruct", "generate", "--target", "en=50", "--run", str(tmp_path / "run")]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if "in flight" in line:
            break
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 20
    while not servers() <= before and time.monotonic() < deadline:
        pass
    assert servers() <= before


def servers() -> set[str]:
    """Return the process ids of all servers of an embedded teacher that this interpreter has started."""
    lines = subprocess.run(["/bin/ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
    begun = f"{sys.executable} -P -m selfinstruct.teacher.embedded.server"
    return {line.split()[0] for line in lines.splitlines() if begun in line}


@contextmanager
def served(*args: str, **environment: str) -> Iterator[dict[str, Any]]:
    """Run `teacher serve` and yield the document that it prints."""
    command = [sys.executable, "-m", "selfinstruct", "teacher", "serve", "--port", "0", "--json", "-q", *args]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | environment) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "}\n")
        yield json.loads("".join([*lines, "}"]))
        process.terminate()
        assert process.wait(20) == 0


def models(url: str, key: str) -> int:
    request = urllib.request.Request(f"{url}/models", headers={"Authorization": f"Bearer {key}"})  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
            return len(json.load(answer)["data"])
    except urllib.error.HTTPError as error:
        with error:
            return -error.code


def test_teacher_serve_answers_an_openai_client_with_the_key_it_printed_and_ends_when_told() -> None:
    import openai

    before = servers()
    with served() as found:
        client = openai.OpenAI(base_url=found["base_url"], api_key=found["api_key"], max_retries=0)
        with client:
            answer = client.chat.completions.create(
                model="embedded", max_tokens=4, messages=[{"role": "user", "content": "Say hello."}]
            )
        assert answer.choices[0].message.content
        assert models(found["base_url"], "none") == -401
    assert servers() <= before


def test_teacher_serve_takes_the_users_own_key_and_does_not_print_it() -> None:
    with served("--key-env", "MY_TEACHER_KEY", MY_TEACHER_KEY="0123456789-my-own-key") as found:
        assert found["api_key"] is None
        assert found["api_key_env"] == "MY_TEACHER_KEY"
        assert models(found["base_url"], "0123456789-my-own-key") == 1
