"""Validation of any instruction file: the same rules that a candidate has to pass, as findings."""

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import NamedTuple

from selfinstruct.records import Candidate, LanguageCode
from selfinstruct.rules import Severity, all_broken, all_flags, repeats


class Finding(NamedTuple):
    """One defect of one row."""

    line: int
    """Line, or position in an array, from 1."""
    rule: str
    severity: Severity
    detail: str


class Checked(NamedTuple):
    """A row as validation sees it."""

    line: int
    language: LanguageCode
    instruction: str
    input: str
    output: str


def findings(
    rows: Iterable[Checked], disabled: Mapping[LanguageCode, Container[str]] | None = None
) -> Iterator[Finding]:
    """Yield every finding of every row in order, duplicates of an earlier row included."""
    seen: dict[tuple[str, str], tuple[int, str]] = {}
    for row in rows:
        candidate = Candidate(
            language=row.language, index=0, position=0, instruction=row.instruction, input=row.input, output=row.output
        )
        off = (disabled or {}).get(row.language, ())
        for rule, detail in all_broken(candidate, off):
            yield Finding(row.line, rule, "error", detail)
        for rule, detail in all_flags(candidate, off):
            yield Finding(row.line, rule, "warning", detail)
        first, output = seen.setdefault((row.instruction, row.input), (row.line, row.output))
        if first != row.line:
            yield Finding(row.line, repeats(row.output, output), "error", f"line {first} has the same task")
