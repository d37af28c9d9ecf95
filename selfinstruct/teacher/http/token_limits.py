"""Limits on tokens, as refusals word them. Pure functions."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_MARGIN = 8
"""Tokens left free of a limit, for what the provider adds."""
_NUMBER = r"[`'\"]?(\d[\d,_]*)"
_CONTEXT = re.compile(
    rf"(?:maximum|max|total)?\s*(?:context|sequence)\s*(?:length|size|window|limit)?\D{{0,40}}?{_NUMBER}"
    rf"|n_ctx\D{{0,5}}{_NUMBER}|must be (?:<=|≤|less than or equal to) {_NUMBER}|limit (?:of|is) {_NUMBER}|{_NUMBER}\s*(?:context|上下文)",
    re.IGNORECASE,
)
_PROMPT = re.compile(
    rf"{_NUMBER}\s*(?:input|prompt)\s*tokens|{_NUMBER} tokens? from the input|{_NUMBER} in the messages|{_NUMBER} (?:tokens )?in (?:your|the) prompt"
    rf"|prompt (?:contains|has|is|of)(?: at least)? {_NUMBER}|input (?:length|tokens?)\D{{0,20}}{_NUMBER}|{_NUMBER}\s*[`'\"]?inputs",
    re.IGNORECASE,
)
_TOTAL = re.compile(rf"requested (?:a total of |about )?{_NUMBER}", re.IGNORECASE)
_REQUESTED = re.compile(rf"limit:?\s*{_NUMBER}\D{{1,20}}requested:?\s*{_NUMBER}", re.IGNORECASE)
_CAP = re.compile(
    rf"(?:at most|less than or equal to|lower than or equal to|not exceed|<=|≤|(?:must|should) be <|maximum(?: value| allowed)?(?: is| of|:)?|up to|max(?:imum)?(?: is|:)|smaller than|(?:not|no|cannot be|must not be) (?:more|greater|larger) than(?: [\w=]{{1,60}}=)?|不能超过|不超过|最大值?为?|小于等于)\s*{_NUMBER}"
    rf"|[\[(（【]\s*\d+\s*[,，~-]\s*{_NUMBER}\s*[\])）】]|between \d+ and {_NUMBER}|from \d+ to {_NUMBER}|> {_NUMBER}",
    re.IGNORECASE,
)


class Context(NamedTuple):
    """What a message says of the context and of the prompt that was refused, in tokens."""

    size: int
    prompt: int


def context_of(words: str, now: int) -> Context | None:
    """Return the context that a message names beside the tokens of the prompt, or of prompt and the `now` tokens of the reply."""
    size, prompt = _first(_CONTEXT, words), _first(_PROMPT, words)
    if size is not None and prompt is None and (found := _TOTAL.search(words)):
        prompt = _int(found[1]) - now
    return None if size is None or prompt is None or not 0 < prompt < size else Context(size, prompt)


def limits_of(words: str, now: int) -> Iterator[int]:
    """Yield what a message may mean a reply may take, the most certain first."""
    if found := _REQUESTED.search(words):  # tokens a minute
        limit, requested = (_int(one) for one in found.groups())
        yield now - (requested - limit) - _MARGIN
    yield from (_int(next(filter(None, one.groups()))) for one in _CAP.finditer(words))


def _first(pattern: re.Pattern[str], words: str) -> int | None:
    found = pattern.search(words)
    return _int(next(filter(None, found.groups()))) if found else None


def _int(digits: str) -> int:
    return int(re.sub(r"\D", "", digits)[:9])
