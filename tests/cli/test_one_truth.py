"""What `status` says is to be done is what `generate` and `filter` then do: with a journal that is elsewhere, or lost files or its end."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command import Cli

WriteConfig = Callable[..., Path]
pytestmark = pytest.mark.thorough
CHINESE = ("--lang", "zh")


def emptied(run: Path) -> None:
    for path in (run / "journal").iterdir():
        path.unlink()


def next_step(selfinstruct: Cli, *flags: str) -> str:
    text = " ".join(selfinstruct("status", "--run", "run", *flags).stdout.split())
    return text.partition("Next: ")[2] or text.partition("下一步：")[2]


@pytest.fixture
def run(selfinstruct: Cli, write_config: WriteConfig, tmp_path: Path) -> Path:
    write_config("batch")
    assert selfinstruct("generate", "--run", "run").returncode == 0
    return tmp_path / "run"


@pytest.mark.parametrize("lose", [emptied, lambda run: shutil.rmtree(run / "journal")])
def test_status_of_a_run_whose_journal_is_gone_says_what_generate_says(
    selfinstruct: Cli, run: Path, lose: Callable[[Path], None]
) -> None:
    lose(run)
    assert selfinstruct("filter", "--run", "run").returncode == 2  # and so nothing of the run is changed
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    manifest["ledger"]["en"] |= {"accepted": 2, "pending": 1}
    manifest["ledger"]["total"] |= {"accepted": 5, "pending": 1}
    (run / "manifest.json").write_text(json.dumps(manifest | {"stop": "interrupted"}), encoding="utf-8")
    refused = selfinstruct("generate", "--run", "run")
    assert refused.returncode == 2
    assert "get the folder `journal` from whoever made the run, or from a copy" in refused.stderr
    assert "`selfinstruct generate --fresh` sets the dataset aside, and asks for everything anew" in refused.stderr
    assert "generate` would ask" not in refused.stderr
    said = next_step(selfinstruct)
    assert said.startswith("get the folder `journal` from whoever made the run, or from a copy")
    assert "without it nothing is asked; or `selfinstruct generate --run run --fresh` sets the dataset aside" in said
    told = next_step(selfinstruct, *CHINESE)
    assert "向做这次运行的人要 `journal` 目录，或从备份恢复" in told
    assert "没有它就什么也不问" in told
    assert json.loads(selfinstruct("status", "--run", "run", "--json").stdout)["generate_refuses"]


def test_status_of_the_embedded_teacher_says_that_everything_is_asked_anew(
    selfinstruct: Cli, run: Path, tmp_path: Path
) -> None:
    emptied(run)
    config = tmp_path / "selfinstruct.toml"
    config.write_text('[teacher]\nkind = "embedded"\n[target]\nen = 9\nzh = 9\n', encoding="utf-8")
    assert "without it the embedded teacher is asked everything anew" in next_step(selfinstruct)
    assert "就把内置教师从头问起" in next_step(selfinstruct, *CHINESE)


def test_a_finished_run_with_a_torn_last_line_lacks_something(selfinstruct: Cli, run: Path) -> None:
    segment = run / "journal" / "000001.jsonl"
    segment.write_bytes(segment.read_bytes()[:-20])
    shown = " ".join(selfinstruct("status", "--run", "run").stdout.split())
    assert "nothing is missing" not in shown
    assert "lacks 1 reply of those that the dataset was made of; put its files back from a copy, or" in shown
    assert next_step(selfinstruct).startswith("put the files of `journal` back from a copy; or `selfinstruct generate")
    told = "".join(selfinstruct("status", "--run", "run", *CHINESE).stdout.split())
    assert "数据集用到的回复里缺1个回复；请从备份恢复日志文件" in told
    assert re.search(r"已付费\d个回复，其中1个日志里已经没有", told)
    assert "什么也不缺" not in told
    assert next_step(selfinstruct, *CHINESE).startswith("从备份恢复 `journal` 里的文件")
    assert selfinstruct("generate", "--run", "run").returncode == 0
    assert next_step(selfinstruct).startswith("nothing is missing")


def test_status_of_a_whole_run_says_that_its_journal_is_gone(selfinstruct: Cli, run: Path) -> None:
    shutil.rmtree(run / "journal")
    shown = selfinstruct("status", "--run", "run").stdout
    assert "journal: is not here, nor are its replies; the dataset stands" in shown
    assert "journal：不在这里" in selfinstruct("status", "--run", "run", *CHINESE).stdout
