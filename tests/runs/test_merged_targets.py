"""A target that was raised on one side of a merge holds after it, and a file's target cuts no row of a run that a script opens."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import selfinstruct as si
from tests.support.repository import git
from tests.support.teacher_server import TeacherServer

pytestmark = pytest.mark.thorough  # two branches of a run, merged

WriteConfig = Callable[..., Path]


def rows(run: Path, language: str) -> int:
    return (run / "dataset" / f"{language}.jsonl").read_text(encoding="utf-8").count("\n")


def commit(folder: Path, *branch: str) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", "a side")
    if branch:
        git(folder, "checkout", "--quiet", *branch)


@pytest.mark.parametrize(("language", "raised_by"), [("en", "theirs"), ("zh", "ours")])
def test_a_target_that_one_side_raised_holds_after_a_merge(
    write_config: WriteConfig, server: TeacherServer, tmp_path: Path, language: str, raised_by: str
) -> None:
    run, config, said = tmp_path / "outputs" / "run", write_config("batch"), list[str]()
    (tmp_path / ".gitignore").write_text("journal/\nrejected.jsonl\n", encoding="utf-8")
    si.open_run(run, config=config, say=said.append).generate()
    git(tmp_path, "init", "--quiet", "--initial-branch=base")
    commit(tmp_path, "-b", "theirs")
    for side in ("theirs", "ours"):
        if side == raised_by:
            wanted = {"en": 3, "zh": 3} | {language: 5}
            si.open_run(run, config=config, say=said.append, target=wanted).generate()
        else:
            path = run / "dataset" / f"{language}.jsonl"
            path.write_text(path.read_text(encoding="utf-8").replace(".", "!").replace("。", "！"), encoding="utf-8")
            si.open_run(run, config=config, say=said.append).filter()
        commit(tmp_path, *(["base"] if side == "theirs" else []))
        git(tmp_path, "checkout", "--quiet", *(["-b", "ours"] if side == "theirs" else ["ours"]))
    git(tmp_path, "merge", "--quiet", "--no-commit", "-s", "ours", "theirs")
    asked = len(server.requests)
    si.open_run(run, config=config, say=said.append).filter()
    counts = json.loads((run / "manifest.json").read_text(encoding="utf-8"))["ledger"][language]
    assert (rows(run, language), counts["accepted"], counts.get("added_by_hand", 0)) == (5, 5, 0)
    si.open_run(run, config=config, say=said.append).generate()
    assert (rows(run, language), len(server.requests)) == (5, asked)


@pytest.mark.parametrize(("language", "verb"), [("en", "filter"), ("zh", "generate")])
def test_only_a_target_that_a_script_names_cuts_rows_and_that_is_said(
    write_config: WriteConfig, tmp_path: Path, language: str, verb: str
) -> None:
    run, config, said = tmp_path / "run", write_config("batch"), list[str]()
    si.open_run(run, config=config, say=said.append).generate()
    config.write_text(
        config.read_text(encoding="utf-8").replace(f"{language} = 3", f"{language} = 2"), encoding="utf-8"
    )
    getattr(si.open_run(run, config=config, say=said.append), verb)()
    assert rows(run, language) == 3
    assert [line for line in said if re.search(rf"\[target\] says (?:en 3, )?{language} 2", line)]
    said.clear()
    wanted = {"en": 3, "zh": 3} | {language: 2}
    getattr(si.open_run(run, config=config, say=said.append, target=wanted), verb)()
    assert rows(run, language) == 2
    assert [line for line in said if f"[target] {language} = 2" in line and "are left out" in line]
