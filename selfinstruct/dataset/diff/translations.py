"""Translations whose source is not what it was when it was translated."""

import json
from collections.abc import Iterator, Sequence
from typing import Final

from selfinstruct.dataset.diff.rows import Entry
from selfinstruct.records import Original, whole_hash

STALE: Final = "translation_stale"
"""A warning on a row of head."""
_CHANGED: Final = "source changed, translation stale"


def stale(base: Sequence[Entry], head: Sequence[Entry]) -> Iterator[tuple[Entry, str]]:
    """Yield each row of head that is a translation of something else than its source says now, and what became of that.

    A source is looked for in head, and in base where head has no row of its language: `diff SOURCE TRANSLATION` tells what is to be done.
    """
    translations = [(one, said) for one in head if (said := _said(one)).get("translation_of")]
    if not translations:
        return
    languages = {one.language for one, _ in translations}
    within = any(one.language not in languages for one in head)
    sources = {one.id: one for one in (head if within else base)}
    known = {one.id for one in base} if within else set[str]()
    for one, said in translations:
        source = sources.get(said["translation_of"])
        if source is None:
            gone = said["translation_of"] in known or (
                not within and not any(other.language in languages for other in base)
            )
            if gone and base:
                yield one, f"{_CHANGED}: {said['translation_of']} is not there any more"
        elif said.get("text_hash") and said["text_hash"] != _hash(source):
            yield one, f"{_CHANGED}: {source.id}"


def _said(entry: Entry) -> dict[str, str]:
    value = json.loads(entry.source) if entry.source else {}
    return value if isinstance(value, dict) else {}


def _hash(entry: Entry) -> str:
    """Return the hash of all texts of a row, as a translation keeps it."""
    names = ("instruction", "input", "output", "system", "reasoning")
    history = tuple((str(asked), str(said)) for asked, said in json.loads(entry.history)) if entry.history else ()
    texts = Original(id="", text_hash="", history=history, **{name: getattr(entry, name) for name in names}).texts
    return whole_hash(texts | {"language": entry.language})
