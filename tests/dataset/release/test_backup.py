"""Dataset rows that neither the journal nor a decision gives are backed up before an emission replaces them."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from selfinstruct.dataset.io.rows import load_rows
from tests.support.edited_run import POEM, Case, MakeConfig
from tests.support.repository import git
from tests.support.teacher_server import Fault, TeacherServer

Cli = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(params=["batch", pytest.param("steered", marks=pytest.mark.thorough)])
def case(make_config: MakeConfig, tmp_path: Path, request: pytest.FixtureRequest) -> Case:
    return Case(make_config(request.param), tmp_path / "run")


def test_a_clone_without_its_journal_generates_and_keeps_the_rows_that_came_with_it(
    case: Case, server: TeacherServer
) -> None:
    old = {row.output for row in load_rows(case.path)}
    shutil.rmtree(case.path / "journal")
    (case.path / "manifest.json").unlink()  # with it, generate says that all would be bought again
    case.config = case.config.model_copy(update={"run": case.config.run.model_copy(update={"seed": 7})})
    server.script = lambda number, _: Fault(500, b"{}") if number == 0 else None
    assert case.generate()["stop"] == "target reached"
    (copy,) = case.copies
    assert {row.output for row in load_rows(copy)} == old
    assert len([line for line in case.said if "set aside" in line]) == 1


def test_a_clone_whose_teacher_says_the_same_again_sets_nothing_aside(case: Case) -> None:
    shutil.rmtree(case.path / "journal")
    (case.path / "manifest.json").unlink()
    case.generate()
    assert (case.copies, [line for line in case.said if "set aside" in line]) == ([], [])


@pytest.mark.thorough
def test_what_the_journal_holds_is_never_set_aside(case: Case, make_config: MakeConfig) -> None:
    recipe = case.config.recipe
    more = {"target": {"en": 5, "zh": 5}}
    case.generate(make_config(recipe, **more))
    case.filter(make_config(recipe, **more, filter__threshold=0.05))
    case.filter(make_config(recipe, target={"en": 1, "zh": 1}))
    case.generate(make_config(recipe, **more))
    text = "".join(
        json.dumps(dict(sorted(json.loads(line).items()))) + "\r\n"
        for line in case.zh.read_text(encoding="utf-8").splitlines()
    )
    case.zh.write_text(text, encoding="utf-8", newline="")
    case.filter()
    assert (case.copies, [line for line in case.said if "set aside" in line]) == ([], [])


@pytest.mark.thorough
def test_git_and_every_reader_pass_over_a_copy(case: Case) -> None:
    case.add()
    case.filter()
    case.filter(discard_edits=True)
    git(case.path, "init", "-q")
    git(case.path, "add", "-A")
    assert case.copies
    assert not [name for name in git(case.path, "ls-files").splitlines() if "before" in name]
    assert len(load_rows(case.path)) == 6


@pytest.mark.thorough
def test_quiet_keeps_what_was_added_and_status_says_which_file_differs(
    selfinstruct: Cli, write_config: Callable[..., Path], tmp_path: Path
) -> None:
    write_config("batch")
    assert selfinstruct("generate", "-q").returncode == 0
    path = tmp_path / "outputs/test/dataset/zh.jsonl"
    assert json.loads(selfinstruct("status", "--json").stdout)["datasets"]["dataset/zh.jsonl"]["state"] == "emitted"
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(POEM, ensure_ascii=False) + "\n")
    found = json.loads(selfinstruct("status", "--json").stdout)["datasets"]
    assert {name: (one["rows"], one["state"]) for name, one in found.items()} == {
        "dataset/en.jsonl": (3, "emitted"),
        "dataset/zh.jsonl": (4, "differs"),
    }
    shown = selfinstruct("status").stdout
    assert "outputs/test/dataset/zh.jsonl: 4 rows; differs from the manifest" in shown
    done = selfinstruct("filter", "-q")
    assert (done.returncode, done.stdout) == (0, "")
    assert (
        done.stderr
        == "outputs/test/dataset: rows added by hand: 1; recorded in review.jsonl, and applied from now on\n"
    )
    assert POEM["output"] in path.read_text(encoding="utf-8")
    assert json.loads(selfinstruct("status", "--json").stdout)["datasets"]["dataset/zh.jsonl"]["state"] == "emitted"
    assert json.loads(selfinstruct("status", "--json").stdout)["ledger"]["zh"]["added_by_hand"] == 1
    path.unlink()
    assert "dataset/zh.jsonl: is not there" in selfinstruct("status").stdout


@pytest.mark.thorough
def test_a_run_in_conflict_names_the_way_out_for_every_verb(
    selfinstruct: Cli, write_config: Callable[..., Path], tmp_path: Path
) -> None:
    write_config("batch")
    assert selfinstruct("generate", "-q").returncode == 0
    manifest = tmp_path / "outputs/test/manifest.json"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(f"<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> 分支\n", encoding="utf-8")
    for command in (["status"], ["report"], ["diff", "outputs/test"], ["generate"], ["filter"]):
        done = selfinstruct(*command)
        assert (done.returncode, "git checkout --ours -- manifest.json" in done.stderr) == (2, True), command


@pytest.mark.thorough
@pytest.mark.usefixtures("server")
def test_status_of_a_clone_says_what_the_manifest_says_and_filter_names_what_is_missing(
    write_config: Callable[..., Path], selfinstruct: Cli, tmp_path: Path
) -> None:
    config = write_config("steered")
    selfinstruct("generate", "--config", config, "--run", tmp_path / "run")
    before = json.loads(selfinstruct("status", "--config", config, "--run", tmp_path / "run", "--json").stdout)
    for path in (tmp_path / "run" / "journal").iterdir():
        path.unlink()  # as a run that is refused at once leaves it
    done = selfinstruct("filter", "--config", config, "--run", tmp_path / "run")
    assert (done.returncode, "no journal to filter again" in done.stderr) == (2, True)
    shutil.rmtree(tmp_path / "run" / "journal")
    after = json.loads(selfinstruct("status", "--config", config, "--run", tmp_path / "run", "--json").stdout)
    assert {key: after[key] for key in ("tokens", "cost_usd")} == {key: before[key] for key in ("tokens", "cost_usd")}
    path = tmp_path / "run" / "dataset" / "zh.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("。", "！"), encoding="utf-8")
    said = " ".join(selfinstruct("status", "--config", config, "--run", tmp_path / "run").stdout.split())
    assert "takes over what was changed, for free, where the folder `journal` is" in said
    done = selfinstruct("filter", "--config", config, "--run", tmp_path / "run")
    assert (done.returncode, "no journal to filter again" in done.stderr) == (2, True)
