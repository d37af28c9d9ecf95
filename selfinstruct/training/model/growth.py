"""How many times longer a tokenizer's own rules may make a text; what multiplies it without end is refused before it is loaded.

A few rules such as `a` -> a thousand `a`, one after another, take all memory for one letter, and tokenizers then aborts the process: it
is in Rust, and no exception comes back. Rules are told by their fields, since tokenizers reads them without a `type` too.
"""

import base64
import json
from pathlib import Path
from typing import Any

from selfinstruct.errors import InputError
from selfinstruct.system.files import read_text

MOST_GROWTH = 4096
"""Times, in bytes, at the very worst; ALBERT's rules, the longest of the known ones, come to less than 1,500."""
_PARTS = ("normalizer", "pre_tokenizer", "post_processor", "decoder")
_LISTS = ("normalizers", "pretokenizers", "processors", "decoders")
_ENDLESS = 10**9
_FORMS = {"NFKC": 11, "NFKD": 11, "NFC": 3, "NFD": 3, "Lowercase": 2, "BertNormalizer": 9, "ByteLevel": 2}
"""Most bytes for one: U+FDFA has 3 and becomes 33."""


def check_file(path: Path) -> None:
    """Raise InputError for a tokenizer file whose rules may make a text far longer than it is."""
    held = json.loads(read_text(path), object_pairs_hook=_once)
    if isinstance(held, dict):
        _check(held, str(path))


def check_loaded(tokenizer: Any, name: str) -> None:
    """Raise InputError for such rules where they came in another file, as in SentencePiece's."""
    inner = getattr(tokenizer, "backend_tokenizer", None)
    parts = {part: getattr(inner, part, None) for part in _PARTS}
    _check({part: json.loads(rules.__getstate__()) for part, rules in parts.items() if rules is not None}, name)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; raises ValueError for a part that is there twice, of which tokenizers takes the one that is not null."""
    held = dict(pairs)
    if len(held) < len(pairs) and any(part in held for part in _PARTS):
        raise ValueError("a part of the tokenizer is there twice")
    return held


def _check(parts: dict[str, Any], name: str) -> None:
    for part in _PARTS:
        if (times := growth(parts.get(part))) > MOST_GROWTH:
            raise InputError(
                f"{name}: `{part}` of the tokenizer may make a text {times:,} times as long, and take all memory; give another model"
            )


def growth(rule: Any) -> int:
    """Return how many times longer a rule, with those in it, makes a text at most."""
    if not isinstance(rule, dict):
        return 1
    times = _FORMS.get(str(rule.get("type")), 1) * _replaced(rule)
    if isinstance(text := rule.get("prepend"), str):
        times *= 1 + _size(text)
    if isinstance(text := rule.get("precompiled_charsmap"), str):
        times *= _longest(text)
    if isinstance(pieces := rule.get("single"), list):
        times *= len(pieces) * max((len(one["ids"]) for one in rule["special_tokens"].values()), default=1)
    for inner in (one for name in _LISTS if isinstance(rule.get(name), list) for one in rule[name]):
        times = min(times * growth(inner), _ENDLESS)
    return min(times, _ENDLESS)


def _replaced(rule: dict[str, Any]) -> int:
    """Return how many bytes come for each that a rule replaces; a pattern that fits nothing at all puts them between any two."""
    content, pattern = rule.get("content"), rule.get("pattern")
    if not isinstance(content, str):
        return 1
    literal = pattern.get("String") if isinstance(pattern, dict) else None
    return -(-_size(content) // _size(literal)) or 1 if isinstance(literal, str) and literal else 1 + _size(content)


def _longest(charsmap: str) -> int:
    """Return the most bytes that SentencePiece's table of characters puts in the place of one: a trie, then texts that end in a zero."""
    table = base64.b64decode(charsmap)
    return max(1, *map(len, table[4 + int.from_bytes(table[:4], "little") :].split(b"\0")), 1)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
