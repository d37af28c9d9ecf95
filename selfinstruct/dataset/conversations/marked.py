"""Conversations inside one text, by the names of the speakers that stand in it: Baize's, BELLE's and OpenAssistant-Guanaco's rows, and ChatML."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from selfinstruct.dataset.io.turns import Turn

_NAMES = {
    "user": ("human", "user", "人类", "用户"),
    "assistant": ("ai", "assistant", "gpt", "chatgpt", "bot", "助手", "机器人"),
    "system": ("system", "系统"),
}
_ROLE = {name: role for role, names in _NAMES.items() for name in names}
_ANY = "|".join(_ROLE)
_MARKS = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (
        rf"\[\|({_ANY})\|\][ \t]*",
        r"<\|im_start\|>(user|assistant|system)[ \t]*\n",
        r"<\|(user|assistant|system)\|>[ \t]*\n?",
        rf"#{{2,3}} ?({_ANY}) ?[:：][ \t]*",
        rf"^({_ANY}) ?[:：][ \t]*",
    )
)
"""Each pattern in group 1 has who speaks; the last two are words that a text may hold by itself, so they have to be regular."""
_SIGNS = ("[|", "<|", "##")
_END = re.compile(r"\s*(?:<\|im_end\|>|<\|end\|>|<\|endoftext\|>|</s>)\s*\Z")
_FIELDS = ("conversation", "conversations", "dialogue", "dialog", "chat", "text", "instruction", "prompt", "input")
_ANSWERS = ("output", "response", "completion", "answer")
_FIRST = re.compile(rf"\s*(?:{_ANY}) ?[:：]", re.IGNORECASE)


class Marked(NamedTuple):
    """What stands in a text: turns, and what is told before the first of them."""

    turns: tuple[Turn, ...]
    told: str


def marked(value: Mapping[str, Any]) -> Marked | None:
    """Return the conversation that a text of a row holds, with its answer where the last turn of the text has none; None for any other row."""
    answer = next((held for name in _ANSWERS if isinstance(held := value.get(name), str) and held.strip()), "")
    for name in _FIELDS:
        text = value.get(name)
        if isinstance(text, str) and (name == "instruction" or not value.get("instruction")) and _may_hold(text):
            given = value.get("input")
            if name == "instruction" and isinstance(given, str) and given.strip():
                continue  # a task about a text
            found = _turns(text, name, answer)
            if found:
                return found
    return None


def _may_hold(text: str) -> bool:
    return any(sign in text for sign in _SIGNS) or bool(_FIRST.match(text))


def _turns(text: str, field: str, answer: str) -> Marked | None:
    for number, pattern in enumerate(_MARKS):
        found = list(pattern.finditer(text))
        if not found:
            continue
        told = text[: found[0].start()].strip()
        ends = [*(one.start() for one in found[1:]), len(text)]
        said = [
            (_ROLE[one[1].lower()], _END.sub("", text[one.end() : end]).strip())
            for one, end in zip(found, ends, strict=True)
        ]
        if not said[-1][1]:
            said = [*said[:-1], *([("assistant", answer)] if answer and said[-1][0] == "assistant" else [])]
        elif answer and said[-1][0] == "user":
            said.append(("assistant", answer))
        elif answer:
            return None  # an answer to a task about this conversation
        is_word = number >= len(_MARKS) - 2
        if {"user", "assistant"} <= {role for role, _ in said} and not (is_word and (told or not _is_regular(said))):
            turns = tuple(Turn(role, one, f"{field} ({place})") for place, (role, one) in enumerate(said, 1))  # type: ignore[arg-type] # by _NAMES
            return Marked(turns, told)
    return None


def _is_regular(said: list[tuple[str, str]]) -> bool:
    """Return whether user and assistant take turns, the user first and the assistant last, and each says something."""
    spoken = said[1:] if said[0][0] == "system" else said
    alternate = all(role == ("user", "assistant")[number % 2] for number, (role, _) in enumerate(spoken))
    return alternate and len(spoken) % 2 == 0 and all(one for _, one in spoken)
