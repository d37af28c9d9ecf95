"""Validation of any instruction file: the same rules that a candidate has to pass, as findings."""

from collections.abc import Container, Iterable, Iterator
from typing import Literal, NamedTuple

from selfinstruct.records import Candidate, LanguageCode
from selfinstruct.rules import all_broken


class Finding(NamedTuple):
    """One defect of one row."""

    line: int
    """Line, or position in an array, from 1."""
    rule: str
    severity: Literal["error", "warning"]
    detail: str


class Checked(NamedTuple):
    """A row as validation sees it."""

    line: int
    language: LanguageCode
    instruction: str
    input: str
    output: str


def findings(rows: Iterable[Checked], disabled: Container[str] = ()) -> Iterator[Finding]:
    """Yield every finding of every row in order, duplicates of an earlier row included."""
    seen: dict[tuple[str, str], tuple[int, str]] = {}
    for row in rows:
        candidate = Candidate(
            language=row.language, index=0, position=0, instruction=row.instruction, input=row.input, output=row.output
        )
        for rule, detail in all_broken(candidate, disabled):
            yield Finding(row.line, rule, "error", detail)
        first, output = seen.setdefault((row.instruction, row.input), (row.line, row.output))
        if first != row.line:
            how = "the same answer" if output == row.output else "another answer"
            yield Finding(row.line, "duplicate", "error", f"stands on line {first} too, with {how}")
