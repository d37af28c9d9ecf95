"""Conversations: turns as question-answer pairs, with what is called and told in between."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from selfinstruct.dataset.io.thoughts import with_thought
from selfinstruct.dataset.io.tool_calls import call_of
from selfinstruct.dataset.io.turns import Turn, is_learned
from selfinstruct.records import JsonObject


class Pair(NamedTuple):
    """A question and its answer."""

    asked: str
    answered: str
    thought: str = ""
    calls: Sequence[JsonObject] = ()
    """Tool calls and results in between, as messages of OpenAI's API."""
    learned: bool = True
    """False for an answer that is context only."""
    fields: tuple[str, str] = ("", "")
    """Fields of both texts, such as `messages.0`; "" for a missing one."""

    @property
    def is_answered(self) -> bool:
        """Whether the question has an answer: a text, or a tool call that ends it."""
        return bool(self.fields[1]) or bool(self.calls and self.calls[-1]["role"] == "assistant")


class Conversation(NamedTuple):
    """A conversation as question-answer pairs."""

    pairs: tuple[Pair, ...]
    system: str
    """What is told before the first question."""
    defect: str
    """Error in the order of the turns, or ""."""
    left_out: tuple[str, ...]
    """Texts that belong to no pair: what is told later on."""
    told: tuple[JsonObject, ...] = ()
    """Turns of the system, which may hold tools."""


@dataclass
class _Pairs:
    """Pairs while they are put together."""

    system: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    told: list[JsonObject] = field(default_factory=list)
    opening: bool = False
    """Whether the assistant speaks first, as in conversations that were split."""
    defect: str = ""
    before: str = ""
    """Role of the turn before that asked or answered."""
    place: int = 0
    calls: list[JsonObject] = field(default_factory=list)
    """Those of the last pair."""

    def take(self, number: int, turn: Turn) -> None:
        """Add a turn; `number` is its position, from 1."""
        if turn.role == "system":
            (self.left_out if self.pairs else self.system).append(turn.text)
            self.told += [turn.message] if turn.message else []
        elif turn.message is not None:
            self._message(turn.message)
        elif turn.role == "user":
            self._order(number, turn.role)
            self.calls = []
            self.pairs.append(Pair(turn.text, "", calls=self.calls, fields=(turn.place, "")))
        else:
            self._order(number, turn.role)
            self._answer(turn)

    def _order(self, number: int, role: str) -> None:
        if role == self.before:
            self.defect = self.defect or f"turns {self.place} and {number} are both of the {role}"
        self.before, self.place = role, number

    def _message(self, message: JsonObject) -> None:
        if not self.pairs:
            self.defect = self.defect or "the first turn is of a tool or the assistant"
            return
        self.calls.append(message)
        self.pairs[-1] = self.pairs[-1]._replace(learned=is_learned(message))
        self.before = "call"

    def _answer(self, turn: Turn) -> None:
        if not self.pairs:
            self.left_out.append(turn.text)
            self.opening = True
            return
        last = self.pairs[-1]
        self.pairs[-1] = last._replace(
            answered=turn.text, thought=turn.reasoning, learned=turn.learned, fields=(last.fields[0], turn.place)
        )


def conversation(turns: Iterable[Turn]) -> Conversation:
    """Return the pairs of a conversation."""
    found = _Pairs()
    for number, turn in enumerate(with_text_calls(list(turns)), 1):
        found.take(number, turn)
    nothing = (
        "the first turn is of the assistant, and nobody asks anything" if found.opening else "nobody asks anything"
    )
    defect = found.defect or ("" if found.pairs else nothing)
    return Conversation(tuple(found.pairs), "\n\n".join(found.system), defect, tuple(found.left_out), tuple(found.told))


def with_text_calls(turns: Sequence[Turn]) -> list[Turn]:
    """Return the turns; an assistant's text before a call, or that a tool answers to, is part of what is called."""
    found = list(turns)
    for number, (one, following) in enumerate(pairwise(turns)):
        if one.role == "assistant" and following.role in {"call", "result"}:
            found[number] = Turn("call", "", one.place, message=call_of(with_thought(one.reasoning, one.text)))
    return found
