"""What is compared: the rows of two sides, and the pairs that they make."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from pydantic import Field

from selfinstruct.records import Candidate, LanguageCode, Record

Kind = Literal["removed", "changed", "rewritten", "format_only", "added", "unchanged"]
KINDS: tuple[Kind, ...] = ("removed", "changed", "rewritten", "format_only", "added")
"""What can become of a row, in the order of review: what is lost first; `unchanged` is counted, never listed."""
Field_ = Literal["language", "instruction", "input", "output", "history"]
FIELDS: tuple[Field_, ...] = ("language", "instruction", "input", "output", "history")
Format = Literal["unicode", "width", "whitespace", "script"]
"""How a text can differ without saying anything else: composed characters (NFC), full or half width, blanks, simplified or traditional."""


class Origin(Record):
    """What the provenance of a run knows of one row."""

    request: int = 0
    position: int = 0
    model: str = ""
    topic: str = ""
    score: float | None = None
    """ROUGE-L to its nearest neighbour when it was accepted."""
    text_hash: str = ""
    """Of the row as the run wrote it; empty in runs that are older than this."""


class Entry(Record):
    """One row of one side."""

    id: str
    """Computed from the text as the contract says, whatever the file states."""
    language: LanguageCode
    instruction: str
    input: str = ""
    output: str = ""
    history: str = ""
    """Earlier turns as JSON; empty when there is none."""
    where: str = ""
    """File and line, or position in an array."""
    stated_id: str = Field("", exclude=True)
    """The id in the file, if it has one."""
    origin: Origin | None = Field(None, exclude=True)

    @property
    def text(self) -> tuple[str, ...]:
        """All that a model would be trained on."""
        return self.language, self.instruction, self.input, self.output, self.history


class Side(NamedTuple):
    """One dataset as it was read."""

    name: str
    entries: tuple[Entry, ...]
    manifest: dict[str, Any] | None = None
    origins: Mapping[str, Origin] = MappingProxyType({})
    """Provenance by id, rows included that are not in the dataset any more."""
    notes: tuple[str, ...] = ()
    """What a reader should know of the reading, e.g. that a path did not exist at a revision."""


class Pair(NamedTuple):
    """A row of base, of head, or of both that belong together."""

    kind: Kind
    base: Entry | None
    head: Entry | None
    fields: tuple[Field_, ...] = ()
    formats: tuple[Format, ...] = ()
    score: float | None = None

    @property
    def entry(self) -> Entry:
        """The row as it is now, or as it was when it is gone."""
        found = self.head or self.base
        assert found  # noqa: S101 - a pair has at least one side
        return found


def candidate_of(entry: Entry) -> Candidate:
    """Return a row as rules and held-out sets look at it."""
    return Candidate(
        language=entry.language,
        index=0,
        position=0,
        instruction=entry.instruction,
        input=entry.input,
        output=entry.output,
    )
