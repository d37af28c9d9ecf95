"""What was set or edited and is not used is said, once, where one looks: at `generate`, `estimate` and `filter`."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from selfinstruct.cli.messages import in_chinese
from selfinstruct.config import Config
from selfinstruct.dataset.io.rows import load_rows
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.refilter import refilter
from selfinstruct.runs.run import Observer, generate
from selfinstruct.runs.stopping import StopSignal
from selfinstruct.runs.unused import unused
from selfinstruct.system.files import bundled
from tests.support.runs import MakeConfig, start


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Return a folder with own copies of seeds and prompts, as `init` writes them."""
    for name in ("prompts", "seed_tasks"):
        shutil.copytree(bundled(name), tmp_path / name)
    return tmp_path


def of_project(make_config: MakeConfig, own: Path, recipe: str, **more: object) -> Config:
    return make_config(recipe, run__prompts=str(own / "prompts"), run__seeds=str(own / "seed_tasks"), **more)


def add(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def said_by(config: Config, folder: Path) -> list[str]:
    said: list[str] = []
    generate(config, RunDirectory(folder), Observer(said.append, lambda *_: None), StopSignal())
    return [line for line in said if line.startswith("Warning: ")]


@pytest.mark.parametrize("recipe", ["batch", pytest.param("steered", marks=pytest.mark.thorough)])
def test_copies_that_nobody_edited_are_not_spoken_of(make_config: MakeConfig, own: Path, recipe: str) -> None:
    assert unused(of_project(make_config, own, recipe)) == []
    assert unused(make_config(recipe)) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_demos_few_examples_beside_a_strong_teacher_are_named(make_config: MakeConfig, language: str) -> None:
    demo = {"target": {language: 12}, "generate__seeds_per_prompt": 3, "generate__machine_per_prompt": 1}
    (line,) = unused(make_config("batch", **demo))
    assert "seeds_per_prompt = 3, machine_per_prompt = 1: the demo's" in line
    assert unused(make_config("steered", **demo)) == []
    assert unused(make_config("batch", **demo | {"generate__machine_per_prompt": 0})) == []  # Alpaca's


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_target_too_small_for_a_batch_beside_other_recipes_is_named(make_config: MakeConfig, language: str) -> None:
    mixed = {"generate__mix": {"batch": 0.25, "checked": 0.75}, "generate__tasks_per_request": 8}
    (line,) = unused(make_config(target={language: 31}, **mixed))
    assert f"its share (25%) of [target] {language} = 31" in line
    assert "Set tasks_per_request lower, or a target of at least 32" in line
    assert unused(make_config(target={language: 32}, **mixed)) == []
    assert unused(make_config("batch", target={language: 2})) == []


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("recipe", "name", "remedy"),
    [
        ("batch", "topics.txt", "--recipe steered"),
        ("batch", "verbs.txt", "--recipe steered"),
        ("batch", "answer.txt", "batch.txt"),
        ("steered", "batch.txt", "--recipe batch"),
        ("batch", "judge.txt", "[judge] least"),
    ],
)
def test_a_prompt_file_that_was_edited_and_that_the_recipe_does_not_read_is_named(
    make_config: MakeConfig, own: Path, language: str, recipe: str, name: str, remedy: str
) -> None:
    add(own / "prompts" / language / name, "\n河流 rivers\n")
    (line,) = unused(of_project(make_config, own, recipe))
    assert f"prompts/{language}/{name}: edited, and not used" in line
    assert remedy in line


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_prompt_file_that_is_read_is_not_spoken_of(make_config: MakeConfig, own: Path, language: str) -> None:
    add(own / "prompts" / language / "topics.txt", "\n河流 rivers\n")
    assert unused(of_project(make_config, own, "steered")) == []


@pytest.mark.parametrize(("language", "category"), [("en", "everyday life"), ("zh", "数学")])
def test_seeds_without_a_topic_are_counted_where_topics_are_shown(
    make_config: MakeConfig, own: Path, language: str, category: str
) -> None:
    path = own / "seed_tasks" / f"{language}.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    bare = json.dumps(json.loads(lines[0]) | {"topic": " "}, ensure_ascii=False) + "\n"
    path.write_text("".join([bare, *lines[1:]]), encoding="utf-8")
    (line,) = unused(of_project(make_config, own, "steered"))
    assert f"{language}.jsonl: 1 of 278 seeds have no `topic`" in line
    assert f"`{category}`" in line
    assert unused(of_project(make_config, own, "steered"), is_begun=True) == []
    assert unused(of_project(make_config, own, "batch")) == []


def test_a_chinese_seed_without_topic_and_chinese_category_is_said_not_to_be_shown(
    make_config: MakeConfig, own: Path
) -> None:
    path = own / "seed_tasks" / "zh.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    bare = json.dumps(json.loads(lines[0]) | {"topic": "", "category": "riddles"}, ensure_ascii=False) + "\n"
    path.write_text("".join([bare, *lines[1:]]), encoding="utf-8")
    (line,) = unused(of_project(make_config, own, "steered"))
    assert "does not show those whose category is no Chinese word" in line
    assert "不拿来作示例" in in_chinese(line)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_generate_says_it_before_it_asks(make_config: MakeConfig, own: Path, language: str) -> None:
    add(own / "prompts" / language / "topics.txt", "\n河流 rivers\n")
    (line,) = said_by(of_project(make_config, own, "batch"), own / "run")
    assert f"prompts/{language}/topics.txt: edited, and not used" in line


@pytest.mark.parametrize("recipe", ["batch", pytest.param("steered", marks=pytest.mark.thorough)])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_excluded_id_that_no_row_has_is_named_by_generate_and_filter(
    make_config: MakeConfig, tmp_path: Path, recipe: str, language: str
) -> None:
    start(make_config(recipe), tmp_path)
    there = load_rows(tmp_path / "dataset" / f"{language}.jsonl")[0].id
    missing = "0123456789abcdef"
    config = make_config(recipe, validate__exclude=[there, missing])
    said: list[str] = []
    manifest = refilter(config, RunDirectory(tmp_path), said.append)
    assert manifest["ledger"][language]["rejected"]["excluded"] >= 1
    for (line,) in (warnings(said), said_by(config, tmp_path)):
        assert missing in line
        assert there not in line


def warnings(said: list[str]) -> Iterator[str]:
    return (line for line in said if line.startswith("Warning: "))


@pytest.mark.parametrize("recipe", ["batch", pytest.param("steered", marks=pytest.mark.thorough)])
def test_an_excluded_id_of_a_row_beyond_the_target_is_there(
    make_config: MakeConfig, tmp_path: Path, recipe: str
) -> None:
    start(make_config(recipe), tmp_path)
    there = load_rows(tmp_path / "dataset" / "zh.jsonl")[-1].id
    said: list[str] = []
    refilter(
        make_config(recipe, target={"en": 0, "zh": 0}, validate__exclude=[there]), RunDirectory(tmp_path), said.append
    )
    assert not [line for line in warnings(said) if "[validate] exclude" in line]


def test_several_answers_are_said_to_need_a_recipe_that_has_them_and_a_temperature(make_config: MakeConfig) -> None:
    def told(recipe: str, **more: object) -> list[str]:
        return [line for line in unused(make_config(recipe, generate__answers=3, **more)) if "answers" in line]

    assert told("steered") == []
    assert "has one answer to each instruction" in told("batch")[0]
    assert "are the same" in told("steered", teacher__answer_temperature=0.0)[0]
