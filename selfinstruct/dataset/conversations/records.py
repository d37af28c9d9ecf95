"""What a conversation is while it is cleaned: turns with their numbers, what became of each, and exchanges of question and answer."""

from typing import Any, Literal, NamedTuple

from selfinstruct.dataset.io.turns import Turn
from selfinstruct.records import JsonObject, LanguageCode

TurnLanguage = Literal["en", "zh", "mixed", "other", "none"]
"""Of a turn: `mixed` has both, `other` is neither, `none` has no words outside code."""


class Said(NamedTuple):
    """One turn of the file."""

    number: int
    """From 1, in the order of the conversation."""
    turn: Turn
    original: Any
    """As it stands in the file."""
    cut_off: str = ""
    """What says, beside the text, that an answer was cut off: `length` of a `finish_reason`."""
    defect: str = ""
    """Why it is no turn; its text is then empty."""
    mended: tuple[str, ...] = ()
    """Names of what was mended in its text."""


class Read(NamedTuple):
    """One conversation of a file, as it was read."""

    line: int
    """Line number, or a RowNumber where rows have no lines, from 1."""
    name: str
    """The id that it has in the file, or ""."""
    said: tuple[Said, ...] = ()
    told: tuple[str, ...] = ()
    """Texts beside the turns that a system tells."""
    tools: tuple[JsonObject, ...] = ()
    unreadable: tuple[str, str] = ("", "")
    """(rule, detail) of what is no conversation at all."""
    value: Any = None
    """What is no conversation, as it stands in the file."""


class Cut(NamedTuple):
    """Why a conversation ends before its end, or a turn is left out."""

    rule: str
    detail: str
    number: int
    """Of the bad turn; 0 where the whole conversation is meant."""


class Lost(NamedTuple):
    """A turn that is not kept, and the rule that took it."""

    said: Said
    rule: str


class Exchange(NamedTuple):
    """A question, the calls and results after it, and its answer; None where a call ends it."""

    asked: Said
    between: tuple[Said, ...]
    answered: Said | None

    @property
    def said(self) -> tuple[Said, ...]:
        """All its turns."""
        return (self.asked, *self.between, *((self.answered,) if self.answered else ()))


class Cleaned(NamedTuple):
    """What is whole of a conversation, and what was taken from it: every turn is in `system`, in an exchange or in `lost`."""

    system: tuple[Said, ...]
    exchanges: tuple[Exchange, ...]
    lost: tuple[Lost, ...]
    cut: Cut | None
    """The first reason why something was taken; None for a conversation that is whole."""
    language: LanguageCode

    @property
    def kept(self) -> tuple[Said, ...]:
        """The turns that are kept, in order."""
        return (*self.system, *(one for exchange in self.exchanges for one in exchange.said))
