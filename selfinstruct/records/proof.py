"""What a row is grounded in, and what proved it."""

from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer

JsonObject = dict[str, Any]


_FIELDS: dict[frozenset[str], set[str]] = {}


class Record(BaseModel):
    """Base of all records: immutable, no unknown field."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def model_post_init(self, _: Any) -> None:
        """Share the set of fields that were given with all records of which the same were: of a row it takes more memory than the row."""
        given = self.__pydantic_fields_set__
        object.__setattr__(self, "__pydantic_fields_set__", _FIELDS.setdefault(frozenset(given), given))


class Source(Record):
    """What a row was made from."""

    document: str = ""
    """Name of the document that it is grounded in."""
    span: tuple[int, int] | None = None
    """Characters of the document that prove the answer: (first, one after the last), from 0."""
    parent: str = ""
    """Id of the row that it was evolved from or goes on."""
    translation_of: str = ""
    """Id of the row, in the other language, that it is a translation of."""
    text_hash: str = ""
    """16 hex digits of exactly what was translated, so that a later edit of that row shows."""

    @model_serializer(mode="wrap")
    def _stated(self, serialize: SerializerFunctionWrapHandler) -> JsonObject:
        return {name: value for name, value in serialize(self).items() if value}


class Check(Record):
    """What proved a row, so that it can be proved again."""

    kind: str
    """Name of a kind of provable task."""
    arguments: JsonObject = {}
    span: tuple[int, int] | None = None
    """Characters of the input that hold the answer: (first, one after the last), from 0."""

    @model_serializer(mode="wrap")
    def _stated(self, serialize: SerializerFunctionWrapHandler) -> JsonObject:
        return {name: value for name, value in serialize(self).items() if value is not None}


class Drawn(Record):
    """A task that code drew and the teacher has yet to word, write or answer."""

    kind: str
    level: Literal[1, 2] = 1
    instruction: str = ""
    """In the words of its kind; or the condition that is added to the teacher's task."""
    input: str = ""
    output: str = ""
    checks: tuple[Check, ...] = ()
    kept: tuple[str, ...] = ()
    """What another wording of the instruction must hold word for word."""
    details: tuple[tuple[str, str], ...] = ()
    """(name, value) of what a text that is asked for must hold."""
    example: tuple[tuple[tuple[str, str], ...], str] | None = None
    """Details and text that such a text was shown with."""
    passage: str = ""
    """The text of a document that a question is asked on."""
    source: Source | None = None
    system: str = ""
    history: tuple[tuple[str, str], ...] = ()
    """Earlier turns of the row that is evolved or goes on."""
    turns: int = 0
    """Turns that are to follow such a row."""
    persona: str = ""
    """Who asks on."""
    reasoning: str = ""
    """What was thought before the answer of a row that is translated."""
    part_bytes: int = 0
    """Most bytes of its texts in one request, where it is too long for one; 0: one request holds it whole."""

    @model_serializer(mode="wrap")
    def _stated(self, serialize: SerializerFunctionWrapHandler) -> JsonObject:
        return {name: value for name, value in serialize(self).items() if value}


class Comparable(Protocol):
    """What a near-duplicate is looked for by."""

    @property
    def instruction(self) -> str:
        """The question."""

    @property
    def input(self) -> str:
        """The text that it is about."""

    @property
    def history(self) -> tuple[tuple[str, str], ...]:
        """Earlier (user, assistant) turns."""

    @property
    def checks(self) -> tuple[Check, ...]:
        """What proves it."""

    @property
    def source(self) -> Source | None:
        """What it was made from."""


def compared_text(task: Comparable) -> str:
    """Return what the near-duplicate filter compares of a task: its instruction.

    Of a computed task, whose frames recur, its input too; of a conversation that goes on from a row, all questions after the first,
    which is that of the row.
    """
    if task.input and task.checks and task.source is None:
        return f"{task.instruction}\n{task.input}"
    if task.history and task.source and task.source.parent:
        return "\n".join([*(question for question, _ in task.history[1:]), task.instruction])
    return task.instruction
