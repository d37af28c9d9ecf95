"""What `filter INPUT` does to rows before any two are compared: repairs, and the rules that `validate` applies."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from selfinstruct.dataset.io.every_fault import read_rows
from selfinstruct.dataset.io.loaded import Loaded
from selfinstruct.dataset.io.names import no_answer
from selfinstruct.dataset.io.parse import Unreadable, load_each, read_row
from selfinstruct.dataset.tools.repair import Repaired, repaired
from selfinstruct.dataset.tools.validate import Disabled, checked, refuse_seed
from selfinstruct.language.guess import guess_language
from selfinstruct.quality.findings import Finding, Review
from selfinstruct.records.place import place

_EVERY = 1000
"""Rows between two progress calls."""


class ReadRow(NamedTuple):
    """A row as it is judged, and as it stands in the file."""

    row: Loaded
    original: Any
    repair: Repaired = Repaired({}, ())
    unreadable: dict[str, Any] = {}  # noqa: RUF012 - a NamedTuple, and never changed
    """Why it is no row at all (rule and detail), as it is written to the dropped file; only where rows are repaired."""

    def as_dropped(self) -> dict[str, Any]:
        """Return what the dropped file has of it: the row as it stood, and as it was judged after repairs; or the text of a line that is not JSON, or the beginning of one that is too large."""
        if self.repair.done:
            return {"row": self.original, "repaired": self.row.value}
        return {"text" if self.unreadable.get("rule") in {"not_json", "too_large"} else "row": self.original}


class Reviewed(NamedTuple):
    """What the rules say of a file."""

    rejected: dict[int, dict[str, Any]]
    """{line: rule and detail of the first error}, as they are written to the dropped file."""
    warnings: Counter[str]
    """{rule: rows without an error that it flags}."""
    noticed: tuple[Finding, ...]
    """Warnings about many rows together."""
    rows: int | None = None
    """Rows that the rules have seen; None without rules."""


def rows_of(path: Path, *, fix: bool) -> Iterator[ReadRow]:
    """Yield the rows of a file, repaired if that is asked for, and then also what is no row; a row needs no answer to be read."""
    marked = set[int]()
    for row in load_each(path, marked) if fix else read_rows(path, needs_answer=False):
        if isinstance(row, Unreadable):
            yield _unreadable(row)
            continue
        if not fix:
            yield ReadRow(row, row.value)
            continue
        repair = repaired(row.value, marked=row.line in marked)
        marked.clear()
        mended = read_row(row.line, repair.value, place(path, row.line), needs_answer=False) if repair.done else row
        yield ReadRow(mended, row.value, repair)


def _unreadable(found: Unreadable) -> ReadRow:
    """Return what is no row as one without texts, in the language that it seems to be written in."""
    row = Loaded(found.line, {}, "", "", "", guess_language(str(found.value)))
    return ReadRow(row, found.value, unreadable={"rule": found.rule, "detail": found.detail})


def review(
    path: Path, disabled: Disabled | None, *, fix: bool, progress: Callable[[int], None] = lambda _: None
) -> Reviewed:
    """Return what the rules say of each row; nothing when `disabled` is None, which asks for no rules at all."""
    found = Reviewed({}, Counter(), ())
    if disabled is None:
        return found
    rules, number = Review(disabled, ignores_broken=True), 0
    for number, (row, original, _, unreadable) in enumerate(rows_of(path, fix=fix), 1):
        if not unreadable:
            refuse_seed(str(path), row.line, original)
            _note(found, row, rules.of(checked(row)))
        if not number % _EVERY:
            progress(number)
    many = list(rules.of_many())
    found.rejected.update({one.line: _reason(one) for one in many if one.severity == "error"})
    return found._replace(noticed=tuple(one for one in many if one.severity == "warning"), rows=number)


def _note(found: Reviewed, row: Loaded, findings: list[Finding]) -> None:
    error = next((one for one in findings if one.severity == "error"), None)
    if error and error.rule == "empty_output" and not row.fields[2]:
        found.rejected[row.line] = {"rule": "not_a_row", "detail": no_answer(row.fields[0])}
    elif error:
        found.rejected[row.line] = _reason(error)
    else:
        found.warnings.update({one.rule for one in findings})


def _reason(error: Finding) -> dict[str, Any]:
    return {"rule": error.rule, "detail": error.detail}
