"""A filled chat template, or the reason why it cannot be filled."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from selfinstruct.errors import ConfigError
from selfinstruct.training.data.chat_template import fill, fill_marked
from selfinstruct.training.data.generation_marks import Spans

Message = Mapping[str, Any]
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
