"""The embedded teacher end to end: real weights, real engine, a full run in both languages."""

import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from selfinstruct.language import han_share

pytestmark = pytest.mark.embedded


@pytest.fixture(autouse=True)
def only_loopback() -> None:
    """Fetching the weights may use the network here; nothing else does."""


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
    """Return the process ids of all servers of an embedded teacher on this machine."""
    lines = subprocess.run(["/bin/ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
    return {line.split()[0] for line in lines.splitlines() if "selfinstruct.teacher.embedded.server" in line}


def test_teacher_serve_answers_on_loopback_and_ends_when_told() -> None:
    before = servers()
    command = [sys.executable, "-m", "selfinstruct", "teacher", "serve", "--port", "0", "--json", "-q"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = json.loads("".join(process.stdout.readline() for _ in range(3)))["base_url"]
        with urllib.request.urlopen(f"{url}/models", timeout=60) as answer:  # noqa: S310 - loopback
            assert json.load(answer)["data"]
        process.terminate()
        assert process.wait(20) == 0
    assert servers() <= before
