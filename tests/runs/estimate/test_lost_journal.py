"""An estimate of a run whose journal is not here, or lacks replies, says so, as `status` and `generate` do."""

from pathlib import Path

import pytest

from selfinstruct.cli.messages import in_chinese
from selfinstruct.config import Config
from selfinstruct.runs.directory import RunDirectory
from selfinstruct.runs.estimate import estimate
from tests.support.runs import MakeConfig, start

pytestmark = pytest.mark.thorough


@pytest.fixture
def config(make_config: MakeConfig, tmp_path: Path) -> Config:
    made = make_config("batch", limits__concurrency=1)
    start(made, tmp_path / "run")
    return made


@pytest.mark.parametrize("folder", [True, False])
def test_that_the_journal_is_lost_is_said(config: Config, tmp_path: Path, folder: bool) -> None:
    journal = tmp_path / "run" / "journal"
    for path in journal.iterdir():
        path.unlink()
    if not folder:
        journal.rmdir()
    found = estimate(config, RunDirectory(tmp_path / "run"))
    assert found.warnings[0].startswith(f"{tmp_path / 'run'}: has no journal to go on with")
    assert found.notes == ("this is for everything anew, because the journal of the run is not here",)
    assert "日志不在这里" in in_chinese(found.notes[0])
    anew = estimate(config, RunDirectory(tmp_path / "run"), fresh=True)
    assert not any("journal" in line for line in (*anew.warnings, *anew.notes))


def test_that_the_journal_lacks_replies_is_said(config: Config, tmp_path: Path) -> None:
    segment = tmp_path / "run" / "journal" / "000001.jsonl"
    lines = segment.read_bytes().splitlines(keepends=True)
    segment.write_bytes(b"".join(lines[:1]))
    found = estimate(config, RunDirectory(tmp_path / "run"))
    assert any("of those that the dataset was made of" in line for line in found.warnings)


@pytest.mark.parametrize(("slice_", "told"), [("1/2", "was the whole run, is 1/2")])
def test_another_slice_is_told_as_its_flag(make_config: MakeConfig, tmp_path: Path, slice_: str, told: str) -> None:
    start(make_config("batch"), tmp_path / "run")
    (note,) = estimate(make_config("batch", generate__slice=slice_), RunDirectory(tmp_path / "run")).notes
    assert f"changed: --slice ({told})" in note
    chinese = in_chinese(note)
    assert "--slice（原为整次运行，现为 1/2）" in chinese
    assert "generate.slice" not in chinese
