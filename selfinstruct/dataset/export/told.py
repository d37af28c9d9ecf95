"""A row with its thoughts as a target wants them, in every text that may have one."""

import re
from typing import Literal

from selfinstruct.dataset.export.calls import text_of
from selfinstruct.dataset.io.thoughts import split_written, with_thought
from selfinstruct.records import JsonObject, Row

Thoughts = Literal["drop", "tags", "field", "empty"]
"""How a thought is written: not at all, before the answer in `<think>` tags, as a field of its own, or in tags that are there, empty, also
where there is no thought."""
EMPTY = "<think>\n\n</think>\n\n"
"""What hybrid models write when they answer without a thought."""
_WHOLE = re.compile(r"\s*<think>.*?</think>", re.DOTALL)


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
        "output": row.output if answer_is_call(row) else _spoken(row.output, row.reasoning, thoughts),
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
    return bool(row.reasoning) or any(split_written(text)[0] for text in texts) or any(map(_thought_of, row.calls))


def answer_is_call(row: Row) -> bool:
    """Return whether a row is answered by a call, whose result is not there."""
    called = bool(row.calls) and row.calls[-1].get("role") == "assistant" and "turn" not in row.calls[-1]
    return called and not row.output


def with_reasoning(message: JsonObject, reasoning: str) -> JsonObject:
    """Return a call with a thought, if there is one and it has none of its own."""
    return {**message, "reasoning_content": message.get("reasoning_content") or reasoning} if reasoning else message


def _spoken(answer: str, thought: str, thoughts: Thoughts) -> str:
    """Return an answer, in which there is no thought any more, after its thought."""
    if thoughts == "drop":
        return answer
    return with_thought(thought, answer) if thought else EMPTY + answer if thoughts == "empty" else answer


def _written(answer: str, thought: str, thoughts: Thoughts) -> str:
    """Return an answer after its thought, which may be inside it already, also without its first tag."""
    inside, bare = split_written(answer)
    if thoughts == "drop":
        return bare
    if not thought and _WHOLE.match(answer):
        return answer
    if inside or thought:
        return with_thought("\n".join(filter(None, dict.fromkeys((thought, inside)))), bare)
    return EMPTY + answer if thoughts == "empty" and not answer.lstrip().startswith("<think>") else answer


def _thought_of(message: JsonObject) -> str:
    """Return the thought of a call: in a field, or inside its text."""
    if message.get("role") != "assistant":
        return ""
    held = message.get("reasoning_content")
    return held if isinstance(held, str) and held else split_written(_said(message))[0]


def _said(message: JsonObject) -> str:
    """Return the text of a call, also where it comes in parts; empty where it holds more than text."""
    return text_of(message.get("content")) or ""


def _called(message: JsonObject, thoughts: Thoughts) -> JsonObject:
    """Return a call with its thought; without one it gets no tags, since not every layout has a place for them beside a call."""
    if not (thought := _thought_of(message)):
        return message
    plain, said = {key: value for key, value in message.items() if key != "reasoning_content"}, message.get("content")
    if isinstance(said, list) and not split_written(_said(message))[0]:
        return plain | {
            "content": said if thoughts == "drop" else [{"type": "text", "text": with_thought(thought, "")}, *said]
        }
    return plain | {"content": _written(_said(message), thought, thoughts) or None}
