"""A chat template, filled with messages or placeholders, or the reason why it cannot be filled."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import product
from typing import Any

from selfinstruct.errors import ConfigError
from selfinstruct.training.data.chat_template import fill, fill_marked
from selfinstruct.training.data.generation_marks import Spans

Message = Mapping[str, Any]
Written = Callable[..., str]
"""Function: messages -> text, by the template under its options."""
ASKED, ANSWER, THOUGHT, TOLD = ("\u2063" + name + "\u2063" for name in ("question", "answer", "thought", "system"))
"""Placeholders in a filled template, at which the text is split again."""
THOUGHT_FIELDS = ("reasoning_content", "thinking", "reasoning")
"""Fields in which templates look for a thought."""
ALPACA = 'set prompt = "alpaca-v1"'
"""Remedy where a template is of no use."""


def filled(tokenizer: Any, messages: Sequence[Message], *, day: str = "", **options: Any) -> str:
    """Return messages as text, by the model's chat template; raises ConfigError when it cannot be filled."""
    with _refusing():
        return fill(tokenizer, messages, day=day, **options)


def filled_marked(
    tokenizer: Any, messages: Sequence[Message], *, day: str = "", **options: Any
) -> tuple[str, Spans | None]:
    """Return the same with the places of what the template marks as written by the model; None for a template without marks."""
    with _refusing():
        return fill_marked(tokenizer, messages, day=day, **options)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except Exception as error:  # a template is a program, and ends in any class
        reason = " ".join(str(error)[:400].split())[:200] or type(error).__name__
        raise ConfigError(
            f"[finetune.prompt]: the model's chat template cannot be filled ({reason}); {ALPACA}"
        ) from error


def call_thought_field(written: Written, asked: list[Message]) -> str:
    """Return the field of a call that the template reads; some take arguments as text alone, some ids of nine letters."""
    for field, arguments in product(THOUGHT_FIELDS, ({}, "{}")):
        call = {"id": "a" * 9, "type": "function", "function": {"name": "tool", "arguments": arguments}}
        try:
            text = written([*asked, {"role": "assistant", "content": "", "tool_calls": [call], field: THOUGHT}])
        except ConfigError:
            continue
        if text.count(THOUGHT) == 1:
            return field
    return ""


def takes_system(written: Written, asked: Sequence[Message]) -> bool:
    """Return whether a template writes system texts."""
    try:
        return TOLD in written([{"role": "system", "content": TOLD}, *asked])
    except ConfigError:  # such templates raise on purpose
        return False
