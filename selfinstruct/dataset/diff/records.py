"""Records of a diff. The JSON output is these records; `docs/diff.schema.json` is generated from them."""

from typing import Any, Literal, NamedTuple

from selfinstruct.dataset.diff.rows import Entry, Field_, Format, Kind
from selfinstruct.dataset.release.reviewed import Reviewed
from selfinstruct.records import LanguageCode, Record, Severity

Op = Literal["same", "removed", "added"]


class NearestRow(Record):
    """The added row that is most like a removed one, or the other way round; not enough to be the same row, reworded."""

    id: str
    instruction: str
    score: float
    """ROUGE-L between both instructions with inputs, above 0.5 and under 0.7."""


class Change(Record):
    """One row that differs between the two sides."""

    kind: Kind
    id: str
    """Id in head, or in base for a removed row."""
    language: LanguageCode
    base: Entry | None
    head: Entry | None
    fields: tuple[Field_, ...] = ()
    """Fields with more than format edits, or all differing fields of a format-only change."""
    formats: tuple[Format, ...] = ()
    """Kinds of format edit found, with or without other edits."""
    score: float | None = None
    """For rewritten rows: ROUGE-L between old and new instruction with input."""
    nearest: NearestRow | None = None
    """For removed and added rows: what may stand in its place."""
    cause: str = ""
    said: str = ""
    """Who rejected or edited it in review, and why."""


class Segment(NamedTuple):
    """A piece of text in both sides, or in one."""

    op: Op
    text: str


class Group(Record):
    """The same edit in several rows."""

    edit: tuple[tuple[str, str], ...]
    """(before, after) of each edited place, in order."""
    rows: int
    ids: tuple[str, ...]


class NearDuplicate(Record):
    """A newly near-duplicate row in head."""

    id: str
    language: LanguageCode
    instruction: str
    against: Literal["kept", "new", "seed", "held_out"]
    """What it is near to: a kept row, another new row, a seed, or an evaluation example."""
    how: Literal["near", "exact", "overlap"] = "near"
    """For an evaluation example: near, equal tokens (exact), or shared runs of tokens (overlap)."""
    other: str
    """Id of the other row, or file and line."""
    other_text: str
    """Instruction of the other row, or the repeated text of the evaluation example."""
    score: float
    """ROUGE-L, or the share of tokens covered, 0 to 1."""


class RuleFinding(Record):
    """A rule that a row of head breaks and its row in base did not."""

    id: str
    language: LanguageCode
    rule: str
    severity: Severity
    detail: str
    by_hand: bool = False
    """Whether a person made or edited the row in the dataset of a run, which keeps it, flagged, and does not reject it."""


class Findings(Record):
    """Rule findings before and after, on differing rows; equal rows break the same rules."""

    checked: int
    """Rows of head that were checked."""
    differing: int
    """Rows of head that differ; more than `checked` when only a sample was."""
    by_rule: dict[str, dict[Literal["base", "head"], int]]
    introduced: tuple[RuleFinding, ...]


class Shift(Record):
    """One statistic of the whole dataset before and after."""

    language: str
    """Language code, or `all`."""
    measure: str
    value: str = ""
    """The verb, topic or language that a share is of."""
    base: float | None
    head: float | None
    notable: bool
    """Whether a share moved by 5 percentage points, or a length by a fifth."""


class Setting(Record):
    """A configuration key or source file that differs between two sides."""

    key: str
    base: Any = None
    head: Any = None


class Cause(Record):
    """A cause of differences, with the number of rows by kind."""

    cause: str
    detail: str
    rows: dict[Kind, int]


class SpentTokens(Record):
    """The teacher's tokens and cost (base, head), from the manifests; None when not recorded."""

    prompt_tokens: tuple[int | None, int | None]
    completion_tokens: tuple[int | None, int | None]
    cost_usd: tuple[str | None, str | None]
    usd_per_row: tuple[str | None, str | None]
    cny_per_usd: str | None = None
    """Rate by which costs are shown in CNY too."""


class Summary(Record):
    """Statistics of one side."""

    name: str
    rows: int
    per_language: dict[str, int]
    characters: int
    """Characters of all texts of the rows."""
    fingerprint: str | None
    notes: tuple[str, ...] = ()


class Risk(Record):
    """Risk level of the change, with reasons."""

    level: Literal["none", "low", "medium", "high"]
    reasons: tuple[str, ...]


class Gate(Record):
    """The result of one `--fail-on` condition."""

    expression: str
    value: float
    """Rows, or per cent of BASE where the expression is in per cent."""
    failed: bool

    @property
    def measured(self) -> str:
        """The value as the expression states it: a number, or per cent."""
        return f"{self.value:.4g}%" if self.expression.endswith("%") else f"{self.value:g}"


class DatasetDiff(Record):
    """The whole diff."""

    schema_version: Literal[1] = 1
    hash: str
    """Hash of the changes, without names and file positions; it seeds the sample, the same for every reader."""
    base: Summary
    head: Summary
    counts: dict[Kind, int]
    per_language: dict[str, dict[Kind, int]]
    replaced: int = 0
    """Removed rows with a similar added row, `nearest`; they count as removed, and it as added."""
    risk: Risk
    gates: tuple[Gate, ...] = ()
    changes: tuple[Change, ...]
    """All changes, by kind in review order, then by language and id."""
    groups: tuple[Group, ...]
    near_duplicates: tuple[NearDuplicate, ...]
    findings: Findings
    shifts: tuple[Shift, ...]
    usage: SpentTokens
    settings: tuple[Setting, ...]
    """What differs between the manifests of the two runs."""
    gate_settings: tuple[Setting, ...] = ()
    """Rules, thresholds, evaluation sets and seeds that HEAD's own settings would change; BASE's were used."""
    causes: tuple[Cause, ...]
    reviewed: dict[str, Reviewed] = {}  # noqa: RUF012 - pydantic copies it
    """What people read of head: all rows, a language, a recipe in it."""
    sample: tuple[int, ...]
    """Positions in `changes` of the rows to read first."""
