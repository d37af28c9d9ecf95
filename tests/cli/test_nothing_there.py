"""Where there is nothing, or the wrong kind of place, one sentence says so, with a remedy that fits."""

import json
from pathlib import Path

import pytest

from selfinstruct.cli.target import next_step, stop_of
from selfinstruct.comparison.asking import Observer, _agree_to_fetch
from selfinstruct.config import Teacher
from selfinstruct.errors import ConfigError
from selfinstruct.system.currency import four_digits
from tests.support.command import Cli

EMPTY = {"en": "empty.jsonl: holds no row", "zh": "empty.jsonl：一行数据也没有"}
ROW = {"instruction": "写一首关于雨的诗。", "input": "", "output": "雨落在屋檐上，一声一声数着夜。"}


@pytest.mark.thorough
@pytest.mark.parametrize("tongue", ["en", "zh"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("validate", "empty.jsonl"),
        ("filter", "empty.jsonl", "--output", "kept.jsonl", "--rejected", "dropped.jsonl"),
        ("export", "--dataset", "empty.jsonl", "--format", "alpaca", "--output", "out"),
        ("report", "--dataset", "empty.jsonl"),
    ],
)
def test_an_empty_file_is_called_empty(
    selfinstruct: Cli, tmp_path: Path, arguments: tuple[str, ...], tongue: str
) -> None:
    (tmp_path / "empty.jsonl").write_bytes(b"")
    done = selfinstruct(*arguments, "--lang", tongue)
    assert (done.returncode, EMPTY[tongue] in done.stdout) == (0, True)


@pytest.mark.parametrize(("name", "words"), [("taken", "is a file"), ("rows.jsonl", "is the name of a file")])
def test_export_into_a_file_says_that_a_folder_is_wanted(
    selfinstruct: Cli, tmp_path: Path, name: str, words: str
) -> None:
    (tmp_path / "in.jsonl").write_text(json.dumps(ROW), encoding="utf-8")
    (tmp_path / "taken").write_bytes(b"")
    done = selfinstruct("export", "--dataset", "in.jsonl", "--format", "alpaca", "--output", name)
    assert done.returncode == 2
    assert words in done.stderr
    assert not (tmp_path / "rows.jsonl").exists()


def test_evaluate_without_an_adapter_says_what_makes_one(selfinstruct: Cli) -> None:
    done = selfinstruct("evaluate")
    assert done.returncode == 2
    assert "no adapter is there yet; `selfinstruct finetune` trains one" in done.stderr


def test_one_row_is_headed_in_the_readers_language(selfinstruct: Cli, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(json.dumps(ROW), encoding="utf-8")
    shown = selfinstruct("validate", "in.jsonl", "--explain", "1", "--lang", "zh").stdout
    assert shown.startswith("in.jsonl:1（中文）\n")


def test_a_run_that_wants_nothing_says_so() -> None:
    assert stop_of({"stop": "target reached", "target": {"en": 0, "zh": 0}}).startswith("no row is wanted")


def test_rejected_translations_are_not_passed_over() -> None:
    ledger = {"zh": {"accepted": 2, "rejected": {"numbers_differ": 3}}, "total": {"accepted": 2}}
    counts = {"rows": 5, "translated": 2, "adapted": 0, "kept": 0, "dropped": 0, "rejected": {"numbers_differ": 3}}
    found = {"stop": "target reached", "target": {"zh": 5}, "ledger": ledger, "translation": {"zh": counts}}
    rest = {"datasets": {}, "splits": {}, "records": {}, "journal": True, "missing": {}, "batches": {}}
    assert "3 translations rejected" in next_step(Path("run"), found | rest)


def test_weights_are_fetched_for_a_comparison_only_once_a_person_agrees(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SELFINSTRUCT_CACHE", str(tmp_path))
    teacher, asked = Teacher(kind="embedded"), list[str]()

    def declines(question: str) -> bool:
        asked.append(question)
        return False

    with pytest.raises(ConfigError, match="--yes fetches them"):
        _agree_to_fetch(teacher, Observer(print, confirm=declines))
    assert "1,1" in asked[0]
    assert "MB" in asked[0]
    _agree_to_fetch(teacher, Observer(print, confirm=lambda _: True))
    _agree_to_fetch(teacher, Observer(print))


def test_a_small_cost_is_no_power_of_ten() -> None:
    assert four_digits(0.0000123456) == "0.00001235"
