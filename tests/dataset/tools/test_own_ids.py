"""Ids that somebody gave to rows: two rows with one id are found, and ids that give way to a hash are said."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import selfinstruct as si
from tests.support.command import Cli

ROWS = {"en": ("Name a river.", "Name a lake.", "Como."), "zh": ("说出一条河。", "说出一个湖。", "太湖。")}


def write(path: Path, *rows: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", ["dup-1", 7])
def test_an_id_that_two_texts_have_is_a_warning(tmp_path: Path, language: str, name: object) -> None:
    first, second, answer = ROWS[language]
    rows = ({"id": name, "instruction": one, "output": answer} for one in (first, second, first))
    found = si.validate(write(tmp_path / "rows.jsonl", *rows)).findings
    assert [
        (one.finding.line, one.finding.rule, one.finding.severity) for one in found if "id" in one.finding.rule
    ] == [(2, "repeated_id", "warning")]
    assert f"line 1 has the same id, '{name}'" in found[0].finding.detail


def test_rows_without_an_id_and_rows_of_their_own_are_no_finding(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"instruction": f"Name {thing}.", "output": "Yes, sir."} for thing in ("a", "b")]
    assert si.validate(write(tmp_path / "rows.jsonl", *rows, {**rows[0], "id": "x"})).warnings == 0


@pytest.mark.thorough
@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_own_id_of_a_row_added_by_hand_is_said_to_be_replaced(
    selfinstruct: Cli, write_config: Callable[..., Path], tmp_path: Path, language: str
) -> None:
    write_config("batch")
    selfinstruct("generate")
    path = tmp_path / "outputs" / "test" / "dataset" / f"{language}.jsonl"
    question, _, answer = ROWS[language]
    row = {"id": "my-7", "language": language, "instruction": question, "input": "", "output": answer}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
    done = selfinstruct("filter")
    assert done.stderr.count("own `id` of 1 row replaced (my-7): a row's id is a hash of its text") == 1
    assert "my-7" not in path.read_text(encoding="utf-8")
    assert "replaced" not in selfinstruct("filter").stderr
