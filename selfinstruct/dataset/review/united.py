"""The rows of a language in the middle of a git merge: what either side did to them, in whichever of the files that still stands.

A merge leaves each file of a run as one side had it, as the other had it, or with both; only what both began with tells which rows of a file
were changed and which are merely older.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from selfinstruct.dataset.release.files import line_of
from selfinstruct.dataset.review.decisions import Decision, Decisions
from selfinstruct.dataset.review.notice import Changes
from selfinstruct.dataset.review.standing import Stood

Rows = Mapping[str, Stood]
"""Id -> row."""
Steps = dict[str, Stood | None]
"""Id -> the row that was put there; None: it was taken out."""


class Base(NamedTuple):
    """What both sides of a merge began with, of one language."""

    whole: Rows
    splits: Rows
    decisions: Decisions


class United(NamedTuple):
    """The rows with all that was done to them."""

    rows: list[Stood]
    kept: list[str]
    """Ids of rows that the whole file has otherwise only because it is older."""
    overruled: list[str]
    """Ids of rows that were changed in two ways: that of the whole file is taken, else that of the decision."""


def by_id(rows: Iterable[Stood]) -> dict[str, Stood]:
    """Return rows by the id of their text."""
    return {one.row.id: one for one in rows}


def united(base: Base, whole: Rows | None, splits: Rows, decisions: Decisions, *, is_complete: bool) -> United:
    """Return the rows that both began with and what was done in the whole file, in decisions, and in the split files, the first of these first.

    `is_complete` says that a row which the split files do not have was taken out there.
    """
    begun = base.whole or base.splits
    by_split = _steps(base.splits or begun, splits, is_complete=is_complete)
    decided = _decided(decisions, base.decisions)
    by_whole = _steps(begun, whole, is_complete=True) if whole is not None else {}
    steps = by_split | decided | by_whole
    rows = {name: one for name, one in {**begun, **steps}.items() if one}
    standing = rows if whole is None else whole
    kept = [name for name in steps if _line(rows.get(name)) != _line(standing.get(name))]
    return United(list(rows.values()), sorted(kept), _overruled((by_split, decided, by_whole), steps))


def not_only_older(changes: Changes, base: Base, decisions: Decisions) -> Changes:
    """Return changes without removals of rows that neither side began with: they stand in no file for a file was taken from before them."""
    began = {*base.whole, *base.splits}

    def stood(key: str, one: Decision | None) -> bool:
        earlier = decisions.get(key)
        names = {key.removeprefix("+"), *([earlier.row.id] if earlier and earlier.row else [])}
        return (one is not None and one.decision != "removed") or bool(names & began)

    return {key: one for key, one in changes.items() if stood(key, one)}


def _steps(before: Rows, now: Rows, *, is_complete: bool) -> Steps:
    put: Steps = {name: one for name, one in now.items() if _line(one) != _line(before.get(name))}
    return put | (dict.fromkeys(before.keys() - now.keys()) if is_complete else {})


def _decided(decisions: Decisions, before: Decisions) -> Steps:
    steps: Steps = {}
    new = [one for key, one in decisions.items() if before.get(key) != one]
    for one in new:
        steps |= {one.id: None} if one.decision != "added" else {}
    for one in new:
        steps |= {one.row.id: Stood(one.row, one.row.id, "")} if one.row else {}
    return steps


def _overruled(sources: Sequence[Steps], steps: Steps) -> list[str]:
    return sorted(
        name
        for name, one in steps.items()
        if any(name in source and _line(source[name]) != _line(one) for source in sources)
    )


def _line(stood: Stood | None) -> bytes:
    return line_of(stood.row) if stood else b""
