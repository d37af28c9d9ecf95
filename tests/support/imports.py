"""An import of rows, and what it wrote."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from selfinstruct.api.conversations import Imported, import_conversations
from selfinstruct.config import Config


class Written(NamedTuple):
    """What an import returned, and its files."""

    done: Imported
    rejected: list[dict[str, Any]]
    provenance: list[dict[str, Any]]
    rows: list[dict[str, Any]]


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def import_rows(folder: Path, rows: list[Any], **given: Any) -> Written:
    """Import rows from a file of JSON lines; the same folder may be used again."""
    source = folder / "conversations.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return import_path(source, folder / "out", **given)


def import_path(source: Path, output: Path, *, config: Config | None = None, **given: Any) -> Written:
    done = import_conversations(source, output, config=config, **given)
    files = sorted((output / "dataset").glob("*.jsonl"))
    rows = [row for file in files for row in lines(file)]
    return Written(done, lines(output / "rejected.jsonl"), lines(output / "provenance.jsonl"), rows)


def pairs_of(row: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the questions and answers of a dataset row in their order."""
    return [*map(tuple, row.get("history", [])), (row["instruction"], row["output"])]
