"""A row as chat turns: messages of OpenAI's API, or ShareGPT's, with its thought as the target wants it."""

import re
from collections.abc import Sequence
from typing import Any, Literal

from selfinstruct.dataset.export.calls import function_of
from selfinstruct.dataset.io.thoughts import with_thought
from selfinstruct.records import JsonObject, Row
from selfinstruct.system.files import to_line

Thoughts = Literal["drop", "tags", "field", "empty"]
"""How a thought is written: not at all, before the answer in `<think>` tags, as a field of its own, or in tags that are there, empty, also
where there is no thought."""
_INLINE = re.compile(r"\s*<think>.*?</think>\s*", re.DOTALL)
EMPTY = "<think>\n\n</think>\n\n"
"""What hybrid models write when they answer without a thought."""


def user_turn(row: Row) -> str:
    """Return instruction and input as one user turn."""
    return f"{row.instruction}\n\n{row.input}" if row.input else row.instruction


def spoken(row: Row, thoughts: Thoughts) -> str:
    """Return the answer, after its thought where that is written in tags."""
    if thoughts == "empty" and not row.reasoning:
        return EMPTY + row.output
    return with_thought(row.reasoning, row.output) if thoughts in {"tags", "empty"} else row.output


def earlier(row: Row, thoughts: Thoughts) -> Sequence[tuple[str, str]]:
    """Return the earlier turns; without thoughts where these are dropped."""
    if thoughts != "drop":
        return row.history
    return [
        (asked, _INLINE.sub("", answered, count=1) if _INLINE.match(answered) else answered)
        for asked, answered in row.history
    ]


def messages_of(row: Row, thoughts: Thoughts, unlearned: tuple[str, object] = ("weight", 0)) -> list[JsonObject]:
    """Return all messages of a row; `unlearned` is what an answer that is context only says."""
    found = asked_of(row, thoughts, unlearned)
    if row.output or not row.calls or row.calls[-1].get("role") != "assistant" or "turn" in row.calls[-1]:
        found.append(answer_of(row, thoughts))
    return found


def asked_of(row: Row, thoughts: Thoughts, unlearned: tuple[str, object]) -> list[JsonObject]:
    """Return the messages before the answer."""
    found: list[JsonObject] = [{"role": "system", "content": row.system}] if row.system else []
    for number, (asked, answered) in enumerate(earlier(row, thoughts)):
        called = calls_of(row, number)
        found += [{"role": "user", "content": asked}, *called]
        if answered or not called:
            told = dict([unlearned]) if number in row.unlearned else {}
            found.append({"role": "assistant", "content": answered, **told})
    return [*found, {"role": "user", "content": user_turn(row)}, *calls_of(row, None)]


def answer_of(row: Row, thoughts: Thoughts) -> JsonObject:
    """Return the message of the answer."""
    message: JsonObject = {"role": "assistant", "content": spoken(row, thoughts)}
    return message | ({"reasoning_content": row.reasoning} if row.reasoning and thoughts == "field" else {})


def calls_of(row: Row, turn: int | None) -> list[JsonObject]:
    """Return the calls and results of an earlier turn, or of the row's own."""
    return [
        {key: value for key, value in message.items() if key != "turn"}
        for message in row.calls
        if message.get("turn") == turn
    ]


def preference_of(row: Row, thoughts: Thoughts) -> dict[str, Any]:
    """Return prompt, chosen and rejected as lists of messages, as TRL reads preference pairs."""
    return {
        "prompt": asked_of(row, thoughts, ("weight", 0)),
        "chosen": [answer_of(row, thoughts)],
        "rejected": [{"role": "assistant", "content": row.rejected}],
    }


def sharegpt_turns(row: Row, thoughts: Thoughts) -> list[dict[str, str]]:
    """Return the turns of a row as LLaMA-Factory's ShareGPT layout has them: calls and results have speakers of their own."""
    found: list[dict[str, str]] = []
    for number, (asked, answered) in enumerate([*earlier(row, thoughts), (user_turn(row), spoken(row, thoughts))]):
        called = calls_of(row, number if number < len(row.history) else None)
        found += [{"from": "human", "value": asked}, *_called(called)]
        if answered or not called or called[-1]["role"] != "assistant":
            found.append({"from": "gpt", "value": answered})
    return found


def _called(messages: Sequence[JsonObject]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for message in messages:
        if message["role"] != "assistant":
            if found and found[-1]["from"] == "observation":  # two in a row are no turns for LLaMA-Factory
                found[-1]["value"] += "\n" + str(message["content"])
            else:
                found.append({"from": "observation", "value": str(message["content"])})
        elif message.get("tool_calls"):
            calls = [function_of(call) for call in message["tool_calls"]]
            found.append({"from": "function_call", "value": to_line(calls[0] if len(calls) == 1 else calls)})
        else:
            found.append({"from": "gpt", "value": str(message["content"])})
    return found


def with_objects(messages: Sequence[JsonObject]) -> list[JsonObject]:
    """Return messages as TRL hands them to a chat template: arguments as objects, and no content that is null."""
    found = []
    for message in messages:
        calls = [
            {
                **call,
                "function": {**call["function"], "arguments": (function_of(call) or call["function"])["arguments"]},
            }
            for call in message.get("tool_calls") or ()
        ]
        found.append({**message, "content": message.get("content") or "", **({"tool_calls": calls} if calls else {})})
    return found
