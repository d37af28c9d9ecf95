"""`init` where something is there already, and an error that nobody foresaw."""

import os
import pty
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import selfinstruct.cli
from tests.support.command import Cli


@pytest.mark.parametrize("name", ["notes", "笔记"])
def test_init_refuses_a_file_and_leaves_it_as_it_is(selfinstruct: Cli, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(name, encoding="utf-8")
    done = selfinstruct("init", name)
    assert (done.returncode, done.stderr) == (2, f"selfinstruct: {name}: is a file; name a new or empty folder\n")
    assert (tmp_path / name).read_text(encoding="utf-8") == name


@pytest.mark.parametrize("name", ["mine", "我的项目"])
def test_init_takes_a_repository_without_a_file(selfinstruct: Cli, tmp_path: Path, name: str) -> None:
    (tmp_path / name / ".git").mkdir(parents=True)
    assert selfinstruct("init", name).returncode == 0
    assert (tmp_path / name / "selfinstruct.toml").is_file()
    assert "is not empty" in selfinstruct("init", name).stderr


@pytest.mark.parametrize("name", ["mine", "我的项目"])
def test_init_with_a_teacher_says_the_steps_up_to_the_first_row(selfinstruct: Cli, tmp_path: Path, name: str) -> None:
    done = selfinstruct("init", name, "--teacher", "deepseek")
    assert done.stdout.splitlines()[-1].endswith(
        f"cd {shlex.quote(name)} && export DEEPSEEK_API_KEY=... && make check && make estimate && make generate"
    )
    assert 'model = "deepseek-flash"' in (tmp_path / name / "selfinstruct.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "need git: `git init` in the folder"), ("zh", "先在这个文件夹里 `git init`")]
)
def test_init_says_that_diffs_need_git_where_there_is_none(
    selfinstruct: Cli, tmp_path: Path, language: str, said: str
) -> None:
    assert said in selfinstruct("--lang", language, "init", "mine").stdout
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    assert said not in selfinstruct("--lang", language, "init", "other").stdout


def test_the_help_of_init_offers_nothing_that_it_has_no_use_for(selfinstruct: Cli) -> None:
    shown = selfinstruct("init", "--help").stdout
    assert "--teacher" in shown
    assert not [option for option in ("--run", "--config", "--max-row-bytes") if option in shown]
    assert selfinstruct("init", "mine", "--run", "elsewhere").returncode == 0


def test_init_without_a_terminal_asks_nothing_and_takes_the_embedded_teacher(selfinstruct: Cli, tmp_path: Path) -> None:
    assert "Which teacher?" not in selfinstruct("init", "mine").stderr
    assert 'kind = "embedded"' in (tmp_path / "mine" / "selfinstruct.toml").read_text(encoding="utf-8")
    assert selfinstruct("init", "other", "--teacher", "nobody").returncode == 2


@pytest.mark.thorough
@pytest.mark.parametrize(("answer", "model"), [("openai", "gpt-6-luna"), ("", "qwen2.5-coder-1.5b-instruct")])
def test_init_at_a_terminal_asks_which_teacher(tmp_path: Path, answer: str, model: str) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "selfinstruct", "init", "mine"]
    with subprocess.Popen(command, cwd=tmp_path, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        os.write(ours, f"{answer}\n".encode())
        said, _ = process.communicate(timeout=60)
        assert b"Which teacher?" in os.read(ours, 4096)
    os.close(ours)
    assert (process.returncode, b"make generate" in said) == (0, True)
    assert f'model = "{model}"' in (tmp_path / "mine" / "selfinstruct.toml").read_text(encoding="utf-8")


def test_an_error_that_nobody_foresaw_is_no_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(**_: object) -> None:
        raise KeyError("河")

    monkeypatch.setattr(selfinstruct.cli.cli, "main", fails)
    with pytest.raises(SystemExit) as caught:
        selfinstruct.cli.main()
    said = capsys.readouterr().err
    assert caught.value.code == 70
    assert "Traceback" in said
    assert "KeyError: '河'" in said
    assert "please report it" in said
