"""A language that the run has rows of and the configuration names no longer is kept, and that is said."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import selfinstruct as si
from selfinstruct.config import parse_config
from tests.support.command import Cli

pytestmark = pytest.mark.thorough  # commands and whole runs, again and again

WriteConfig = Callable[..., Path]
LANGUAGES = ("en", "zh")


@pytest.fixture
def config(selfinstruct: Cli, write_config: WriteConfig) -> Path:
    path = write_config("batch")
    done = selfinstruct("generate")
    assert done.returncode == 0, done.stderr
    return path


def left_out(config: Path, language: str) -> None:
    config.write_text(config.read_text(encoding="utf-8").replace(f"{language} = 3\n", ""), encoding="utf-8")


def files(run: Path) -> dict[str, bytes]:
    found = (path for path in run.rglob("*") if path.is_file() and not {"journal", ".verdict_cache"} & set(path.parts))
    return {str(path.relative_to(run)): path.read_bytes() for path in found}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verb", [("filter",), ("generate",), ("filter", "--target"), ("generate", "--target")])
def test_a_language_that_left_the_configuration_is_kept(
    selfinstruct: Cli, config: Path, tmp_path: Path, language: str, verb: tuple[str, ...]
) -> None:
    run = tmp_path / "outputs" / "test"
    before = files(run)
    left_out(config, language)
    other = next(one for one in LANGUAGES if one != language)
    done = selfinstruct(*verb, *([f"{other}=3"] if len(verb) > 1 else []))
    assert done.returncode == 0, done.stderr
    assert done.stderr.count(f"[target] does not name {language}, and the dataset has rows of it, which are kept") == 1
    assert files(run) == before
    assert f"{language} 3 of 3" in selfinstruct("status").stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_rows_that_were_edited_are_recorded(selfinstruct: Cli, config: Path, tmp_path: Path, language: str) -> None:
    run = tmp_path / "outputs" / "test"
    left_out(config, language)
    path = run / "dataset" / f"{language}.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace('"output": "', '"output": "Mine: ', 1), encoding="utf-8")
    selfinstruct("filter")
    assert json.loads((run / "review.jsonl").read_text(encoding="utf-8"))["language"] == language
    assert "Mine: " in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_target_of_nothing_takes_it_out(selfinstruct: Cli, config: Path, tmp_path: Path, language: str) -> None:
    left_out(config, language)
    done = selfinstruct("filter", "--target", f"{language}=0")
    assert "does not name" not in done.stderr
    assert (tmp_path / "outputs" / "test" / "dataset" / f"{language}.jsonl").read_bytes() == b""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_library_keeps_it_too(config: Path, tmp_path: Path, language: str) -> None:
    run, said = tmp_path / "outputs" / "test", list[str]()
    before = files(run)
    left_out(config, language)
    si.open_run(run, config=config, say=said.append).filter()
    other = next(one for one in LANGUAGES if one != language)
    si.open_run(run, config=config, target={other: 3}, say=said.append).filter()
    assert files(run) == before
    assert len([line for line in said if f"does not name {language}" in line]) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_run_has_only_what_is_named(selfinstruct: Cli, config: Path, tmp_path: Path, language: str) -> None:
    left_out(config, language)
    assert language not in parse_config(config.read_text(encoding="utf-8"), "test").target
    done = selfinstruct("generate", "--fresh")
    assert f"--fresh begins a run without {language}" in " ".join(done.stderr.split())
    assert "does not name" not in done.stderr
    assert not (tmp_path / "outputs" / "test" / "dataset" / f"{language}.jsonl").exists()
