"""The rows of HEAD where its whole files and its split files are not the same: what `filter` would take over is what is compared.

A row that one of the two files changed since BASE stands as that file has it: who reads the split files, as `load_dataset` and trainers do, gets
no other. Which file was changed is told by BASE and never by HEAD's own manifest, which a stranger writes. Decision 0009 says why both files are there.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from selfinstruct.dataset.diff.rows import Entry, Side
from selfinstruct.dataset.io.folders import OUR_ID

_Rows = Mapping[str, Sequence[Entry]]
"""Rows by the id that their line states, or that of their text."""


def as_taken_over(base: Side, head: Side) -> Side:
    """Return HEAD with each row as the file has it that changed it; where both did, the whole file's, unless one of them has none.

    Rows that are passed over for others are `overruled`. A language of a run whose split files BASE has and HEAD has not lost its rows there.
    """
    gone = base.has_split - head.has_split - head.split.keys() if base.manifest and head.manifest else frozenset()
    split = {**head.split, **dict.fromkeys(gone, ())}
    if not split:
        return head
    taken: list[Entry] = [one for one in head.entries if one.language not in split]
    overruled: list[Entry] = []
    for language, rows in split.items():
        old, whole, parts = _by_id(_of(base.entries, language)), _by_id(_of(head.entries, language)), _by_id(rows)
        old_parts = _by_id(base.split[language]) if language in base.split else old
        for name in sorted({*whole, *parts}):
            before = (old.get(name, ()), old_parts.get(name, ()))
            row, passed = _row(before, whole.get(name, ()), parts.get(name, ()))
            taken += row
            overruled += passed
    return head._replace(entries=tuple(taken), overruled=tuple(overruled))


def _of(entries: Iterable[Entry], language: str) -> Iterable[Entry]:
    return (one for one in entries if one.language == language)


def _by_id(entries: Iterable[Entry]) -> _Rows:
    found: dict[str, list[Entry]] = defaultdict(list)
    for one in entries:
        found[one.stated_id if OUR_ID.fullmatch(one.stated_id) else one.id].append(one)
    return dict(found)


def _row(
    before: tuple[Sequence[Entry], Sequence[Entry]], whole: Sequence[Entry], parts: Sequence[Entry]
) -> tuple[Sequence[Entry], Sequence[Entry]]:
    """Return the rows of one id that are compared, and those that are passed over; `before` are those of BASE, whole and by split."""
    if _texts(whole) == _texts(parts) or _texts(parts) == _texts(before[1]):
        return whole, ()
    if _texts(whole) == _texts(before[0]):
        return parts, ()
    if not whole or not parts:
        return (), (*whole, *parts)
    same = {*_texts(whole)}
    return whole, [one for one in parts if one.text not in same]


def _texts(rows: Iterable[Entry]) -> list[tuple[str, ...]]:
    return sorted(one.text for one in rows)
