"""Where the turns of a row are, and preference pairs in the layouts of TRL, LLaMA-Factory, ms-swift and OpenAI."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from selfinstruct.dataset.io.conversations import Conversation, conversation
from selfinstruct.dataset.io.names import BETTER
from selfinstruct.dataset.io.thoughts import with_thought
from selfinstruct.dataset.io.tool_calls import value_in
from selfinstruct.dataset.io.turns import LAYOUTS, Turn, is_turn_list, turns_of
from selfinstruct.errors import RecordError

_MOSS_MARKS = re.compile(r"<\|[A-Za-z ]+\|>: ?|<eo[a-z]>")
_ASKED = (("prompt", "completion"), ("input", "output"), ("prompt", "response"))
"""Fields of a question that is a list of turns, and of its answer: turns or a text."""


class Preference(NamedTuple):
    """A conversation that ends in the better answer, and the worse one."""

    conversation: Conversation
    rejected: str


def as_list(value: Any) -> Any:
    """Return a list of objects or lists that stands inside a text, as JSON or as Python writes it; any other value unchanged."""
    if isinstance(value, str) and value.lstrip()[:1] == "[":
        held = value_in(value)
        if isinstance(held, list) and held and all(isinstance(one, dict | list) for one in held):
            return held
    return value


def _turns_from(value: Any) -> Any:
    """Return turns that stand inside a text; any other value, and a text with another list, unchanged."""
    held = as_list(value)
    return held if isinstance(held, list) and (held is value or is_turn_list(held)) else value


def turns_in(value: Mapping[str, Any]) -> tuple[str, Any]:
    """Return (field, list) of the turns of a row, ("", None) without any."""
    for name in LAYOUTS:
        if name in value and isinstance(held := as_list(value[name]), list):
            return name, held
    for asked, answered in _ASKED:
        before, after = _turns_from(value.get(asked)), _turns_from(value.get(answered))
        if isinstance(before, list) and isinstance(after, list | str) and answered in value:
            return asked, [*before, *([{"role": "assistant", "content": after}] if isinstance(after, str) else after)]
    if isinstance(chat := value.get("chat"), dict) and any(key.startswith("turn_") for key in chat):
        return "chat", _moss(chat)
    data = value.get("data")
    if isinstance(data, list) and len(data) > 1 and all(isinstance(one, str) for one in data):  # UltraChat
        speakers = ("user", "assistant")
        return "data", [{"role": speakers[number % 2], "content": text} for number, text in enumerate(data)]
    return "", None


def _moss(chat: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the turns of MOSS's conversations, `turn_1` to the last; `None` stands for what is not there."""
    found: list[dict[str, str]] = []
    numbered = sorted((key for key in chat if isinstance(chat[key], dict)), key=lambda key: (len(key), key))
    for turn in (chat[key] for key in numbered):
        said = {name: _MOSS_MARKS.sub("", str(text)).strip() for name, text in turn.items()}
        said = {name: "" if text == "None" else text for name, text in said.items()}
        called, told = said.get("Commands", ""), said.get("Tool Responses", "")
        found.append({"role": "user", "content": said.get("Human", "")})
        found += [{"role": "assistant", "content": called}, {"role": "tool", "content": told}] if called else []
        found.append(
            {"role": "assistant", "content": said.get("MOSS", ""), "reasoning": said.get("Inner Thoughts", "")}
        )
    return found


def preference(value: Mapping[str, Any], where: str) -> Preference | None:
    """Return a pair whose answers or whose question are turns, or None for a row that is none."""
    worse_key = next((name for name in BETTER if value.get(name) is not None), "")
    if not worse_key:
        return None
    better_key = BETTER[worse_key]
    chosen, rejected = _turns_from(value.get(better_key)), _turns_from(value[worse_key])
    layout, asked = _question(value)
    if not layout and not isinstance(chosen, list | dict):
        return None
    before = list(turns_of(asked, layout, where)) if layout else []
    told = value.get("prompt")
    if not before and isinstance(told, str) and isinstance(chosen, list | dict):
        before = [Turn("user", told, "prompt")]
    better = conversation(before) if chosen is None else _ended(before, chosen, better_key, where)
    if chosen is None and before and before[-1].role == "assistant":
        before = before[:-1]
    worse = _ended(before, rejected, worse_key, where)
    if [pair.asked for pair in better.pairs] != [pair.asked for pair in worse.pairs]:
        raise RecordError(
            f"{where}: `{better_key}` and `{worse_key}` answer different questions; repair or remove the row"
        )
    if not better.pairs or better.defect or worse.defect:
        raise RecordError(
            f"{where}: {better.defect or worse.defect or 'nobody asks anything'}; repair or remove the row"
        )
    last = worse.pairs[-1]
    if not better.pairs[-1].fields[1] or not last.fields[1]:
        raise RecordError(
            f"{where}: an answer of the pair is a tool call; both must be texts; repair or remove the row"
        )
    return Preference(better, with_thought(last.thought, last.answered))


def _question(value: Mapping[str, Any]) -> tuple[str, Any]:
    """Return (field, list) of the turns before the answers of a pair."""
    layout, asked = turns_in(value)
    if layout:
        return layout, asked
    if isinstance(prompt := _turns_from(value.get("prompt")), list):
        return "prompt", prompt
    inner = value.get("input")
    return turns_in(inner) if isinstance(inner, dict) else ("", None)


def _ended(before: list[Turn], answer: Any, field: str, where: str) -> Conversation:
    """Return what was asked with an answer: a text, a turn, or turns that may repeat the question."""
    if isinstance(answer, str):
        return conversation([*before, Turn("assistant", answer, field)])
    turns = list(turns_of([answer] if isinstance(answer, dict) else answer, field, where))
    repeats = any(turn.role == "user" for turn in turns)
    return conversation(turns if repeats else [*before, *turns])
