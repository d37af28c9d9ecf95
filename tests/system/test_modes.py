"""Who may read what a run leaves behind, and whose directories are written into."""

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import selfinstruct as si
from selfinstruct.dataset.release.backup import BACKUP
from selfinstruct.errors import StorageError
from selfinstruct.journal import Journal
from selfinstruct.runs.directory import RunDirectory, is_foreign
from selfinstruct.runs.refilter import refilter
from selfinstruct.system.writing import write_text
from tests.support.runs import MakeConfig, start

NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")


@pytest.fixture(params=[0o022, 0o002, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_holds_replies_is_for_its_owner_alone_and_what_goes_into_git_as_the_umask_says(
    make_config: MakeConfig, tmp_path: Path, umask: int
) -> None:
    run = tmp_path / "run"
    start(make_config(), run)
    private = {run / "rejected.jsonl", *(run / "journal").iterdir(), run / ".verdict_cache" / "verdicts.jsonl"}
    files = {path for path in run.rglob("*") if path.is_file()}
    assert {mode(path) for path in private} == {0o600}
    assert {mode(path) for path in files - private} == {0o666 & ~umask}
    assert mode(run / "journal") == 0o700
    assert mode(run / "dataset") == 0o777 & ~umask


def test_a_journal_that_came_with_a_clone_is_for_its_owner_alone_once_replies_are_added(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal"):
        pass
    (segment,) = (tmp_path / "journal").glob("*.jsonl")
    segment.chmod(0o644)
    with Journal(tmp_path / "journal"):
        assert mode(segment) == 0o600


def test_rows_that_are_set_aside_are_for_their_owner_alone(make_config: MakeConfig, tmp_path: Path) -> None:
    run = tmp_path / "run"
    start(make_config(), run)
    with (run / "dataset" / "en.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "0123456789abcdef", "language": "en", "instruction": "x", "input": "", "output": "y"}\n')
    refilter(make_config(), RunDirectory(run), discard_edits=True)
    (copy,) = run.glob(f"{BACKUP}*")
    assert mode(copy) == 0o700
    assert {mode(path) for path in copy.rglob("*") if path.is_file()} == {0o600}


@pytest.mark.thorough
def test_the_report_of_a_run_is_for_its_owner_alone_unless_he_puts_it_elsewhere(
    make_config: MakeConfig, tmp_path: Path
) -> None:
    pytest.importorskip("matplotlib")
    start(make_config(), tmp_path / "run")
    assert mode(si.report(tmp_path / "run", config=make_config()).path) == 0o600
    elsewhere = si.report(tmp_path / "run", tmp_path / "page.html", config=make_config()).path
    assert mode(elsewhere) == 0o666 & ~_umask()


def _umask() -> int:
    os.umask(found := os.umask(0))
    return found


def test_a_private_file_is_never_open_to_others_not_even_while_it_is_written(tmp_path: Path) -> None:
    code = (
        "import os, pathlib, sys; os.umask(0)\n"
        "from selfinstruct.system.writing import atomic_file\n"
        "with atomic_file(pathlib.Path(sys.argv[1]) / 'x', private=True):\n"
        "    print(*[oct(p.stat().st_mode & 0o777) for p in pathlib.Path(sys.argv[1]).iterdir()])\n"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True)
    assert done.stdout == "0o600\n"


def test_a_public_file_that_was_private_is_open_again(tmp_path: Path) -> None:
    write_text(tmp_path / "x", "a", private=True)
    write_text(tmp_path / "x", "b")
    assert mode(tmp_path / "x") == 0o666 & ~_umask()


@pytest.mark.parametrize(
    ("owner", "folder_mode", "user", "foreign"),
    [
        (1000, 0o755, 1000, False),
        (1001, 0o755, 1000, True),
        (1001, 0o777, 1000, True),
        (0, 0o777, 1000, False),
        (0, 0o777, 0, False),
        (1000, 0o755, 0, False),
        (1000, 0o775, 0, True),
        (1000, 0o777, 0, True),
    ],
)
def test_whose_directory_is_foreign(owner: int, folder_mode: int, user: int, foreign: bool) -> None:
    assert is_foreign(owner, folder_mode, user) is foreign


@pytest.mark.thorough
@as_root
@pytest.mark.parametrize("name", ["", "journal", "dataset"])
def test_a_run_of_somebody_else_is_refused_by_name_before_anything_is_written(
    make_config: MakeConfig, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "run" / name
    start(make_config(), tmp_path / "run")
    os.chown(folder, NOBODY, NOBODY)
    folder.chmod(0o777)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    run = si.open_run(tmp_path / "run", config=make_config(), say=lambda _: None)
    uses: list[Callable[[], object]] = [run.generate, lambda: run.generate(fresh=True), run.filter]
    for use in uses:
        with pytest.raises(si.InputError, match=r"belongs to nobody, who could change .* `chown -R root .* --run"):
            use()
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


@as_root
def test_root_works_in_a_mounted_directory_that_only_its_owner_writes(make_config: MakeConfig, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir(mode=0o755)
    os.chown(tmp_path / "run", NOBODY, NOBODY)
    assert start(make_config(), tmp_path / "run")["stop"] == "target reached"


def test_a_file_that_is_replaced_keeps_its_mode_and_a_private_one_is_private(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    for mode in (0o444, 0o640, 0o664):
        path.write_text("old", encoding="utf-8")
        path.chmod(mode)
        write_text(path, "new")
        assert path.read_text(encoding="utf-8") == "new"
        assert stat.S_IMODE(path.stat().st_mode) == mode
        path.unlink()
    path.touch(0o644)
    write_text(path, "new", private=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(("code", "named"), [(errno.EACCES, ""), (errno.EROFS, ""), (errno.ENOSPC, "rows.jsonl")])
def test_what_is_closed_to_writing_is_the_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: int, named: str
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("selfinstruct.system.writing.os.open", refuse)
    with pytest.raises(StorageError) as caught:
        write_text(tmp_path / "rows.jsonl", "new")
    assert str(caught.value).startswith(f"{tmp_path / named}: cannot be written ({os.strerror(code)})")
