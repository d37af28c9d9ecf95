"""The documents say what is true now."""

import doctest
import importlib
import re
from pathlib import Path

import pytest

from selfinstruct.api.project import init
from selfinstruct.cli import VERBS
from selfinstruct.cli.overview import STAGES as OVERVIEW
from selfinstruct.config import parse_config
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.estimate import estimate
from selfinstruct.system.files import PACKAGE, read_text

ROOT = PACKAGE.parent
READMES = ("README.md", "README.zh-CN.md")


@pytest.mark.parametrize("name", READMES)
def test_every_verb_is_in_the_readme(name: str) -> None:
    text = read_text(ROOT / name)
    stages = [
        verb for line in text.splitlines() if re.match(r"\| \S+ \| `", line) for verb in re.findall(r"`(\w+)`", line)
    ]
    assert stages == [verb for verbs in OVERVIEW.values() for verb in verbs if verb in VERBS]


@pytest.mark.parametrize("name", READMES)
def test_a_readme_is_read_in_a_few_minutes(name: str) -> None:
    assert len(read_text(ROOT / name).splitlines()) <= 120


@pytest.mark.parametrize("name", READMES)
def test_every_make_target_in_the_readme_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", read_text(ROOT / "Makefile"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)`", read_text(ROOT / name))) <= targets


@pytest.mark.thorough
@pytest.mark.parametrize(("name", "to"), [("docs/large-runs.md", "to"), ("docs/large-runs.zh-CN.md", "到")])
def test_the_figures_of_52000_rows_are_those_of_the_project_that_init_writes(
    name: str, to: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commands above the table: `init --teacher deepseek`, then `estimate`; the second line with the limits that the file has as comments."""
    project = init(tmp_path / "alpaca", teacher="deepseek")
    monkeypatch.chdir(project)
    text = read_text(project / "selfinstruct.toml")
    wanted = {"target.en": 26000, "target.zh": 26000, "limits.concurrency": 64}
    free, limited = (
        estimate(
            parse_config(one, "selfinstruct.toml", wanted), RunDirectory(project / "outputs" / "alpaca")
        ).document()
        for one in (text, re.sub(r"# (requests_per_minute|tokens_per_minute)", r"\1", text))
    )
    low, high = (f"{float(f'{count:.3g}'):,.0f}" for count in free["requests"].values())
    requests = f"{low} {to} {high}"
    cost = f"{free['cost_usd']['low']:.2f} {to} {'$' * (to == 'to')}{free['cost_usd']['high']:.2f}"
    minutes = [f"{one['minutes']['low']} {to} {one['minutes']['high']} |" for one in (free, limited)]
    lines = [line for line in read_text(ROOT / name).splitlines() if re.match(rf"\| .*\d {to} 3\d\d\.\d \|$", line)]
    assert len(lines) == 2
    assert all(figure in lines[0] for figure in (requests, cost, minutes[0]))
    assert lines[1].endswith(minutes[1])


@pytest.mark.parametrize("name", READMES)
def test_the_command_is_on_the_path_before_it_is_first_used(name: str) -> None:
    commands = [
        line
        for block in re.findall(r"```sh\n(.*?)```", read_text(ROOT / name), re.DOTALL)
        for line in block.splitlines()
    ]
    activated = next(at for at, line in enumerate(commands) if line.startswith("source .venv/bin/activate"))
    assert activated < next(at for at, line in enumerate(commands) if line.startswith("selfinstruct "))


def test_the_examples_in_the_code_are_true() -> None:
    with_examples = [path for path in sorted(PACKAGE.rglob("*.py")) if ">>> " in read_text(path)]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in with_examples]
    light = [name for name in names if not name.startswith("selfinstruct.training")]
    found = [doctest.testmod(importlib.import_module(name)) for name in light]
    assert sum(one.failed for one in found) == 0
    assert sum(one.attempted for one in found) >= 100


def test_every_dependency_has_its_reason() -> None:
    import tomllib

    project = tomllib.loads(read_text(ROOT / "pyproject.toml"))["project"]
    extras = [package for extra in project["optional-dependencies"].values() for package in extra]
    text = read_text(ROOT / "docs" / "dependencies.md")
    names = [re.split(r"[<>=]", package)[0] for package in [*project["dependencies"], *extras]]
    assert [name for name in names if name not in text] == []


def test_the_chinese_readme_shows_the_chinese_pictures() -> None:
    shown = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", read_text(ROOT / "README.zh-CN.md"))
    assert shown
    assert [one for one in shown if not one.endswith(".zh-CN.png") or not (ROOT / one).is_file()] == []


@pytest.mark.parametrize("name", ["README.zh-CN.md", "CONTRIBUTING.zh-CN.md"])
def test_a_chinese_page_says_which_of_its_links_are_english(name: str) -> None:
    links = re.findall(r"\[([^\]]+)\]\(([^)#:]+\.(?:md|cff|ipynb))\)(.{0,4})", read_text(ROOT / name))
    english = [(text, behind) for text, target, behind in links if not target.endswith(".zh-CN.md")]
    assert [text for text, behind in english if text != "English" and behind != "（英文）"] == []
