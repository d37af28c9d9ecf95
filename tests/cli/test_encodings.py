"""Standard output in GBK, in ASCII and without a locale: every verb says what it has to say, and JSON stays JSON."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.support.command import THREE, rows
from tests.support.foreign_streams import ENVIRONMENTS, call
from tests.support.repository import git

HIDDEN = "\u202e"
EMPTY = {"instruction": "说出三种水果。", "input": "", "output": ""}


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_names_that_a_stream_cannot_hold_are_shown_by_what_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    path = rows(tmp_path / f"数据{HIDDEN}ñ.jsonl", EMPTY)
    shown = call(monkeypatch, encoding, "validate", path)
    assert shown.code == 1, shown.err
    assert b"<202E>\\xf1.jsonl" in shown.out + shown.err
    assert ("数据" if encoding == "gbk" else r"\u6570\u636e").encode(encoding) in shown.out + shown.err


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "utf-8"])
def test_json_is_read_back_from_any_stream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    rows(tmp_path / "new.jsonl", {"instruction": "说出三种😀é水果。", "input": "", "output": "苹果。"})
    rows(tmp_path / "old.jsonl")
    shown = call(monkeypatch, encoding, "diff", tmp_path / "old.jsonl", tmp_path / "new.jsonl", "--json")
    assert "说出三种😀é水果。" in json.dumps(json.loads(shown.out.decode()), ensure_ascii=False)


def test_a_page_is_utf_8_in_any_locale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = rows(tmp_path / "new.jsonl", *THREE)
    page = call(monkeypatch, "gbk", "diff", path, path, "--format", "html").out.decode("utf-8")
    assert 'charset="utf-8"' in page.lower()


@pytest.mark.thorough
@pytest.mark.parametrize("settings", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_no_verb_ends_because_of_the_encoding_of_its_output(
    write_config: Callable[..., Path], tmp_path: Path, settings: Mapping[str, str]
) -> None:
    folder = tmp_path / "项目"
    folder.mkdir()
    write_config("batch", "cny_per_usd = 7.1\n").rename(folder / "selfinstruct.toml")
    rows(folder / "数据.jsonl", EMPTY)
    environment = {name: one for name, one in os.environ.items() if not name.startswith(("LC_", "LANG"))}

    def run(*args: str) -> "subprocess.CompletedProcess[bytes]":
        command = [sys.executable, "-m", "selfinstruct", *args]
        return subprocess.run(command, cwd=folder, env={**environment, **settings}, capture_output=True, check=False)

    done = run("generate")
    assert done.returncode == 0, done.stderr
    assert b"CNY " in done.stdout + done.stderr or "¥".encode() in done.stdout
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "one")
    for verb in ("status", "estimate", "seeds"):
        assert run(verb).returncode == 0, run(verb).stderr
    assert run("explain", "zh/0.0").returncode == 0
    assert run("validate", "数据.jsonl").returncode == 1
    for form in ("text", "markdown", "html", "json"):
        done = run("diff", "HEAD", "outputs/test", "--format", form)
        assert done.returncode == 0, done.stderr
        assert b"outside the repository" not in done.stderr
