"""Every reader of rows refuses one above the limit: exit 2, and a message with file, line, size and remedy."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.support.command import Cli, rows
from tests.support.edited_run import Case, MakeConfig
from tests.support.memory import measured

pytestmark = pytest.mark.bounds

LIMIT = ("--max-row-bytes", "9000")
LARGE = {"id": "x", "instruction": "Name a river.", "input": "", "output": "a" * 9_500}
SMALL = {"id": "y", "instruction": "Name a lake.", "input": "", "output": "Como"}
SAID = "shorten or remove it, or allow larger ones with --max-row-bytes or SELFINSTRUCT_MAX_ROW_BYTES"


def refused(done: "subprocess.CompletedProcess[str]", where: str) -> bool:
    return (done.returncode, [words for words in (where, "more than 9,000", SAID) if words not in done.stderr]) == (
        2,
        [],
    )


@pytest.mark.parametrize(
    "verb",
    [
        ("validate", "in.jsonl"),
        ("filter", "in.jsonl", "--output", "k.jsonl", "--rejected", "d.jsonl"),
        ("filter", "small.jsonl", "--pool", "in.jsonl", "--output", "k.jsonl", "--rejected", "d.jsonl"),
        ("filter", "small.jsonl", "--held-out", "in.jsonl", "--output", "k.jsonl", "--rejected", "d.jsonl"),
        ("validate", "in.jsonl", "--fix", "--output", "fixed.jsonl"),
        ("diff", "small.jsonl", "in.jsonl"),
        ("export", "--dataset", "in.jsonl", "--format", "alpaca", "--output", "out"),
        ("seeds", "in.jsonl"),
    ],
)
def test_a_verb_that_reads_a_file_refuses_it(selfinstruct: Cli, tmp_path: Path, verb: tuple[str, ...]) -> None:
    rows(tmp_path / "in.jsonl", SMALL, LARGE)
    rows(tmp_path / "small.jsonl", SMALL)
    if verb[0] == "seeds":
        seed = {"id": "s", "name": "n", "instruction": "Name a lake.", "instances": [{"output": "Como"}]}
        rows(tmp_path / "in.jsonl", seed, LARGE)
    done = selfinstruct(verb[0], *LIMIT, *verb[1:])
    assert refused(done, "in.jsonl:2: a row of")
    assert not (tmp_path / "k.jsonl").exists()


def test_a_larger_limit_lets_it_pass(selfinstruct: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows(tmp_path / "in.jsonl", SMALL, LARGE)
    monkeypatch.setenv("SELFINSTRUCT_MAX_ROW_BYTES", "9000")
    assert refused(selfinstruct("diff", "in.jsonl", "in.jsonl"), "in.jsonl:2")
    assert selfinstruct("diff", "in.jsonl", "in.jsonl", "--max-row-bytes", "10000").returncode == 0


def test_a_dataset_folder_and_a_revision_are_refused_by_their_own_names(selfinstruct: Cli, tmp_path: Path) -> None:
    (tmp_path / "mine" / "dataset").mkdir(parents=True)
    rows(tmp_path / "mine" / "dataset" / "en.jsonl", SMALL, LARGE)
    assert refused(selfinstruct("validate", "mine", *LIMIT), "mine/dataset/en.jsonl:2: a row of")
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "rows"]):
        subprocess.run([*git, *command], cwd=tmp_path, check=True)
    done = selfinstruct("diff", "git:HEAD:mine", "mine", *LIMIT)
    assert refused(done, "git:HEAD:mine")


@pytest.mark.parametrize("name", ["provenance.jsonl", "rejected.jsonl"])
def test_the_lines_beside_a_dataset_are_limited_too(
    selfinstruct: Cli, make_config: MakeConfig, tmp_path: Path, name: str
) -> None:
    run = Case(make_config(), tmp_path / "run")
    with (run.path / name).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"id": "a" * 9_000}) + "\n")
    done = selfinstruct("report", "--run", "run", "--max-row-bytes", "8000")
    assert (done.returncode, f"{name}:" in done.stderr, "more than 8,000" in done.stderr) == (2, True, True)


@pytest.mark.parametrize("driver", ["textconv", "merge-file"])
def test_the_drivers_of_git_refuse_it(
    selfinstruct: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, driver: str
) -> None:
    rows(tmp_path / "base", SMALL)
    rows(tmp_path / "ours", SMALL)
    rows(tmp_path / "theirs", SMALL, LARGE)
    monkeypatch.setenv("SELFINSTRUCT_MAX_ROW_BYTES", "9000")
    arguments = {"textconv": ["theirs"], "merge-file": ["base", "ours", "theirs", "en.jsonl"]}[driver]
    done = selfinstruct("git", driver, *arguments)
    assert refused(done, "theirs:2: a row of")
    assert (done.stdout, json.loads((tmp_path / "ours").read_text(encoding="utf-8"))) == ("", SMALL)


@pytest.mark.parametrize("field", ["instruction", "output"])
def test_a_large_row_is_worked_on_in_time_and_memory_that_grow_with_it(tmp_path: Path, field: str) -> None:
    """One of 8 MiB takes eight times as long."""
    words = [f"word{number * 7919 % 30_000}" for number in range(105_000)]
    base, head = ([*words], [*words[:50_000], "other", *words[50_000:]])
    for name, text in (("base.jsonl", " ".join(base)), ("head.jsonl", " ".join(head))):
        rows(tmp_path / name, SMALL, {"instruction": "Name a river.", "input": "", "output": "Loire"} | {field: text})
    (tmp_path / "both.jsonl").write_bytes(
        b"".join((tmp_path / f"{one}.jsonl").read_bytes() for one in ("base", "head"))
    )
    for command in (
        ("validate", "base.jsonl"),
        ("filter", "both.jsonl", "--output", "k.jsonl", "--rejected", "d.jsonl"),
        ("diff", "base.jsonl", "head.jsonl", "--format", "html"),
        ("report", "--dataset", "both.jsonl"),
    ):
        done = measured(tmp_path, *command)
        assert (done.returncode in {0, 1}, "Traceback" in done.said) == (True, False)
        assert (command[0], done.cpu_s < 8, done.peak_bytes < 500 * 2**20) == (command[0], True, True)
