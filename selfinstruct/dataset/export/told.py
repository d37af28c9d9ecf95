"""A row with its thoughts as a target wants them, in every text that may have one."""

import re
from typing import Literal

from selfinstruct.dataset.io.thoughts import with_thought
from selfinstruct.records import JsonObject, Row

Thoughts = Literal["drop", "tags", "field", "empty"]
"""How a thought is written: not at all, before the answer in `<think>` tags, as a field of its own, or in tags that are there, empty, also
where there is no thought."""
EMPTY = "<think>\n\n</think>\n\n"
"""What hybrid models write when they answer without a thought."""
_INLINE = re.compile(r"\s*<think>.*?</think>\s*", re.DOTALL)


def told(row: Row, thoughts: Thoughts) -> Row:
    """Return a row whose answers, earlier and worse ones and calls included, hold their thoughts as told.

    Only with `field` it has `reasoning` afterwards. The thought of a row that ends in a call is that of the call.
    """
    if thoughts == "field":
        return row
    if thoughts != "empty" and not (row.reasoning or row.history or row.rejected or row.calls):
        return row
    if answer_is_call(row):
        row = row.model_copy(update={"calls": (*row.calls[:-1], with_reasoning(row.calls[-1], row.reasoning))})
    changes = {
        "reasoning": "",
        "output": row.output if answer_is_call(row) else _written(row.output, row.reasoning, thoughts),
        "rejected": _written(row.rejected, "", thoughts) if row.rejected else "",
        "history": tuple(
            (asked, _written(answered, "", thoughts) if answered else "") for asked, answered in row.history
        ),
        "calls": tuple(_called(message, thoughts) for message in row.calls),
    }
    return row.model_copy(update=changes)


def has_thought(row: Row) -> bool:
    """Return whether any answer or call of a row has a thought."""
    texts = (row.rejected, *(answered for _, answered in row.history))
    return (
        bool(row.reasoning) or any(map(_INLINE.match, texts)) or any(_called(one, "drop") != one for one in row.calls)
    )


def answer_is_call(row: Row) -> bool:
    """Return whether a row is answered by a call, whose result is not there."""
    called = bool(row.calls) and row.calls[-1].get("role") == "assistant" and "turn" not in row.calls[-1]
    return called and not row.output


def with_reasoning(message: JsonObject, reasoning: str) -> JsonObject:
    """Return a call with a thought, if there is one and it has none of its own."""
    return {**message, "reasoning_content": message.get("reasoning_content") or reasoning} if reasoning else message


def _written(answer: str, thought: str, thoughts: Thoughts) -> str:
    """Return an answer after its thought, which may be inside it already."""
    inside = _INLINE.match(answer)
    if thoughts == "drop":
        return answer[inside.end() :] if inside else answer
    if thoughts == "empty" and not (thought or inside):
        return EMPTY + answer
    return with_thought(thought, answer)


def _called(message: JsonObject, thoughts: Thoughts) -> JsonObject:
    """Return a call with its thought; without one it gets no tags, since not every layout has a place for them beside a call."""
    thought, said = message.get("reasoning_content"), message.get("content")
    if message.get("role") != "assistant" or not (thought or (isinstance(said, str) and _INLINE.match(said))):
        return message
    plain = {key: value for key, value in message.items() if key != "reasoning_content"}
    text = _written(said if isinstance(said, str) else "", thought if isinstance(thought, str) else "", thoughts)
    return plain | {"content": text or None}
