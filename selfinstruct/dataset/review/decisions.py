"""`review.jsonl`: one decision a line, sorted by id, so that git merges it by row."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import field_validator, model_validator

from selfinstruct.errors import InputError
from selfinstruct.records import LanguageCode, Row, with_own_id
from selfinstruct.system.conflicts import marker_line
from selfinstruct.system.documents import Hex, HexOrNone, Stated, read_lines
from selfinstruct.system.files import read_text
from selfinstruct.system.writing import remove, write_jsonl

REVIEW = "review.jsonl"
_REMEDY = "repair or remove the line, or take the file from git: `git checkout HEAD -- review.jsonl` in its folder"


class Decision(Stated):
    """What a person decided about one row."""

    id: Hex
    """Of the row as the journal gives it; of an added row its own."""
    language: LanguageCode
    decision: Literal["edited", "removed", "added"]
    before: HexOrNone = ""
    """Hash of its instruction, input and output before; empty for an added row."""
    row: Row | None = None
    """What it became; None for a removed row."""
    overruled: tuple[Row, ...] = ()
    """What another person made of it, on the other side of a git merge; this one was chosen."""

    @property
    def key(self) -> str:
        """What tells decisions apart: a row may be edited, and another one added that has the text from before."""
        return f"+{self.id}" if self.decision == "added" else self.id

    @field_validator("row", mode="before")
    @classmethod
    def _as_written(cls, value: object) -> object:
        """Take the answer of a preference pair from where a row writes it."""
        if isinstance(value, dict) and "chosen" in value and "output" not in value:
            return {"output" if name == "chosen" else name: text for name, text in value.items()}
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        try:
            rows = [row.model_dump() for row in (self.row, *self.overruled) if row]
            json.dumps(rows, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise ValueError("must be valid Unicode, and has half of a surrogate pair") from error
        if (self.row is None) != (self.decision == "removed"):
            raise ValueError("must have a `row` unless it is removed")
        return self


Decisions = Mapping[str, Decision]
"""Key -> decision."""


def read_decisions(path: Path) -> dict[str, Decision]:
    """Return the decisions of a run by key; empty without the file.

    Raises InputError for conflict markers, a line that does not fit, and two different decisions about one row.
    """
    if not path.is_file():
        return {}
    if line := marker_line(read_text(path).encode("utf-8", "surrogatepass")):
        raise InputError(
            f"{path}:{line}: has conflict markers of a git merge; remove them, keep one line for each `id`, then `git add {path.name}`"
        )
    found: dict[str, Decision] = {}
    for decision in read_lines(path, Decision, _REMEDY):
        one = decision.model_copy(update={"row": decision.row and with_own_id(decision.row)})
        if found.setdefault(one.key, one) != one:
            raise InputError(f"{path}: has two decisions about row {one.id}; keep one of the lines")
    _check_tasks(path, found.values())
    return found


def _check_tasks(path: Path, decisions: Iterable[Decision]) -> None:
    """Raise InputError where two rows became one task with different texts: the dataset can hold one of them."""
    rows: dict[str, Decision] = {}
    for one in decisions:
        if one.row and (other := rows.setdefault(one.row.id, one)).row != one.row:
            raise InputError(
                f"{path}: the decisions about {other.id} and {one.id} make the same task of both, with different texts; keep one of the lines"
            )


def write_decisions(path: Path, decisions: Iterable[Decision]) -> None:
    """Write the decisions; without any, remove the file."""
    lines = [_document(one) for one in sorted(decisions, key=lambda one: (one.id, one.decision))]
    if lines:
        write_jsonl(path, lines)
    else:
        remove(path)


def _document(decision: Decision) -> dict[str, object]:
    kept: dict[str, object] = {"id": decision.id, "language": decision.language, "decision": decision.decision}
    kept |= {"before": decision.before} if decision.before else {}
    kept |= {"row": decision.row.model_dump()} if decision.row else {}
    return kept | ({"overruled": [row.model_dump() for row in decision.overruled]} if decision.overruled else {})
