"""A row as chat turns: messages of OpenAI's API, or ShareGPT's."""

from collections.abc import Sequence
from typing import Any

from selfinstruct.dataset.export.calls import encoded_once, function_of, text_of
from selfinstruct.dataset.export.told import answer_is_call, with_reasoning
from selfinstruct.dataset.io.turns import WEIGHTS, is_learned
from selfinstruct.records import JsonObject, Row
from selfinstruct.system.files import to_line


def user_turn(row: Row) -> str:
    """Return instruction and input as one user turn."""
    return f"{row.instruction}\n\n{row.input}" if row.input else row.instruction


def system_in_user_turn(row: Row) -> Row:
    """Return a row with its system text at the head of its first user turn, as chat templates without a system turn have it."""
    if not row.system:
        return row
    if row.history:
        (asked, answered), *rest = row.history
        return row.model_copy(update={"system": "", "history": ((f"{row.system}\n\n{asked}", answered), *rest)})
    return row.model_copy(update={"system": "", "instruction": f"{row.system}\n\n{row.instruction}"})


Unlearned = tuple[str, object]
"""Key and value with which a message says that it is not learned."""
WEIGHT: Unlearned = ("weight", 0)


def messages_of(row: Row, unlearned: Unlearned = WEIGHT) -> list[JsonObject]:
    """Return all messages of a row; `unlearned` is what an answer or call that is context only says."""
    found = asked_of(row, unlearned)
    if answer_is_call(row):
        return [*found[:-1], with_reasoning(found[-1], row.reasoning)]
    return [*found, answer_of(row)]


def asked_of(row: Row, unlearned: Unlearned = WEIGHT) -> list[JsonObject]:
    """Return the messages before the answer."""
    found: list[JsonObject] = [{"role": "system", "content": row.system}] if row.system else []
    for number, (asked, answered) in enumerate(row.history):
        called = calls_of(row, number, unlearned)
        found += [{"role": "user", "content": asked}, *called]
        if answered or not called:
            context = dict([unlearned]) if number in row.unlearned else {}
            found.append({"role": "assistant", "content": answered, **context})
    return [*found, {"role": "user", "content": user_turn(row)}, *calls_of(row, None, unlearned)]


def answer_of(row: Row) -> JsonObject:
    """Return the message of the answer."""
    message: JsonObject = {"role": "assistant", "content": row.output}
    return message | ({"reasoning_content": row.reasoning} if row.reasoning else {})


def calls_of(row: Row, turn: int | None, unlearned: Unlearned) -> list[JsonObject]:
    """Return the calls and results of an earlier turn, or of the row's own."""
    return [_message(one, unlearned) for one in row.calls if one.get("turn") == turn]


def _message(message: JsonObject, unlearned: Unlearned) -> JsonObject:
    learned = is_learned(message)
    kept = {key: value for key, value in message.items() if key != "turn" and (learned or key not in WEIGHTS)}
    if isinstance(calls := kept.get("tool_calls"), list):
        kept["tool_calls"] = [encoded_once(call) for call in calls]
    return kept if learned else kept | dict([unlearned])


def preference_of(row: Row) -> dict[str, Any]:
    """Return prompt, chosen and rejected as lists of messages, as TRL reads preference pairs."""
    return {
        "prompt": asked_of(row),
        "chosen": [answer_of(row)],
        "rejected": [{"role": "assistant", "content": row.rejected}],
    }


def sharegpt_turns(row: Row) -> list[dict[str, str]]:
    """Return the turns of a row as LLaMA-Factory's ShareGPT layout has them: calls and results have speakers of their own."""
    found: list[dict[str, str]] = []
    for number, (asked, answered) in enumerate([*row.history, (user_turn(row), row.output)]):
        called = calls_of(row, number if number < len(row.history) else None, WEIGHT)
        found += [{"from": "human", "value": asked}, *_called(called)]
        if answered or not called or called[-1]["role"] != "assistant":
            found.append({"from": "gpt", "value": answered})
    return found


def _called(messages: Sequence[JsonObject]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for message in as_called(messages):
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
    """Return messages as TRL hands them to a chat template: arguments as objects, contents that are texts, results in the order of calls."""
    return [as_object(message) for message in as_called(messages)]


def as_object(message: JsonObject) -> JsonObject:
    """Return a message whose arguments are objects, and whose content is a text."""
    calls = [
        {
            **call,
            "function": {**call["function"], "arguments": (function_of(call) or call["function"])["arguments"]},
        }
        for call in message.get("tool_calls") or ()
    ]
    told = {"content": text_of(message.get("content"))}
    return {**message, **told, **({"tool_calls": calls} if calls else {})}


def with_contents(messages: Sequence[JsonObject]) -> list[JsonObject]:
    """Return messages without a content that is null: axolotl leaves the key out, and some chat templates read it."""
    return [{**one, "content": ""} if one.get("content") is None else one for one in as_called(messages)]


def as_called(messages: Sequence[JsonObject]) -> list[JsonObject]:
    """Return messages with the results of several calls in the order of the calls: where ids are not shown, order is all there is."""
    places: dict[Any, int] = {}
    found: list[JsonObject] = []
    run: list[JsonObject] = []
    for message in [*messages, {"role": ""}]:
        if message["role"] == "tool":
            run.append(message)
            continue
        if len(run) > 1 and all(one.get("tool_call_id") in places for one in run):
            run.sort(key=lambda one: places[one["tool_call_id"]])
        found += run
        run = []
        calls = message.get("tool_calls") or ()
        places = {call["id"]: number for number, call in enumerate(calls) if isinstance(call, dict) and call.get("id")}
        found.append(message)
    return found[:-1]
