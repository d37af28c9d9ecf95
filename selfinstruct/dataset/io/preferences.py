"""Preference pairs in the layouts of TRL, LLaMA-Factory and ms-swift: what is asked, a better answer and a worse one."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from selfinstruct.dataset.io.conversations import Conversation, conversation
from selfinstruct.dataset.io.names import CHOSEN, REJECTED
from selfinstruct.dataset.io.turns import LAYOUTS, Turn, turns_of, with_thought
from selfinstruct.errors import RecordError


class Preference(NamedTuple):
    """A conversation that ends in the better answer, and the worse one."""

    conversation: Conversation
    rejected: str


def as_list(value: Any) -> Any:
    """Return a list that stands inside a text; any other value unchanged."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            held = json.loads(value)
        except (ValueError, RecursionError):
            return value
        return held if isinstance(held, list) and all(isinstance(one, dict) for one in held) and held else value
    return value


def turns_in(value: Mapping[str, Any]) -> tuple[str, Any]:
    """Return (field, list) of the turns of a row, ("", None) without any: a layout's field, or a prompt and completion of turns."""
    for name in LAYOUTS:
        if name in value and isinstance(held := as_list(value[name]), list):
            return name, held
    prompt, completion = as_list(value.get("prompt")), as_list(value.get("completion"))
    if isinstance(prompt, list) and isinstance(completion, list):
        return "prompt", [*prompt, *completion]
    return "", None


def preference(value: Mapping[str, Any], where: str) -> Preference | None:
    """Return a pair whose answers or whose question are turns, or None for a row that is none."""
    rejected_key = next((name for name in REJECTED if name in value), "")
    if not rejected_key or value[rejected_key] is None:
        return None
    chosen, rejected = as_list(value.get(CHOSEN[0])), as_list(value[rejected_key])
    layout, asked = turns_in(value)
    if not layout and isinstance(prompt := as_list(value.get("prompt")), list):
        layout, asked = "prompt", prompt
    if not layout and not isinstance(chosen, list | dict):
        return None
    before = list(turns_of(asked, layout, where)) if layout else []
    if not before and isinstance(chosen, list) and isinstance(told := value.get("prompt"), str) and len(chosen) == 1:
        before = [Turn("user", told, "prompt")]
    better = _ended(before, chosen, CHOSEN[0], where) if chosen is not None else conversation(before)
    if chosen is None and before and before[-1].role == "assistant":
        before = before[:-1]
    worse = _ended(before, rejected, rejected_key, where)
    if [pair.asked for pair in better.pairs] != [pair.asked for pair in worse.pairs]:
        raise RecordError(
            f"{where}: `{CHOSEN[0]}` and `{rejected_key}` answer different questions; repair or remove the row"
        )
    if not better.pairs or better.defect or worse.defect:
        raise RecordError(
            f"{where}: {better.defect or worse.defect or 'nobody asks anything'}; repair or remove the row"
        )
    last = worse.pairs[-1]
    return Preference(better, with_thought(last.thought, last.answered))


def _ended(before: list[Turn], answer: Any, field: str, where: str) -> Conversation:
    """Return what was asked with an answer: a text, a turn, or turns that may repeat the question."""
    if isinstance(answer, str):
        return conversation([*before, Turn("assistant", answer, field)])
    turns = list(turns_of([answer] if isinstance(answer, dict) else answer, field, where))
    repeats = any(turn.role == "user" for turn in turns)
    return conversation(turns if repeats else [*before, *turns])
