"""The rows of both sides, and the pairs they are matched into."""

import json
from collections.abc import Mapping
from functools import cached_property
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, cast, get_args

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from selfinstruct.dataset.diff.reviewed import Reading
from selfinstruct.dataset.release.manifest import Manifest
from selfinstruct.records import Candidate, Check, LanguageCode, Record, text_hash

Kind = Literal["removed", "changed", "rewritten", "format_only", "added", "unchanged"]
KINDS: tuple[Kind, ...] = ("removed", "changed", "rewritten", "format_only", "added")
"""Kinds of change, in order of review: losses first; `unchanged` is counted but never listed."""
Field_ = Literal[
    "language",
    "instruction",
    "input",
    "output",
    "system",
    "history",
    "reasoning",
    "tools",
    "calls",
    "unlearned",
    "source",
    "checks",
    "rejected",
    "left_out",
]
FIELDS: tuple[Field_, ...] = get_args(Field_)
BESIDE: tuple[Field_, ...] = ("system", "history", "reasoning", "tools", "calls", "unlearned", "rejected", "left_out")
"""Fields beside question and answer that change what a row teaches."""
Format = Literal["unicode", "width", "whitespace", "script"]
"""Format edits, which keep the meaning: NFC, full or half width, spaces, simplified or traditional."""


class Origin(Record):
    """Provenance of one row."""

    request: int | None = 0
    """None for a row that was added by hand."""
    position: int = 0
    model: str = ""
    topic: str = ""
    score: float | None = None
    """ROUGE-L to its nearest neighbour when it was accepted."""
    text_hash: str = ""
    """Hash of the row as the run wrote it; empty in older runs."""
    by_hand: str = ""
    """`edited` or `added`; empty for a row of the model."""
    was: str = ""
    """Id before the edit, where it changed."""


_LATER = tuple(name for name in FIELDS if name not in {"language", "instruction", "input", "output", "history"})
"""Fields that are written only where they hold something."""
_text_of = attrgetter(*FIELDS)
PLAIN = 4
"""The first fields, which a question with its answer has."""


class Entry(Record):
    """One row of one side."""

    id: str
    """Computed from the text, whatever the file states."""
    language: LanguageCode
    instruction: str
    input: str = ""
    output: str = ""
    history: str = ""
    """Earlier turns as JSON; empty when there is none."""
    system: str = ""
    reasoning: str = ""
    tools: str = ""
    """As JSON, like calls, unlearned, source and checks."""
    calls: str = ""
    unlearned: str = ""
    source: str = ""
    checks: str = ""
    rejected: str = ""
    """The worse answer of a preference pair; its better one is `output`."""
    left_out: str = ""
    """Texts of the file that no row has a place for."""
    where: str = ""
    """File and line number, or position in an array."""
    stated_id: str = Field("", exclude=True)
    """The id in the file, if it has one."""
    origin: Origin | None = Field(None, exclude=True)

    @property
    def is_edited(self) -> bool:
        """Whether its text is not the one that its run wrote."""
        stated = self.origin.text_hash if self.origin else ""
        return stated not in {"", text_hash(self.instruction, self.input, self.output)}

    @property
    def is_by_hand(self) -> bool:
        """Whether a person added or edited it, in the dataset of a run that has provenance."""
        return self.origin is None or bool(self.origin.by_hand) or self.is_edited

    @property
    def is_plain(self) -> bool:
        """Whether the row is a question and its answer alone."""
        return not any(self.text[PLAIN:])

    @cached_property
    def text(self) -> tuple[str, ...]:
        """All fields."""
        return cast(tuple[str, ...], _text_of(self))

    @model_serializer(mode="wrap")
    def _stated(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        value: dict[str, Any] = serialize(self)
        for name in _LATER:
            if name in value and not value[name]:
                del value[name]
        return value


class Side(NamedTuple):
    """One dataset as it was read."""

    name: str
    entries: tuple[Entry, ...]
    manifest: Manifest | None = None
    origins: Mapping[str, Origin] = MappingProxyType({})
    """Provenance by id, also of rows no longer in the dataset."""
    notes: tuple[str, ...] = ()
    """Notes on reading, e.g. that a path did not exist at a revision."""
    revision: str = ""
    """Git revision; empty for a path as it is now."""
    config_lock: str = ""
    """The configuration that its run wrote down, as TOML; empty without a run."""
    decided: frozenset[str] = frozenset()
    """Ids of rows that were edited, removed or added by hand, before and after."""
    apart: tuple[str, ...] = ()
    """What is not the same in files that should be the same."""
    split: Mapping[str, tuple[Entry, ...]] = MappingProxyType({})
    """Rows of the split files of each language in which they are not those of the whole file."""
    has_split: frozenset[str] = frozenset()
    """Languages with rows in split files."""
    overruled: tuple[Entry, ...] = ()
    """Rows that stand in one file while another one of them, or none, is compared: checked, and not counted."""
    reading: Reading = Reading()
    """What people read of it."""
    of_run: bool = False
    """Whether it is the dataset of a run, in which people edit."""

    def keeps(self, entry: Entry | None) -> bool:
        """Return whether a row is a person's in the dataset of a run: it stays, whichever rule it breaks."""
        return self.of_run and bool(self.origins) and entry is not None and entry.is_by_hand

    @property
    def threshold(self) -> Mapping[str, float]:
        """Thresholds that its run states, by language; empty without a run."""
        stated = self.manifest.keeping.filter.threshold if self.manifest else None
        pairs = (("en", stated.en), ("zh", stated.zh)) if stated else ()
        return {language: value for language, value in pairs if value is not None}


class Nearest(NamedTuple):
    """The row on the other side that is most like a removed or added one, though not enough to be the same, reworded."""

    entry: Entry
    score: float


class Pair(NamedTuple):
    """A row of base, a row of head, or both when they match."""

    kind: Kind
    base: Entry | None
    head: Entry | None
    fields: tuple[Field_, ...] = ()
    formats: tuple[Format, ...] = ()
    score: float | None = None
    nearest: Nearest | None = None

    @property
    def entry(self) -> Entry:
        """The row in head, or in base if it was removed."""
        found = self.head or self.base
        assert found  # noqa: S101 - a pair has at least one side
        return found

    @property
    def misnamed(self) -> bool:
        """Whether the row of head differs, and states an id that has our format and is not that of its text."""
        one = self.head if self.kind != "unchanged" else None
        return one is not None and len(one.stated_id) == len(one.id) and one.stated_id != one.id


def candidate_of(entry: Entry) -> Candidate:
    """Return a row as a candidate, for rules and evaluation sets."""
    return Candidate(
        language=entry.language,
        index=0,
        position=0,
        instruction=entry.instruction,
        input=entry.input,
        output=entry.output,
        checks=tuple(Check.model_validate(one) for one in json.loads(entry.checks)) if entry.checks else (),
    )
