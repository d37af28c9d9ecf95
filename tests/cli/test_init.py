"""`init` where something is there already, and an error that nobody foresaw."""

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
