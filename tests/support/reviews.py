"""Verdicts as reviewers give them, and reviews of rows in a file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from selfinstruct.dataset.review.decisions import Decision, document
from selfinstruct.dataset.review.file import append
from selfinstruct.records import Row, row_id, text_hash
from selfinstruct.review.marks import Marking
from selfinstruct.review.material import Material
from selfinstruct.review.origins import Origins
from selfinstruct.review.session import Session
from selfinstruct.review.wish import Reader
from selfinstruct.system.files import to_line


def row(instruction: str, output: str, language: str = "en") -> Row:
    identifier = row_id(language, instruction, "")
    return Row.model_validate(
        {"id": identifier, "language": language, "instruction": instruction, "input": "", "output": output}
    )


def verdict(on: Row, decision: str, by: str = "Ann", **more: Any) -> Decision:
    edited = {"row": on.model_copy(update={"output": more.pop("output")})} if "output" in more else {}
    reason = {"reason": "wrong_answer"} if decision == "rejected" else {}
    before = text_hash(on.instruction, on.input, on.output)
    fields = {"id": on.id, "language": on.language, "decision": decision, "before": before, "reviewer": by}
    return Decision.model_validate(fields | reason | edited | more)


def say(path: Path, *verdicts: Decision) -> None:
    for one in verdicts:
        append(path, to_line(document(one)))


def written(path: Path, rows: list[Row]) -> Path:
    path.write_text("".join(to_line(one.model_dump()) + "\n" for one in rows), encoding="utf-8")
    return path


def session(path: Path, name: str = "Ann", sample: int = 0) -> Session:
    material = Material(path, lambda _: None)
    return Session(material, Reader(name, sample), Marking(material.rows, {}), Origins(), frozenset())


def lines(path: Path) -> list[Mapping[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
