"""Items that a teacher sent as JSON: an array, an object around one, or objects one after the other, fenced or not, cut or not."""

import json
import re
from collections.abc import Iterator
from typing import Any

from selfinstruct.language import LANGUAGES

Found = tuple[str, str, str, str, str]
"""instruction, input, output, fault, text."""

_DECODER = json.JSONDecoder(strict=False)
_MOST_FAILURES = 50
_KEYS = {
    word.lower(): field
    for language in LANGUAGES.values()
    for field, words in language.field_words.items()
    for word in words
}


def parse_json_items(text: str) -> list[Found]:
    """Return the items of a JSON reply and what stands around them; nothing when there is no JSON item."""
    begin = re.search(r"^[ \t]*(?=[\[{])|```(?:json[a-z]*)?\s*(?=[\[{])", text, re.MULTILINE)
    if not begin:
        return []
    found = list(_objects(text, begin.end()))
    if not any(value for value, _ in found):
        return []
    items = [_item(value, span) for value, span in found]
    before = text[: begin.start()].strip()
    return [("", "", "", "outside_items", before), *items] if before else items


def _objects(text: str, position: int) -> Iterator[tuple[dict[str, Any] | None, str]]:
    """Yield (object, its text), and (None, text) for each span that is no object with fields."""
    failures = 0
    gap = position
    while (start := text.find("{", position)) >= 0 and failures < _MOST_FAILURES:
        try:
            value, end = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            failures += 1
            position = start + 1
            continue
        inner = _inner(value)
        if inner is None:
            position = end
            continue
        yield from _gap(text[gap:start])
        yield from ((one, json.dumps(one, ensure_ascii=False) if len(inner) > 1 else text[start:end]) for one in inner)
        position = gap = end
    yield from _gap(text[gap:])


def _gap(text: str) -> Iterator[tuple[None, str]]:
    if re.sub(r"```(?:json[a-z]*)?|[\s,\[\]}]", "", text):
        yield None, text.strip()


def _inner(value: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Return the objects with fields that a decoded value is or holds."""
    if any(str(key).strip().lower() in _KEYS for key in value):
        return [value]
    for held in value.values():
        if isinstance(held, list) and held and all(isinstance(one, dict) for one in held):
            return held
    return None


def _item(value: dict[str, Any] | None, text: str) -> Found:
    if value is None:
        fault = "truncated" if text.lstrip(" ,\n").startswith("{") else "outside_items"
        return "", "", "", fault, text
    fields = {"instruction": "", "input": "", "output": ""}
    for key, held in value.items():
        field = _KEYS.get(str(key).strip().lower())
        if field and not fields[field]:
            fields[field] = _as_text(held)
    fault = "" if fields["instruction"] and fields["output"] else "missing_output" if fields["instruction"] else "missing_instruction"
    return fields["instruction"], fields["input"], fields["output"], fault, text


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    return "" if value is None else json.dumps(value, ensure_ascii=False)
