"""Every value of a document replaced by values that no writer of ours would write, one at a time."""

import json
import zlib
from collections.abc import Iterator
from typing import Any

RAW = {"@inf@": "1e999", "@nan@": "NaN"}
"""Placeholders of what Python cannot write as JSON, and what is written."""
VALUES: dict[str, Any] = {
    "null": None,
    "true": True,
    "negative": -1,
    "infinite": "@inf@",
    "heading": "x\n## y",
    "list": [],
    "object": {},
    "long": "y" * 20_000,
    "nan": "@nan@",
    "deep": [[[[[[[[{}]]]]]]]],
}
DEEP = "[" * 5_000 + "]" * 5_000
WHOLE = {"deep list": DEEP, "deep object": '{"a":' * 5_000 + "1" + "}" * 5_000, "digits": '{"a": ' + "9" * 5_000 + "}"}
WHOLE |= {"list": "[]", "text": '"x"', "nothing": "", "broken": "{", "surrogate": '{"a": "\\ud800"}', "null": "null"}
"""Documents that are none."""


def dumped(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    for placeholder, raw in RAW.items():
        text = text.replace(json.dumps(placeholder), raw)
    return text


def mutations(document: Any, values: dict[str, Any] = VALUES) -> Iterator[tuple[str, Any]]:
    """Yield (where and what; the document with one value replaced, or one field gone)."""
    for place in places(document):
        name = ".".join(map(str, place))
        for kind, value in values.items():
            yield f"{name}={kind}", replaced(document, place, value)
        if isinstance(place[-1], str):
            yield f"{name} gone", replaced(document, place, None, gone=True)


def places(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value; of a list that of its first."""
    inner = value.items() if isinstance(value, dict) else [(0, value[0])] if isinstance(value, list) and value else []
    for key, held in inner:
        yield (*before, key)
        yield from places(held, (*before, key))


def replaced(document: Any, place: tuple[Any, ...], value: Any, *, gone: bool = False) -> Any:
    copy = json.loads(json.dumps(document))
    inner = copy
    for key in place[:-1]:
        inner = inner[key]
    if gone:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return copy


def framed(record: Any) -> bytes:
    """Return a record of a journal as a line, its checksum right."""
    body = dumped(record)[:-1].encode("utf-8", "surrogatepass")
    return body + f',"crc":"{zlib.crc32(body):08x}"}}\n'.encode()
