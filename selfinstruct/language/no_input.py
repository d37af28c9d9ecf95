"""Phrases with which teachers say that a task has no input."""

import html
import re
from functools import cache, lru_cache

from selfinstruct.language.language import CHINESE, ENGLISH

_DRESS = "<>[]{}()（）【】《》〈〉＜＞「」“”\"'‘’`*_。.，,:：;；!！?？-—"
_JOIN = re.compile(r"[\s_-]+")
_MISTYPED = re.compile(r"noinp[a-z]{1,5}|noin[a-z]{2,6}")
_MOST = 80
"""Most characters; a longer text says more than that."""


def is_no_input(text: str) -> bool:
    """Return whether a text only says that there is no input, in any language."""
    return 0 < len(text) <= _MOST and _says_none(text)


@lru_cache(maxsize=8)
def _says_none(text: str) -> bool:
    bare = _JOIN.sub("", html.unescape(text).strip().strip(_DRESS).strip().lower())
    bare = re.sub(r"^(?:input|context|输入|材料)[:：]", "", bare)
    parts = [part for part in re.split(r"[()（）,，。]", bare) if part]
    words, phrases = _said()
    return bool(parts) and all(
        part in words or any(phrase.fullmatch(part) for phrase in phrases) or _MISTYPED.fullmatch(part)
        for part in parts
    )


@cache
def _said() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Return the markers of both languages without blanks, and the patterns of longer phrases."""
    markers = (_JOIN.sub("", word.strip("<>").lower()) for language in (ENGLISH, CHINESE) for word in language.no_input)
    return frozenset(markers), tuple(re.compile(language.pattern("no_input_phrase")) for language in (ENGLISH, CHINESE))
