"""The answers of a row, each behind the prompt that a server sends for it.

Many templates write earlier answers otherwise than they were given: without the thought, without blanks at the ends, with another end.
Therefore the template is filled once for each answer, with what was said before, as a server does it. Calls of tools are whatever the
template writes for them behind the prompt, up to the token at which the model stops.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, NamedTuple

from selfinstruct.dataset.export.calls import has_objects
from selfinstruct.dataset.export.turns import messages_of, system_in_user_turn, with_objects
from selfinstruct.dataset.io.thoughts import split_thought
from selfinstruct.dataset.io.turns import is_learned
from selfinstruct.errors import ConfigError
from selfinstruct.records import JsonObject, Row
from selfinstruct.system.files import to_line
from selfinstruct.training.data.chat_format import OPENED, ChatFormat, filled, segments
from selfinstruct.training.data.tokens import markers_of

_SENT = ("role", "content", "name", "tool_calls", "tool_call_id")
"""Keys of a message that chat templates read, beside its thought."""
_ROLES = {"system", "user", "assistant", "tool"}


class NoPlaceError(Exception):
    """The prompt format has no place for a part of a row; says for which."""


class Answer(NamedTuple):
    """One answer that is learned."""

    prompt: str
    """All before it, as a server sends it."""
    segments: tuple[tuple[str, bool], ...]
    """(Text, whether it is the row's own) of what the model writes."""
    closing: str
    """Between what it writes and the end."""
    end: int

    @property
    def text(self) -> str:
        """What the model writes."""
        return "".join(text for text, _ in self.segments)


class _End(NamedTuple):
    place: int
    token: int


@dataclass(frozen=True)
class Conversation:
    """The messages of a row, and the template that writes them."""

    tokenizer: Any
    chat: ChatFormat
    messages: tuple[JsonObject, ...]
    tools: tuple[JsonObject, ...]

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
        return self._written(self._before(place), add_generation_prompt=True)

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
        whole = self._written(called)
        written = _behind(prompt, whole, self.chat.lead)
        names = [call["function"]["name"] for call in message["tool_calls"]]
        if written is None or not all(name in written for name in names):
            raise NoPlaceError("the chat template writes no calls behind the prompt that it gives")
        if found := self._first_end(written):
            return Answer(prompt, ((written[: found.place], False),), "", found.token)
        result = {"role": "tool", "content": "", "name": names[-1], "tool_call_id": message["tool_calls"][-1].get("id")}
        longer = self._written([*called, result])
        found = self._first_end(longer[len(whole) :].lstrip()) if longer.startswith(whole) else None
        if found is None or found.place:
            raise NoPlaceError("the chat template ends calls in no token at which the model stops")
        return Answer(prompt, ((written.rstrip(), False),), "", found.token)

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
        thought = self._thought(place) if thoughts and self.chat.thought_lead else ""
        return {**sent, self.chat.thought_field: thought} if thought and self.chat.thought_field else sent

    def _thought(self, place: int) -> str:
        return str(self.messages[place].get("reasoning_content") or "")

    def _written(self, messages: list[JsonObject], **options: Any) -> str:
        tools = {"tools": list(self.tools)} if self.tools else {}
        try:
            return filled(self.tokenizer, messages, day=self.chat.day, **tools, **self.chat.options, **options)
        except ConfigError as error:
            if not self.tools and all("tool_calls" not in one for one in messages):
                raise
            raise NoPlaceError(f"the chat template says: {' '.join(str(error.__cause__).split())[:100]}") from error


def _behind(prompt: str, whole: str, lead: str) -> str | None:
    """Return what a template writes behind its prompt; where that opens a block of thought that the call has not, the block is closed."""
    if whole.startswith(prompt):
        return whole.removeprefix(prompt)
    opened = OPENED.search(prompt)
    if opened is None or not whole.startswith(prompt[: opened.start()]):
        return None
    return lead + re.sub(rf"\A<{opened[1]}>\s*</{opened[1]}>\s*", "", whole[opened.start() :])


def conversation_of(row: Row, tokenizer: Any, chat: ChatFormat) -> Conversation:
    """Return the messages of a row for a template; raises NoPlaceError where the template does not write its tools."""
    if not has_objects(row):
        raise NoPlaceError("the arguments of a call are no JSON object")
    messages = with_objects(messages_of(row if chat.takes_system else system_in_user_turn(row)))
    if any(one["content"] is None or one["role"] not in _ROLES for one in messages):
        raise NoPlaceError("a call or its result holds more than text")
    found = Conversation(tokenizer, chat, tuple(map(_apart, messages)), row.tools)
    if row.carries_tools:
        found = _accepted(found)
        told = found.prompt(len(messages) - 1)
        if not all(str(tool.get("function", tool).get("name", "")) in told for tool in row.tools):
            raise NoPlaceError("the chat template has no place for tools")
    return found


def _accepted(conversation: Conversation) -> Conversation:
    """Return a conversation, its calls with ids of nine letters where the template takes no others (Mistral); servers shorten them too."""
    try:
        conversation.whole()
    except NoPlaceError:
        shorter = replace(conversation, messages=_with_short_ids(conversation.messages))
        shorter.whole()
        return shorter
    return conversation


def _with_short_ids(messages: Sequence[JsonObject]) -> tuple[JsonObject, ...]:
    """Return messages whose calls and results have ids of nine letters; results without an id take those of the calls in order."""
    found: list[JsonObject] = []
    open_calls: list[str] = []
    for place, message in enumerate(messages):
        if calls := message.get("tool_calls"):
            open_calls = [_nine(call.get("id") or f"{place} {number}") for number, call in enumerate(calls)]
            named = [{**call, "id": one} for call, one in zip(calls, open_calls, strict=True)]
            found.append({**message, "tool_calls": named})
        elif message["role"] == "tool":
            given = message.get("tool_call_id")
            own = _nine(given) if given else (open_calls.pop(0) if open_calls else _nine(str(place)))
            found.append({**message, "tool_call_id": own})
        else:
            found.append(message)
    return tuple(found)


def _nine(name: str) -> str:
    return sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:9]


def _apart(message: JsonObject) -> JsonObject:
    """Return a message with the thought apart from what is said."""
    if message["role"] != "assistant" or message.get("reasoning_content"):
        return message
    thought, said = split_thought(message["content"], half=False)
    return {**message, "content": said, "reasoning_content": thought}
