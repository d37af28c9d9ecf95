"""One row of a file, parsed: what all tools work on."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from selfinstruct.dataset.io.thoughts import split_written
from selfinstruct.records import Check, JsonObject, LanguageCode, Source

_ALPACA = ("instruction", "input", "output")


class Loaded(NamedTuple):
    """One row of a file: its raw value, and its fields as parsed."""

    line: int
    """Line number, or a RowNumber where rows have no lines, from 1."""
    value: dict[str, Any]
    instruction: str
    input: str
    output: str
    language: LanguageCode
    later: tuple[tuple[str, str], ...] = ()
    """The other (user, assistant) pairs: later ones of a conversation, or the `history` of an Alpaca-like row."""
    defect: str = ""
    """Error in the order of the turns, or ""."""
    others: tuple[str, ...] = ()
    """Texts that our rows have no place for: what a system says in the middle, tools that are no JSON."""
    unanswered: bool = False
    """Whether the last question of a conversation has no answer."""
    fields: tuple[str, ...] = _ALPACA
    """Field names of instruction, input, output and each text of `later`; "" for a missing one."""
    is_conversation: bool = False
    """Whether the row is a list of turns, first question first; an Alpaca-like row has its history separately."""
    system: str = ""
    thoughts: Mapping[int, str] = MappingProxyType({})
    """Number of a pair, in chronological order from 0 -> the thought before its answer."""
    tools: tuple[JsonObject, ...] = ()
    calls: tuple[tuple[int, JsonObject], ...] = ()
    """(number of the pair, message) of each tool call and result."""
    unlearned: tuple[int, ...] = ()
    """Numbers of the pairs whose answer is context only."""
    source: Source | None = None
    checks: tuple[Check, ...] = ()
    rejected: str = ""
    """The worse answer of a preference pair."""

    @property
    def pairs(self) -> tuple[tuple[str, str, str], ...]:
        """All (question, input, answer) in chronological order."""
        first = (self.instruction, self.input, self.output)
        if not self.later:
            return (first,)
        others = tuple((asked, "", answered) for asked, answered in self.later)
        return (first, *others) if self.is_conversation else (*others, first)

    @property
    def is_plain(self) -> bool:
        """Whether the row is a question and its answer alone, under the names that our own rows have."""
        return self[6:] == _NOTHING_ELSE

    @property
    def answered_by_call(self) -> frozenset[int]:
        """Which answers are a tool call: 0 for `output`, from 1 those of `later`."""
        last = {number: message["role"] == "assistant" for number, message in self.calls}
        own = 0 if self.is_conversation else len(self.later)
        places = [own, *(number for number in range(len(self.later) + 1) if number != own)]
        return frozenset(place for place, number in enumerate(places) if last.get(number) and not self.pairs[number][2])

    @property
    def around(self) -> tuple[tuple[str, str], ...]:
        """(field, text) of what stands around the answers: system, thoughts, worse answer."""
        thoughts = [("reasoning", thought) for thought in self.thoughts.values()]
        return tuple(
            one for one in (("system", self.system), *thoughts, ("rejected", split_written(self.rejected)[1])) if one[1]
        )

    @property
    def context(self) -> tuple[str, ...]:
        """What makes a task another one although question and input are the same."""
        return (*self.others, self.system, *(str(tool) for tool in self.tools))


_NOTHING_ELSE = Loaded(0, {}, "", "", "", "en")[6:]
