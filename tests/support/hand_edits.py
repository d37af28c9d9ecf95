"""Edits that a person makes in the files of a finished run, and what is read back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.edited_run import Case

Rows = list[dict[str, Any]]
POEMS = {"en": ("Write a haiku about rain.", "Rain on the tin roof."), "zh": ("写一首关于春天的诗。", "春眠不觉晓。")}


def whole(case: Case, language: str) -> Path:
    return case.path / "dataset" / f"{language}.jsonl"


def read(path: Path) -> Rows:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write(path: Path, rows: Rows) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def change(path: Path, edit: Callable[[Rows], Rows]) -> None:
    write(path, edit(read(path)))


def answered(text: str, place: int = 0) -> Callable[[Rows], Rows]:
    return lambda rows: [{**row, "output": text} if at == place else row for at, row in enumerate(rows)]


def asked(text: str) -> Callable[[Rows], Rows]:
    return lambda rows: [{**rows[0], "instruction": text}, *rows[1:]]


def poem(language: str) -> dict[str, str]:
    instruction, output = POEMS[language]
    return {"language": language, "instruction": instruction, "input": "", "output": output}


def files(case: Case) -> dict[str, bytes]:
    """Return everything of a run but the journal and copies."""
    found = (path for path in case.path.rglob("*") if path.is_file() and ".verdict_cache" not in path.parts)
    return {
        str(path.relative_to(case.path)): path.read_bytes()
        for path in found
        if not {"journal"} & set(path.parts) and "before-" not in str(path)
    }


def decisions(case: Case) -> Rows:
    path = case.path / "review.jsonl"
    return read(path) if path.exists() else []


def adds_up(counts: dict[str, Any]) -> bool:
    return bool(counts["candidates"] == counts["accepted"] + sum(counts["rejected"].values()) + counts["pending"])


def stays(case: Case) -> None:
    """Assert that another emission changes no byte and says nothing but which rows made by hand break rules, each time in the same words.

    What stands is checked at each emission as `validate` checks a file: silence would mean that the rows were mended.
    """
    before = files(case)
    case.said.clear()
    case.filter()
    case.generate()
    assert files(case) == before
    told = [line for line in case.said if not line.startswith("Continuing")]
    flagged = any(b'"flags"' in text for name, text in before.items() if name.endswith("provenance.jsonl"))
    assert len(told) == (2 if flagged else 0)
    assert len(set(told)) == int(flagged)
    assert all("made by hand break" in line for line in told)
