"""What a row carries beside its texts: tools, calls, its source, and what proved it."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from selfinstruct.dataset.io.names import TOOLS
from selfinstruct.errors import RecordError
from selfinstruct.records import Check, JsonObject, Source

_SOURCE = frozenset(Source.model_fields)
_CALLERS = ("assistant", "tool", "function")


def tools_of(value: Mapping[str, Any], *told: Mapping[str, Any]) -> tuple[tuple[JsonObject, ...], tuple[str, ...]]:
    """Return (tools, texts about tools that are no JSON objects) of a row and of `told`, its system turns; tools may be inside a text."""
    tools: list[JsonObject] = []
    left: list[str] = []
    for held in (holder.get(name) for holder in (value, *told) for name in TOOLS):
        inside = _inside(held) if isinstance(held, str) and held.strip() else held
        some = inside if isinstance(inside, list) else [inside] if inside else []
        for one in (_inside(one) if isinstance(one, str) else one for one in some):
            if isinstance(one, dict):
                tools.append(one)
            else:
                left.append(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False))
    return tuple(tools), tuple(left)


def _inside(text: str) -> Any:
    """Return the JSON value inside a text, or the text."""
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return held if isinstance(held, list | dict) else text


def own_calls(value: Mapping[str, Any], last: int, where: str) -> tuple[list[tuple[int, JsonObject]], tuple[int, ...]]:
    """Return `calls` as (number of the turn, message), and `unlearned`, of a row in our own layout; `last` is the number of its last turn."""
    held = _inside(value["calls"]) if isinstance(value.get("calls"), str) else value.get("calls")
    found = []
    for number, message in enumerate(held or []) if isinstance(held, list | None) else [(0, held)]:
        if not isinstance(message, dict) or message.get("role") not in _CALLERS:
            raise RecordError(
                f"{where}: field `calls.{number}` must be a message with role {', '.join(_CALLERS)}; repair or remove the row"
            )
        turn = message.get("turn", last)
        if type(turn) is not int or not 0 <= turn <= last:
            raise RecordError(
                f"{where}: field `calls.{number}.turn` must be the number of a turn in `history`, from 0; repair or remove the row"
            )
        found.append((turn, message))
    unlearned = value.get("unlearned")
    named = unlearned if isinstance(unlearned, list) else []
    return found, tuple(one for one in named if isinstance(one, int))


def source_of(value: Mapping[str, Any]) -> Source | None:
    """Return what a row says that it was made from; None when it says it in another form than ours."""
    held = _inside(value["source"]) if isinstance(value.get("source"), str) else value.get("source")
    return Source.model_validate(held) if isinstance(held, dict) and held and held.keys() <= _SOURCE else None


def checks_of(value: Mapping[str, Any]) -> tuple[Check, ...]:
    """Return what proved a row; empty when it says it in another form than ours."""
    found = _checks(value)
    return () if isinstance(found, str) else found


def defect_of_checks(value: Mapping[str, Any]) -> str:
    """Return what is wrong with `checks` of a row in another form than ours, by field and with the remedy; "" for none or sound ones."""
    found = _checks(value)
    return f"{found}; write them as the run did, or take `checks` out" if isinstance(found, str) else ""


def _checks(value: Mapping[str, Any]) -> tuple[Check, ...] | str:
    """Return what proved a row, or which field is in another form than ours."""
    held = _inside(value["checks"]) if isinstance(value.get("checks"), str) else value.get("checks")
    if not held:
        return ()
    if not isinstance(held, list):
        return 'field `checks` is no list of `{"kind": ..., "arguments": {...}}`'
    found = []
    for number, one in enumerate(held):
        try:
            found.append(Check.model_validate({"arguments": {}} | one if isinstance(one, dict) else one))
        except ValidationError as error:
            first = error.errors()[0]
            named = ".".join(map(str, ("checks", number, *first["loc"])))
            return f"field `{named}`: {first['msg']}"
    return tuple(found)
