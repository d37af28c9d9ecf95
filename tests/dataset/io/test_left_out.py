"""Fields of a file whose value no row takes over are named once, with their number."""

import json
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.dataset.io.rows import load_rows


def _said(path: Path, *rows: dict[str, Any]) -> list[str]:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    said: list[str] = []
    load_rows(path, said.append)
    return said


EN = {"instruction": "Name a river.", "output": "The Loire."}
ZH = {"instruction": "说出一座山的名字。", "output": "泰山"}


def test_ids_that_are_numbers_are_named_with_their_count(tmp_path: Path) -> None:
    (told,) = _said(tmp_path / "f.jsonl", {"id": 1, **EN}, {"id": 2, **ZH})
    assert "field `id` of 2 rows left out" in told


def test_a_language_that_is_not_known_is_named(tmp_path: Path) -> None:
    (told,) = _said(tmp_path / "f.jsonl", {"language": "fr", **EN}, {"language": "zh", **ZH})
    assert "field `language` of 1 row left out ('fr' 1)" in told


def test_a_conversation_is_no_exception(tmp_path: Path) -> None:
    turns = [{"role": "user", "content": "你好"}, {"role": "assistant", "content": "你好！"}]
    said = _said(tmp_path / "f.jsonl", {"id": 7, "language": "zh-CN", "messages": turns})
    assert [line.partition("`")[2].partition("`")[0] for line in said] == ["id", "language"]


@pytest.mark.parametrize(
    ("question", "answer", "other"), [("instruction", "output", "response"), ("指令", "输出", "回答")]
)
def test_an_answer_that_stands_beside_another_one_is_named(
    tmp_path: Path, question: str, answer: str, other: str
) -> None:
    row = {question: "说出一座山的名字。", answer: "泰山", other: "黄山"}
    (told,) = _said(tmp_path / "f.jsonl", row)
    assert f"`{other}` beside `{answer}` of 1 row left out" in told


@pytest.mark.parametrize("other", ["", "  ", "泰山", None])
def test_the_same_answer_twice_is_not_spoken_of(tmp_path: Path, other: str | None) -> None:
    assert _said(tmp_path / "f.jsonl", {**ZH, "response": other}) == []


def test_the_last_word_of_a_worked_answer_is_not_spoken_of(tmp_path: Path) -> None:
    assert _said(tmp_path / "f.jsonl", {"problem": "What is 2 + 2?", "solution": "2 + 2 = 4.", "answer": "4"}) == []
