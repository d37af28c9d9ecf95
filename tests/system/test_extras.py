"""What needs an extra names it before anything is done."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import selfinstruct as si
from selfinstruct.system.extras import CLONE, add, install_command


@pytest.mark.parametrize(("in_a_clone", "remedy"), [(True, "run `make report`, or: "), (False, "install it with: ")])
def test_the_report_without_matplotlib_names_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_a_clone: bool, remedy: str
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "matplotlib" else find_spec(name))
    monkeypatch.chdir(CLONE if in_a_clone else tmp_path)
    with pytest.raises(
        si.InputError, match=rf"needs matplotlib, .* not installed; {remedy}.* -m pip install .*\[report\]"
    ):
        si.report(tmp_path)


@pytest.mark.parametrize(
    ("stated", "source"),
    [
        ({"url": "file:///opt/%E5%B7%A5%E5%85%B7", "dir_info": {"editable": True}}, "--editable '/opt/工具[report]'"),
        ({"url": "file:///opt/tool", "dir_info": {}}, "'/opt/tool[report]'"),
        (
            {"url": "https://example.org/o/r.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
            "'selfinstruct[report] @ git+https://example.org/o/r.git@abc'",
        ),
        ({"url": "file:///tmp/s.whl", "archive_info": {}}, "'selfinstruct[report] @ file:///tmp/s.whl'"),
        ({}, "'selfinstruct[report]'"),
    ],
)
def test_an_extra_comes_from_where_the_package_came(stated: dict[str, object], source: str) -> None:
    command = install_command("report", json.dumps(stated))
    assert command.endswith(f" -m pip install {source}")


def test_an_extra_is_added_once_and_by_the_environments_own_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[list[str]] = []

    def run(command: list[str], **_: object) -> "subprocess.CompletedProcess[str]":
        called.append(command)
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr("subprocess.run", run)
    assert (add("report", ["json"]), called) == (0, [])
    assert add("report", ["json", "no_such_package"]) == 3
    assert called[0][:5] == [sys.executable, "-P", "-m", "pip", "install"]
    assert called[0][-2].endswith("[report]")


@pytest.mark.parametrize(("torch", "told"), [(None, "约 6 GB"), (object(), "`finetune`：")])
def test_an_extra_is_told_in_the_language_of_the_locale_and_its_size_where_torch_is_to_come(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], torch: object, told: str
) -> None:
    monkeypatch.setenv("SELFINSTRUCT_LANG", "zh")
    monkeypatch.setattr("subprocess.run", lambda command, **_: subprocess.CompletedProcess(command, 0))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: torch if name == "torch" else None)
    add("finetune", ["torch", "peft"])
    said = capsys.readouterr().err
    assert said.startswith("正在安装附加依赖 `finetune`")
    assert told in said
    assert ("6 GB" in said) == (torch is None)
