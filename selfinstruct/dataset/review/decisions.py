"""`review.jsonl`: one decision a line, sorted by id, so that git merges it by row.

A line without `reviewer` is what was done in the dataset's files themselves. One with `reviewer` is that person's verdict on a text, told by
its hash: it speaks about no other text, and of several lines of one person about one text the last one holds. What the verdicts make of the
rows is in `verdicts.py`.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, field_validator, model_validator

from selfinstruct.errors import InputError
from selfinstruct.records import LanguageCode, Row, with_own_id
from selfinstruct.system.conflicts import ONE_LINE_EACH, refuse_markers
from selfinstruct.system.documents import Count, Hex, HexOrNone, Stated, Word, read_lines

_REMEDY = "repair or remove the line, or take the file from git as it was"


Kind = Literal["edited", "removed", "added", "accepted", "rejected", "withdrawn"]
_BY_REVIEWERS = frozenset({"accepted", "rejected", "withdrawn"})
_LONGEST_NAME, _LONGEST_NOTE, _LONGEST_FILE = 200, 4_000, 600


class Decision(Stated):
    """What a person decided about one row."""

    id: Hex
    """Of the row as the journal gives it; of an added row its own. In a reviewer's verdict that of the text that was read."""
    language: LanguageCode
    decision: Kind
    before: HexOrNone = ""
    """Hash of its instruction, input and output before; empty for an added row."""
    row: Row | None = None
    """What it became; None for a row that is gone or as it was."""
    overruled: tuple[Row, ...] = ()
    """What another person made of it, on the other side of a git merge; this one was chosen."""
    reviewer: Annotated[str, Field(max_length=_LONGEST_NAME)] = ""
    """Whose verdict it is, as git knows the person; empty for what was done in the files themselves."""
    reason: Word | Literal[""] = ""
    note: Annotated[str, Field(max_length=_LONGEST_NOTE)] = ""
    sample: Count = 0
    """Rows of the random sample that it was read in; 0 for a row that was chosen to be read."""
    file: Annotated[str, Field(max_length=_LONGEST_FILE)] = ""
    """Name of the file that the sample was drawn from, where `review.jsonl` may speak about several; empty in a run or folder."""
    stratum: Word | Literal[""] = ""
    """Recipe that the row was made by, where its run has several."""
    read: Row | None = None
    """A rejected row as it was read, so that another person can judge it too."""
    time: Annotated[str, Field(max_length=40)] = ""
    """ISO 8601, UTC, where it was asked for."""

    @property
    def key(self) -> str:
        """What tells decisions apart: a row may be edited, and another one added that has the text from before; each person judges each text once."""
        if self.reviewer:
            return f"{self.id}/{self.before}/{self.reviewer}"
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
            rows = [row.model_dump() for row in (self.row, self.read, *self.overruled) if row]
            json.dumps([rows, self.reviewer, self.note], ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise ValueError("must be valid Unicode, and has half of a surrogate pair") from error
        if (self.row is None) != (self.decision not in {"edited", "added"}):
            raise ValueError("must have a `row` where it is edited or added, and else none")
        if self.decision in _BY_REVIEWERS and not (self.reviewer and self.before):
            raise ValueError("must have a `reviewer` and, as `before`, the hash of what was read")
        if self.reviewer and (self.decision in {"removed", "added"} or not self.before):
            raise ValueError(
                "must have no `reviewer`, or be accepted, rejected, edited or withdrawn with the hash of what was read"
            )
        return self


Decisions = Mapping[str, Decision]
"""Key -> decision."""


class Recorded(NamedTuple):
    """What stands in the file."""

    by_hand: dict[str, Decision]
    """What was done in the dataset's files, by key."""
    verdicts: dict[str, Decision]
    """What reviewers say, by key; without what they took back."""


def read_recorded(path: Path) -> Recorded:
    """Return what stands in a file; empty without it.

    Raises InputError for conflict markers, a line that does not fit, and two different decisions about one row.
    """
    if not path.is_file():
        return Recorded({}, {})
    refuse_markers([path], ONE_LINE_EACH)
    found = Recorded({}, {})
    for decision in read_lines(path, Decision, _REMEDY):
        one = decision.model_copy(update={"row": decision.row and with_own_id(decision.row)})
        if one.decision == "withdrawn":
            found.verdicts.pop(one.key, None)
        elif one.reviewer:
            found.verdicts[one.key] = one
        elif found.by_hand.setdefault(one.key, one) != one:
            raise InputError(f"{path}: has two decisions about row {one.id}; keep one of the lines")
    return found


def check_tasks(path: Path, decisions: Iterable[Decision]) -> None:
    """Raise InputError where two rows became one task with different texts: the dataset can hold one of them."""
    rows: dict[str, Decision] = {}
    for one in decisions:
        if one.row and (other := rows.setdefault(one.row.id, one)).row != one.row:
            raise InputError(
                f"{path}: the decisions about {other.id} and {one.id} make the same task of both, with different texts; keep one of the lines"
            )


def in_order(decisions: Iterable[Decision]) -> list[Decision]:
    """Return decisions in the order of the file, which is that of a merge by row."""
    return sorted(decisions, key=lambda one: (one.id, one.before if one.reviewer else "", one.reviewer, one.decision))


def document(decision: Decision) -> dict[str, object]:
    """Return a decision as its line holds it."""
    kept: dict[str, object] = {"id": decision.id, "language": decision.language, "decision": decision.decision}
    kept |= {
        name: value
        for name in ("before", "reviewer", "reason", "note", "sample", "file", "stratum", "time")
        if (value := getattr(decision, name))
    }
    kept |= {name: row.model_dump() for name in ("row", "read") if (row := getattr(decision, name))}
    return kept | ({"overruled": [row.model_dump() for row in decision.overruled]} if decision.overruled else {})
