"""One row of a file explained: its fields, what each rule says of it, what that rule is, and the scores of the classifier.

The findings are those of `validate`, which looks at the whole file: duplicates and repeated answers need the other rows.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from selfinstruct.dataset.io.folders import files_in
from selfinstruct.dataset.io.loaded import Loaded
from selfinstruct.dataset.io.parse import load_each
from selfinstruct.dataset.tools.validate import Disabled, checked, refuse_seed
from selfinstruct.errors import InputError, RecordError
from selfinstruct.quality.classifier import HEADS, scored
from selfinstruct.quality.findings import Finding, findings
from selfinstruct.quality.rules import MALFORMED_CHECKS, RULES, describe
from selfinstruct.records import Candidate, LanguageCode, Severity
from selfinstruct.records.place import place, unit_of
from selfinstruct.system.faces import cut

SHOWN = 300
"""Characters of a field that are shown."""
_WITHOUT_DOCSTRING: dict[str, tuple[str, str]] = {
    "duplicate": (
        "An earlier row has the same instruction, input and answer.",
        "Self-Instruct, prepare_for_finetuning.py",
    ),
    "conflicting_answers": (
        "An earlier row has the same instruction and input, and another answer.",
        "Self-Instruct, prepare_for_finetuning.py",
    ),
    "repeated_answer": ("Ten different questions or more have this answer.", "our own"),
    "repeated_id": ("An earlier row has the same id and other texts.", "our own"),
    MALFORMED_CHECKS: ("`checks` in another form than ours, which prove nothing.", "our own"),
    "turns_out_of_order": ("Turns of a conversation that do not alternate, or begin or end wrongly.", "our own"),
    "malformed_call": ("Tool call whose arguments are no JSON object.", "OpenAI, API reference of tool calls"),
    "unknown_tool": ("Call of a tool that the row does not have.", "OpenAI, API reference of tool calls"),
    "same_answers": ("Preference pair whose two answers say the same.", "our own"),
    "entities": (
        "`&amp;`, `&#39;` or another entity where no markup is meant; `--fix` undoes it.",
        "AlpacaDataCleaned, defect 10",
    ),
    "not_nfc": ("Text whose characters are not composed (NFC); `--fix` repairs it.", "Unicode, UAX 15"),
    "stray_whitespace": ("Line ends of other systems, or blanks around a text; `--fix` repairs it.", "our own"),
}
"""What is found while a file is read, and by no rule with a docstring: what it is, and its source."""


class FieldShown(NamedTuple):
    """A text of the row."""

    name: str
    text: str
    """Its first SHOWN characters."""
    characters: int


class RuleSaid(NamedTuple):
    """A rule that speaks."""

    rule: str
    severity: Severity
    detail: str
    defect: str
    """What the rule finds: the first sentence of its docstring."""
    source: str


class LearnedScore(NamedTuple):
    """What one head of the classifier says of the row, whether its rule speaks or not."""

    rule: str
    score: float
    """Log-odds of the defect."""
    threshold: float
    speaks: bool
    """Whether the rule speaks. It may below the threshold, by a stock phrase; and be silent above it, where it does not ask the classifier."""


class RowExplanation(NamedTuple):
    """One row, and why it is sound or not."""

    file: str
    line: int
    language: LanguageCode
    fields: tuple[FieldShown, ...]
    rules: tuple[RuleSaid, ...]
    scores: tuple[LearnedScore, ...]

    @property
    def errors(self) -> int:
        """Number of findings that are errors."""
        return sum(one.severity == "error" for one in self.rules)

    def document(self) -> dict[str, Any]:
        """Return the explanation as `--json` prints it."""
        parts = {name: [one._asdict() for one in getattr(self, name)] for name in ("fields", "rules", "scores")}
        head = {"file": self.file, "line": self.line, "unit": unit_of(self.line), "language": self.language}
        return head | {name: parts[name] for name in ("fields", "rules", "scores")}


def explain_row(path: Path, line: int, disabled: Disabled | None = None) -> RowExplanation:
    """Return what the rules say of the row at a line, or at a position where rows have no lines.

    Raises InputError when there is no row, and RecordError when it cannot be read; other lines that are no rows are passed over.
    """
    file, disabled = _one_file(path), disabled or {}
    rows = list(_rows(file, line))
    for one in rows:
        refuse_seed(str(file), one.line, one.value)
    row = next((one for one in rows if one.line == line), None)
    if row is None:
        raise InputError(_no_row(file, line, rows))
    found = [one for one in findings(map(checked, rows), disabled) if one.line == line]
    found.sort(key=lambda one: one.severity != "error")
    scores = tuple(_score(row, head, {one.rule for one in found}) for head in HEADS)
    return RowExplanation(str(file), row.line, row.language, _fields(row), tuple(map(_said, found)), scores)


def _rows(file: Path, line: int) -> Iterator[Loaded]:
    for one in load_each(file, needs_answer=True):
        if isinstance(one, Loaded):
            yield one
        elif one.line == line:
            raise RecordError(f"{place(file, line)}: {one.detail}")


def _one_file(path: Path) -> Path:
    """Return the file that is meant; a folder has to hold one only, since each file counts its own lines."""
    files = files_in(path)
    if len(files) == 1:
        return files[0]
    names = ", ".join(map(str, files[:5])) or "none"
    raise InputError(f"{path}: a line is one of one file; give a file instead of the folder (found: {names})")


def _no_row(file: Path, line: int, rows: list[Loaded]) -> str:
    if not rows:
        return f"{place(file, line)}: there is no row here: the file holds none; give a file with rows"
    unit = unit_of(rows[0].line)
    what = f"its {len(rows)} rows are {unit}s {rows[0].line} to {rows[-1].line}"
    gap = "; this one is blank" if rows[0].line < line < rows[-1].line else ""
    return f"{file}, {unit} {line}: there is no row here: {what}{gap}; give --explain one of them"


def _fields(row: Loaded) -> tuple[FieldShown, ...]:
    texts = (row.instruction, row.input, row.output, *(text for pair in row.later for text in pair))
    named = [*zip(row.fields, texts, strict=True), *row.around]
    return tuple(FieldShown(name, cut(text, SHOWN), len(text)) for name, text in named if name and text)


def _said(found: Finding) -> RuleSaid:
    if found.rule in RULES:
        said = describe(RULES[found.rule])
        defect, source = said.defect, said.source
    else:
        defect, source = _WITHOUT_DOCSTRING.get(found.rule, ("", ""))
    return RuleSaid(found.rule, found.severity, found.detail, defect, source)


def _score(row: Loaded, head: str, speaking: set[str]) -> LearnedScore:
    texts = {"instruction": row.instruction, "input": row.input, "output": row.output}
    score, threshold = scored(head, Candidate(language=row.language, index=0, position=0, **texts))
    return LearnedScore(head, round(score, 3), threshold, head in speaking)
