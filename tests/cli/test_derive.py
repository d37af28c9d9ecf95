"""`selfinstruct derive` on the command line: what it says, and what it refuses."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from selfinstruct.system.files import bundled
from tests.support.command import Cli, rows
from tests.support.fork_server import ForkServer
from tests.support.runs import files_in
from tests.support.teacher_server import TeacherServer

pytestmark = pytest.mark.thorough  # a whole run for each

Made = Callable[..., Path]


@pytest.fixture
def run(write_config: Callable[..., Path], selfinstruct: Cli, tmp_path: Path) -> Path:
    path = write_config("steered", "\n[filter]\nthreshold = 0.7\n")
    assert selfinstruct("generate", "-q", "--config", path, "--run", tmp_path / "run").returncode == 0
    path.unlink()  # the run has its own copy
    return tmp_path / "run"


def test_json_says_what_each_view_holds_and_what_more_would_cost(selfinstruct: Cli, run: Path, tmp_path: Path) -> None:
    done = selfinstruct("derive", run, "--view", "alpaca,pairs", "--output", tmp_path / "views", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told["views"]["alpaca"]["emitted"] == told["views"]["alpaca"]["rows"] == 6
    pairs = told["views"]["pairs"]
    assert pairs["left_out"] == {"one_answer": 6}
    assert told["requests"] == 0
    assert told["to_buy"]["requests"] == {"low": 6, "high": 18}
    assert told["to_buy"]["cost_usd"]["high"] > told["to_buy"]["cost_usd"]["low"] > 0
    assert [Path(one).name for one in told["files"]] == ["alpaca.json", "pairs.jsonl"]


@pytest.mark.thorough
def test_zero_pairs_is_said_with_the_remedy_and_its_price(selfinstruct: Cli, run: Path, tmp_path: Path) -> None:
    done = selfinstruct("derive", "--run", run, "--view", "pairs", "--output", tmp_path / "views")
    assert done.returncode == 0
    assert "`pairs`: 0 of 6 rows" in done.stdout
    assert "left out: one_answer 6" in done.stdout
    assert "6 rows lack an answer or a word on one: 6 to 18 requests" in done.stdout
    assert "--buy buys them" in done.stdout


@pytest.mark.thorough
def test_what_lacks_is_bought_on_a_flag_within_a_budget(
    selfinstruct: Cli, run: Path, server: TeacherServer, tmp_path: Path
) -> None:
    asked = len(server.requests)
    told = ("derive", run, "--view", "pairs", "--output", tmp_path / "views", "--json", "--buy", "--yes")
    done = selfinstruct(*told, "--budget-usd", "0.000001")
    assert done.returncode == 3
    assert "--budget-usd" in done.stderr
    assert len(server.requests) == asked
    done = selfinstruct(*told, "--budget-usd", "5")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert found["requests"] == len(server.requests) - asked > 0
    assert found["views"]["pairs"]["emitted"] > 0
    assert found["to_buy"] is None


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--view", "pair"), "did you mean `pairs`?"),
        (("--view", "alpaca,xml"), "known: alpaca, conversations"),
        (("--view", " , "), "--view"),
    ],
)
def test_a_view_that_is_none_is_named(
    selfinstruct: Cli, run: Path, tmp_path: Path, flags: tuple[str, ...], said: str
) -> None:
    done = selfinstruct("derive", run, *flags, "--output", tmp_path / "views")
    assert done.returncode == 2
    assert said in done.stderr
    assert not (tmp_path / "views").exists()


@pytest.mark.thorough
def test_a_folder_that_holds_something_else_is_left_alone(selfinstruct: Cli, run: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    told = ("derive", run, "--view", "alpaca", "--output")
    for place, said in (
        (folder, "holds notes.txt, which derive did not write"),
        (folder / "notes.txt", "is a file"),
        (run, "is the directory of a run"),
        (run / "dataset", "belongs to the run"),
        (run / "journal" / "views", "belongs to the run"),
    ):
        done = selfinstruct(*told, place)
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert [one.name for one in folder.iterdir()] == ["notes.txt"]


@pytest.mark.thorough
def test_views_of_another_run_are_not_replaced(selfinstruct: Cli, run: Path, tmp_path: Path) -> None:
    told = ("derive", run, "--view", "alpaca", "--output", tmp_path / "views")
    assert selfinstruct(*told).returncode == 0
    ledger = tmp_path / "views" / "derived.json"
    ledger.write_text(ledger.read_text(encoding="utf-8").replace('"name": "test"', '"name": "other"'), encoding="utf-8")
    done = selfinstruct(*told)
    assert (done.returncode, "holds views of the run `other`" in done.stderr) == (2, True)
    ledger.write_text("{}", encoding="utf-8")
    done = selfinstruct(*told)
    assert (done.returncode, "is no ledger of derived views" in done.stderr) == (2, True)


@pytest.mark.thorough
def test_a_view_that_somebody_changed_is_kept(selfinstruct: Cli, run: Path, tmp_path: Path) -> None:
    told = ("derive", run, "--view", "alpaca", "--output", tmp_path / "views")
    assert selfinstruct(*told).returncode == 0
    (tmp_path / "views/alpaca.json").write_text("[]", encoding="utf-8")
    done = selfinstruct(*told)
    assert done.returncode == 0
    assert "was changed since it was derived, and is kept as alpaca.json.1" in done.stderr
    assert (tmp_path / "views/alpaca.json.1").read_text(encoding="utf-8") == "[]"
    assert "alpaca.json.1" not in selfinstruct(*told).stderr


@pytest.mark.thorough
def test_what_is_no_run_is_named_with_what_would_do(selfinstruct: Cli, run: Path, tmp_path: Path) -> None:
    talk = {"conversations": [{"from": "human", "value": "Name a river."}, {"from": "gpt", "value": "The Loire."}]}
    rows(tmp_path / "chats.jsonl", talk)
    assert selfinstruct("import", "chats.jsonl", "--output", "chats").returncode == 0
    told = ("--view", "pairs", "--output", tmp_path / "views")
    for place, said in (
        ("chats", "was made by `selfinstruct import`, from no journal; `selfinstruct export --dataset chats`"),
        ("nothing", "holds no run; `selfinstruct generate` makes one"),
    ):
        done = selfinstruct("derive", place, *told)
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    for one in (run / "journal").iterdir():
        one.unlink()
    done = selfinstruct("derive", run, *told)
    assert (done.returncode, "has no journal to derive from" in done.stderr) == (2, True), done.stderr


@pytest.mark.thorough
def test_a_run_that_is_not_finished_says_so(
    write_config: Callable[..., Path], selfinstruct: Cli, tmp_path: Path
) -> None:
    path = write_config("batch")
    done = selfinstruct(
        "generate",
        "-q",
        "--config",
        path,
        "--run",
        tmp_path / "run",
        "--max-candidates",
        "1",
        "--target",
        "en=40,zh=40",
    )
    assert done.returncode == 3
    done = selfinstruct("derive", tmp_path / "run", "--view", "alpaca", "--output", tmp_path / "views")
    assert done.returncode == 0
    assert "the run is not finished (cap: the cap of 1 candidate" in done.stderr


@pytest.mark.thorough
def test_two_runs_are_one_too_many(selfinstruct: Cli, run: Path, tmp_path: Path) -> None:
    done = selfinstruct("derive", run, "--run", run, "--view", "alpaca", "--output", tmp_path / "views")
    assert (done.returncode, "name one" in done.stderr) == (2, True)


@pytest.mark.thorough
def test_paths_of_a_run_start_at_its_project_wherever_the_command_is_called(
    selfinstruct: Cli, write_config: Callable[..., Path], fork_server: ForkServer, tmp_path: Path
) -> None:
    project = tmp_path / "zh 项目 乙"
    (project / "exams").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    shutil.copytree(bundled("seed_tasks"), project / "seeds")
    rows(project / "exams/exam.jsonl", {"instruction": "Name a river in France.", "input": "", "output": "The Loire."})
    text = write_config("steered", '\n[filter]\nthreshold = 0.7\nheld_out = ["exams/exam.jsonl"]\n').read_text("utf-8")
    (tmp_path / "selfinstruct.toml").unlink()
    (project / "selfinstruct.toml").write_text(text.replace("[run]", '[run]\nseeds = "seeds"', 1), encoding="utf-8")
    assert fork_server.run(["generate", "-q", "--run", "outputs/mine"], project, os.environ).returncode == 0
    before = files_in(project)
    done = fork_server.run(["derive", "outputs/mine", "--view", "alpaca", "--output", "../near"], project, os.environ)
    assert done.returncode == 0, done.stderr
    done = selfinstruct("derive", "zh 项目 乙/outputs/mine", "--view", "alpaca", "--output", "views")
    assert done.returncode == 0, done.stderr
    assert files_in(tmp_path / "views") == files_in(tmp_path / "near")
    run = "../zh 项目 乙/outputs/mine"
    done = fork_server.run(["diff", run, f"{run}/dataset"], tmp_path / "elsewhere", os.environ)
    assert done.returncode == 0, done.stderr
    assert "checked by" not in done.stdout
    assert files_in(project) == before
    lock = (project / "outputs/mine/config.lock.toml").read_bytes()
    done = selfinstruct("derive", "zh 项目 乙/outputs/mine", "--view", "pairs", "--output", "views", "--buy", "--yes")
    assert done.returncode == 0, done.stderr
    assert "Requests sent: 0" not in done.stdout
    assert (project / "outputs/mine/config.lock.toml").read_bytes() == lock
