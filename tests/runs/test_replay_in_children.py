"""A long journal of whole rows is judged with the help of child processes: the same files, byte for byte, as without."""

import gzip
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.bootstrap.state import Bootstrap
from selfinstruct.config import parse_config
from selfinstruct.runs import replay
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.refilter import refilter
from selfinstruct.system import children

RECORDED = Path(__file__).parents[1] / "support" / "recorded"


def filtered(run: Path) -> dict[str, bytes]:
    """Filter a recorded run of both languages from its journal; return its files by name."""
    run.joinpath("journal").mkdir(parents=True)
    journal = gzip.decompress((RECORDED / "batch" / "journal.jsonl.gz").read_bytes())
    run.joinpath("journal", "000001.jsonl").write_bytes(journal)
    toml = (RECORDED / "batch" / "selfinstruct.toml").read_text(encoding="utf-8")
    refilter(parse_config(toml, "recorded"), RunDirectory(run))
    names = ("manifest.json", "provenance.jsonl", "rejected.jsonl", "dataset/en.jsonl", "dataset/zh.jsonl")
    return {name: run.joinpath(name).read_bytes() for name in names}


def test_with_children_the_files_are_those_that_one_process_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(RECORDED / "seed_tasks", tmp_path / "seed_tasks")
    monkeypatch.chdir(tmp_path)
    helped: list[bool] = []
    hear = Bootstrap.hear

    def hearing(self: Bootstrap, request: Any, reply: Any, looked: Any = ()) -> None:
        helped.append(bool(looked))
        hear(self, request, reply, looked)

    monkeypatch.setattr(Bootstrap, "hear", hearing)
    alone = filtered(Path("alone"))
    assert not any(helped)
    helped.clear()
    monkeypatch.setattr(threading, "active_count", lambda: 1)  # the tests before it may have left a server's thread
    monkeypatch.setattr(replay, "LEAST_ITEMS", 1)
    monkeypatch.setattr(replay, "cores", lambda: 2)
    monkeypatch.setattr(children, "_CHUNK", 2)
    monkeypatch.setattr(children, "_FEW", 1)
    assert filtered(Path("helped")) == alone
    assert all(helped)
    assert b'"rule":"near_duplicate"' in alone["rejected.jsonl"].replace(b": ", b":")
