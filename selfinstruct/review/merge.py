"""Decisions that were taken elsewhere, in the page without a server or by another clone, taken over into a review."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from selfinstruct.dataset.review.decisions import check_tasks, read_recorded
from selfinstruct.dataset.review.file import held
from selfinstruct.dataset.review.verdicts import standing, write_recorded
from selfinstruct.errors import InputError
from selfinstruct.review.material import Material
from selfinstruct.system.numbers import amount


class Merged(NamedTuple):
    """What came of a merge."""

    taken: int
    """Decisions that were not there before."""
    replaced: int
    """Decisions that take the place of another one of the same person about the same text."""
    known: int
    """Decisions that were there already."""
    gone: int
    """Of all, those about texts that are not here (any more): they are kept, and do nothing."""


def merge(material: Material, path: Path, say: Callable[[str], None]) -> Merged:
    """Add the verdicts of a file to those of a review; raises InputError for a file of another dataset, with nothing written."""
    coming = read_recorded(path)
    if coming.by_hand:
        raise InputError(
            f"{path}: has what was done in a dataset's files, and not only what people said of rows; merge it with git, in which both belong to one run"
        )
    if not coming.verdicts:
        raise InputError(
            f"{path}: holds no decision; the page of `selfinstruct review --page` gives one under `Download the decisions`"
        )
    known = material.at.keys() | material.made
    made = {(one.row.id, one.before) for one in coming.verdicts.values() if one.row}
    gone = sum((one.id, one.before) not in known | made for one in coming.verdicts.values())
    if gone == len(coming.verdicts):
        raise InputError(
            f"{path}: none of its {amount(gone, 'decision')} is about a row of {material.place}; it belongs to another dataset, or to an older state of this one"
        )
    with held(material.review):
        now = read_recorded(material.review)
        new = {key: one for key, one in coming.verdicts.items() if now.verdicts.get(key) != one}
        replaced = sum(key in now.verdicts for key in new)
        both = now._replace(verdicts=now.verdicts | new)
        check_tasks(path, standing(both).decisions.values())
        if new:
            write_recorded(material.review, both)
    if gone:
        say(
            f"{path}: {amount(gone, 'decision')} about texts that are not in {material.place}: kept, and without effect"
        )
    return Merged(len(new) - replaced, replaced, len(coming.verdicts) - len(new), gone)
