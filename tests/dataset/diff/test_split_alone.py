"""A row that was changed in the split files alone, or in the whole file alone, counts in the gates: who trains reads the split files."""

import json
import shutil
from pathlib import Path

import pytest

from selfinstruct.api.datasets import validate
from selfinstruct.api.reports import diff
from selfinstruct.records import LanguageCode
from tests.support.diff_rows import Row, en, with_id, write, zh
from tests.support.repository import git

LANGUAGES: tuple[LanguageCode, ...] = ("en", "zh")
_TOPICS = ("rivers", "bread", "clocks", "glass", "salt", "birds", "bridges", "maps", "wool", "ships")
_SUBJECTS = ("江河", "面包", "钟表", "玻璃", "食盐", "候鸟", "石桥", "地图", "羊毛", "船只")
REFUSAL = {
    "en": "I'm sorry, but as an AI language model I cannot answer that.",
    "zh": "作为一个人工智能语言模型，我无法回答这个问题。",
}
ROWS: dict[LanguageCode, list[Row]] = {
    "en": [
        with_id(en(f"Tell how people came to use {one}.", f"People have used {one} since long ago.")) for one in _TOPICS
    ],
    "zh": [with_id(zh(f"说说{one}的来历。", f"{one}的历史很长，各地都有记载。")) for one in _SUBJECTS],
}
GATES = "removed>1%, near_duplicates>0, findings>0, settings>0"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run whose dataset is committed, and the current folder in its repository."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    git(tmp_path, "init", "-q", "-b", "main")
    run = tmp_path / "outputs/mine"
    for language, rows in ROWS.items():
        write(run / f"dataset/{language}.jsonl", *rows)
        write(run / f"dataset/train/{language}.jsonl", *rows[:8])
        write(run / f"dataset/held_out/{language}.jsonl", *rows[8:])
    (run / "manifest.json").write_text('{"fingerprint": "01d"}', encoding="utf-8")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "one")
    monkeypatch.chdir(tmp_path)
    return run


def failed(expression: str = GATES, base: str = "git:HEAD:outputs/mine") -> list[str]:
    return [gate.expression for gate in diff(base, "outputs/mine", fail_on=expression).gates if gate.failed]


def test_nothing_is_counted_where_nothing_was_changed(run: Path) -> None:
    assert diff("git:HEAD:outputs/mine", str(run)).risk.level == "none"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("split", ["train", "held_out"])
def test_rows_removed_in_a_split_file_alone_are_removed(run: Path, language: LanguageCode, split: str) -> None:
    path = run / f"dataset/{split}/{language}.jsonl"
    path.write_text("".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[1:]), encoding="utf-8")
    found = diff("git:HEAD:outputs/mine", "outputs/mine", fail_on=GATES)
    assert (found.counts["removed"], found.per_language[language]["removed"]) == (1, 1)
    assert [gate.expression for gate in found.gates if gate.failed] == ["removed>1%"]
    assert any("both are read here" in reason for reason in found.risk.reasons)


@pytest.mark.parametrize("language", LANGUAGES)
def test_split_files_that_are_gone_or_empty_have_lost_their_rows(run: Path, language: LanguageCode) -> None:
    (run / f"dataset/train/{language}.jsonl").write_bytes(b"")
    assert failed(f"removed.{language}>=8") == [f"removed.{language}>=8"]
    (run / f"dataset/train/{language}.jsonl").unlink()
    assert failed(f"removed.{language}>=8") == [f"removed.{language}>=8"]
    shutil.rmtree(run / "dataset/train")
    shutil.rmtree(run / "dataset/held_out")
    assert failed("removed>=20") == ["removed>=20"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_that_breaks_a_rule_in_a_split_file_alone_is_found(run: Path, language: LanguageCode) -> None:
    first, *rest = ROWS[language][:8]
    write(run / f"dataset/train/{language}.jsonl", {**first, "output": REFUSAL[language]}, *rest)
    assert failed() == ["findings>0"]
    found = [one for one in validate(run).findings if one.finding.severity == "error"]
    assert {(one.finding.line, Path(one.file)) for one in found} == {(1, run / f"dataset/train/{language}.jsonl")}
    assert "both are read here" in validate(run).notes[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_added_to_a_split_file_alone_is_new(run: Path, language: LanguageCode) -> None:
    near = with_id(
        {
            **ROWS[language][0],
            "instruction": ROWS[language][0]["instruction"].replace("说说", "请说说").replace(".", ", please."),
        }
    )
    write(run / f"dataset/train/{language}-00009.jsonl", near)
    found = diff("git:HEAD:outputs/mine", "outputs/mine", fail_on=GATES)
    assert found.counts["added"] == 1
    assert [gate.expression for gate in found.gates if gate.failed] == ["near_duplicates>0"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_change_of_the_whole_file_does_not_hide_one_of_the_split_files(run: Path, language: LanguageCode) -> None:
    first, *rest = ROWS[language]
    edited = {**first, "output": first["output"] + " " + first["output"]}
    write(run / f"dataset/{language}.jsonl", edited, *rest)
    assert diff("git:HEAD:outputs/mine", "outputs/mine").counts["changed"] == 1
    write(run / f"dataset/train/{language}.jsonl", {**first, "output": REFUSAL[language]}, *rest[:7])
    found = diff("git:HEAD:outputs/mine", "outputs/mine", fail_on=GATES)
    assert found.changes[0].head is not None
    assert found.changes[0].head.output == edited["output"]
    assert [gate.expression for gate in found.gates if gate.failed] == ["findings>0"]
    write(run / f"dataset/train/{language}.jsonl", *rest[:7])
    assert failed() == ["removed>1%"]


def test_what_base_lacks_in_its_split_files_already_is_not_removed_again(run: Path, tmp_path: Path) -> None:
    write(run / "dataset/train/en.jsonl", *ROWS["en"][3:8])
    git(tmp_path, "commit", "-qam", "two")
    assert failed(base="git:HEAD:outputs/mine") == []
    assert failed(base="git:HEAD^1:outputs/mine") == ["removed>1%"]


def test_a_manifest_of_head_that_states_the_changed_files_hides_nothing(run: Path) -> None:
    path = run / "dataset/train/en.jsonl"
    write(path, *ROWS["en"][3:8])
    stated = {"dataset/train/en.jsonl": {"rows": 5, "sha256": "0" * 64}}
    (run / "manifest.json").write_text(json.dumps({"fingerprint": "01d", "splits": stated}), encoding="utf-8")
    assert failed() == ["removed>1%"]
