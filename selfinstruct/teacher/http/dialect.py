"""The dialect of one endpoint and model: which fields a request is sent with. Pure functions.

The logical request, its slot and what the journal holds do not depend on
the dialect: it only decides how the request is spelt on the wire.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from selfinstruct.config import Teacher
from selfinstruct.records import Record

LIMITS = ("max_tokens", "max_completion_tokens", "max_output_tokens")
"""Fields that bound the tokens of a reply."""
LEAST_TOKENS = 16
"""A bound below which no reply is worth asking for."""
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
    context: int | None = None
    """Tokens of prompt and reply together."""
    tokens_per_byte: float = Field(0.0, ge=0, le=10)
    """The most tokens that the provider counted for a byte of a prompt; with `context` only."""
    extra: Mapping[str, Any] = {}
    """Fields that are added."""

    def fields(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields of a request as this endpoint takes them.

        >>> Dialect(omit=("seed",), rename={"max_tokens": "max_completion_tokens"}).fields({"seed": 1, "max_tokens": 9})
        {'max_completion_tokens': 9}
        """
        kept = {name: value for name, value in fields.items() if name not in self.omit}
        if "max_tokens" in kept:
            kept["max_tokens"] = self._bound(kept["max_tokens"], kept.get("messages", []))
        if self.merge_system and "messages" in kept:
            kept["messages"] = _merged(kept["messages"])
        spelt = {self.rename.get(name, name): value for name, value in kept.items()}
        if self.stream:
            usage = {} if "stream_options" in self.omit else {"stream_options": {"include_usage": True}}
            spelt |= {"stream": True, **usage}
        return spelt | {name: value for name, value in self.extra.items() if name not in self.omit}

    def _bound(self, max_tokens: int, messages: Sequence[Mapping[str, Any]]) -> int:
        """Return the bound that fits; where the context leaves too little, the one asked for, which is refused for nothing."""
        bounds = [max_tokens] if self.most_tokens is None else [max_tokens, self.most_tokens]
        if self.context is not None:
            left = self.context - math.ceil(self.tokens_per_byte * prompt_bytes(messages)) - _MARGIN
            bounds += [left] if left >= LEAST_TOKENS else []
        return min(bounds)

    def describe(self) -> str:
        """Return in a few words what differs from the plain request; empty if nothing does."""
        parts = [f"without {', '.join(self.omit)}"] if self.omit else []
        parts += [f"{name} as {sent}" for name, sent in self.rename.items()]
        parts += ["the system message within the first one"] if self.merge_system else []
        parts += ["streamed"] if self.stream else []
        parts += [f"at most {self.most_tokens:,} tokens a reply"] if self.most_tokens is not None else []
        parts += [f"prompt and reply within {self.context:,} tokens"] if self.context is not None else []
        parts += [f"with {name} = {str(value).lower()}" for name, value in self.extra.items()]
        return "; ".join(parts)


def configured(teacher: Teacher) -> Dialect:
    """Return the dialect that `[teacher]` names by hand."""
    return Dialect(omit=teacher.omit, rename=teacher.rename, stream=teacher.stream)


def prompt_bytes(messages: Sequence[Mapping[str, Any]]) -> int:
    """Return the bytes of a prompt's texts in UTF-8: of them a token takes about as many in English as in Chinese."""
    return sum(len(str(message["content"]).encode("utf-8", "surrogatepass")) for message in messages)


def _merged(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(messages) < 2 or messages[0].get("role") != "system":
        return messages
    first = {**messages[1], "content": f"{messages[0]['content']}\n\n{messages[1]['content']}"}
    return [first, *messages[2:]]
