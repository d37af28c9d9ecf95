"""`filter FILE --fix` of a table puts aside what is no row of it, and says what becomes of NaN."""

import json
from pathlib import Path

import pytest

import selfinstruct as si
from selfinstruct.errors import SelfInstructError

HEADER = {"en": "instruction,output", "zh": "指令,输出"}
GOOD = {
    "en": ("Name a colour.,Red.", 'Name a sea.,"Black, sea."'),
    "zh": ("说出一种颜色。,红色。", '说出一个海。,"黑海, 在东欧。"'),
}


def clean(folder: Path, text: str) -> tuple[dict[str, int], list[dict[str, object]]]:
    """Return the ledger of a file that is filtered, and its dropped rows."""
    path = folder / "rows.csv"
    path.write_text(text, encoding="utf-8")
    counts = si.filter_file(path, folder / "kept.jsonl", folder / "dropped.jsonl", fix=True)
    dropped = (folder / "dropped.jsonl").read_text(encoding="utf-8").splitlines()
    return {"rows": counts.rows, "kept": counts.kept}, [json.loads(line) for line in dropped]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("line", "row", "detail"),
    [
        ("Name a river.", ["Name a river."], "has 1 cells, the first line 2"),
        ("Name a lake.,Como,3", ["Name a lake.", "Como", "3"], "has 3 cells, the first line 2"),
        (",", ["", ""], "all its cells are empty"),
        ('"Name" a river.,Po', '"Name" a river.,Po', "no row of a table"),
    ],
)
def test_a_line_that_is_no_row_is_dropped_with_its_reason(
    tmp_path: Path, language: str, line: str, row: object, detail: str
) -> None:
    first, second = GOOD[language]
    counts, dropped = clean(tmp_path, "\n".join((HEADER[language], first, line, "", second)) + "\n")
    assert counts == {"rows": 3, "kept": 2}
    (found,) = dropped
    assert (found["line"], found["rule"], found["row"]) == (3, "not_a_row", row)
    assert detail in str(found["detail"])


@pytest.mark.parametrize("line", ["<<<<<<< HEAD", '<<<<<<< "HEAD', '"Name a river.,Po'])
def test_conflict_markers_and_a_quote_without_an_end_stop_it(tmp_path: Path, line: str) -> None:
    with pytest.raises(SelfInstructError, match=r"rows\.csv:3"):
        clean(tmp_path, "\n".join((HEADER["en"], GOOD["en"][0], line)))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("quoted", "later", "said"),
    [
        ('"Name a river.,Po', "Name a lake.,Como", "has no end"),
        ('"Name a river.,Po', 'Name a lake.,"Como, Italy."', "ends inside a cell of line 5"),
        ('"Name\na ""river"".","Po\nand Adda', "Name a lake.,Como", "has no end"),
        ('说出一条河。,“黄河”\n说出一个湖。,"太湖', '说出一个海。,"黑海"', "ends inside a cell of line 6"),
    ],
)
def test_a_quote_without_an_end_is_named_by_the_line_where_it_opens(
    tmp_path: Path, language: str, quoted: str, later: str, said: str
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("\n".join((HEADER[language], GOOD[language][0], quoted, "", later, "")), encoding="utf-8")
    line = 3 + quoted.rpartition('"')[0].count("\n")
    with pytest.raises(SelfInstructError, match=rf"rows\.csv:{line}: .*the quote that opens in line {line} {said}"):
        si.validate(path)


def test_validate_refuses_such_a_line(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("instruction,output\nName a colour.,Red.\nName a river.\n", encoding="utf-8")
    with pytest.raises(SelfInstructError, match="has 1 cells"):
        si.validate(path)


@pytest.mark.parametrize("layout", ["lines", "array"])
def test_nan_is_counted_as_it_becomes_null(tmp_path: Path, layout: str) -> None:
    path = tmp_path / "rows.json"
    rows = [
        '{"instruction": "Name a river.", "output": "Po.", "score": NaN}',
        '{"instruction": "说出一个湖。", "output": "太湖。"}',
    ]
    path.write_text("\n".join(rows) if layout == "lines" else f"[{', '.join(rows)}]", encoding="utf-8")
    counts = si.filter_file(path, tmp_path / "kept.jsonl", tmp_path / "dropped.jsonl", fix=True)
    assert (counts.nan, counts.document()["nan"]) == (1, 1)
    assert si.repair(path, tmp_path / "mended.jsonl").nan == 1
