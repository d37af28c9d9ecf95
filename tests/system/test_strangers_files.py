"""What came with a stranger's clone or archive: modules in the working folder are not imported, links and pipes are not opened."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import selfinstruct as si
from selfinstruct.journal import Journal
from selfinstruct.system.interpreter import python
from selfinstruct.teacher.embedded.launch import server_command
from tests.support.runs import MakeConfig, start

PLANTED = 'open({mark!r}, "w").write("ran")\n'


def plant(folder: Path, mark: Path) -> None:
    """Put a module of every name that a command may import into a folder."""
    names = {name.partition(".")[0] for name in sys.modules} | {"click", "pip", "xllamacpp", "selfinstruct", "rich"}
    for name in names - {"__main__"}:
        if name.isidentifier():
            (folder / f"{name}.py").write_text(PLANTED.format(mark=str(mark)), encoding="utf-8")


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    folder = tmp_path / "clone"
    folder.mkdir()
    plant(folder, tmp_path / "ran")
    return folder


def test_no_command_of_ours_imports_from_the_working_folder(hostile: Path) -> None:
    arguments = [("-m", "selfinstruct", "--version"), ("-m", "pip", "--version"), ("-m", "selfinstruct", "seeds", "-q")]
    for one in arguments:
        done = subprocess.run(python(*one), cwd=hostile, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert not (hostile.parent / "ran").exists()


def test_the_drivers_that_git_is_given_import_nothing_from_a_branch(hostile: Path) -> None:
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run(["git", "init", "-q", "."], cwd=hostile, check=True)
    subprocess.run(python("-m", "selfinstruct", "git", "install", "-q"), cwd=hostile, check=True)
    rows = hostile / "outputs" / "demo" / "dataset" / "en.jsonl"
    rows.parent.mkdir(parents=True)
    rows.write_text('{"id": "a", "instruction": "Say hi", "output": "Hi"}\n', encoding="utf-8")
    subprocess.run([*git, "add", "-A"], cwd=hostile, check=True)
    subprocess.run([*git, "commit", "-qm", "a branch"], cwd=hostile, check=True)
    log = subprocess.run(
        ["git", "--no-pager", "log", "-p", "--", "outputs"], cwd=hostile, capture_output=True, check=True
    )
    assert b"+instruction: Say hi" in log.stdout or b"Say hi" in log.stdout
    assert not (hostile.parent / "ran").exists()


def test_the_embedded_server_is_started_without_the_working_folder() -> None:
    command = server_command(Path("weights.gguf"), slots=1, context=4096, threads=1, port=0)
    assert command[:2] == [sys.executable, "-P"]


@pytest.mark.parametrize("name", ["lock", "000001.jsonl", "reserve"])
@pytest.mark.parametrize(
    "make", [os.symlink, os.link, lambda _, path: os.mkfifo(path)], ids=["symbolic", "hard", "pipe"]
)
def test_a_journal_that_holds_no_plain_files_is_refused_and_nothing_behind_it_is_touched(
    tmp_path: Path, name: str, make: Callable[[Path, Path], None]
) -> None:
    victim, journal = tmp_path / "victim", tmp_path / "run" / "journal"
    victim.write_text("precious", encoding="utf-8")
    journal.mkdir(parents=True)
    make(victim, journal / name)
    with pytest.raises(si.InputError, match=rf"{name}: is a link, or no regular file of its own"), Journal(journal):
        pass
    assert victim.read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize("name", ["dataset", "dataset/en.jsonl", "provenance.jsonl", "manifest.json", "journal"])
def test_a_run_with_a_link_in_it_is_refused_by_name(make_config: MakeConfig, tmp_path: Path, name: str) -> None:
    start(make_config("batch"), tmp_path / "run")
    moved = tmp_path / "elsewhere"
    (tmp_path / "run" / name).rename(moved)
    (tmp_path / "run" / name).symlink_to(moved)
    before = moved.read_bytes() if moved.is_file() else sorted(moved.iterdir())
    run = si.open_run(tmp_path / "run", config=make_config("batch"), say=lambda _: None)
    for use in (run.filter, run.status, run.generate):
        with pytest.raises(si.InputError, match="is a link, or no regular file of its own"):
            use()
    if name != "journal":  # a diff reads none
        with pytest.raises(si.InputError, match="is a link, or no regular file of its own"):
            si.diff(tmp_path / "run", tmp_path / "run")
    assert (moved.read_bytes() if moved.is_file() else sorted(moved.iterdir())) == before


def test_the_run_directory_itself_may_be_a_link_to_a_large_disk(make_config: MakeConfig, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "disk")
    assert start(make_config("batch"), tmp_path / "run")["stop"] == "target reached"
