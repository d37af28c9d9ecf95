"""Files by what is in them: JSON lines, arrays and wrappers whatever their ending, tables, encodings, and what holds no rows."""

import gzip
import io
import json
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from selfinstruct.dataset.io.values import values_of
from selfinstruct.errors import InputError, SelfInstructError
from selfinstruct.system.encoding import encoding_of
from selfinstruct.system.limits import reading_limits
from tests.support.command import Cli
from tests.support.memory import measured

ROWS = [
    {"instruction": "说出一条法国的河流。", "input": "", "output": "卢瓦尔河。"},
    {
        "instruction": "Name a lake, then a hill.",
        "input": "In Italy;\nin the north",
        "output": 'Como, and "Monte Baldo".',
    },
]
LINES = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS)
PRETTY = "".join(json.dumps(row, ensure_ascii=False, indent=2) + "\n" for row in ROWS)
HUGGING = {"features": [{"name": "instruction"}], "rows": [{"row_idx": n, "row": row} for n, row in enumerate(ROWS)]}
SHAPES = {
    "lines": LINES,
    "array": json.dumps(ROWS),
    "wrapper": json.dumps({"version": 1, "data": ROWS}, indent=1),
    "wrapper on one line": json.dumps({"data": ROWS}),
    "by number": json.dumps({str(n): row for n, row in enumerate(ROWS)}),
    "columns": json.dumps({name: {str(n): row[name] for n, row in enumerate(ROWS)} for name in ROWS[0]}),
    "columns of lists": json.dumps({name: [row[name] for row in ROWS] for name in ROWS[0]}),
    "pretty": PRETTY,
    "side by side": LINES.replace("\n", ""),
    "joined with marks": "".join("\ufeff" + line + "\n" for line in LINES.splitlines()),
    "datasets server": json.dumps(HUGGING),
    "crlf": LINES.replace("\n", "\r\n"),
}


def read(path: Path) -> list[Any]:
    return [value for _, value in values_of(path)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", ["in.jsonl", "in.json", "in.json.gz", "in.txt"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_json_is_read_by_what_is_there(tmp_path: Path, shape: str, name: str, encoding: str) -> None:
    if encoding == "gb18030" and "\ufeff" in SHAPES[shape]:
        return
    data = SHAPES[shape].encode(encoding)
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    assert read(tmp_path / name) == ROWS


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".csv.gz", ".xlsx"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_tables_are_read_as_texts(tmp_path: Path, ending: str, encoding: str) -> None:
    import pandas as pd

    table, path = (
        pd.DataFrame([*ROWS, {"instruction": "007", "input": "NA", "output": "1.0"}]),
        tmp_path / f"in{ending}",
    )
    if ending == ".xlsx":
        pytest.importorskip("openpyxl")
        table.to_excel(path, index=False)
    else:
        data = table.to_csv(index=False, sep="\t" if ending == ".tsv" else ",").encode(encoding)
        path.write_bytes(gzip.compress(data) if ending.endswith(".gz") else data)
    assert read(path) == [*ROWS, {"instruction": "007", "input": "NA", "output": "1.0"}]


def test_semicolons_are_found_to_separate(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("问题;回答\n在哪里，何时？;“这里”, 现在\n", encoding="utf-8")
    assert read(tmp_path / "in.csv") == [{"问题": "在哪里，何时？", "回答": "“这里”, 现在"}]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("in.jsonl", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "git lfs pull"),
        ("in.csv", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "git lfs pull"),
        ("in.json", b"\n<!DOCTYPE html>\n<html lang=en>", "is a web page"),
        ("in.jsonl", b"%PDF-1.7\n", "is a PDF"),
        ("in.jsonl", b"PK\x03\x04rest", "zip archive or a spreadsheet"),
        ("in.jsonl", b"\x1f\x8b\x08", "ends in .gz"),
        ("in.jsonl", b"PAR1rest", "ends in .parquet"),
        ("in.jsonl", b"\x80\x04\x95", "pickle"),
        ("in.jsonl", b"SQLite format 3\x00", "sqlite3 -header -csv"),
        ("in.jsonl", b"{'instruction': 'a', 'output': 'b'}\n", "as Python writes a dict"),
        ("in.jsonl", b"instruction,output\na,b\n", "it looks like a table"),
        ("in.jsonl", b"- instruction: a\n  output: b\n", "it looks like YAML"),
        ("in.json", json.dumps({"train": ROWS, "test": ROWS}).encode(), "several arrays of rows (train, test"),
        ("in.json", json.dumps({"meta": {"a": 1}, "n": 1, "data": [1, 2]}).encode(), "keys: `meta`, `n`, `data`"),
        ("in.csv", b'a,b\n1,2\n"3,4\n', "in.csv"),
        ("in.csv", b"", "holds no table"),
        ("in.csv", b"question,answer\n1,2\n1,2,3\n", "in.csv:3: has 3 cells, the first line 2"),
        ("in.csv", b"a,b\n" + b"," * 9_000_000, "in.csv:2: a row of more than 8,388,608 bytes"),
        ("in.csv", b"a,b\n" + b'"' + b"x,\n" * 3_000_000, "in.csv"),
        (
            "in.json",
            b'{"instruction": ["x"], "output": ["' + b"y" * 2_000_000 + b'"], "z": 5}',
            "columns that have not the same rows",
        ),
        ("in.csv", b"a,b,a\n1,2,3\n", "two columns are called `a`"),
        ("in.jsonl", b'{"a": ' + b"[" * 100_000 + b"\n", "nested too deeply"),
        ("in.jsonl", b'{"instruction"}\n', "not JSON (Expecting ':' delimiter)"),
        ("in.jsonl", b'{"a": ' + b"9" * 5_000 + b"}\n", "in.jsonl:1"),
        ("in.xlsx", b"PK\x03\x04rest", "not an Excel file"),
        ("in.jsonl", "é".encode("latin-1") * 3, "not UTF-8"),
    ],
)
def test_what_holds_no_rows_is_named_as_what_it_is(
    selfinstruct: Cli, tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(data)
    done = selfinstruct("validate", name)
    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False)


def test_a_spreadsheet_must_say_which_sheet_is_meant(tmp_path: Path) -> None:
    pd = pytest.importorskip("pandas")
    pytest.importorskip("openpyxl")
    with pd.ExcelWriter(tmp_path / "in.xlsx") as book:
        for name in ("一月", "二月"):
            pd.DataFrame(ROWS).to_excel(book, sheet_name=name, index=False)
    with pytest.raises(InputError, match="一月, 二月"):
        read(tmp_path / "in.xlsx")


def sheet(path: Path, rows: Mapping[int, Mapping[str, str]]) -> None:
    """Write a sheet of {row: {column: text}}, wherever these are."""
    openpyxl = pytest.importorskip("openpyxl")
    openpyxl.Workbook().save(path)
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    cells = "".join(
        f'<row r="{row}">'
        + "".join(f'<c r="{at}{row}" t="inlineStr"><is><t>{text}</t></is></c>' for at, text in held.items())
        + "</row>"
        for row, held in rows.items()
    )
    name = "xl/worksheets/sheet1.xml"
    parts[name] = (
        f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/><sheetData>{cells}</sheetData></worksheet>'.encode()
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for part, data in parts.items():
            packed.writestr(part, data)


@pytest.mark.bounds
def test_a_spreadsheet_takes_the_memory_of_what_it_holds_and_not_of_what_it_claims(tmp_path: Path) -> None:
    sheet(
        tmp_path / "in.xlsx",
        {1: {"A": "instruction", "XFD": "output"}, 2**20: {"A": "Name a bird.", "XFD": "A robin."}},
    )
    done = measured(tmp_path, "validate", "in.xlsx")
    assert "1 row," in done.said
    assert done.peak_bytes < 300 * 2**20


@pytest.mark.bounds
def test_a_warning_about_a_spreadsheet_does_not_quote_it_raw(tmp_path: Path) -> None:
    """openpyxl warns of a name that it does not understand, and quotes it."""
    sheet(tmp_path / "in.xlsx", {1: {"A": "instruction", "B": "output"}, 2: {"A": "Name a bird.", "B": "A robin."}})
    with zipfile.ZipFile(tmp_path / "in.xlsx") as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    name = "<definedNames><definedName name='_xlnm.Print_Area' localSheetId='0'>\u009b2J\u202e&#10;selfinstruct: all is fine</definedName></definedNames></workbook>"
    book = parts["xl/workbook.xml"].decode()
    parts["xl/workbook.xml"] = (
        re.sub(r"<definedNames ?/>|<definedNames>.*</definedNames>", "", book).replace("</workbook>", name).encode()
    )
    with zipfile.ZipFile(tmp_path / "in.xlsx", "w") as packed:
        for part, data in parts.items():
            packed.writestr(part, data)
    done = measured(tmp_path, "validate", "in.xlsx")
    assert not {"\u009b", "\u202e"} & set(done.said)
    assert not any(line.startswith("selfinstruct: all") for line in done.said.splitlines())


def test_a_row_that_no_sheet_has_is_refused(tmp_path: Path) -> None:
    sheet(tmp_path / "in.xlsx", {1: {"A": "instruction", "B": "output"}, 2 * 10**9: {"A": "x", "B": "y"}})
    with pytest.raises(InputError, match="beyond line 1,048,576"):
        read(tmp_path / "in.xlsx")


def test_numbers_dates_and_gaps_of_a_spreadsheet_are_texts(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for cells in (["instruction", "output", "at"], [], ["Say 5.", 5, date(2026, 1, 2)], ["Say half.", 0.5, None]):
        book.active.append(cells)
    book.save(tmp_path / "in.xlsx")
    found = list(values_of(tmp_path / "in.xlsx"))
    assert found == [
        (3, {"instruction": "Say 5.", "output": "5", "at": "2026-01-02 00:00:00"}),
        (4, {"instruction": "Say half.", "output": "0.5", "at": ""}),
    ]


def test_a_spreadsheet_that_unpacks_too_far_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "in.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 80 * 2**20)
    with pytest.raises(InputError, match="unpack"):
        read(tmp_path / "in.xlsx")


@pytest.mark.parametrize("name", ["in.csv", "in.json"])
def test_a_row_above_the_limit_is_refused_in_tables_and_wrappers_too(tmp_path: Path, name: str) -> None:
    text = "a" * 400_000
    data = f"instruction,output\n{text},b\n" if name == "in.csv" else json.dumps({"data": [ROWS[0], {"output": text}]})
    (tmp_path / name).write_text(data, encoding="utf-8")
    with reading_limits(max_row_bytes=1_000), pytest.raises(SelfInstructError, match="row of"):
        read(tmp_path / name)


def test_values_cut_by_a_server_are_no_rows(tmp_path: Path) -> None:
    cut = {"rows": [{"row_idx": 0, "row": ROWS[0], "truncated_cells": ["output"]}]}
    (tmp_path / "in.json").write_text(json.dumps(cut), encoding="utf-8")
    with pytest.raises(SelfInstructError, match="the server cut the cells output"):
        read(tmp_path / "in.json")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("指令：写一首诗。", "gb18030"),
        ("{}", "utf-16"),
        ("caf\u00e9 cr\u00e8me", "latin-1"),
        ("日本語のテキスト", "shift_jis"),
        ("指令", "utf-8"),
    ],
)
def test_an_encoding_is_recognised_or_left_alone(text: str, encoding: str) -> None:
    expected = encoding if encoding in {"gb18030", "utf-16"} else "utf-8"
    assert encoding_of(text.encode(encoding)) == expected


def test_the_shards_of_a_hub_are_read_in_order_and_a_missing_one_is_named(selfinstruct: Cli, tmp_path: Path) -> None:
    import pandas as pd

    folder = tmp_path / "set" / "data"
    folder.mkdir(parents=True)
    for number, row in enumerate(ROWS):
        pd.DataFrame([row]).to_parquet(folder / f"train-0000{number}-of-00002.parquet")
    assert json.loads(selfinstruct("validate", "set", "--json").stdout)["rows"] == 2
    (folder / "train-00001-of-00002.parquet").unlink()
    done = selfinstruct("validate", "set")
    assert (done.returncode, "others are missing" in done.stderr) == (2, True)


def test_bytes_are_read_once_through(tmp_path: Path) -> None:
    data = io.BytesIO()
    data.write(LINES.encode() * 3_000)
    (tmp_path / "in.jsonl").write_bytes(data.getvalue())
    assert len(read(tmp_path / "in.jsonl")) == 6_000
