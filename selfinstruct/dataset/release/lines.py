"""The lines of `provenance.jsonl` and `rejected.jsonl`: what each holds, and reading them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from selfinstruct.records import ContaminationMatch, LanguageCode, Stage
from selfinstruct.system.documents import Count, Hex, HexOrNone, Share, Stated, Word, read_lines
from selfinstruct.system.files import read_jsonl

PROVENANCE, REJECTED = "provenance.jsonl", "rejected.jsonl"
REVIEW = "review.jsonl"
"""What people decided; its lines are in `dataset/review/`, it may stand beside a file of rows."""
_REMEDY = "`selfinstruct filter` writes it again"
Scores = dict[str, int]


class Provenance(Stated):
    """One line of `provenance.jsonl`: where an accepted row comes from."""

    id: Hex
    language: LanguageCode | None = None
    request: Count | None = None
    """None for a row that was added by hand."""
    position: Count = 0
    seeds: tuple[str, ...] = ()
    topic: str = ""
    verb: str = ""
    model: str = ""
    nearest: str | None = None
    """Id of the nearest seed or row accepted before."""
    score: Share | None = None
    """ROUGE-L F-measure to it."""
    text_hash: HexOrNone = ""
    """Hash of the row as the run wrote it; empty in older runs."""
    recipe: Word | None = None
    """Where a run has several recipes, or one whose rows are proved."""
    by_code: bool = False
    """Question and answer are in the words of code alone."""
    parent: str = ""
    """Id of the row that it was evolved from or goes on."""
    operation: str = ""
    """What was made of that row: `constraint.2` is a constraint added to a row that was evolved once; or how the user went on."""
    persona: str = ""
    """Whom the teacher played in a conversation."""
    ended_by: str = ""
    """Rule that a further turn broke, which ended the conversation before it."""
    decision: Literal["", "translate", "adapt", "keep"] = ""
    """What the teacher, or code, made of a row that was translated."""
    adapted: tuple[tuple[str, str], ...] = ()
    """(before, after) of each name, unit or institution that was adapted."""
    back: Share | None = None
    """ROUGE-L of the translation, translated back, to its source; None where that was not measured."""
    judged: tuple[Scores | None, ...] = ()
    by_hand: Literal["", "edited", "added"] = ""
    was: HexOrNone = ""
    """Id before the edit, where the edit changed it."""
    flags: tuple[Word, ...] = ()
    """Rules that a row made by hand breaks; it is kept all the same."""


class Rejection(Stated):
    """One line of `rejected.jsonl`: a candidate that did not become a row, and why."""

    candidate: str
    """Its place in the run, such as `zh/12.0`; `explain` takes it."""
    language: LanguageCode
    request: Count
    position: Count
    stage: Stage
    rule: Word
    detail: str
    nearest: str | None
    """Id of the nearest seed or row accepted before."""
    nearest_text: str | None
    score: Share | None
    """ROUGE-L F-measure to it, 0 to 1."""
    held_out: ContaminationMatch | None = None
    instruction: str
    input: str
    output: str
    text: str
    """The span of the reply that it was read from."""
    judged: tuple[Scores | None, ...] = ()
    """Scores of each judgement; None for one that could not be read."""
    row: HexOrNone = ""
    """Id of a row that people took out, where its run has several recipes or one whose rows are proved."""
    recipe: Word | None = None
    """Recipe of that row."""


def read_provenance(path: Path) -> dict[str, Provenance] | None:
    """Return the provenance of a run by row id, or None without one; raises InputError for a line that does not fit."""
    return {line.id: line for line in read_lines(path, Provenance, _REMEDY)} if path.is_file() else None


def read_any_provenance(path: Path) -> tuple[dict[str, Provenance], int]:
    """Return the provenance of a run that may be older or foreign, and the number of lines that are not understood."""
    found, unknown = {}, 0
    for line in _understood(path):
        if line is None:
            unknown += 1
        else:
            found[line.id] = line
    return found, unknown


def read_rejections(path: Path) -> list[Rejection] | None:
    """Return the rejected candidates of a run, or None without the file; raises InputError for a line that does not fit."""
    return list(read_lines(path, Rejection, _REMEDY)) if path.is_file() else None


def recipes_by_row(provenance: Mapping[str, Provenance], rejected: Path) -> dict[str, str]:
    """Return {id as it was made: recipe} of all rows, also of those that people edited or took out; what is not understood is passed over."""
    edited = {line.was: line.recipe for line in provenance.values() if line.was and line.recipe}
    lines = (value for _, value in read_jsonl(rejected, lambda _: None)) if rejected.is_file() else ()
    taken_out = {str(value["row"]): str(value["recipe"]) for value in lines if value.get("row") and value.get("recipe")}
    return taken_out | edited | {name: line.recipe for name, line in provenance.items() if line.recipe}


def _understood(path: Path) -> Iterator[Provenance | None]:
    for _, value in read_jsonl(path) if path.is_file() else ():
        try:
            yield Provenance.model_validate(value)
        except ValidationError:
            yield None
