"""Which rows of a dataset are for validation, also those that people changed since its split files were written."""

from collections.abc import Iterator
from pathlib import Path

from selfinstruct.config import THRESHOLD
from selfinstruct.dataset.io.folders import dataset_files, parts
from selfinstruct.dataset.io.parse import load
from selfinstruct.dataset.io.rows import as_row, load_rows
from selfinstruct.dataset.release.split import fraction, instruction_key
from selfinstruct.language import LANGUAGES
from selfinstruct.records import Row
from selfinstruct.records.place import place
from selfinstruct.rouge import Index, tokens


def validation_ids(path: Path, share: float) -> frozenset[str] | None:
    """Return the ids of a dataset's validation rows, or None for a file or folder without splits.

    A row that is in no split file yet, edited or added by hand, is on the side where the next emission will put it: that of the row that it
    was (by the id that its line states), else of one that it is near to, else drawn by its instruction, `share` of them for validation.
    """
    if not path.is_dir():
        return None
    sides = {row.id: file.parent.name == "held_out" for file in parts(path) for row in load_rows(file)}
    if not any(sides.values()):
        return None
    rows = list(_rows(path))
    if any(row.id not in sides for row, _ in rows):
        sides |= _placed(rows, sides, share)
    return frozenset(name for name, is_validation in sides.items() if is_validation)


def _rows(path: Path) -> Iterator[tuple[Row, str]]:
    """Yield the rows of a dataset's whole files, each with the id that its line states."""
    for file in dataset_files(path):
        for one in load(file):
            stated = one.value.get("id")
            yield as_row(one, place(file, one.line)), stated if isinstance(stated, str) else ""


def _placed(rows: list[tuple[Row, str]], sides: dict[str, bool], share: float) -> dict[str, bool]:
    """Return the sides of all rows: of those that the split files have, in any text, and then of added ones, as `apply` places them."""
    indexes = {language: Index() for language in LANGUAGES}
    flags: dict[str, list[bool]] = {language: [] for language in LANGUAGES}
    found = {}

    def take(row: Row, side: bool) -> None:
        indexes[row.language].add(tokens(row.instruction))
        flags[row.language].append(side)
        found[row.id] = side

    added = []
    for row, stated in rows:
        known = next((name for name in (row.id, stated) if name in sides), None)
        if known is None:
            added.append(row)
        else:
            take(row, sides[known])
    for row in sorted(added, key=lambda row: row.id):
        near = indexes[row.language].nearest(tokens(row.instruction), above=THRESHOLD)
        drawn = fraction(instruction_key(row.instruction)) < share
        take(row, flags[row.language][near.position] if near else drawn)
    return found
