"""What came with a stranger's clone or archive: modules in the working folder are not imported, links and pipes are not opened."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import selfinstruct as si
from selfinstruct.api.settings import load_config
from selfinstruct.cli import VERBS
from selfinstruct.errors import InputError
from selfinstruct.journal import Journal
from selfinstruct.system.files import read_jsonl, read_text
from selfinstruct.system.git import git
from selfinstruct.system.interpreter import python
from selfinstruct.teacher.embedded.launch import server_command
from tests.support.command import THREE, rows
from tests.support.planted import plant
from tests.support.runs import MakeConfig, start

pytestmark = pytest.mark.bounds


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    folder = tmp_path / "clone"
    folder.mkdir()
    plant(folder, tmp_path / "ran")
    return folder


def _call(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(python(*arguments), cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done


def test_no_verb_imports_from_the_working_folder(hostile: Path, write_config: Callable[..., Path]) -> None:
    write_config("batch").rename(hostile / "selfinstruct.toml")
    rows(hostile / "rows.jsonl", {"instruction": "Name a river in France.", "output": "The Loire."})
    calls = {
        "generate": "",
        "filter": "",
        "status": "",
        "report": "",
        "estimate": "",
        "seeds": "",
        "validate": "rows.jsonl",
        "diff": "rows.jsonl",
        "export": "--format parquet --output exported",
        "explain": "--help",
        "init": "new",
        "git": "--help",
        "finetune": "--help",
        "evaluate": "--help",
        "teacher": "serve --help",
        "import": "rows.jsonl --output imported",
        "compare": "--help",
        "derive": "--help",
        "push": "--help",
        "translate": "--help",
        "doctor": "",
        "join": "--help",
        "review": "rows.jsonl --figures",
    }
    assert set(calls) == set(VERBS)
    for verb, options in calls.items():
        _call(hostile, "-m", "selfinstruct", verb, *options.split())
    _call(hostile, "-m", "pip", "--version")
    assert not (hostile.parent / "ran").exists()


def test_compiled_code_is_not_taken_from_where_the_working_folder_says(tmp_path: Path) -> None:
    (tmp_path / ".numba_config.yaml").write_text("cache_dir: planted\n", encoding="utf-8")
    _call(tmp_path, "-c", "import yaml, selfinstruct.rouge.kernels, yaml; yaml.safe_load('a')")
    _call(tmp_path, "-c", "from selfinstruct.rouge.kernels import lcs; import numpy as np; print(lcs)")
    assert [path.name for path in tmp_path.iterdir()] == [".numba_config.yaml"]


def test_a_page_is_drawn_in_the_same_style_wherever_it_is_drawn(tmp_path: Path) -> None:
    pages = []
    for name, style in (("plain", ""), ("hostile", "text.usetex: True\nfont.size: 40\n")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "matplotlibrc").write_text(style, encoding="utf-8")
        rows(folder / "rows.jsonl", *THREE)
        _call(folder, "-m", "selfinstruct", "report", "--dataset", "rows.jsonl", "--output", "page.html")
        pages.append((folder / "page.html").read_bytes())
    assert pages[0] == pages[1]


def test_git_runs_no_program_that_a_repository_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    git("init", "-q")
    git("config", "core.fsmonitor", f"touch {tmp_path / 'ran'};false")
    (tmp_path / "a").write_text("a", encoding="utf-8")
    for arguments in (("add", "a"), ("status",), ("ls-files",)):
        assert git(*arguments) is not None
    assert not (tmp_path / "ran").exists()


def test_an_object_that_is_missing_starts_no_program_that_its_remote_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    git("init", "-q")
    (tmp_path / "a").write_text("a", encoding="utf-8")
    git("add", "a")
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a")
    for key, value in (
        ("core.repositoryformatversion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.url", str(tmp_path)),
        ("remote.origin.uploadpack", f"touch {tmp_path / 'ran'};false"),
    ):
        git("config", key, value)
    blob = (git("rev-parse", "HEAD:a") or b"").decode().strip()
    (tmp_path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert git("cat-file", "blob", blob) is None
    assert not (tmp_path / "ran").exists()


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
    run = si.open_run(tmp_path / "run", config=make_config("batch"), say=lambda _: None)
    moved = tmp_path / "elsewhere"
    (tmp_path / "run" / name).rename(moved)
    (tmp_path / "run" / name).symlink_to(moved)
    before = moved.read_bytes() if moved.is_file() else sorted(moved.iterdir())
    for use in (run.filter, run.status, run.generate):
        with pytest.raises(si.InputError, match="is a link, or no regular file of its own"):
            use()
    if name != "journal":  # a diff reads none
        with pytest.raises(si.InputError, match="is a link, or no regular file of its own"):
            si.diff(tmp_path / "run", tmp_path / "run")
    assert (moved.read_bytes() if moved.is_file() else sorted(moved.iterdir())) == before


MAKERS: dict[str, Callable[[Path, Path], None]] = {"link": os.symlink, "pipe": lambda _, path: os.mkfifo(path)}


@pytest.mark.parametrize("name", ["config.lock.toml", "dataset/en.jsonl", "manifest.json", "journal/dialect.json"])
@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_run_is_opened_only_when_it_holds_plain_files(
    make_config: MakeConfig, tmp_path: Path, name: str, make: Callable[[Path, Path], None]
) -> None:
    start(make_config("batch"), tmp_path / "run")
    (tmp_path / "run" / name).unlink(missing_ok=True)
    make(tmp_path / "nowhere", tmp_path / "run" / name)
    with pytest.raises(si.InputError, match=rf"{name}: is a link, or no regular file of its own"):
        si.open_run(tmp_path / "run")


def test_a_dataset_folder_with_a_pipe_in_it_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "en.jsonl")
    with pytest.raises(si.InputError, match=r"en\.jsonl: is no regular file"):
        si.validate(tmp_path)


def test_settings_and_seeds_that_are_pipes_are_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo(tmp_path / "selfinstruct.toml")
    with pytest.raises(InputError, match=r"selfinstruct\.toml: is a pipe"):
        load_config()
    (tmp_path / "seeds").mkdir()
    os.mkfifo(tmp_path / "seeds" / "en.jsonl")
    with pytest.raises(InputError, match=r"en\.jsonl: is a pipe"):
        list(read_jsonl(tmp_path / "seeds" / "en.jsonl"))


def test_what_the_shell_pipes_is_read() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"[run]\n")
    os.close(writing)
    assert read_text(Path(f"/dev/fd/{reading}")) == "[run]\n"
    os.close(reading)


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_report_is_not_written_onto_what_was_planted_in_its_place(
    make_config: MakeConfig, tmp_path: Path, make: Callable[[Path, Path], None]
) -> None:
    start(make_config("batch"), tmp_path / "run")
    make(tmp_path / "victim", tmp_path / "run" / "report.html")
    with pytest.raises(si.InputError, match=r"report\.html: is a link, or no regular file of its own"):
        si.open_run(tmp_path / "run").report()
    assert not (tmp_path / "victim").exists()


def test_attributes_of_git_are_not_read_through_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "secret").write_text("token", encoding="utf-8")
    (tmp_path / ".gitattributes").symlink_to(tmp_path / "secret")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(si.InputError, match=r"\.gitattributes: is a link"):
        si.install_git_drivers()
    assert (tmp_path / "secret").read_text(encoding="utf-8") == "token"


def test_the_run_directory_itself_may_be_a_link_to_a_large_disk(make_config: MakeConfig, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "disk")
    assert start(make_config("batch"), tmp_path / "run")["stop"] == "target reached"


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_an_evaluation_is_not_written_onto_what_was_planted_in_an_adapter(
    tmp_path: Path, make: Callable[[Path, Path], None]
) -> None:
    rows, adapter = tmp_path / "rows.jsonl", tmp_path / "adapter"
    rows.write_text('{"instruction": "Name a plant.", "output": "A fern."}\n', encoding="utf-8")
    adapter.mkdir()
    make(tmp_path / "victim", adapter / "evaluation.md")
    with pytest.raises(si.InputError, match=r"evaluation\.md: is a link, or no regular file of its own"):
        si.evaluate(adapter, rows, model="nobody/nothing")
    assert not (tmp_path / "victim").exists()
