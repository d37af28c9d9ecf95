"""Texts as token ids, cut where serving cuts them: behind a prompt, without what a tokenizer writes at the beginning of a text."""

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

_MARKERS: "WeakKeyDictionary[Any, re.Pattern[str]]" = WeakKeyDictionary()


class Segment(NamedTuple):
    """A stretch of what the model writes."""

    text: str
    is_own: bool
    """Whether it is the row's own; else the template writes it."""
    is_learned: bool = True
    """Not what a template leaves outside of its own marks."""


def ids_of(tokenizer: Any, text: str, **options: bool) -> list[int]:
    """Return the token ids of a text without any added begin or end token."""
    return list(tokenizer(text, add_special_tokens=False, **options)["input_ids"])


def markers_of(tokenizer: Any) -> re.Pattern[str]:
    """Return the pattern of the tokenizer's added tokens, such as `<|im_end|>` and `<think>`."""
    if tokenizer not in _MARKERS:
        names = sorted({str(token) for token in tokenizer.added_tokens_decoder.values()}, key=len, reverse=True)
        _MARKERS[tokenizer] = re.compile("|".join(map(re.escape, filter(None, names))) or r"(?!)")
    return _MARKERS[tokenizer]


def learned_behind(tokenizer: Any, before: str, segments: Sequence[Segment]) -> tuple[list[int], list[bool]]:
    """Return (token ids of segments that follow a text, which of them are learned); a token that is in two segments is if one of them is."""
    ids = ids_behind(tokenizer, before, segments)
    found: list[bool] = []
    if all(one.is_learned for one in segments):
        return ids, [True] * len(ids)
    for number, segment in enumerate(segments, 1):
        here = ids_behind(tokenizer, before, segments[:number]) if number < len(segments) else ids
        same = sum(1 for _ in takewhile(lambda two: two[0] == two[1], zip(here, ids, strict=False)))
        reaches = same + (segment.is_learned and same < len(here))
        found += [segment.is_learned] * (reaches - len(found))
    return ids, found


def ids_behind(tokenizer: Any, before: str, segments: Iterable[Segment]) -> list[int]:
    """Return the token ids of segments that follow a text.

    A special token that a row names is text, one that the template writes is a token. Text between tokens is tokenized as a whole, since
    a tokenizer joins across our segments, and never across the end of the prompt, at which a server cuts.
    """
    found: list[int] = []
    run, plain, context = "", True, _last_stretch(tokenizer, before)
    for text, is_own, _ in segments:
        if is_own:
            run, plain = run + text, plain and not markers_of(tokenizer).search(text)
            continue
        rest = 0
        for mark in markers_of(tokenizer).finditer(text):
            found += _run(tokenizer, context, run + text[rest : mark.start()], plain)
            found += ids_of(tokenizer, mark[0])
            run, plain, context, rest = "", True, mark[0], mark.end()
        run += text[rest:]
    return found + _run(tokenizer, context, run, plain)


def _last_stretch(tokenizer: Any, text: str) -> str:
    """Return a text from its last special token."""
    starts = [mark.start() for mark in markers_of(tokenizer).finditer(text)]
    return text[starts[-1] :] if starts else text


def _run(tokenizer: Any, before: str, text: str, plain: bool) -> list[int]:
    """Return the ids of a text without special tokens behind another; `plain`: it does not even name one."""
    if not text:
        return []
    options = {} if plain else {"split_special_tokens": True}
    for context in (before, "\n") if plain else ("\n",):
        alone, joint = ids_of(tokenizer, context, **options), ids_of(tokenizer, context + text, **options)
        if joint[: len(alone)] == alone:
            return joint[len(alone) :]
    return ids_of(tokenizer, text, **options)
