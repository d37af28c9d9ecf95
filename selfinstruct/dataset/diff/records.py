"""What a diff says. The JSON face is these records and nothing else; `docs/diff.schema.json` is made from them."""

from typing import Any, Literal, NamedTuple

from selfinstruct.dataset.diff.rows import Entry, Field_, Format, Kind
from selfinstruct.records import LanguageCode, Record, Severity

Op = Literal["same", "removed", "added"]


class Change(Record):
    """One row that is not the same on both sides."""

    kind: Kind
    id: str
    """Of head, or of base when the row was removed."""
    language: LanguageCode
    base: Entry | None
    head: Entry | None
    fields: tuple[Field_, ...] = ()
    """Fields that differ in more than format, or all that differ when the edit is format only."""
    formats: tuple[Format, ...] = ()
    """Kinds of format edit that occur, whether or not there are others."""
    score: float | None = None
    """Rewritten rows: ROUGE-L of instruction and input before and after."""
    cause: str = ""


class Segment(NamedTuple):
    """A run of text that both sides have, or one of them."""

    op: Op
    text: str


class Group(Record):
    """Edits that replace the same words, in several rows."""

    edit: tuple[tuple[str, str], ...]
    """(before, after) of each place, in order."""
    rows: int
    ids: tuple[str, ...]


class NearDuplicate(Record):
    """A row that head has and base had not so, too near to another text."""

    id: str
    language: LanguageCode
    instruction: str
    against: Literal["kept", "new", "seed", "held_out"]
    """A row that was there before, another new row, a seed, or a row that is held out for measuring."""
    how: Literal["near", "exact", "overlap"] = "near"
    """A held-out row may also have the same tokens, or be covered by runs of tokens that the row shares with it."""
    other: str
    """Its id, or file and line."""
    other_text: str
    """Its instruction, or the text of the held-out row that is repeated."""
    score: float
    """ROUGE-L, or the share that is covered."""


class RuleFinding(Record):
    """A rule that a row of head breaks and that its row in base, if there is one, did not."""

    id: str
    language: LanguageCode
    rule: str
    severity: Severity
    detail: str


class Findings(Record):
    """Rules before and after, over the rows that differ: a row that is the same breaks the same rules."""

    checked: int
    """Rows of head that were checked."""
    differing: int
    """Rows of head that differ; more than `checked` when only a sample was checked."""
    by_rule: dict[str, dict[Literal["base", "head"], int]]
    introduced: tuple[RuleFinding, ...]


class Shift(Record):
    """One figure of the whole dataset before and after."""

    language: str
    """A language, or `all`."""
    measure: str
    value: str = ""
    """Which verb, topic or language a share is of."""
    base: float | None
    head: float | None
    notable: bool
    """A share that moved by 5 points or more, or a length that moved by a fifth."""


class Setting(Record):
    """A key of the configuration, or a seed or prompt file, that differs between the manifests."""

    key: str
    base: Any = None
    head: Any = None


class Cause(Record):
    """Why rows differ, and how many."""

    cause: str
    detail: str
    rows: dict[Kind, int]


class SpentTokens(Record):
    """What the teacher took, from the manifests; None where a manifest does not say."""

    prompt_tokens: tuple[int | None, int | None]
    completion_tokens: tuple[int | None, int | None]
    cost_usd: tuple[str | None, str | None]
    usd_per_row: tuple[str | None, str | None]


class Summary(Record):
    """One side in figures."""

    name: str
    rows: int
    per_language: dict[str, int]
    characters: int
    """Of all texts, what a model would be trained on."""
    fingerprint: str | None
    notes: tuple[str, ...] = ()


class Risk(Record):
    """How carefully to look, and why."""

    level: Literal["none", "low", "medium", "high"]
    reasons: tuple[str, ...]


class Gate(Record):
    """One condition of --fail-on, and whether it holds."""

    expression: str
    value: float
    failed: bool


class DatasetDiff(Record):
    """The whole diff."""

    schema_version: Literal[1] = 1
    hash: str
    """Of what changed, sides' names and places aside: it draws the sample, so that everybody reads the same rows."""
    base: Summary
    head: Summary
    counts: dict[Kind, int]
    per_language: dict[str, dict[Kind, int]]
    risk: Risk
    gates: tuple[Gate, ...] = ()
    changes: tuple[Change, ...]
    """All of them, in the order of review, then by language and id."""
    groups: tuple[Group, ...]
    near_duplicates: tuple[NearDuplicate, ...]
    findings: Findings
    shifts: tuple[Shift, ...]
    usage: SpentTokens
    settings: tuple[Setting, ...]
    causes: tuple[Cause, ...]
    sample: tuple[int, ...]
    """Positions in `changes`: what to read when there is no time to read all."""
