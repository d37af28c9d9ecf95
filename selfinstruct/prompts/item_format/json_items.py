"""Items in JSON replies: an array, a wrapping object, or consecutive objects; fenced or not, truncated or not."""

import json
import re
from collections.abc import Iterator
from typing import Any

from selfinstruct.language import LANGUAGES, is_no_input

Found = tuple[str, str, str, str, str]
"""(instruction, input, output, fault, text)."""

_DECODER = json.JSONDecoder(strict=False)
_OBJECT = re.compile(r'\{(?=\s*+")')
_STRUCTURE = re.compile(r'```[a-z0-9]*|~~~[a-z0-9]*|"[^"\n]{1,40}"\s*+:\s*+(?=[\[{])|[\s,;\[\]{}]', re.IGNORECASE)
_BUDGET = 1_000_000
"""Most characters to decode per reply, plus `_ATTEMPT` per try; prevents quadratic time."""
_ATTEMPT = 1_000
_WORDS = {
    field: [
        language.field_words[field][rank].lower()
        for rank in range(9)
        for language in LANGUAGES.values()
        if rank < len(language.field_words[field])
    ]
    for field in ("instruction", "input", "output")
}
_KEYS = {word for words in _WORDS.values() for word in words}


def begins_json(text: str, before: int) -> bool:
    """Return whether a JSON object begins before a position."""
    return _OBJECT.search(text, 0, before) is not None


def parse_json_items(text: str) -> list[Found]:
    """Return the items of a JSON reply and the text around them; empty when no object has an instruction."""
    found = list(_objects(text))
    items = [_item(value, span, last=i == len(found) - 1) for i, (value, span) in enumerate(found)]
    return items if any(item[0] for item in items) else []


def _objects(text: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield (object with fields, its text), and ({}, text) for text between objects."""
    position = gap = spent = 0
    while spent < _BUDGET and (found := _OBJECT.search(text, position)):
        start = found.start()
        value, end, cost = _decode(text, start)
        spent += cost
        fields = {str(key).strip().lower(): held for key, held in value.items()}
        if not _KEYS.intersection(fields):
            position = start + 1  # invalid, or an object around others
            continue
        yield from _gap(text[gap:start])
        yield fields, text[start:end]
        position = gap = end
    yield from _gap(text[gap:])


def _decode(text: str, start: int) -> tuple[dict[str, Any], int, int]:
    """Return (object, end position, cost); the object is empty when there is none."""
    try:
        value, end = _DECODER.raw_decode(text, start)
    except RecursionError:
        return {}, start, 20 * _ATTEMPT
    except ValueError as error:
        reached = len(text) if str(error).startswith("Unterminated") else getattr(error, "pos", len(text))
        return {}, start, reached - start + _ATTEMPT
    return value, end, end - start + _ATTEMPT


def _gap(text: str) -> Iterator[tuple[dict[str, Any], str]]:
    if _STRUCTURE.sub("", text):
        yield {}, text.strip()


def _item(fields: dict[str, Any], text: str, last: bool) -> Found:
    if not fields:
        return "", "", "", _gap_fault(text, last), text
    instruction, given, output = (_first(fields, words) for words in _WORDS.values())
    fault = "" if instruction and output else "missing_output" if instruction else "missing_instruction"
    return instruction, "" if is_no_input(given) else given, output, fault, text


def _gap_fault(text: str, last: bool) -> str:
    if not _OBJECT.search(text):
        return "outside_items"
    return "truncated" if last and not text.rstrip("`~ \n]").endswith("}") else "unparsable"


def _first(fields: dict[str, Any], words: list[str]) -> str:
    """Return the text of the first known label of a field."""
    return next((text for word in words if (text := _as_text(fields.get(word)))), "")


def _as_text(value: Any) -> str:
    if value is None or value in ([], {}):
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    # a lone surrogate is valid JSON, but cannot be stored as text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\r\n", "\n").strip()
