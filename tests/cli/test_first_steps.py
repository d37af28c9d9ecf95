"""The first steps of somebody new: in the wrong folder, and without a configuration."""

from pathlib import Path

import pytest

from selfinstruct.api.settings import refuse_subfolder
from selfinstruct.errors import ConfigError
from selfinstruct.system.wrapping import cells
from tests.support.command import Cli, rows


@pytest.fixture
def below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "selfinstruct.toml").write_text("", encoding="utf-8")
    (tmp_path / "one" / "two").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "one" / "two")
    return tmp_path


@pytest.mark.parametrize(
    ("tongue", "told"),
    [
        (
            "en",
            "no selfinstruct.toml here; one stands in ../..: `cd ../..`, or --config ../../selfinstruct.toml, whose paths then start here",
        ),
        (
            "zh",
            "这里没有 selfinstruct.toml，../.. 里有一份：请先 `cd ../..`；也可以加 --config ../../selfinstruct.toml，但其中的相对路径就从当前目录算起",
        ),
    ],
)
@pytest.mark.parametrize("verb", ["generate", "status"])
def test_below_a_project_nothing_begins(selfinstruct: Cli, below: Path, verb: str, tongue: str, told: str) -> None:
    done = selfinstruct(verb, "--lang", tongue, cwd=below / "one" / "two")
    assert (done.returncode, done.stderr) == (2, f"selfinstruct: {told}\n")
    assert not any((below / "one" / "two").iterdir())


def test_a_named_configuration_is_read_anywhere(below: Path) -> None:
    with pytest.raises(ConfigError, match=r"no selfinstruct\.toml here"):
        refuse_subfolder()
    refuse_subfolder("../../selfinstruct.toml")
    (below / "one" / "two" / "selfinstruct.toml").touch()
    refuse_subfolder()


@pytest.mark.thorough
def test_verbs_that_are_given_files_run_below_a_project(selfinstruct: Cli, below: Path) -> None:
    (below / "one" / "two" / "rows.jsonl").write_text('{"instruction": "Name a river.", "output": "Elbe"}\n')
    assert selfinstruct("validate", "rows.jsonl", cwd=below / "one" / "two").returncode == 0
    made = selfinstruct("init", "mine", "--json", cwd=below / "one" / "two")
    assert (made.returncode, (below / "one" / "two" / "mine" / "selfinstruct.toml").is_file()) == (0, True)
    assert "no selfinstruct.toml here" in selfinstruct("doctor", cwd=below / "one" / "two").stdout


@pytest.mark.parametrize(
    ("tongue", "told"),
    [
        (
            "en",
            "No selfinstruct.toml here: this is the demo with the embedded teacher; `selfinstruct init DIR` makes a project",
        ),
        ("zh", "这里没有 selfinstruct.toml：现在跑的是用内置教师的演示；`selfinstruct init 目录` 可新建项目"),
    ],
)
def test_without_a_configuration_generate_is_the_demo_and_fetches_nothing_unasked(
    selfinstruct: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tongue: str, told: str
) -> None:
    monkeypatch.setenv("SELFINSTRUCT_CACHE", str(tmp_path / "cache"))
    done = selfinstruct("generate", "--lang", tongue)
    lines = done.stderr.splitlines()
    assert (done.returncode, lines[0]) == (2, told)
    assert "--yes" in lines[1]
    assert not list(tmp_path.iterdir())


def test_with_a_teacher_of_ones_own_it_is_no_demo(selfinstruct: Cli) -> None:
    done = selfinstruct("generate", "--base-url", "https://teacher.example/v1", "--model", "m", "--dry-run")
    assert "demo" not in done.stderr


def test_validate_without_input_checks_the_run(selfinstruct: Cli, tmp_path: Path) -> None:
    none = selfinstruct("validate")
    assert (none.returncode, "outputs/demo: holds no run" in none.stderr) == (2, True)
    (tmp_path / "mine" / "dataset").mkdir(parents=True)
    rows(tmp_path / "mine" / "dataset" / "en.jsonl", {"instruction": "Name a river.", "input": "", "output": "?"})
    found = selfinstruct("validate", "--run", "mine", "--json")
    assert '"rows": 1' in found.stdout


@pytest.mark.parametrize(
    ("tongue", "told"),
    [("en", "`selfinstruct diff HEAD` compares mine with the last commit"), ("zh", "把 mine 和上次提交相比")],
)
def test_diff_without_base_says_what_to_write(selfinstruct: Cli, tongue: str, told: str) -> None:
    done = selfinstruct("diff", "--run", "mine", "--lang", tongue)
    assert (done.returncode, told in done.stderr) == (2, True)


@pytest.mark.thorough
@pytest.mark.parametrize("tongue", ["en", "zh"])
@pytest.mark.parametrize("arguments", [("export", "--help"), ("doctor",), ("seeds",)], ids=" ".join)
def test_lists_fold_at_the_width_of_the_terminal(
    selfinstruct: Cli, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], tongue: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = selfinstruct(*arguments, "--lang", tongue).stdout.splitlines()
    assert lines
    assert [line for line in lines if cells(line) > 80 and " " in line.strip()] == []


@pytest.mark.thorough
def test_a_list_in_a_pipe_stays_on_its_line(selfinstruct: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    lines = selfinstruct("seeds").stdout.splitlines()
    assert sum(line.startswith("en.jsonl: ") for line in lines) == 1
    assert not [line for line in lines if line.strip() and line.startswith("          ")]
