"""Keys of JSON that an instruction names: what reads the answer looks for these."""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

_MOST: Final = 20_000
"""Characters of a text that is read as JSON, and of an instruction."""
_MOST_KEYS: Final = 100
_DEEPEST: Final = 8
_FENCE: Final = re.compile(r"\A```\w{0,8}\n(.*)\n```\Z", re.DOTALL)
_SPEAKS_OF_KEYS: Final = re.compile(
    r"\b(?:keys?|fields?|attributes?|propert(?:y|ies)|schema|columns?)\b|键|字段|属性|栏位", re.IGNORECASE
)


def changed_key(source: Mapping[str, str], target: Mapping[str, str]) -> str:
    """Return a key that the source's instruction names, and in its place one that the translated instruction does not name; or "".

    >>> source = {"instruction": "Return JSON with the keys name and age.", "output": '{"name": "Ann", "age": 3}'}
    >>> target = {"instruction": "返回JSON，键为 name 和 age。", "output": '{"姓名": "安", "年龄": 3}'}
    >>> changed_key(source, target)
    'output: the key 姓名 for name'
    """
    asked, said = _asked(source), _asked(target)
    for name in ("input", "output"):
        before, after = (
            list(dict.fromkeys(islice(_keys_of(texts.get(name, "")), _MOST_KEYS))) for texts in (source, target)
        )
        lost = [key for key in before if key not in after and _is_named(key, asked, said)]
        added = [key for key in after if key not in before and not _holds(said, key)]
        if lost and added:
            return f"{name}: the key {added[0]} for {lost[0]}"
    return ""


def _asked(texts: Mapping[str, str]) -> str:
    return "\n".join(texts.get(name, "")[:_MOST] for name in ("system", "instruction"))


def _is_named(key: str, asked: str, said: str) -> bool:
    """Return whether an instruction names a key as one: in quotation marks, where it speaks of keys, or also in its translation."""
    if not _holds(asked, key):
        return False
    quoted = re.search(rf"[\"'`“‘「]{re.escape(key)}[\"'`”’」]", asked)
    return bool(quoted or _SPEAKS_OF_KEYS.search(asked) or _holds(said, key))


def _holds(text: str, key: str) -> bool:
    edges = (r"(?<![A-Za-z0-9_])", r"(?![A-Za-z0-9_])") if key.isascii() else ("", "")
    return re.search(f"{edges[0]}{re.escape(key)}{edges[1]}", text) is not None


def _keys_of(text: str) -> Iterator[str]:
    said = text.strip()
    fenced = _FENCE.match(said)
    said = fenced[1].strip() if fenced else said
    if said[:1] not in {"{", "["} or len(said) > _MOST:
        return
    try:
        value = json.loads(said)
    except (ValueError, RecursionError):
        return
    yield from _keys(value, 0)


def _keys(value: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _keys(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(inner, depth + 1)
