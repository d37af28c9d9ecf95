"""`status` says which settings and files were changed since the dataset was written, and what becomes of that."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from selfinstruct.system.files import bundled
from tests.support.command import Cli

pytestmark = pytest.mark.thorough  # a whole run for each

WriteConfig = Callable[..., Path]


@pytest.fixture
def config(selfinstruct: Cli, write_config: WriteConfig, tmp_path: Path) -> Path:
    path = write_config("batch", "\n[filter.threshold]\nen = 0.7\nzh = 0.7\n")
    shutil.copytree(bundled("seed_tasks"), tmp_path / "seed_tasks")
    path.write_text(path.read_text(encoding="utf-8").replace("[run]", '[run]\nseeds = "seed_tasks"'), encoding="utf-8")
    done = selfinstruct("generate")
    assert done.returncode == 0, done.stderr
    return path


def said(selfinstruct: Cli) -> str:
    return " ".join(selfinstruct("status").stdout.split())


@pytest.mark.usefixtures("config")
def test_nothing_is_said_of_a_run_that_stands_as_it_was_made(selfinstruct: Cli) -> None:
    assert "changed since" not in said(selfinstruct)
    assert selfinstruct("generate", "--target", "en=7,zh=6").returncode == 0
    assert "changed since" not in said(selfinstruct)


def test_a_threshold_that_was_changed_is_named_until_filter_applies_it(selfinstruct: Cli, config: Path) -> None:
    config.write_text(config.read_text(encoding="utf-8").replace("en = 0.7", "en = 0.6"), encoding="utf-8")
    assert "changed since the dataset was written: filter.threshold.en" in said(selfinstruct)
    assert "Next: `selfinstruct filter` applies the settings" in said(selfinstruct)
    assert selfinstruct("filter").returncode == 0
    assert "changed since" not in said(selfinstruct)


@pytest.mark.usefixtures("config")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_seeds_that_were_changed_are_named_before_generate_refuses(
    selfinstruct: Cli, tmp_path: Path, language: str
) -> None:
    path = tmp_path / "seed_tasks" / f"{language}.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("。", "！").replace(". ", "! "), encoding="utf-8")
    assert re.search(
        rf"changed since the first request: \S*{language}\.jsonl; `selfinstruct generate`", said(selfinstruct)
    )
