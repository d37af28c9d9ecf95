"""Journals of earlier versions, replayed: the dataset is a function of configuration, seeds, prompts and journal, byte for byte.

Each folder of `tests/support/recorded` was written by version 0.1.0 (commit a0dbb94) against the scripted teacher: its journal, its
configuration, and the digests of what it emitted. A change that is meant to change a verdict changes digests here, in a commit of its own.
"""

import gzip
import hashlib
import json
import shutil
from pathlib import Path

import pytest

from selfinstruct.config import parse_config
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.refilter import refilter

RECORDED = Path(__file__).parents[1] / "support" / "recorded"


@pytest.mark.parametrize("name", ["batch", "steered", "judged"])
def test_a_recorded_journal_gives_the_bytes_that_it_gave_then(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(RECORDED / "seed_tasks", tmp_path / "seed_tasks")
    monkeypatch.chdir(tmp_path)
    journal = Path("run/journal")
    journal.mkdir(parents=True)
    journal.joinpath("000001.jsonl").write_bytes(gzip.decompress((RECORDED / name / "journal.jsonl.gz").read_bytes()))
    toml = (RECORDED / name / "selfinstruct.toml").read_text(encoding="utf-8")
    manifest = refilter(parse_config(toml, "recorded"), RunDirectory(Path("run")))
    found = {file: hashlib.sha256(Path("run", file).read_bytes()).hexdigest() for file in digests(name)}
    assert found == digests(name)
    assert manifest["ledger"]["total"] == json.loads((RECORDED / name / "ledger.json").read_text(encoding="utf-8"))


def digests(name: str) -> dict[str, str]:
    lines = (RECORDED / name / "sha256sums").read_text(encoding="utf-8").splitlines()
    return {file: digest for digest, file in (line.split("  ") for line in lines)}
