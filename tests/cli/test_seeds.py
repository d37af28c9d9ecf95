"""`selfinstruct seeds` as somebody reads it who has written his own."""

import json
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.system.files import bundled
from tests.support.command import Cli, rows

pytestmark = pytest.mark.thorough  # commands and whole runs, again and again


def own(folder: Path, language: str, count: int, **change: Any) -> Path:
    """Write seeds as they ship, the first `count` with a change."""
    shipped = (bundled("seed_tasks") / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    seeds = [json.loads(line) for line in shipped]
    return rows(folder / f"{language}.jsonl", *[seed | (change if at < count else {}) for at, seed in enumerate(seeds)])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_twenty_seeds_with_one_fault_are_one_line(selfinstruct: Cli, tmp_path: Path, language: str) -> None:
    done = selfinstruct("seeds", own(tmp_path, language, 20, category=""))
    assert done.returncode == 1
    (line,) = [line for line in done.stdout.splitlines() if "no_category" in line]
    assert f"{language}.jsonl:1: no_category, 20 seeds alike (lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ...)" in line
    assert "20 findings in the seed files" in done.stderr


@pytest.mark.parametrize("language", ["en", "zh"])
def test_two_seeds_with_one_fault_have_a_line_each(selfinstruct: Cli, tmp_path: Path, language: str) -> None:
    done = selfinstruct("seeds", own(tmp_path, language, 2, category=""))
    assert sum(f"{language}.jsonl:{line}: no_category: " in done.stdout for line in (1, 2)) == 2


@pytest.mark.parametrize("language", ["en", "zh"])
def test_missing_topics_are_said_and_break_no_bound(selfinstruct: Cli, tmp_path: Path, language: str) -> None:
    own(tmp_path, language, 9, topic="")
    done = selfinstruct("seeds", f"{language}.jsonl")
    assert (done.returncode, "no_topic (warning), 9 seeds alike" in done.stdout) == (0, True)
    (tmp_path / "selfinstruct.toml").write_text('[generate]\nrecipe = "batch"\n', encoding="utf-8")
    assert "no_topic" not in selfinstruct("seeds", f"{language}.jsonl").stdout
    assert "no_topic" in selfinstruct("seeds", f"{language}.jsonl", "--recipe", "steered").stdout


def test_seeds_without_a_category_are_counted_in_the_readers_language(selfinstruct: Cli, tmp_path: Path) -> None:
    own(tmp_path, "zh", 2, category="")
    assert "，无 2\n" in selfinstruct("--lang", "zh", "seeds", "zh.jsonl").stdout
    assert ", none 2\n" in selfinstruct("seeds", "zh.jsonl").stdout
