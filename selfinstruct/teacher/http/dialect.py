"""The dialect of one endpoint and model: which fields a request is sent with, learnt from refusals. Pure functions.

A refusal of the whole request is free, and most name the field. The logical request, its slot and what the journal holds do not depend on
the dialect: it only decides how the request is spelt on the wire.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from selfinstruct.config import Teacher
from selfinstruct.records import Record
from selfinstruct.teacher.http.provider_error import words_of

LIMITS = ("max_tokens", "max_completion_tokens", "max_output_tokens")
"""Fields that bound the tokens of a reply."""
_NEEDED = {"model", "messages", "stream"}
"""Fields that no refusal teaches to leave out; nor the last one of LIMITS, without which nothing bounds the cost of a reply."""
_FIRST_OMITTED = ("seed", "top_p", "temperature")
"""Fields that are tried first where a message names several."""
_THINKING = ("thinking", "enable_thinking", "reasoning_effort", "reasoning", "chat_template_kwargs")
_LEAST_TOKENS = 16
_ANY_CASE = re.IGNORECASE | re.ASCII
"""ASCII, because Chinese letters stand beside the name of a field without a blank."""
_MARGIN = 8
"""Tokens left free of a context, for what the provider adds."""


class Dialect(Record):
    """How requests are spelt for one endpoint and model."""

    omit: tuple[str, ...] = ()
    """Fields that are not sent."""
    rename: Mapping[str, str] = {}
    """{field: name under which it is sent}."""
    stream: bool = False
    merge_system: bool = False
    """The system message is put before the first user message."""
    most_tokens: int | None = None
    """Bound on the tokens of a reply below that of the request."""
    extra: Mapping[str, Any] = {}
    """Fields that are added."""

    def fields(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields of a request as this endpoint takes them.

        >>> Dialect(omit=("seed",), rename={"max_tokens": "max_completion_tokens"}).fields({"seed": 1, "max_tokens": 9})
        {'max_completion_tokens': 9}
        """
        kept = {name: value for name, value in fields.items() if name not in self.omit}
        if self.most_tokens is not None and "max_tokens" in kept:
            kept["max_tokens"] = min(kept["max_tokens"], self.most_tokens)
        if self.merge_system and "messages" in kept:
            kept["messages"] = _merged(kept["messages"])
        spelt = {self.rename.get(name, name): value for name, value in kept.items()}
        if self.stream:
            usage = {} if "stream_options" in self.omit else {"stream_options": {"include_usage": True}}
            spelt |= {"stream": True, **usage}
        return spelt | {name: value for name, value in self.extra.items() if name not in self.omit}

    def describe(self) -> str:
        """Return in a few words what differs from the plain request; empty if nothing does."""
        parts = [f"without {', '.join(self.omit)}"] if self.omit else []
        parts += [f"{name} as {sent}" for name, sent in self.rename.items()]
        parts += ["the system message within the first one"] if self.merge_system else []
        parts += ["streamed"] if self.stream else []
        parts += [f"at most {self.most_tokens:,} tokens a reply"] if self.most_tokens is not None else []
        parts += [f"with {name} = {str(value).lower()}" for name, value in self.extra.items()]
        return "; ".join(parts)


class Learnt(NamedTuple):
    """A dialect that a refusal taught."""

    dialect: Dialect
    what: str
    """The one thing that it differs in."""


def configured(teacher: Teacher) -> Dialect:
    """Return the dialect that `[teacher]` names by hand."""
    return Dialect(omit=teacher.omit, rename=teacher.rename, stream=teacher.stream)


def learn(dialect: Dialect, sent: Mapping[str, Any], refusal: Any) -> Learnt | None:
    """Return the dialect that avoids a refusal of `sent`; None when it names nothing that can be left out or spelt otherwise.

    `refusal` is the parsed body of the response. One thing is learnt at a time, the most certain first.
    """
    said = _Said(words_of(refusal), _param(refusal))
    return next((found for learner in _LEARNERS if (found := learner(dialect, sent, said))), None)


class _Said(NamedTuple):
    words: str
    param: str
    """The field that the error names by itself; empty if it names none."""

    def names(self, field: str) -> bool:
        return self.param.removeprefix("body.") == field or bool(
            re.search(rf"(?<![\w.])(?:body\.)?{re.escape(field)}(?!\w)", self.words, _ANY_CASE)
        )

    def has(self, pattern: str) -> bool:
        return bool(re.search(pattern, self.words, _ANY_CASE))


def _param(value: Any, depth: int = 8) -> str:
    """Return the field that an error names as such: OpenAI's `param`, the last part of pydantic's `loc`."""
    if isinstance(value, list) and value and depth:
        return _param(value[0], depth - 1)
    if not isinstance(value, dict) or not depth:
        return ""
    if isinstance(value.get("param"), str):
        return str(value["param"])
    if isinstance(value.get("loc"), list) and value["loc"]:
        return str(value["loc"][-1])
    inner = (_param(value[key], depth - 1) for key in ("error", "detail", "message", "errors") if key in value)
    return next((found for found in inner if found), "")


def _thinking_off(dialect: Dialect, sent: Mapping[str, Any], said: _Said) -> Learnt | None:
    """Turn thinking off where the message says so: DashScope's Qwen3, and what runs it."""
    wanted = said.has(r"enable_thinking.{0,60}(false|non-streaming|only support)")
    if not wanted or sent.get("enable_thinking") is False or "enable_thinking" in dialect.omit:
        return None
    extra = {**dialect.extra, "enable_thinking": False}
    return Learnt(dialect.model_copy(update={"extra": extra}), "thinking is turned off (enable_thinking = false)")


_STREAM = (
    r"only supports? (the )?stream|stream(ing)? (mode )?(is )?(strongly )?(required|only)|must (be|set) .{0,20}stream|requires? stream"
    r"|enable the stream|stream.{0,20}(must|should|needs? to) be (set to )?true|set stream ?(=|to) ?true|non-stream(ing)? .{0,40}not (be )?(supported|allowed)"
    r"|仅支持流式|只支持流式|不支持非流式"
)


def _streamed(dialect: Dialect, _: Mapping[str, Any], said: _Said) -> Learnt | None:
    if dialect.stream or not said.has(_STREAM):
        return None
    return Learnt(dialect.model_copy(update={"stream": True}), "replies are streamed")


def _merging(dialect: Dialect, _: Mapping[str, Any], said: _Said) -> Learnt | None:
    pattern = r"system (role|messages?|prompt|instruction).{0,30}not (be )?(supported|enabled|allowed)|roles must alternate|developer instruction is not enabled"
    if dialect.merge_system or not said.has(pattern):
        return None
    return Learnt(dialect.model_copy(update={"merge_system": True}), "the system message goes into the first one")


def _merged(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(messages) < 2 or messages[0].get("role") != "system":
        return messages
    first = {**messages[1], "content": f"{messages[0]['content']}\n\n{messages[1]['content']}"}
    return [first, *messages[2:]]


def _renamed(dialect: Dialect, sent: Mapping[str, Any], said: _Said) -> Learnt | None:
    """Use the other name of the token bound where the message asks for it; once, and back at most."""
    if "max_tokens" in dialect.omit:
        return None
    for new in LIMITS if "max_tokens" not in dialect.rename else LIMITS[:1]:
        instead = said.has(rf"(use|try|specify|with)\W+[`'\"]?{new}[`'\"]?|{new}[`'\"]? (instead|should be used)")
        for old in LIMITS:
            if old != new and old in sent and new not in sent and instead and said.names(old):
                rename = {**dialect.rename, "max_tokens": new}
                return Learnt(dialect.model_copy(update={"rename": rename}), f"{old} is sent as {new}")
    return None


def _fewer_tokens(dialect: Dialect, sent: Mapping[str, Any], said: _Said) -> Learnt | None:
    """Lower the token bound to the limit that the message names, or to what it says is left of the context."""
    now = next((sent[name] for name in LIMITS if type(sent.get(name)) is int), None)
    if now is None or not said.has(r"tokens?\b|context|length|max_|长度|上下文"):
        return None
    room = next((room for room in _rooms(said.words, now) if _LEAST_TOKENS <= room < now), None)
    if room is None:
        return None
    return Learnt(dialect.model_copy(update={"most_tokens": room}), f"a reply may take {room:,} tokens, not {now:,}")


_NUMBER = r"[`'\"]?(\d[\d,_]*)"
_CONTEXT = re.compile(
    rf"(?:maximum|max|total)?\s*(?:context|sequence)\s*(?:length|size|window|limit)?\D{{0,40}}?{_NUMBER}"
    rf"|n_ctx\D{{0,5}}{_NUMBER}|must be (?:<=|≤|less than or equal to) {_NUMBER}|limit (?:of|is) {_NUMBER}|{_NUMBER}\s*(?:context|上下文)",
    re.IGNORECASE,
)
_PROMPT = re.compile(
    rf"{_NUMBER}\s*(?:input|prompt)\s*tokens|{_NUMBER} tokens? from the input|{_NUMBER} in the messages|{_NUMBER} (?:tokens )?in (?:your|the) prompt"
    rf"|prompt (?:contains|has|is|of)(?: at least)? {_NUMBER}|input (?:length|tokens?)\D{{0,20}}{_NUMBER}|{_NUMBER}\s*[`'\"]?inputs",
    re.IGNORECASE,
)
_REQUESTED = re.compile(rf"limit:?\s*{_NUMBER}\D{{1,20}}requested:?\s*{_NUMBER}", re.IGNORECASE)
_CAP = re.compile(
    rf"(?:at most|less than or equal to|lower than or equal to|not exceed|<=|≤|(?:must|should) be <|maximum(?: value| allowed)?(?: is| of|:)?|up to|max(?:imum)?(?: is|:)|smaller than|(?:not|no|cannot be|must not be) (?:more|greater|larger) than(?: [\w=]{{1,60}}=)?|不能超过|不超过|最大值?为?|小于等于)\s*{_NUMBER}"
    rf"|[\[(（【]\s*\d+\s*[,，~-]\s*{_NUMBER}\s*[\])）】]|between \d+ and {_NUMBER}|from \d+ to {_NUMBER}|> {_NUMBER}",
    re.IGNORECASE,
)


def _rooms(words: str, now: int) -> Iterator[int]:
    """Yield what a message may mean a reply may take, the most certain first."""
    if found := _REQUESTED.search(words):  # tokens a minute
        limit, requested = (_int(one) for one in found.groups())
        yield now - (requested - limit) - _MARGIN
    context, prompt = _first(_CONTEXT, words), _first(_PROMPT, words)
    if context is not None and prompt is not None:
        yield context - prompt - _MARGIN
    found = re.search(rf"requested (?:a total of |about )?{_NUMBER}", words, re.IGNORECASE)
    if found and context is not None:
        yield context - (_int(found[1]) - now) - _MARGIN
    yield from (_int(next(filter(None, one.groups()))) for one in _CAP.finditer(words))


def _first(pattern: re.Pattern[str], words: str) -> int | None:
    found = pattern.search(words)
    return _int(next(filter(None, found.groups()))) if found else None


def _int(digits: str) -> int:
    return int(re.sub(r"\D", "", digits)[:9])


def _omitted(dialect: Dialect, sent: Mapping[str, Any], said: _Said) -> Learnt | None:
    """Leave out a field that the message names."""
    if said.names("temperature") and said.names("top_p") and "top_p" in sent and said.param in {"", "top_p"}:
        return _without(dialect, "top_p")  # they are not taken together, or neither is: the other one comes next
    bounds = [field for field in LIMITS if field in sent]
    needed = _NEEDED if len(bounds) > 1 else _NEEDED.union(bounds)
    others = [field for field in sent if field not in {*needed, *_FIRST_OMITTED}]
    named = [field for field in (said.param.removeprefix("body."), *_FIRST_OMITTED, *others) if said.names(field)]
    return next((_without(dialect, field) for field in named if field in sent and field not in needed), None)


def _always_thinks(dialect: Dialect, sent: Mapping[str, Any], said: _Said) -> Learnt | None:
    """Leave out the switch that a model without one refuses."""
    if not said.has(
        r"不支持关闭思考|始终思考|(thinking|reasoning) .{0,40}(cannot|can't|not) be (disabled|turned off)|always (thinks|reasons)"
    ):
        return None
    return next((_without(dialect, field) for field in _THINKING if field in sent), None)


def _without(dialect: Dialect, field: str) -> Learnt:
    """Return the dialect without a field, by the name under which it was sent."""
    known = next((name for name, sent in dialect.rename.items() if sent == field), field)
    return Learnt(dialect.model_copy(update={"omit": (*dialect.omit, known)}), f"{field} is left out")


_LEARNERS = (_thinking_off, _streamed, _merging, _renamed, _fewer_tokens, _omitted, _always_thinks)
