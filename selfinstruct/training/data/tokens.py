"""Texts as token ids, cut where serving cuts them: behind a prompt, without what a tokenizer writes at the beginning of a text."""

import re
from collections.abc import Iterable
from typing import Any
from weakref import WeakKeyDictionary

_MARKERS: "WeakKeyDictionary[Any, re.Pattern[str]]" = WeakKeyDictionary()


def ids_of(tokenizer: Any, text: str, **options: bool) -> list[int]:
    """Return the token ids of a text without any added begin or end token."""
    return list(tokenizer(text, add_special_tokens=False, **options)["input_ids"])


def markers_of(tokenizer: Any) -> re.Pattern[str]:
    """Return the pattern of the tokenizer's added tokens, such as `<|im_end|>` and `<think>`."""
    if tokenizer not in _MARKERS:
        names = sorted({str(token) for token in tokenizer.added_tokens_decoder.values()}, key=len, reverse=True)
        _MARKERS[tokenizer] = re.compile("|".join(map(re.escape, filter(None, names))) or r"(?!)")
    return _MARKERS[tokenizer]


def ids_behind(tokenizer: Any, before: str, segments: Iterable[tuple[str, bool]]) -> list[int]:
    """Return the token ids of segments that follow a text: (text, whether it is data).

    A special token that data names is text, one that the template writes is a token. Text between tokens is tokenized as a whole, since
    a tokenizer joins across our segments, and never across the end of the prompt, at which a server cuts.
    """
    found: list[int] = []
    run, plain, context = "", True, _last_stretch(tokenizer, before)
    for text, is_data in segments:
        if is_data:
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
