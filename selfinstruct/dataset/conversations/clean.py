"""One conversation cleaned: the longest beginning that is whole. A bad turn ends it before the question that leads to it.

Every turn of the file is kept or lost by a rule, once. Nothing is put together or reworded: what follows a bad turn answers to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from selfinstruct.dataset.conversations.breaks import asks_for_the_rest, stops_short
from selfinstruct.dataset.conversations.mend import mended
from selfinstruct.dataset.conversations.notices import notice
from selfinstruct.dataset.conversations.read import half_character
from selfinstruct.dataset.conversations.records import Cleaned, Cut, Exchange, Lost, Read, Said
from selfinstruct.dataset.conversations.verdicts import (
    CUT_OFF,
    EMPTY,
    SERVICE_NOTICE,
    Disabled,
    broken_exchange,
    broken_text,
)
from selfinstruct.dataset.io.conversations import with_text_calls
from selfinstruct.dataset.io.turns import Turn
from selfinstruct.language.guess import guess_language
from selfinstruct.rouge import tokens

UNREADABLE, REPEATED, FIRST, UNANSWERED = (
    "unreadable_turn",
    "repeated_turn",
    "answer_before_question",
    "unanswered_question",
)
MIDDLE, TWO_QUESTIONS, TWO_ANSWERS = "system_in_the_middle", "two_questions_in_a_row", "two_answers_in_a_row"
NO_TURNS, NO_QUESTION, NO_ANSWER, NOT_LEARNED = "no_turns", "no_question", "no_answer", "not_learned"
_LONG = 8
"""Tokens from which a text that comes again in a conversation is a repetition: shorter ones (`Go on.`, `Yes.`) may."""
_LOOK = 4_000


@dataclass
class _Cleaning:
    """A conversation while its turns are taken one by one."""

    disabled: Disabled
    system: list[Said] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    cut: Cut | None = None
    """The first turn that is lost, and why."""
    ended: Cut | None = None
    """Where the conversation ends before its last turn, and why."""
    pending: Exchange | None = None
    """A question that has no answer yet."""
    seen: dict[str, int] = field(default_factory=dict)
    """{long text: number of the turn that has said it}."""

    def take(self, said: Said) -> tuple[str, str]:
        """Take a turn; return (rule, detail) where the conversation ends before it."""
        if said.defect:
            return UNREADABLE, said.defect
        if said.turn.role == "system":
            return self._told(said)
        if said.turn.role == "user":
            return self._asked(said)
        return self._called(said) if said.turn.message is not None else self._answered(said)

    def lose(self, said: Said, rule: str, detail: str) -> None:
        """Leave a turn out and go on."""
        self.lost.append(Lost(said, rule))
        self.cut = self.cut or Cut(rule, detail, said.number)

    def _told(self, said: Said) -> tuple[str, str]:
        text = said.turn.text
        if not text.strip() and not (said.turn.message or {}).keys() & {"tools", "functions"}:
            self.lose(said, EMPTY, "has no text")
        elif any(one.turn.text == text for one in self.system):
            self.lose(said, REPEATED, "says what the system has told before")
        elif self.exchanges or self.pending:
            return MIDDLE, "the system tells something new after the first question"
        else:
            broken = broken_text(said, self.disabled)
            self.system += [] if broken[0] else [said]
            return broken
        return "", ""

    def _asked(self, said: Said) -> tuple[str, str]:
        text = said.turn.text
        if self.pending is not None and self.pending.asked.turn.text == text and not self.pending.between:
            self.lose(said, REPEATED, f"is turn {self.pending.asked.number} again")
            return "", ""
        if self.pending is not None:
            return TWO_QUESTIONS, f"turns {self.pending.asked.number} and {said.number} are both of the user"
        if not text.strip():
            return EMPTY, _nothing(said)
        if earlier := self._again(said):
            return REPEATED, f"is turn {earlier} again"
        self.pending = Exchange(said, (), None)
        return "", ""

    def _called(self, said: Said) -> tuple[str, str]:
        if self.pending is None and self.exchanges:
            return TWO_ANSWERS, f"turn {said.number} calls a tool or tells its result, and nobody has asked"
        if self.pending is None:
            self.lose(said, FIRST, "calls a tool or tells its result before anybody asks")
        else:
            self.pending = self.pending._replace(between=(*self.pending.between, said))
        return "", ""

    def _answered(self, said: Said) -> tuple[str, str]:
        if self.pending is None and not self.exchanges:
            self.lose(said, FIRST, "answers before anybody asks")
            return "", ""
        if self.pending is None:
            return self._second_answer(said)
        if not said.turn.text.strip():
            return EMPTY, _nothing(said)
        if earlier := self._again(said):
            return REPEATED, f"is turn {earlier} again"
        exchange = self.pending._replace(answered=said)
        rule, detail, number = broken_exchange(exchange, self.disabled)
        if rule:
            self.ended = Cut(rule, detail, number)
            return rule, detail
        self.exchanges.append(exchange)
        self.pending = None
        return "", ""

    def _second_answer(self, said: Said) -> tuple[str, str]:
        last = self.exchanges[-1].answered
        if last is not None and last.turn.text == said.turn.text:
            self.lose(said, REPEATED, f"is turn {last.number} again")
            return "", ""
        if excuse := notice(said.turn.text):
            return SERVICE_NOTICE, f'says "{excuse[:80]}"'
        return (
            TWO_ANSWERS,
            f"turns {last.number if last else said.number - 1} and {said.number} are both of the assistant",
        )

    def _again(self, said: Said) -> int:
        """Return the number of an earlier turn of the same speaker with this text, if it is long, else 0."""
        key = f"{said.turn.role} {said.turn.text}"
        earlier = self.seen.setdefault(key, said.number)
        return earlier if earlier != said.number and len(tokens(said.turn.text[:_LOOK])) >= _LONG else 0

    def cut_answer(self, said: Said, after: Sequence[Said], rule: str) -> tuple[str, str] | None:
        """Take back the last answer where a turn shows that it was cut: the user asks for the rest, or the service excuses itself behind it.

        `rule` is what the turn itself breaks, "" for nothing; `after` has the next turn, if there is one.
        """
        last = self.exchanges[-1].answered if self.exchanges else None
        asks = said.turn.role == "user" and not rule and asks_for_the_rest(said.turn.text)
        excuses = rule == SERVICE_NOTICE and self.pending is None
        if last is None or not (asks or excuses):
            return None
        follows = after[0].turn.text if asks and after and after[0].turn.role == "assistant" else ""
        if not stops_short(last.turn.text, follows):
            return None
        shows = "asks for the rest" if asks else "is a notice of the service"
        self.ended = Cut(CUT_OFF, f"stops in mid-sentence, and turn {said.number} {shows}", last.number)
        self.cut = self.cut or self.ended
        self.lost += [Lost(one, CUT_OFF) for one in self.exchanges.pop().said]
        self.pending = None  # `said`, which is lost with the rest
        return self.ended.rule, self.ended.detail

    def end(self) -> None:
        """Settle a question that is left without an answer, and answers at the end that are not learned."""
        if self.pending is not None and self.pending.between and self.pending.between[-1].turn.role == "call":
            self.exchanges.append(self.pending)
            self.pending = None
        if self.pending is not None:
            for one in self.pending.said:
                self.lose(one, UNANSWERED, "no answer follows")
            self.pending = None
        while self.exchanges and (last := self.exchanges[-1].answered) is not None and not last.turn.learned:
            for one in self.exchanges.pop().said:
                self.lose(one, NOT_LEARNED, "its weight is 0, so it would teach nothing")


def clean(read: Read, disabled: Disabled) -> Cleaned:
    """Return what is whole of a conversation; all turns of one without an exchange are lost."""
    said = _with_calls(mended(read.said))
    cleaning = _Cleaning(disabled)
    beside = next((found for text in read.told if (found := _told_beside(text, disabled))[0]), ("", ""))
    for number, one in enumerate(said):
        rule, detail = beside if beside[0] else cleaning.take(one)
        if cut := cleaning.cut_answer(one, said[number + 1 : number + 2], rule):
            rule, detail = cut
        if rule:
            cleaning.ended = cleaning.ended or Cut(rule, detail, one.number)
            cleaning.cut = cleaning.cut or cleaning.ended
            rest = (*(cleaning.pending.said if cleaning.pending else ()), *said[number:])
            cleaning.lost += [Lost(each, rule) for each in rest]
            cleaning.pending = None
            break
    cleaning.end()
    return _cleaned(said, cleaning)


def _told_beside(text: str, disabled: Disabled) -> tuple[str, str]:
    """Return the rule that a system's text beside the turns breaks: then nothing that was said under it is kept."""
    turn = Turn("system", text, "system")
    defect = half_character(turn)
    return (UNREADABLE, defect) if defect else broken_text(Said(0, turn, text), disabled)


def _cleaned(said: Sequence[Said], found: _Cleaning) -> Cleaned:
    cut = found.cut
    if not found.exchanges:
        cut = _why_nothing(said, found.ended or cut)  # an answer before the question alone would have left the rest
        found.lost += [Lost(one, cut.rule) for one in found.system]
        found.system = []
    found.lost.sort(key=lambda one: one.said.number)
    asked = [one.asked for one in found.exchanges] or [one for one in said if one.turn.role == "user"] or said
    texts = "\n".join(one.turn.text[:_LOOK] for one in asked[:20])
    language = guess_language(texts if texts.strip() else "\n".join(str(one.original)[:_LOOK] for one in said[:20]))
    return Cleaned(tuple(found.system), tuple(found.exchanges), tuple(found.lost), cut, language)


def _why_nothing(said: Sequence[Said], cut: Cut | None) -> Cut:
    """Return why nothing is whole: nobody asks, nobody answers, or what was found first."""
    roles = {one.turn.role for one in said if not one.defect}
    if not said:
        return Cut(NO_TURNS, "the list of turns is empty", 0)
    if any(one.defect for one in said):
        return cut or Cut(UNREADABLE, "", 0)
    if "user" not in roles:
        return Cut(NO_QUESTION, "nobody asks anything", 0)
    if not roles & {"assistant", "call"}:
        return Cut(NO_ANSWER, "nobody answers", 0)
    return cut or Cut(NO_ANSWER, "nobody answers", 0)


def _with_calls(said: Sequence[Said]) -> tuple[Said, ...]:
    """Return the turns; an assistant's text before a call is part of what is called, as in every conversation that is read."""
    turns = with_text_calls([one.turn for one in said])
    return tuple(one._replace(turn=turn) for one, turn in zip(said, turns, strict=True))


def _nothing(said: Said) -> str:
    return f"nothing is left of it without {', '.join(said.mended)}" if said.mended else "has no text"
