"""Links that came with a clone: training and its measuring neither write nor delete outside the run."""

import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from selfinstruct.api.training import finetune
from selfinstruct.api.tuned import evaluate
from selfinstruct.config import Config
from selfinstruct.errors import ConfigError, InputError
from selfinstruct.system.writing import write_jsonl
from tests.support.models import silent, toy_rows

Run = Callable[..., CompletedProcess[str]]
LINKS = ("finetune", "finetune/lora", "finetune/lora/checkpoints", "finetune/lora/merged", "finetune/lora/README.md")


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """A folder of the user, with what a training replaces or removes."""
    folder = tmp_path / "victim"
    for name in ("README.md", "model.safetensors", "evaluation.json", "merged/mine.txt", "lora/model.safetensors"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("precious", encoding="utf-8")
    return folder


def clone(folder: Path, link: str, victim: Path) -> Path:
    """Return a run with rows, in which one name is a link out of it."""
    run = folder / "outputs" / "demo"
    for language in ("en", "zh"):
        of_it = [row.model_dump() for row in toy_rows(24) if row.language == language]
        write_jsonl(run / "dataset" / f"{language}.jsonl", of_it)
    (run / link).parent.mkdir(parents=True, exist_ok=True)
    (run / link).symlink_to(victim / "README.md" if link.endswith(".md") else victim)
    return run


def contents(folder: Path) -> dict[str, str]:
    return {str(path): path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("verb", [finetune, evaluate])
def test_a_link_out_of_the_run_is_refused_by_name_before_anything_is_read_or_written(
    verb: Callable[..., Any], link: str, victim: Path, tmp_path: Path
) -> None:
    run, before = clone(tmp_path, link, victim), contents(victim)
    with pytest.raises(InputError, match=f"outputs/demo/{link}: is a link"):
        verb(model="no-model", run=run, say=silent)
    with pytest.raises(InputError, match=f"outputs/demo/{link}: is a link"):  # what the user copied from a page
        verb(output=run / "finetune" / "lora", model="no-model", run=run, say=silent)
    assert contents(victim) == before


@pytest.mark.parametrize("verb", ["finetune", "evaluate"])
def test_the_commands_refuse_it_too(verb: str, selfinstruct: Run, victim: Path, tmp_path: Path) -> None:
    clone(tmp_path, "finetune", victim)
    done = selfinstruct(verb, "--model", "no-model")
    assert (done.returncode, "outputs/demo/finetune: is a link" in done.stderr) == (2, True)


def test_files_for_another_trainer_are_not_written_through_a_link(
    selfinstruct: Run, victim: Path, tmp_path: Path
) -> None:
    run, before = clone(tmp_path, "finetune/axolotl", victim), contents(victim)
    done = selfinstruct("finetune", "--export", "axolotl")
    assert (done.returncode, f"{run.name}/finetune/axolotl: is a link" in done.stderr) == (2, True)
    assert contents(victim) == before


def test_a_method_that_is_a_path_is_no_way_out_of_the_run(victim: Path, tmp_path: Path) -> None:
    config = Config.model_validate({"finetune": {"method": "../../../victim"}})
    run = clone(tmp_path, "unused", victim)
    with pytest.raises(ConfigError, match="no method"):
        evaluate(model="no-model", run=run, config=config, say=silent)


@pytest.mark.finetune
def test_a_run_directory_that_the_user_linked_himself_is_trained_in(
    selfinstruct: Run, chat_model: Path, tmp_path: Path
) -> None:
    run = clone(tmp_path, "unused", tmp_path)
    (run / "unused").unlink()
    shutil.move(run, tmp_path / "large-disk")
    run.symlink_to(tmp_path / "large-disk")
    done = selfinstruct("finetune", "--model", chat_model, "--max-steps", "1")
    assert done.returncode == 0, done.stderr
    assert selfinstruct("evaluate", "--model", chat_model, "--rows", "1").returncode == 0
    assert (tmp_path / "large-disk" / "finetune" / "lora" / "evaluation.json").is_file()
