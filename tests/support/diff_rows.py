"""Short ways to write rows and files, and a diff of two lists of rows."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from selfinstruct.dataset.diff import Checks, DatasetDiff, Entry, Side, compare, parse_gates
from selfinstruct.records import LanguageCode, row_id

Row = dict[str, Any]


def en(instruction: str, output: str = "Yes, it is so.", given: str = "") -> Row:
    return {"language": "en", "instruction": instruction, "input": given, "output": output}


def zh(instruction: str, output: str = "是这样的。", given: str = "") -> Row:
    return {"language": "zh", "instruction": instruction, "input": given, "output": output}


def lines(*rows: Row) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def write(path: Path, *rows: Row) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(lines(*rows), encoding="utf-8")
    return path


def with_id(row: Row) -> Row:
    return {"id": row_id(row["language"], row["instruction"], row["input"]), **row}


def entry(row: Row, **more: Any) -> Entry:
    language: LanguageCode = row["language"]
    identifier = row_id(language, row["instruction"], row["input"])
    fields = {name: row[name] for name in ("instruction", "input", "output")}
    return Entry(id=identifier, language=language, stated_id=row.get("id", ""), **fields, **more)


def side(rows: Iterable[Row], name: str = "side", **more: Any) -> Side:
    return Side(name, tuple(entry(row) for row in rows), **more)


def diff(base: Iterable[Row], head: Iterable[Row], fail_on: str = "", **checks: Any) -> DatasetDiff:
    return compare(side(base, "base"), side(head, "head"), Checks(conditions=parse_gates(fail_on), **checks))


ONE, TWO = zh("写一首关于春天的诗。", "春天来了。"), zh("解释什么是光合作用。", "植物把光变成养分。")
