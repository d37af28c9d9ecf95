"""Small faults at the edges: a folder without git, our own exports, a closed folder, one of something."""

import json
import os
from pathlib import Path

import pytest

from selfinstruct.api.datasets import validate
from selfinstruct.config import parse_config
from selfinstruct.dataset.diff.read import Operand, read_sides
from selfinstruct.errors import ConfigError, InputError, StorageError
from selfinstruct.system.writing import write_text
from tests.support.command import THREE, Cli, rows


def test_a_revision_outside_a_repository_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = rows(tmp_path / "a.jsonl", *THREE)
    with pytest.raises(InputError, match=r"HEAD: no such file or directory; .* this folder is in none: `git init`"):
        read_sides(Operand("HEAD"), Operand(str(path)))


@pytest.mark.parametrize("name", ["alpaca.json", "sharegpt.json", "train.json"])
def test_a_folder_that_holds_one_of_our_exports_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(json.dumps(THREE, ensure_ascii=False), encoding="utf-8")
    (tmp_path / "dataset_info.json").write_text("{}", encoding="utf-8")
    assert validate(tmp_path).rows == len(THREE)


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_takes_no_file_is_told_with_every_way_out(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError, match="--output, --rejected or --run"):
        write_text(tmp_path / "k.jsonl", "")
    tmp_path.chmod(0o700)


def test_a_rule_that_is_like_none_is_not_guessed() -> None:
    for name, hint in (("nosuch", "docs/rules.md"), ("to_short", "did you mean `too_short`")):
        with pytest.raises(ConfigError, match=hint):
            parse_config(f'[validate]\ndisable = ["{name}"]\n', "x.toml", rules=("unknown_check", "too_short"))


def test_a_dropped_row_is_shown_as_it_stood_and_as_it_was_judged(selfinstruct: Cli, tmp_path: Path) -> None:
    rows(tmp_path / "a.jsonl", {"instruction": " Name a river in France. ", "input": "", "output": "  "}, THREE[1])
    options = ("--output", "k.jsonl", "--rejected", "d.jsonl")
    assert selfinstruct("filter", "a.jsonl", "--fix", "--rules", *options).returncode == 0
    (dropped,) = map(json.loads, (tmp_path / "d.jsonl").read_text("utf-8").splitlines())
    assert dropped["row"]["instruction"] == " Name a river in France. "
    assert dropped["repaired"]["instruction"] == "Name a river in France."


@pytest.mark.parametrize("language", ["en", "zh"])
def test_one_of_something_is_one(selfinstruct: Cli, tmp_path: Path, language: str) -> None:
    seed = {"id": "a", "name": "n", "instruction": "说出一种水果。", "instances": [{"input": "", "output": "苹果。"}]}
    done = selfinstruct("seeds", rows(tmp_path / f"{language}.jsonl", seed | {"category": ""}))
    assert "1 finding in the seed files" in done.stderr, done.stderr


def test_openai_is_another_name_of_messages(selfinstruct: Cli, tmp_path: Path) -> None:
    rows(tmp_path / "in.jsonl", {"instruction": "Name a river.", "output": "The Loire."})
    done = selfinstruct("export", "--dataset", "in.jsonl", "--format", "openai", "--output", "out")
    assert (done.returncode, [path.name for path in (tmp_path / "out").iterdir()]) == (0, ["messages.jsonl"])
    assert "'messages'" in selfinstruct("export", "--format", "opnai", "--output", "out").stderr
