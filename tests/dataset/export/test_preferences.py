"""Preference pairs: read, validated, compared, exported."""

import json
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.dataset.io.rows import load_rows
from tests.support.command import Cli, rows

TEXTS = {"en": ("Name a river.", "The Loire.", "The Alps."), "zh": ("说出一条河流。", "长江。", "泰山。")}
both = pytest.mark.parametrize("language", ["en", "zh"])


def turn(role: str, text: str) -> dict[str, str]:
    return {"role": role, "content": text}


def pairs(asked: str, better: str, worse: str) -> dict[str, dict[str, Any]]:
    question, chosen, rejected = turn("user", asked), turn("assistant", better), turn("assistant", worse)
    return {
        "alpaca": {"instruction": asked, "input": "", "chosen": better, "rejected": worse},
        "prompt": {"prompt": asked, "chosen": better, "rejected": worse},
        "trl": {"prompt": [question], "chosen": [chosen], "rejected": [rejected]},
        "implicit": {"chosen": [question, chosen], "rejected": [question, rejected]},
        "binarized": {"prompt": asked, "chosen": [question, chosen], "rejected": [question, rejected]},
        "sharegpt": {
            "conversations": [{"from": "human", "value": asked}],
            "chosen": {"from": "gpt", "value": better},
            "rejected": {"from": "gpt", "value": worse},
        },
        "swift": {"messages": [question, chosen], "rejected_response": worse},
        "openai": {"input": {"messages": [question]}, "preferred_output": [chosen], "non_preferred_output": [rejected]},
    }


@both
@pytest.mark.parametrize("layout", pairs("", "", ""))
def test_each_layout_of_pairs_is_read(tmp_path: Path, language: str, layout: str) -> None:
    texts = TEXTS[language]
    (row,) = load_rows(rows(tmp_path / "in.jsonl", pairs(*texts)[layout]))
    assert (row.instruction, row.output, row.rejected) == texts
    assert list(row.model_dump())[-2:] == ["chosen", "rejected"]


@both
@pytest.mark.parametrize("name", ["messages", "sharegpt", "alpaca", "parquet"])
def test_pairs_come_back_from_each_export(selfinstruct: Cli, tmp_path: Path, language: str, name: str) -> None:
    texts = TEXTS[language]
    source = rows(tmp_path / "in.jsonl", pairs(*texts)["alpaca"] | {"system": "Be brief."})
    assert selfinstruct("export", "--format", name, "--dataset", "in.jsonl", "--output", "o").returncode == 0
    (file,) = (tmp_path / "o").iterdir()
    assert load_rows(file) == load_rows(source)


@pytest.mark.parametrize(
    ("name", "file", "expected"),
    [
        ("llamafactory", "train.yaml", 'stage: "dpo"'),
        ("llamafactory", "dataset_info.json", '"ranking": true'),
        ("swift", "swift.yaml", 'rlhf_type: "dpo"'),
        ("axolotl", "axolotl.yaml", 'rl: "dpo"'),
    ],
)
def test_a_trainer_is_told_that_it_gets_pairs(
    selfinstruct: Cli, tmp_path: Path, name: str, file: str, expected: str
) -> None:
    rows(tmp_path / "in.jsonl", *(pairs(f"Name river {n}.", "Loire", "Alps")["alpaca"] for n in range(9)))
    done = selfinstruct("export", "--format", name, "--dataset", "in.jsonl", "--output", "o")
    assert (done.returncode, done.stderr) == (0, "")
    assert expected in (tmp_path / "o" / file).read_text(encoding="utf-8")
    assert ("swift rlhf" in done.stdout) == (name == "swift")


def test_a_layout_without_room_for_pairs_refuses_them(selfinstruct: Cli, tmp_path: Path) -> None:
    rows(tmp_path / "in.jsonl", pairs("a?", "b", "c")["alpaca"])
    done = selfinstruct("export", "--format", "chatglm", "--dataset", "in.jsonl", "--output", "o")
    assert (done.returncode, "cannot hold preference pairs" in done.stderr) == (2, True)


def test_among_other_rows_the_worse_answer_is_left_out_and_counted(selfinstruct: Cli, tmp_path: Path) -> None:
    rows(tmp_path / "in.jsonl", pairs("a?", "b", "c")["alpaca"], {"instruction": "d?", "output": "e"})
    done = selfinstruct("export", "--format", "alpaca", "--dataset", "in.jsonl", "--output", "o")
    assert (done.returncode, "worse answer of 1 row left out" in done.stderr) == (0, True)


@both
def test_the_same_answer_twice_is_a_finding_and_an_edit_of_the_worse_one_a_change(
    selfinstruct: Cli, tmp_path: Path, language: str
) -> None:
    asked, better, worse = TEXTS[language]
    rows(tmp_path / "a.jsonl", pairs(asked, better, worse)["trl"])
    rows(tmp_path / "b.jsonl", pairs(asked, better, better)["trl"])
    found = json.loads(selfinstruct("validate", "b.jsonl", "--json").stdout)["findings"]
    assert "same_answers" in [one["rule"] for one in found]
    diff = json.loads(selfinstruct("diff", "a.jsonl", "b.jsonl", "--json").stdout)
    assert (diff["counts"]["changed"], diff["changes"][0]["fields"]) == (1, ["rejected"])
