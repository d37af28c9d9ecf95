"""What is kept of a run saves work and decides nothing: it counts while all that it depends on is the same, and is dropped in any other case."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.config import Config
from selfinstruct.journal import Journal
from selfinstruct.runs import dependencies
from selfinstruct.runs import refilter as module
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.inputs import load_inputs
from selfinstruct.runs.kept import FOLDER, read_kept, stands
from selfinstruct.runs.refilter import refilter
from selfinstruct.runs.replay import replay
from selfinstruct.runs.run import Observer, generate
from selfinstruct.runs.stopping import StopSignal
from tests.support.runs import MakeConfig, files_in, start
from tests.support.teacher_server import TeacherServer


@pytest.fixture(autouse=True)
def replayed_anew() -> None:
    """Here `filter` does what it does for a user."""


@pytest.fixture
def config(make_config: MakeConfig, tmp_path: Path) -> Config:
    made = make_config("batch")
    start(made, tmp_path / "run")
    return made


def counting(counted: list[int]) -> Callable[..., Any]:
    """Return a replay that notes in `counted` that it was called."""

    def counted_replay(*given: Any) -> Any:
        counted.append(1)
        return replay(*given)

    return counted_replay


def replays(config: Config, run: Path, monkeypatch: pytest.MonkeyPatch, **options: Any) -> int:
    """Filter a run, and return how often its journal was replayed."""
    counted: list[int] = []
    with monkeypatch.context() as patched:
        patched.setattr(module, "replay", counting(counted))
        refilter(config, RunDirectory(run), **options)
    return len(counted)


def kept_file(run: Path) -> Path:
    return run / FOLDER / "verdicts.jsonl"


@pytest.mark.thorough
@pytest.mark.parametrize("recipe", ["steered", "batch"])
def test_a_run_in_which_nothing_changed_stands_and_is_as_a_replay_leaves_it(
    make_config: MakeConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recipe: str
) -> None:
    config, run = make_config(recipe), tmp_path / "run"
    manifest, before = start(config, run), files_in(run)
    assert replays(config, run, monkeypatch) == 0
    assert refilter(config, RunDirectory(run)) == json.loads(json.dumps(manifest))
    assert files_in(run) == before
    said: list[str] = []
    assert replays(config, run, monkeypatch, verify=True, say=said.append) == 1
    assert said == ["Verified: a replay of the journal gives the verdicts that were kept"]
    del before[f"{FOLDER}/verdicts.jsonl"]
    assert before.items() <= files_in(run).items()


@pytest.mark.usefixtures("config")
def test_nobody_else_reads_it_and_git_does_not_see_it(tmp_path: Path) -> None:
    assert kept_file(tmp_path / "run").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "run" / FOLDER / ".gitignore").read_text() == "*\n"


def damaged(run: Path) -> None:
    data = bytearray(kept_file(run).read_bytes())
    data[len(data) // 2] ^= 1
    kept_file(run).write_bytes(bytes(data))


def forged(run: Path) -> None:
    """Change what it says, with a digest that fits and in the same place."""
    body = kept_file(run).read_bytes()[:-1].rpartition(b"\n")[0].replace(b'"version": 1', b'"version": 0')
    with kept_file(run).open("r+b") as file:
        file.write(body + b"\n" + hashlib.sha256(body).hexdigest().encode() + b"\n")


def copied(run: Path) -> None:
    copy = run / "copy"
    shutil.copy2(kept_file(run), copy)
    copy.replace(kept_file(run))


def cut(run: Path) -> None:
    kept_file(run).write_bytes(kept_file(run).read_bytes()[:-100])


def linked(run: Path) -> None:
    kept_file(run).replace(run / "elsewhere")
    kept_file(run).symlink_to(run / "elsewhere")


def edited(run: Path) -> None:
    path = run / "dataset/en.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace('"output": "', '"output": "Indeed: ', 1), encoding="utf-8")


def rejected_lost(run: Path) -> None:
    (run / "rejected.jsonl").unlink()


def stray(run: Path) -> None:
    (run / "dataset/train/en-01.jsonl").write_text("", encoding="utf-8")


def appended(run: Path) -> None:
    with (run / "journal/000001.jsonl").open("ab") as file:
        file.write((run / "journal/000001.jsonl").read_bytes().splitlines(keepends=True)[0])


def touched_manifest(run: Path) -> None:
    path = run / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")


@pytest.mark.thorough
@pytest.mark.parametrize(
    "change",
    [damaged, forged, copied, cut, linked, edited, rejected_lost, stray, appended, touched_manifest],
    ids=lambda one: one.__name__,
)
def test_what_changed_in_any_file_makes_a_replay_and_no_difference(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None]
) -> None:
    run, oracle = tmp_path / "run", tmp_path / "oracle"
    change(run)
    shutil.copytree(run, oracle, symlinks=True)
    shutil.rmtree(oracle / FOLDER)
    assert replays(config, run, monkeypatch) == 1
    assert replays(config, oracle, monkeypatch) == 1
    found, expected = (
        {
            name: one
            for name, one in files_in(folder).items()
            if FOLDER not in name and name not in {"elsewhere", "journal/lock", "journal/reserve"}
        }
        for folder in (run, oracle)
    )
    assert found == expected
    if change is not edited:
        assert replays(config, run, monkeypatch) == 0


def test_another_setting_makes_a_replay_and_so_does_the_way_back(
    config: Config, make_config: MakeConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "run"
    before = files_in(run)
    other = make_config("batch", filter__threshold=0.1)
    assert replays(other, run, monkeypatch) == 1
    assert replays(other, run, monkeypatch) == 0
    assert replays(config, run, monkeypatch) == 1
    after = files_in(run)
    assert {name for name in before if before[name] != after[name]} <= {f"{FOLDER}/verdicts.jsonl", "manifest.json"}


def test_other_limits_make_no_replay_and_are_written_down(
    config: Config, make_config: MakeConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, oracle, other = tmp_path / "run", tmp_path / "oracle", make_config("batch", limits__concurrency=7)
    shutil.copytree(run, oracle)
    assert config != other
    assert replays(other, run, monkeypatch) == 0
    assert replays(other, oracle, monkeypatch, verify=True) == 1
    names = ("config.lock.toml", "manifest.json", "dataset/README.md")
    assert [(run / name).read_bytes() for name in names] == [(oracle / name).read_bytes() for name in names]


def test_another_version_of_this_program_reads_nothing_of_it(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dependencies, "program", lambda: "another")
    assert replays(config, tmp_path / "run", monkeypatch) == 1


def test_other_sources_are_other_verdicts(config: Config, tmp_path: Path) -> None:
    directory, sources = RunDirectory(tmp_path / "run"), load_inputs(config).sha256
    assert stands(directory, config, sources)
    for name in sources:
        assert not stands(directory, config, sources | {name: "0" * 64})
        assert read_kept(directory, config, sources | {name: "0" * 64}) is None


def test_flags_that_are_not_recorded_yet_are_written_down(config: Config, tmp_path: Path) -> None:
    directory, sources = RunDirectory(tmp_path / "run"), load_inputs(config).sha256
    directory.given = {"filter.threshold": 0.7}
    assert not stands(directory, config, sources)


@pytest.mark.thorough
def test_a_run_with_decisions_by_hand_keeps_nothing(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "run"
    edited(run)
    for _ in range(2):
        assert replays(config, run, monkeypatch) == 1
        assert (run / "review.jsonl").is_file()
        assert not kept_file(run).exists()


def test_a_damaged_journal_keeps_nothing(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "run/journal/000001.jsonl"
    data = path.read_bytes()
    path.write_bytes(data.replace(b'"kind":"reply"', b'"kind":"Reply"', 1))
    for _ in range(2):
        assert replays(config, tmp_path / "run", monkeypatch) == 1
        assert not kept_file(tmp_path / "run").exists()


@pytest.mark.usefixtures("server")
def test_generate_says_whether_a_replay_decides_the_same(make_config: MakeConfig, tmp_path: Path) -> None:
    said: list[str] = []
    directory, observer = RunDirectory(tmp_path / "run"), Observer(said.append, lambda *_: None)
    generate(make_config("steered"), directory, observer, StopSignal(), verify=True)
    assert "Verified: a replay of the journal gives the same verdicts" in said


def test_a_run_is_replayed_in_the_end_only_after_trouble(
    make_config: MakeConfig, server: TeacherServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[int] = []
    monkeypatch.setattr("selfinstruct.runs.replay.replay", counting(counted))
    start(make_config("steered"), tmp_path / "run")
    assert not counted
    path = tmp_path / "run/journal/000001.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(line for line in lines if b'"kind":"reply","slot":"en/1.' not in line))
    with Journal(path.parent, read_only=True) as journal:
        assert journal.unanswered
    start(make_config("steered"), tmp_path / "run")
    assert counted
    assert server.requests
