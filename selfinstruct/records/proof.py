"""What a row is grounded in, and what proved it."""

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer

JsonObject = dict[str, Any]


class Record(BaseModel):
    """Base of all records: immutable, no unknown field."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Record):
    """What a row was made from."""

    document: str = ""
    """Name of the document that it is grounded in."""
    span: tuple[int, int] | None = None
    """Characters of the document that prove the answer: (first, one after the last), from 0."""
    parent: str = ""
    """Id of the row that it was evolved from or goes on."""
    translated_from: str = ""
    """Id of the row, in the other language, that it is a translation of."""

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

    @model_serializer(mode="wrap")
    def _stated(self, serialize: SerializerFunctionWrapHandler) -> JsonObject:
        return {name: value for name, value in serialize(self).items() if value}


def compared_text(instruction: str, input_text: str, checks: Iterable[Check], source: Source | None) -> str:
    """Return what the near-duplicate filter compares of a task: its instruction; of a computed task, whose frames recur, its input too."""
    return f"{instruction}\n{input_text}" if input_text and any(checks) and source is None else instruction
