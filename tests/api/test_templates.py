"""The files of a new project: for each teacher a configuration without the demo's leftovers, and a Makefile."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from selfinstruct.api.project import init
from selfinstruct.api.templates import EMBEDDED, configuration, key_of, local_makefile, makefile, teachers, with_pages
from selfinstruct.config import Config, Generate, parse_config
from selfinstruct.errors import ConfigError
from selfinstruct.records import LanguageCode
from selfinstruct.runs.unused import unused
from selfinstruct.system.files import PACKAGE, bundled, read_text
from selfinstruct.system.interpreter import python
from selfinstruct.system.origin import Origin

STRONG = [one for one in teachers() if one != EMBEDDED]
ORIGIN = Origin("https://example.org/o/r.git", "a" * 40)


@pytest.mark.parametrize("teacher", STRONG)
def test_a_strong_teacher_gets_its_block_of_the_page_and_the_recipe_of_the_papers(teacher: str) -> None:
    config = parse_config(configuration(teacher), "selfinstruct.toml")
    blocks = re.findall(r"```toml\n(.*?)```", read_text(PACKAGE.parent / "docs" / "teachers.md"), re.DOTALL)
    assert config.teacher in [parse_config(block, "block").teacher for block in blocks]
    assert (config.recipe, config.generate) == ("batch", Generate())
    assert unused(config.model_copy(update={"run": Config().run})) == []


def test_the_embedded_teacher_keeps_the_demo_with_own_seeds_and_prompts() -> None:
    text = configuration()
    assert parse_config(text, "own").teacher == parse_config(read_text(bundled("selfinstruct.toml")), "shipped").teacher
    assert parse_config(text, "own").run.seeds == "seed_tasks"
    assert set(parse_config(text, "own").recipes) == {"steered", "checked"}


@pytest.mark.parametrize("teacher", teachers())
def test_whatever_follows_the_teacher_is_the_same_for_all(teacher: str) -> None:
    ends = {configuration(one).split("\n[filter]\n")[1] for one in (EMBEDDED, teacher)}
    assert len(ends) == 1


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "# The pages docs/... that are named below stand in the repository of selfinstruct"),
        ("zh", "# 下面提到的 docs/… 各页，在 selfinstruct 的仓库里"),
    ],
)
def test_a_project_says_where_the_pages_are_that_its_configuration_names(
    tmp_path: Path, language: LanguageCode, told: str
) -> None:
    for teacher in ("embedded", *STRONG[:1]):
        text = (init(tmp_path / teacher, teacher=teacher, language=language) / "selfinstruct.toml").read_text("utf-8")
        assert told in text.splitlines()[:6]
    assert (
        with_pages("# A\n\n[run]\n", Origin("https://example.org/o/r", "a" * 40))
        .splitlines()[1]
        .endswith("of selfinstruct: https://example.org/o/r")
    )


def test_an_unknown_teacher_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"--teacher 深度: is not known; known: embedded, deepseek"):
        configuration("深度")


def test_the_variable_of_the_key_is_known_where_one_is_needed() -> None:
    assert (key_of("deepseek"), key_of("ollama"), key_of(EMBEDDED)) == ("DEEPSEEK_API_KEY", "", "")


@pytest.mark.thorough
@pytest.mark.parametrize("folder", ["mine", "我的 $项目"])
def test_make_runs_the_selfinstruct_that_made_the_project(tmp_path: Path, folder: str) -> None:
    project = tmp_path / folder
    project.mkdir()
    (project / "Makefile").write_text(makefile(EMBEDDED, None), encoding="utf-8")
    (project / "local.mk").write_text(local_makefile(), encoding="utf-8")
    done = make(project, "seeds", "ARGS=--help")
    assert (done.returncode, "Check seed files" in done.stdout) == (0, True), done.stderr
    assert "estimate    Say what a run will take" in make(project, "help").stdout


@pytest.mark.parametrize(
    ("target", "added"), [("report", "report matplotlib"), ("finetune", "finetune torch"), ("seeds", "")]
)
def test_make_adds_the_extra_to_the_selfinstruct_that_it_runs(tmp_path: Path, target: str, added: str) -> None:
    (tmp_path / "Makefile").write_text(makefile(EMBEDDED, None), encoding="utf-8")
    named = local_makefile().replace(shlex.join(python("-m", "selfinstruct")), "echo RUN", 1)
    assert "echo RUN.system.extras" not in named
    (tmp_path / "local.mk").write_text(
        named.replace(shlex.join(python("-m", "selfinstruct.system.extras")), "echo ADD"), encoding="utf-8"
    )
    rows(tmp_path)
    said = make(tmp_path, target).stdout
    assert (f"ADD {added}" in said) is bool(added)
    assert f"RUN {target}" in said
    other = make(tmp_path, target, "SELFINSTRUCT=echo OTHER").stdout
    assert "ADD" not in other
    assert f"OTHER {target}" in other


def test_elsewhere_make_installs_the_commit_that_was_used(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text(makefile("openai", ORIGIN), encoding="utf-8")
    planned = make(tmp_path, "--dry-run", "generate").stdout
    assert "venv .venv" in planned
    assert f'"selfinstruct[report] @ git+https://example.org/o/r.git@{"a" * 40}"' in planned.replace("$(", "(")
    assert "[finetune]" in make(tmp_path, "--dry-run", "finetune").stdout
    assert "outputs/mine" in make(tmp_path, "--dry-run", "diff").stdout


@pytest.mark.parametrize("text", [makefile(EMBEDDED, ORIGIN), read_text(Path(__file__).parents[2] / "Makefile")])
def test_make_looks_for_a_dataset_before_it_installs_the_trainer(tmp_path: Path, text: str) -> None:
    (tmp_path / "Makefile").write_text(text, encoding="utf-8")
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).touch()
    refused = make(tmp_path, "finetune", "PYTHON=false")
    assert (refused.returncode, "there is no dataset to train on" in refused.stdout) == (2, True)
    assert "false" not in refused.stdout
    assert "false -m venv" in make(tmp_path, "finetune", "PYTHON=false", "ARGS=--dataset x.jsonl").stdout
    rows(tmp_path)
    assert "about 6 GB" in make(tmp_path, "--dry-run", "finetune").stdout
    assert "false -m venv" in make(tmp_path, "finetune", "PYTHON=false").stdout


def test_make_looks_for_a_run_before_it_installs_what_the_report_needs(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text(makefile("openai", ORIGIN), encoding="utf-8")
    refused = make(tmp_path, "report", "PYTHON=false", "ARGS=")
    assert (refused.returncode, "there is no run to report on" in refused.stdout) == (2, True)
    assert "false" not in refused.stdout
    assert "false -m venv" in make(tmp_path, "report", "PYTHON=false", "ARGS=--run elsewhere").stdout
    rows(tmp_path)
    assert "false -m venv" in make(tmp_path, "report", "PYTHON=false", "ARGS=").stdout


def test_without_a_commit_make_says_what_to_fill_in(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text(makefile(EMBEDDED, None), encoding="utf-8")
    done = make(tmp_path, "generate")
    assert (done.returncode, "Makefile: set REPOSITORY and COMMIT" in done.stdout) == (2, True)


def rows(folder: Path) -> None:
    (folder / "outputs" / "demo" / "dataset").mkdir(parents=True)
    (folder / "outputs" / "demo" / "dataset" / "en.jsonl").touch()


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *arguments], cwd=folder, capture_output=True, text=True, check=False)
