"""Validation and repair of instruction files and of rows in memory: records, mappings or a pandas DataFrame."""

import json
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple, Protocol, runtime_checkable

from selfinstruct.dataset.io.context import defect_of_checks
from selfinstruct.dataset.io.every_fault import read_rows
from selfinstruct.dataset.io.folders import apart, dataset_files, files_in, not_read
from selfinstruct.dataset.io.json_stream import counting_nan
from selfinstruct.dataset.io.loaded import Loaded
from selfinstruct.dataset.io.parse import read_row
from selfinstruct.dataset.io.write import save
from selfinstruct.dataset.tools.counts import most_first
from selfinstruct.dataset.tools.repair import repaired
from selfinstruct.errors import ConfigError, InputError
from selfinstruct.quality.findings import Checked, Finding, findings
from selfinstruct.records import LanguageCode, Row
from selfinstruct.records.place import RowNumber, place, unit_of

Disabled = Mapping[LanguageCode, Container[str]]
Source = Path | Iterable[Row | Mapping[str, Any]] | Any
"""A file, a dataset folder, a run directory, or rows in memory."""


@runtime_checkable
class Table(Protocol):
    """What this module knows of a pandas DataFrame, without loading pandas."""

    columns: Any

    def astype(self, kind: Any) -> Any:
        """Return it with columns of another type."""

    def notna(self) -> Any:
        """Return where there is a value."""


class FileFinding(NamedTuple):
    """One defect of one row, with its file."""

    file: str
    """Path; empty for rows in memory."""
    finding: Finding

    def document(self) -> dict[str, Any]:
        """Return the finding as `--json` prints it."""
        return self.finding._asdict() | {
            "unit": unit_of(self.finding.line),
            "fixable": self.finding.fixable,
            "file": self.file,
        }


class Validation(NamedTuple):
    """The findings of the rules on some rows."""

    rows: int
    findings: tuple[FileFinding, ...]
    notes: tuple[str, ...] = ()
    """What of a folder is not read."""

    @property
    def errors(self) -> int:
        """Number of findings that are errors."""
        return sum(one.finding.severity == "error" for one in self.findings)

    @property
    def warnings(self) -> int:
        """Number of findings that are warnings."""
        return len(self.findings) - self.errors

    def document(self) -> dict[str, Any]:
        """Return the result as `--json` prints it."""
        found = {"rows": self.rows, "findings": [one.document() for one in self.findings]}
        return found | ({"notes": list(self.notes)} if self.notes else {})


class Repairs(NamedTuple):
    """The repairs made in a file."""

    output: Path
    rows: int
    changes: tuple[dict[str, Any], ...]
    """file, line, field and rule of each repair."""
    rules: Counter[str]
    """{rule: number of rows that it changed}."""
    taken_out: Mapping[str, int] = {}
    """{code point: how often it was taken out}, of characters without width."""
    soft_hyphens: int = 0
    """Soft hyphens that are left."""
    notes: tuple[str, ...] = ()
    """What of a folder is not read."""
    nan: int = 0
    """Values that are NaN in the file, which JSON does not have: they are written as null."""

    @property
    def changed(self) -> int:
        """Number of rows that were changed."""
        return len({(change["file"], change["line"]) for change in self.changes})


def validate(source: Source, disabled: Disabled | None = None) -> Validation:
    """Return every finding; raises InputError for an unreadable file and RecordError for an invalid row."""
    loaded = _load(source) if isinstance(source, Path) else _read(source)
    found: list[FileFinding] = []
    only_split = _only_in_splits(source, loaded) if isinstance(source, Path) and source.is_dir() else ()
    for file, rows in groupby((*loaded, *only_split), key=lambda one: one[0]):
        found += [FileFinding(file, one) for one in findings((checked(row) for _, row in rows), disabled)]
    return Validation(len(loaded), tuple(found), _notes(source))


def repair(path: Path, output: Path) -> Repairs:
    """Write the repaired rows of a file or folder to another file; raises ConfigError when that is an input."""
    with counting_nan() as nan:
        loaded = _load_marked(path)
    if any(output.exists() and output.samefile(file) for file in (path, *(Path(file) for file, _, _ in loaded))):
        raise ConfigError(f"--output {output}: is the file that is read; name another one, INPUT is never written to")
    values, rules, changes = [], Counter[str](), []
    taken_out, soft_hyphens = Counter[str](), 0
    for file, row, marked in loaded:
        one = repaired(row.value, marked=marked)
        values.append(one.value)
        rules.update({rule for _, rule in one.done})
        taken_out.update(one.taken_out)
        soft_hyphens += one.soft_hyphens
        changes += [
            {"file": file, "line": row.line, "unit": unit_of(row.line), "field": field, "rule": rule}
            | ({"detail": detail} if detail else {})
            for (field, rule), detail in zip(one.done, one.details, strict=True)
        ]
    save(output, values)
    return Repairs(
        output, len(values), tuple(changes), rules, most_first(taken_out), soft_hyphens, _notes(path), nan.total()
    )


def _notes(source: Source) -> tuple[str, ...]:
    if not isinstance(source, Path) or not source.is_dir():
        return ()
    differing = (one.said(of_both=True) for one in apart(source))
    return tuple(f"{source}: {what}" for what in (*differing, *not_read(source, dataset_files(source))))


def _load(path: Path) -> list[tuple[str, Loaded]]:
    return [(file, row) for file, row, _ in _load_marked(path)]


def _only_in_splits(folder: Path, loaded: Sequence[tuple[str, Loaded]]) -> Iterator[tuple[str, Loaded]]:
    """Yield (file, row) of each row of the split files that stands in no whole file: who reads these files is given it."""
    differing = tuple(apart(folder))
    known = {_content(row) for _, row in loaded} if differing else set()
    for file in (path for one in differing for path in one.split):
        yield from ((str(file), row) for row in read_rows(file) if _content(row) not in known)


def _content(row: Loaded) -> str:
    return json.dumps(row.value, sort_keys=True)


def _load_marked(path: Path) -> list[tuple[str, Loaded, bool]]:
    """Return (file, row, whether its line began with a byte order mark) of each row of a file or folder."""
    found = []
    for file in files_in(path):
        marked = set[int]()
        found += [(str(file), row, row.line in marked) for row in read_rows(file, marked)]
    for name, row, _ in found:
        refuse_seed(name, row.line, row.value)
    return found


def refuse_seed(file: str, line: int, value: Mapping[str, Any]) -> None:
    """Raise InputError for a seed task, which has no answer of its own."""
    if "instances" in value and "output" not in value:
        raise InputError(
            f"{place(file, line)}: has `instances`: a seed task, not a row; `selfinstruct seeds {file}` checks seeds"
        )


def _read(rows: Iterable[Row | Mapping[str, Any]]) -> Sequence[tuple[str, Loaded]]:
    if isinstance(rows, Table):
        rows = rows.astype(object).where(rows.notna(), None).to_dict("records")
    values = (row.model_dump(mode="json") if isinstance(row, Row) else row for row in rows)
    return [("", read_row(RowNumber(number), value, f"rows[{number - 1}]")) for number, value in enumerate(values, 1)]


def checked(row: Loaded) -> Checked:
    """Return a row as the rules read it."""
    return Checked(
        row.line,
        row.language,
        row.instruction,
        row.input,
        row.output,
        row.later,
        row.defect,
        row.context,
        row.fields,
        row.around,
        row.answered_by_call,
        (row.pairs[-1][2], row.rejected) if row.rejected else None,
        tuple(message for _, message in row.calls),
        row.tools,
        "" if (stated := row.value.get("id")) is None else str(stated),
        row.checks,
        defect_of_checks(row.value) if "checks" in row.value else "",
    )
