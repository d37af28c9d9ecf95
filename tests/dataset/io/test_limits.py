"""Rows and files above a limit are refused by name, without being in memory first."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import selfinstruct as si
from selfinstruct.dataset.io.parse import load
from selfinstruct.dataset.io.values import values_of
from selfinstruct.errors import InputError, RecordError
from selfinstruct.system.limits import FREE_EXPANSION
from tests.support.memory import measured

MIB = 2**20
HEAD = {"instruction": "Name a river.", "input": "", "output": ""}


def row_of(size: int, letter: str = "a") -> dict[str, Any]:
    """Return a row whose line has a number of bytes."""
    left = size - len(json.dumps(HEAD))
    return HEAD | {"output": letter * (left // len(letter.encode())) + "a" * (left % len(letter.encode()))}


def line_of(row: dict[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode()


def as_lines(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_bytes(b"".join(line_of(row) + b"\n" for row in rows))
    return path


def as_array(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_bytes(b"[\n" + b",\n".join(line_of(row) for row in rows) + b"\n]\n")
    return path


def zipped(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_bytes(gzip.compress(b"".join(line_of(row) + b"\n" for row in rows)))
    return path


def as_parquet(path: Path, *rows: dict[str, Any]) -> Path:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    parquet.write_table(arrow.Table.from_pylist(list(rows)), path)
    return path


FORMS = {"in.jsonl": as_lines, "in.json": as_array, "in.jsonl.gz": zipped, "in.parquet": as_parquet}
LINES = {"in.jsonl": 2, "in.json": 3, "in.jsonl.gz": 2, "in.parquet": 2}


@pytest.mark.parametrize(("name", "write"), FORMS.items())
def test_a_row_above_the_limit_is_refused_with_file_line_size_and_remedy(
    tmp_path: Path, name: str, write: Callable[..., Path]
) -> None:
    path = write(tmp_path / name, row_of(500), row_of(2_000), row_of(500))
    with si.reading_limits(max_row_bytes=1_000), pytest.raises(RecordError) as caught:
        list(load(path))
    where = f"{path}, row {LINES[name]}" if "parquet" in name else f"{path}:{LINES[name]}"
    assert str(caught.value).startswith(f"{where}: a row of ")
    assert "more than 1,000" in str(caught.value)
    assert "--max-row-bytes" in str(caught.value)


@pytest.mark.parametrize(("name", "write"), FORMS.items())
def test_a_row_of_just_the_limit_is_read(tmp_path: Path, name: str, write: Callable[..., Path]) -> None:
    path = write(tmp_path / name, *[row_of(1_000), row_of(1_000, "字")] * 20)
    with si.reading_limits(max_row_bytes=1_000):
        assert len(list(load(path))) == 40


@pytest.mark.parametrize(("name", "write"), FORMS.items())
def test_a_row_is_measured_in_bytes_and_not_in_letters(tmp_path: Path, name: str, write: Callable[..., Path]) -> None:
    path = write(tmp_path / name, row_of(1_500, "字"))
    with si.reading_limits(max_row_bytes=1_000), pytest.raises(RecordError, match="a row of"):
        list(load(path))


def test_a_line_that_ends_as_on_windows_is_measured_without_its_end(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(line_of(row_of(1_000)) + b"\r\n")
    with si.reading_limits(max_row_bytes=1_000):
        assert len(list(load(path))) == 1


def test_a_nested_column_is_measured_as_well(tmp_path: Path) -> None:
    turns = [{"role": "user", "content": "a" * 300}, {"role": "assistant", "content": "b" * 300}]
    path = as_parquet(tmp_path / "in.parquet", {"messages": turns}, {"messages": turns * 2})
    with si.reading_limits(max_row_bytes=1_000), pytest.raises(RecordError, match=r"in\.parquet, row 2: a row of"):
        list(load(path))


def test_numbers_of_lines_stay_right_behind_blank_ones(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(b"\xef\xbb\xbf\n  \n" + line_of(row_of(100)) + b"\n\n" + line_of(row_of(100)))
    assert [line for line, _ in values_of(path)] == [3, 5]
    path.write_bytes(b" \n \n [\n1,\n x]")
    with pytest.raises(RecordError, match=r"in\.jsonl:5: not JSON"):
        list(values_of(path))


def test_a_broken_array_is_told_where_it_breaks_however_long_it_is(tmp_path: Path) -> None:
    path = tmp_path / "in.json"
    path.write_bytes(b'[{"a": 1},\n{"a" 1},\n' + b'{"a": 2},\n' * 2_000 + b"0]")
    with si.reading_limits(max_row_bytes=1_000), pytest.raises(RecordError, match=r"in\.json:2: not JSON"):
        list(values_of(path))


@pytest.mark.thorough
def test_a_number_without_end_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    """A number is whole at the end of each buffer, and may go on in the next one."""
    (tmp_path / "in.json.gz").write_bytes(gzip.compress(b"[0.") + gzip.compress(b"1" * MIB) * 150)
    done = measured(tmp_path, "validate", "in.json.gz")
    assert (done.returncode, "in.json.gz:1: a row of" in done.said) == (2, True)
    assert done.peak_bytes < 150 * MIB


@pytest.mark.parametrize("cut", range(1, 8))
def test_a_number_that_two_reads_share_is_one_number(tmp_path: Path, cut: int) -> None:
    (tmp_path / "in.json").write_bytes(b"[" + b" " * (MIB - 1 - cut) + b"-1.5e+12, 2]")
    assert [value for _, value in values_of(tmp_path / "in.json")] == [-1.5e12, 2]


@pytest.mark.parametrize(("verb", "most"), [("validate", 150), ("filter", 150), ("diff", 170)])
@pytest.mark.parametrize(
    ("begin", "member", "said"),
    [
        (b'{"instruction": "', b"a" * MIB, "in.jsonl.gz:1: a row of more than 8,388,608 bytes"),
        (b"\n", b" \n" * (MIB // 2), "blank bytes"),
        (b'{"instruction": "a", "output": "b"}\n', b"\n" * MIB, "bytes of blank lines"),
        (b'["', b"a" * MIB, "in.jsonl.gz:1: a row of more than 8,388,608 bytes"),
    ],
)
@pytest.mark.bounds
def test_a_bomb_of_gzip_is_refused_in_bounded_memory(
    tmp_path: Path, verb: str, most: int, begin: bytes, member: bytes, said: str
) -> None:
    """A gzip file may have many members, so that a gibibyte is written at once."""
    (tmp_path / "in.jsonl.gz").write_bytes(gzip.compress(begin) + gzip.compress(member) * 1024)
    more = {"filter": ("--output", "k.jsonl", "--rejected", "d.jsonl"), "diff": ("in.jsonl.gz",)}.get(verb, ())
    done = measured(tmp_path, verb, "in.jsonl.gz", *more)
    assert (done.returncode, said in done.said) == (2, True)
    assert done.peak_bytes < most * MIB
    assert not (tmp_path / "k.jsonl").exists()


@pytest.mark.thorough
def test_many_rows_that_unpack_too_far_are_refused(tmp_path: Path) -> None:
    path, line = tmp_path / "in.jsonl.gz", line_of(row_of(MIB - 1)) + b"\n"
    path.write_bytes(gzip.compress(line) * (FREE_EXPANSION // MIB + 1))
    with pytest.raises(InputError, match=r"unpacks to more than 67,108,864; .*SELFINSTRUCT_MAX_EXPANSION"):
        list(values_of(path))
    with si.reading_limits(max_expansion=2_000):
        assert sum(1 for _ in values_of(path)) == FREE_EXPANSION // MIB + 1


@pytest.mark.bounds
def test_one_text_that_stands_in_every_row_of_a_parquet_file_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    text = arrow.DictionaryArray.from_arrays(arrow.array([0] * 4000, arrow.int32()), arrow.array(["a" * MIB]))
    turns = arrow.ListArray.from_arrays(arrow.array([0, 2000, 4000], arrow.int32()), text)
    for columns in ({"output": text, "instruction": [f"x{one}" for one in range(4000)]}, {"messages": turns}):
        parquet.write_table(arrow.table(columns), tmp_path / "in.parquet", compression="zstd")
        done = measured(tmp_path, "validate", "in.parquet")
        assert (done.returncode, "in.parquet" in done.said) == (2, True)
        assert done.peak_bytes < 300 * MIB


@pytest.mark.bounds
def test_a_parquet_file_whose_columns_are_announced_as_huge_is_not_decoded(tmp_path: Path) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    texts = ["a" * MIB + str(number) for number in range(FREE_EXPANSION // MIB + 1)]
    parquet.write_table(
        arrow.table({"instruction": texts}), tmp_path / "in.parquet", compression="zstd", use_dictionary=False
    )
    done = measured(tmp_path, "validate", "in.parquet")
    assert (done.returncode, "unpacks to more than 67,108,864" in done.said) == (2, True)
    assert done.peak_bytes < 150 * MIB


@pytest.mark.parametrize("nested", [True, False], ids=["lists", "rows"])
def test_values_that_take_no_room_in_a_parquet_file_take_some_in_memory(tmp_path: Path, nested: bool) -> None:
    """A column of equal numbers, or of nothing, is a few bytes however long."""
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    count = FREE_EXPANSION // 8 + 1
    numbers = arrow.nulls(count, arrow.int64()).fill_null(0)
    column = arrow.ListArray.from_arrays(arrow.array([0, count], arrow.int32()), numbers) if nested else numbers
    parquet.write_table(arrow.table({"instruction": column}), tmp_path / "in.parquet", compression="zstd")
    with pytest.raises(InputError, match="unpacks to more than 67,108,864"):
        next(values_of(tmp_path / "in.parquet"))


@pytest.mark.parametrize("kind", ["timestamp", "date32", "time64"])
def test_a_date_that_there_is_not_is_refused_by_row(tmp_path: Path, kind: str) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    number = arrow.array([2**31 - 1], arrow.int32()) if kind == "date32" else arrow.array([2**62], arrow.int64())
    at = number.view(arrow.date32() if kind == "date32" else getattr(arrow, kind)("us"))
    parquet.write_table(arrow.table({"at": at, "output": ["y"]}), tmp_path / "in.parquet")
    with pytest.raises(RecordError, match=r"in\.parquet, row 1: field `at` is no date or time that there is"):
        next(values_of(tmp_path / "in.parquet"))


def test_gzipped_parquet_is_read(tmp_path: Path) -> None:
    as_parquet(tmp_path / "in.parquet", row_of(200), row_of(300))
    (tmp_path / "in.parquet.gz").write_bytes(gzip.compress((tmp_path / "in.parquet").read_bytes()))
    assert [one.value for one in load(tmp_path / "in.parquet.gz")] == [row_of(200), row_of(300)]


def test_a_text_that_many_rows_share_is_the_same_in_each(tmp_path: Path) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    shared = arrow.DictionaryArray.from_arrays(arrow.array([0, None, 1, 0], arrow.int32()), arrow.array(["字", ""]))
    parquet.write_table(arrow.table({"instruction": list("abcd"), "output": shared}), tmp_path / "in.parquet")
    assert [value["output"] for _, value in values_of(tmp_path / "in.parquet")] == ["字", None, "", "字"]


@pytest.mark.parametrize("data", [b"PAR1", b"PAR1" + b"\xff" * 2000 + b"\xe8\x03\0\0PAR1", b"", b"not one"])
def test_what_is_no_parquet_file_is_refused(tmp_path: Path, data: bytes) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "in.parquet").write_bytes(data)
    with pytest.raises(InputError, match=r"in\.parquet: not a Parquet file"):
        list(values_of(tmp_path / "in.parquet"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("in.jsonl", "[" * 100_000),
        ("in.json", "[" * 100_000),
        ("in.jsonl", '{"instruction": "a", "tools": ' + "[" * 100_000 + "]" * 100_000 + "}"),
        ("in.json", '[{"a":' * 100_000),
    ],
)
def test_what_is_nested_without_end_is_refused_by_line(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(RecordError, match=f"{name}:1: not JSON"):
        list(load(tmp_path / name))


@pytest.mark.parametrize("depth", range(840, 1000, 8))
def test_what_just_can_be_read_is_filtered_or_refused_with_a_message(tmp_path: Path, depth: int) -> None:
    text = '{"instruction": "Name a river.", "output": "Loire", "more": ' + "[" * depth + "]" * depth + "}"
    (tmp_path / "in.jsonl").write_text(text, encoding="utf-8")
    try:
        si.filter_file(tmp_path / "in.jsonl", tmp_path / "k.jsonl", tmp_path / "d.jsonl")
    except InputError as error:
        assert "nested too deeply" in str(error)  # noqa: PT017 - either end is right
