"""What people read of one side of a diff, and what they said of single rows."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from selfinstruct.dataset.release.lines import REVIEW
from selfinstruct.dataset.release.reviewed import Reviewed
from selfinstruct.dataset.review.decisions import Decision, read_recorded
from selfinstruct.dataset.review.statistics import groups_of, statistics
from selfinstruct.dataset.review.verdicts import Text, about, said_of, text_of
from selfinstruct.errors import SelfInstructError


class Reading(NamedTuple):
    """What `review.jsonl` of a dataset says."""

    figures: Mapping[str, Reviewed] = {}
    said: Mapping[str, str] = {}
    """{id of a row that was rejected or edited, before and after: by whom, and why}."""


def reading_of(path: Path, run: Path | None, rows: Iterable[tuple[Text, str, str]]) -> Reading:
    """Return what people read of the rows (text, language, recipe) of a run or file; nothing where that cannot be read."""
    file = run / REVIEW if run else path / REVIEW if path.is_dir() else path.with_name(REVIEW)
    try:
        recorded = read_recorded(file)
    except SelfInstructError:
        return Reading()
    verdicts = recorded.verdicts
    if not verdicts:
        return Reading()
    every = {text: groups_of(language, recipe) for text, language, recipe in rows}
    if not run and path.is_file():  # it stands beside other files too, and may be about their rows
        verdicts = about(verdicts, every)
    made = {text_of(one.row) for one in verdicts.values() if one.row}
    groups = {text: names for text, names in every.items() if text not in made}
    was = {one.row.id: one.id for one in recorded.by_hand.values() if one.row}
    said: dict[str, list[Decision]] = {}
    for one in verdicts.values():
        if one.decision in {"rejected", "edited"}:
            for name in {was.get(one.id, one.id), one.id, one.row.id if one.row else one.id}:
                said.setdefault(name, []).append(one)
    return Reading(statistics(verdicts.values(), groups), {name: said_of(found) for name, found in said.items()})
