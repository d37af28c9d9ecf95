"""Prompts and seeds that were changed after the first request: `filter` says so, and manifest and card go on to say what was asked."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.system.files import bundled
from tests.support.command import Cli

pytestmark = pytest.mark.thorough  # commands and whole runs, again and again

WriteConfig = Callable[..., Path]
NAMES = {"en": "English", "zh": "Chinese"}


@pytest.fixture
def project(selfinstruct: Cli, write_config: WriteConfig, tmp_path: Path) -> Path:
    path = write_config("batch")
    for name in ("seed_tasks", "prompts"):
        shutil.copytree(bundled(name), tmp_path / name)
    own = '[run]\nseeds = "seed_tasks"\nprompts = "prompts"'
    path.write_text(path.read_text(encoding="utf-8").replace("[run]", own), encoding="utf-8")
    done = selfinstruct("generate")
    assert done.returncode == 0, done.stderr
    return tmp_path


def manifest(project: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project / "outputs" / "test" / "manifest.json").read_text(encoding="utf-8"))
    return found


def card(project: Path) -> str:
    return (project / "outputs" / "test" / "dataset" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("language", "sentence"), [("en", "Always answer in verse."), ("zh", "回答一律用诗。")])
def test_a_changed_prompt_is_not_printed_as_the_one_that_was_used(
    selfinstruct: Cli, project: Path, language: str, sentence: str
) -> None:
    before, name = manifest(project), f"prompts/{language}/batch.txt"
    with (project / name).open("a", encoding="utf-8") as file:
        file.write(f"{sentence}\n")
    done = selfinstruct("filter")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("changed since the first request") == 1
    assert f"{name};" in done.stderr
    after = manifest(project)
    assert (after["sources"], after["fingerprint"]) == (before["sources"], before["fingerprint"])
    assert sentence not in card(project)
    told = f"{NAMES[language]}: batch: `{name}`, sha256 `{before['sources'][name]}`; the file was changed since"
    assert told in card(project)
    assert card(project).count("<summary>") == 1
    assert "changed since the first request" in selfinstruct("status").stdout


@pytest.mark.parametrize("language", ["en", "zh"])
def test_changed_seeds_leave_the_fingerprint_of_what_was_asked(selfinstruct: Cli, project: Path, language: str) -> None:
    before, path = manifest(project), project / "seed_tasks" / f"{language}.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("。", "！").replace(". ", "! "), encoding="utf-8")
    done = selfinstruct("filter")
    assert f"changed since the first request: seed_tasks/{language}.jsonl;" in done.stderr
    after = manifest(project)
    assert (after["sources"], after["fingerprint"]) == (before["sources"], before["fingerprint"])


@pytest.mark.usefixtures("project")
def test_nothing_is_said_where_nothing_was_changed(selfinstruct: Cli) -> None:
    assert "changed since" not in selfinstruct("filter").stderr
