"""Three-way merge of JSON lines by row id: a conflict only where both branches edited the same row.

Lines are kept byte for byte and sorted by id.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from selfinstruct.records import row_id

_NAME = re.compile(r"[\w.-]+")
"""A field name that is no more than one."""
Rows = dict[str, tuple[str, ...]]
"""Id -> its lines; more than one when rows share an id."""


class NotRowsError(ValueError):
    """A text that is not JSON lines of rows: a broken line, or one without id and instruction."""


class Merged(NamedTuple):
    """The result of a merge."""

    text: str
    """Merged lines, with conflict markers around each row that both sides edited."""
    conflicts: tuple[str, ...]
    """Ids of these rows."""


def merge(
    base: str, ours: str, theirs: str, names: tuple[str, str] = ("ours", "theirs"), *, prefers_ours: bool = False
) -> Merged:
    """Return the merge of three texts of JSON lines; raises NotRowsError when one is something else.

    A row that one side edited, added or removed is taken from there; what both did alike is taken once. Everything else that both
    touched is a conflict, and neither version of it is lost; with `prefers_ours`, ours is taken instead, or theirs where we have none.
    """
    sides = [rows_of(text) for text in (base, ours, theirs)]
    lines: list[str] = []
    conflicts: list[str] = []
    for identifier in sorted({*sides[1], *sides[2]}):
        before, mine, other = (side.get(identifier, ()) for side in sides)
        chosen = _chosen(before, mine, other)
        if chosen is None and prefers_ours:
            lines += mine or other
        elif chosen is None:
            conflicts.append(identifier)
            lines += [f"<<<<<<< {names[0]}", *mine, "=======", *other, f">>>>>>> {names[1]}"]
        else:
            lines += chosen
    return Merged("".join(f"{line}\n" for line in lines), tuple(conflicts))


def _chosen(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Sequence[str] | None:
    """Return the merged lines of a row, or None when both sides edited it."""
    before, mine, other = (_meanings(lines) for lines in (base, ours, theirs))
    if other in (mine, before):
        return ours
    return theirs if mine == before else None


def rows_of(text: str) -> Rows:
    """Return {id: lines} of a text; the id is the stated one, or else computed from the row's text."""
    found: dict[str, list[str]] = {}
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if line.strip():
            found.setdefault(_id(line, number), []).append(line)
    return {identifier: tuple(lines) for identifier, lines in found.items()}


def readable(text: str, *, half_merged: bool = False) -> str:
    """Return rows as `git diff` shows them: one field per line, unescaped, in the file's order.

    In a text that is half merged, conflict markers and what else holds no row stay as they are. Raises NotRowsError for any other that is not rows.
    """
    if half_merged:
        return "\n".join(_readable_or_as_it_is(line) for line in text.split("\n") if line.strip())
    return "\n".join(_readable(json.loads(line)) for lines in rows_of(text).values() for line in lines)


def _readable_or_as_it_is(line: str) -> str:
    try:
        return "".join(_readable(json.loads(one)) for lines in rows_of(line).values() for one in lines)
    except NotRowsError:
        return f"{line}\n"


def _readable(row: Mapping[str, Any]) -> str:
    lines: list[str] = []
    for name, value in row.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        first, *rest = text.split("\n")
        named = (
            name if _NAME.fullmatch(name) else json.dumps(name)
        )  # a line break or a colon would look like another field
        lines += [f"{named}: {first}", *(f"    {line}" for line in rest)]
    return "\n".join(lines) + "\n"


def _id(line: str, number: int) -> str:
    try:
        value = json.loads(line)
        json.dumps(value)  # what reads just so may be nested too deeply to be written
    except (ValueError, RecursionError) as error:
        raise NotRowsError(f"line {number} is not JSON") from error
    if not isinstance(value, dict):
        raise NotRowsError(f"line {number} is not an object")
    if isinstance(value.get("id"), str):
        return _of_reviewer(value) or str(value["id"])
    instruction, given = value.get("instruction"), value.get("input") or ""
    if not isinstance(instruction, str) or not isinstance(given, str):
        raise NotRowsError(f"line {number} has neither an id nor an instruction")
    return row_id(str(value.get("language") or ""), instruction, given)


def _of_reviewer(value: Mapping[str, Any]) -> str:
    """Return what tells a reviewer's verdict from all others in `review.jsonl`: two people who read one row are no conflict."""
    parts = [value.get(name) for name in ("id", "before", "reviewer")]
    return "/".join(map(str, parts)) if value.get("reviewer") and isinstance(value.get("decision"), str) else ""


def _meanings(lines: Iterable[str]) -> list[str]:
    """Return lines as canonical JSON, sorted, so that key order does not matter."""
    return sorted(json.dumps(json.loads(line), sort_keys=True) for line in lines)
