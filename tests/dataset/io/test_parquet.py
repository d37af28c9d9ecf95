"""Parquet: values survive a round trip, and errors name row and column."""

import json
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.dataset.io.parse import load
from selfinstruct.dataset.io.write import save
from selfinstruct.errors import InputError, RecordError
from tests.support.command import Cli

arrow = pytest.importorskip("pyarrow")
PAIRS = {"en": ("Name a river.", "The Loire."), "zh": ("说出一条河流。", "岷江。")}
both = pytest.mark.parametrize("language", ["en", "zh"])


def write(path: Path, **columns: Any) -> Path:
    import pyarrow.parquet as pq

    pq.write_table(arrow.table(columns), path)
    return path


@both
def test_numbers_dates_and_nothing_come_through_as_they_are(selfinstruct: Cli, tmp_path: Path, language: str) -> None:
    question, answer = PAIRS[language]
    numbers: dict[str, list[Any]] = {"score": [0.1 + 0.2, None], "count": [2**53 + 1, None], "right": [True, None]}
    other = {
        "day": [date(2024, 2, 29), None],
        "at": [datetime(2024, 2, 29, 12, 30), None],  # noqa: DTZ001 - a file may have no zone
        "hour": [time(12, 30), None],
        "price": [Decimal("1.10"), None],
        "tags": [[question, None], None],
        "more": [{"n": 1}, None],
        "wrong": [float("nan"), float("inf")],
    }
    path = write(tmp_path / "in.parquet", instruction=[question, answer], output=[answer, question], **numbers, **other)
    dated = {"day": "2024-02-29", "at": "2024-02-29T12:30:00", "hour": "12:30:00", "price": "1.10"}
    read = [one.value for one in load(path)]
    first = {"instruction": question, "output": answer, **{name: held[0] for name, held in numbers.items()}, **dated}
    assert read[0] == first | {"tags": [question, None], "more": {"n": 1}, "wrong": None}
    assert set(map(type, (read[0]["count"], read[0]["score"]))) == {int, float}
    assert list(read[1].values())[2:] == [None] * 10
    done = selfinstruct("filter", "in.parquet", "--output", "k.parquet", "--rejected", "d.jsonl")
    assert done.returncode == 0
    assert [one.value for one in load(tmp_path / "k.parquet")] == read


@pytest.mark.thorough
@both
@pytest.mark.parametrize("wrong", [7, ["a"], "半\ud800", {}, 2**70])
def test_what_parquet_cannot_hold_is_named_by_column(
    selfinstruct: Cli, tmp_path: Path, language: str, wrong: object
) -> None:
    question, answer = PAIRS[language]
    values: list[dict[str, Any]] = [
        {"instruction": question, "output": answer, "note": "n"},
        {"instruction": answer, "note": wrong},
    ]
    with pytest.raises(InputError, match=r"k\.parquet: column `note`: .*; choose \.jsonl"):
        save(tmp_path / "k.parquet", values)
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(one) + "\n" for one in values), encoding="utf-8")
    done = selfinstruct("filter", "in.jsonl", "--output", "k.parquet", "--rejected", "d.jsonl")
    assert (done.returncode, "column `note`" in done.stderr, "Traceback" in done.stderr) == (2, True, False)
    assert [one.name for one in tmp_path.iterdir()] == ["in.jsonl"]


@both
def test_what_no_row_can_hold_is_named_by_row_and_column(tmp_path: Path, language: str) -> None:
    question, answer = PAIRS[language]
    path = write(tmp_path / "in.parquet", instruction=[question, answer], image=[None, question.encode()])
    with pytest.raises(RecordError, match=r"in\.parquet, row 2: field `image` holds bytes"):
        list(load(path))


def test_text_that_is_not_utf_8_is_named_by_row_and_column(tmp_path: Path) -> None:
    bad = arrow.StringArray.from_buffers(2, arrow.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0"), arrow.py_buffer(b"a\xff"))
    with pytest.raises(RecordError, match=r"in\.parquet, row 2: field `instruction` is not UTF-8"):
        list(load(write(tmp_path / "in.parquet", instruction=bad)))


def test_no_rows_and_missing_columns_are_written(tmp_path: Path) -> None:
    save(tmp_path / "none.parquet", [])
    assert list(load(tmp_path / "none.parquet")) == []
    save(tmp_path / "in.parquet", [{"instruction": "a", "output": "x"}, {"instruction": "b", "output": "y", "n": 1}])
    assert [one.value for one in load(tmp_path / "in.parquet")] == [
        {"instruction": "a", "output": "x", "n": None},
        {"instruction": "b", "output": "y", "n": 1},
    ]
