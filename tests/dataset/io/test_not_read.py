"""Files of a folder that are not read are named."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import selfinstruct as si
from tests.support.command import Cli

OTHERS = ("b.json", "c.JSONL", "c.csv", "sub/b.jsonl")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "rows"
    (folder / "sub").mkdir(parents=True)
    rows = {
        "a.jsonl": "Name a river.",
        "c.JSONL": "说出一条河。",
        "sub/b.jsonl": "Name a lake.",
        "b.json": "Name a sea.",
    }
    for name, question in rows.items():
        folder.joinpath(name).write_text(
            json.dumps({"instruction": question, "output": "Po."}) + "\n", encoding="utf-8"
        )
    folder.joinpath("c.csv").write_text("instruction,output\nName a colour.,Red.\n", encoding="utf-8")
    folder.joinpath("README.md").write_text("# Rows\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("more", [(), ("--json",), ("--fix", "--output", "new.jsonl")])
def test_validate_names_them(selfinstruct: Cli, folder: Path, more: tuple[str, ...]) -> None:
    done = selfinstruct("validate", folder, *more)
    assert f"not read: {', '.join(OTHERS)};" in done.stdout
    assert "README" not in done.stdout


def test_export_names_them(selfinstruct: Cli, folder: Path, tmp_path: Path) -> None:
    done = selfinstruct("export", "--dataset", folder, "--format", "alpaca", "--output", tmp_path / "out")
    assert f"not read: {', '.join(OTHERS)}; read of a folder are the *.jsonl files" in done.stderr


def test_diff_names_them(selfinstruct: Cli, folder: Path) -> None:
    done = selfinstruct("diff", folder, folder, "--json")
    assert [f"not read: {', '.join(OTHERS)};" in note for note in json.loads(done.stdout)["base"]["notes"]] == [True]


def test_a_run_has_none(write_config: Callable[..., Path], selfinstruct: Cli, tmp_path: Path) -> None:
    write_config("batch")
    assert selfinstruct("generate").returncode == 0
    assert si.validate(tmp_path / "outputs" / "test").notes == ()


def test_filter_says_that_it_reads_files(selfinstruct: Cli, folder: Path) -> None:
    done = selfinstruct("filter", folder, "--output", "k.jsonl", "--rejected", "r.jsonl")
    assert (done.returncode, "is a folder, and filter reads files" in done.stderr) == (2, True)
