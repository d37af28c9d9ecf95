"""What a refusal teaches of an endpoint's dialect. Pure functions.

A refusal of the whole request is free, and most name the field.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from selfinstruct.teacher.http.dialect import LEAST_TOKENS, LIMITS, Dialect, prompt_bytes
from selfinstruct.teacher.http.provider_error import words_of
from selfinstruct.teacher.http.token_limits import Context, context_of, limits_of

_NEEDED = {"model", "messages", "stream"}
"""Fields that no refusal teaches to leave out; nor the last one of LIMITS, without which nothing bounds the cost of a reply."""
_FIRST_OMITTED = ("seed", "top_p", "temperature")
"""Fields that are tried first where a message names several."""
_LIKELIHOODS = ("logprobs", "top_logprobs")
_THINKING = ("thinking", "enable_thinking", "reasoning_effort", "reasoning", "chat_template_kwargs")
_ANY_CASE = re.IGNORECASE | re.ASCII
"""ASCII, because Chinese letters stand beside the name of a field without a blank."""
_SAFETY = 1.02
"""Of the tokens a byte of one prompt takes, for others that take a little more."""


class Learnt(NamedTuple):
    """A dialect that a refusal taught."""

    dialect: Dialect
    what: str
    """The one thing that it differs in."""


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
    """Lower the token bound to what the context leaves beside each prompt, or to the limit that the message names."""
    now = next((sent[name] for name in LIMITS if type(sent.get(name)) is int), None)
    if now is None or not said.has(r"tokens?\b|context|length|max_|长度|上下文"):
        return None
    if (found := context_of(said.words, now)) and (learnt := _within(dialect, sent, found, now)):
        return learnt
    room = next((room for room in limits_of(said.words, now) if LEAST_TOKENS <= room < now), None)
    if room is None:
        return None
    return Learnt(dialect.model_copy(update={"most_tokens": room}), f"a reply may take {room:,} tokens, not {now:,}")


def _within(dialect: Dialect, sent: Mapping[str, Any], found: Context, now: int) -> Learnt | None:
    """Learn a context, and how many tokens a prompt takes of it; None when it is known, or this prompt leaves no room for a reply, or enough."""
    size = prompt_bytes(sent.get("messages", []))
    if not size or not 2 * LEAST_TOKENS <= found.size - found.prompt < now:
        return None
    rate = max(dialect.tokens_per_byte, min(_SAFETY * found.prompt / size, 10.0))
    learnt = dialect.model_copy(update={"context": found.size, "tokens_per_byte": rate})
    if learnt == dialect:
        return None
    return Learnt(learnt, f"prompt and reply share {found.size:,} tokens, and a reply may take what is left")


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


def _likelihoods(dialect: Dialect, sent: Mapping[str, Any], _: _Said) -> Learnt | None:
    """Leave log-probabilities out where a refusal names nothing: a second answer stands in for them."""
    return _without(dialect, "logprobs") if "logprobs" in sent else None


def _without(dialect: Dialect, field: str) -> Learnt:
    """Return the dialect without a field, by the name under which it was sent; one on log-probabilities is nothing without the other."""
    known = next((name for name, sent in dialect.rename.items() if sent == field), field)
    gone = _LIKELIHOODS if known in _LIKELIHOODS else (known,)
    what = "log-probabilities are" if len(gone) > 1 else f"{field} is"
    omit = tuple(dict.fromkeys((*dialect.omit, *gone)))
    return Learnt(dialect.model_copy(update={"omit": omit}), f"{what} left out")


_LEARNERS = (_thinking_off, _streamed, _merging, _renamed, _fewer_tokens, _omitted, _always_thinks, _likelihoods)
