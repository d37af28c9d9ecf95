"""The answers of a row, each behind the prompt that a server sends for it.

Many templates write earlier answers otherwise than they were given: without the thought, without blanks at the ends, with another end.
Therefore a prompt is what the template writes for what was said before, as on a server. Calls of tools are whatever the template writes for
them behind the prompt, up to the token at which the model stops.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from selfinstruct.dataset.export.turns import as_called, system_in_user_turn
from selfinstruct.dataset.io.turns import is_learned
from selfinstruct.errors import ConfigError
from selfinstruct.records import JsonObject, Row
from selfinstruct.system.files import to_line
from selfinstruct.training.data.chat_format import OPENED, ChatFormat, segments
from selfinstruct.training.data.filled import ANSWER, filled, filled_marked
from selfinstruct.training.data.generation_marks import Marked, Spans, cut, parts, plain
from selfinstruct.training.data.messages import (
    NoPlaceError,
    sent_messages,
    sent_tools,
    variants,
    with_short_ids,
    writes_whole,
)
from selfinstruct.training.data.tokens import Segment, markers_of

_SENT = ("role", "content", "name", "tool_calls", "tool_call_id")
"""Keys of a message that chat templates read, beside its thought."""


class Answer(NamedTuple):
    """One answer that is learned."""

    prompt: str
    """All before it, as a server sends it."""
    segments: tuple[Segment, ...]
    """What the model writes."""
    closing: Marked
    """Between what it writes and the end."""
    end: int

    @property
    def text(self) -> str:
        """What the model writes."""
        return "".join(one.text for one in self.segments)


class _End(NamedTuple):
    place: int
    token: int


@dataclass(frozen=True)
class Conversation:
    """The messages of a row, and the template that writes them."""

    tokenizer: Any
    chat: ChatFormat
    messages: tuple[JsonObject, ...]
    tools: list[JsonObject]

    def answers(self) -> Iterator[Answer]:
        """Yield the learned answers in turn; raises NoPlaceError for calls that the template does not write."""
        for place, message in enumerate(self.messages):
            if message["role"] == "assistant" and is_learned(message):
                yield self._call(place) if message.get("tool_calls") else self._spoken(place)

    def whole(self) -> str:
        """Return all messages as text; raises NoPlaceError when the template refuses them."""
        return self._written([self._sent(place, thoughts=True) for place in range(len(self.messages))])

    def prompt(self, place: int) -> str:
        """Return the text before the message at a place."""
        if (found := self._prompts.get(place)) is not None:
            return found
        return self._written(self._before(place), add_generation_prompt=True)

    @cached_property
    def _prompts(self) -> dict[int, str]:
        """Return {place: text before it} where one filling gives them all; empty where each has to be filled by itself."""
        places = [place for place, one in enumerate(self.messages) if one["role"] == "assistant"]
        answers = [self.messages[place]["content"] for place in places[:-1]]
        plain = all(one == one.strip() and not markers_of(self.tokenizer).search(one) for one in answers)
        if not (self.chat.is_regular and plain and len(places) > 1) or self.tools or any(map(_calls, self.messages)):
            return {}
        sent = [{**one, "content": ANSWER} if one["role"] == "assistant" else one for one in self._before(places[-1])]
        pieces = self._written(sent, add_generation_prompt=True).split(ANSWER)
        if len(pieces) != len(places):
            return {}
        found, before = {}, ""
        for place, piece, answer in zip(places, pieces, [*answers, ""], strict=True):
            found[place] = before + self.chat.as_prompt(piece, last=place == places[-1])
            before += piece + answer
        return found

    def _spoken(self, place: int) -> Answer:
        thought, message = self._thought(place), self.messages[place]
        lead = self.chat.thought_lead if thought and self.chat.thought_lead else self.chat.lead
        parts = tuple(segments(lead, thought, message["content"]))
        return Answer(self.prompt(place), parts, self.chat.closing, self.chat.end)

    def _call(self, place: int) -> Answer:
        """Return a call as the template writes it behind its own prompt, up to the first token at which the model stops."""
        message, prompt = self.messages[place], self.prompt(place)
        given = (message["content"], self._thought(place), to_line(message["tool_calls"]))
        if any(map(markers_of(self.tokenizer).search, given)):
            raise NoPlaceError("a call names a special token of the model")
        called = [*self._before(place), self._sent(place, thoughts=True)]
        whole, spans = self._marked(called)
        marked = _behind(prompt, whole, spans, self.chat.lead)
        written = plain(marked)
        if lacking := writes_whole(written, message):
            raise NoPlaceError(lacking)
        if found := self._first_end(written):
            return _called(prompt, cut(marked, found.place), found.token)
        last = message["tool_calls"][-1]
        result = {"role": "tool", "content": "", "name": last["function"]["name"], "tool_call_id": last.get("id")}
        longer = self._written([*called, result])
        found = self._first_end(longer[len(whole) :].lstrip()) if longer.startswith(whole) else None
        if found is None or found.place:
            raise NoPlaceError("the chat template ends calls in no token at which the model stops")
        return _called(prompt, cut(marked, len(written.rstrip())), found.token)

    def _first_end(self, text: str) -> "_End | None":
        """Return the first token in a text at which the model stops."""
        ids = {self.chat.end, *self.chat.ends, self.tokenizer.eos_token_id}
        names = {str(self.tokenizer.convert_ids_to_tokens(one)): one for one in ids}
        found = re.search("|".join(map(re.escape, names)), text)
        return _End(found.start(), names[found[0]]) if found else None

    def _before(self, place: int) -> list[JsonObject]:
        """Return the messages before a place; thoughts are sent along only since the last question."""
        asked = max((at for at in range(place) if self.messages[at]["role"] == "user"), default=0)
        return [self._sent(at, thoughts=at > asked) for at in range(place)]

    def _sent(self, place: int, *, thoughts: bool) -> JsonObject:
        message = self.messages[place]
        sent = {key: message[key] for key in _SENT if key in message}
        field = self.chat.thought_field if self.chat.thought_lead else ""
        field = self.chat.call_thought_field if message.get("tool_calls") else field
        thought = self._thought(place) if thoughts else ""
        return {**sent, field: thought} if thought and field else sent

    def _thought(self, place: int) -> str:
        return str(self.messages[place].get("reasoning_content") or "")

    def _written(self, messages: list[JsonObject], **options: Any) -> str:
        with _refusing():
            return filled(self.tokenizer, messages, **self._options, **options)

    def _marked(self, messages: list[JsonObject]) -> tuple[str, Spans | None]:
        """Return messages as text, with the places of what the template marks as written by the model."""
        with _refusing():
            return filled_marked(self.tokenizer, messages, **self._options)

    @property
    def _options(self) -> dict[str, Any]:
        tools = {"tools": self.tools} if self.tools else {}
        return {"day": self.chat.day, **tools, **self.chat.options}


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except ConfigError as error:
        raise NoPlaceError(f"the chat template says: {' '.join(str(error.__cause__).split())[:100]}") from error


def _called(prompt: str, written: Marked, end: int) -> Answer:
    parts_ = tuple(Segment(text, is_own=False, is_learned=learned) for text, learned in written)
    return Answer(prompt, parts_, (), end)


def _behind(prompt: str, whole: str, spans: Spans | None, lead: Marked) -> Marked:
    """Return what a template writes behind its prompt; where that opens a block of thought that the call has not, the block is closed."""
    if whole.startswith(prompt):
        return parts(whole, spans, len(prompt), len(whole))
    opened = OPENED.search(prompt)
    if opened is None or not whole.startswith(prompt[: opened.start()]):
        return ()
    rest = re.sub(rf"\A<{opened[1]}>\s*</{opened[1]}>\s*", "", whole[opened.start() :])
    return (*lead, *parts(whole, spans, len(whole) - len(rest), len(whole)))


def _calls(message: JsonObject) -> bool:
    return message["role"] == "tool" or bool(message.get("tool_calls"))


def conversation_of(row: Row, tokenizer: Any, chat: ChatFormat) -> Conversation:
    """Return the messages of a row for a template; raises NoPlaceError where the template does not write its tools and calls."""
    messages = sent_messages(row if chat.takes_system else system_in_user_turn(row))
    found = Conversation(tokenizer, chat, messages, sent_tools(row))
    if not row.carries_tools:
        return found
    first = next((place for place, one in enumerate(messages) if one["role"] == "assistant"), len(messages))
    told = found.prompt(first)
    names = [str(tool["function"].get("name", "")) for tool in found.tools if isinstance(tool["function"], dict)]
    if not all(name in told for name in names):
        raise NoPlaceError("the chat template has no place for tools")
    ordered = replace(found, messages=tuple(as_called(messages)))
    if ordered.messages == messages:
        return _accepted(found)
    try:
        given = _accepted(found)
    except NoPlaceError:
        return _accepted(ordered)
    return given if _shows_ids(given) else _accepted(ordered)


def _shows_ids(conversation: Conversation) -> bool:
    """Return whether the template writes the id of a call with the call and with its result; where it does not, order is all there is."""
    messages = with_short_ids(conversation.messages)
    try:
        whole = replace(conversation, messages=messages).whole()
    except NoPlaceError:
        return False
    return all(whole.count(one["tool_call_id"]) > 1 for one in messages if one["role"] == "tool")


def _accepted(conversation: Conversation) -> Conversation:
    """Return a conversation in the first form that the template writes whole."""
    refusal: NoPlaceError | None = None
    for messages in variants(conversation.messages):
        one = replace(conversation, messages=messages)
        try:
            one.whole()
            tuple(one.answers())
        except NoPlaceError as error:
            refusal = refusal or error
        else:
            return one
    raise refusal or NoPlaceError("the chat template refuses it")
