"""The rows of a file as people left them; a run's dataset is written by `filter`."""

from pathlib import Path
from typing import NamedTuple

from selfinstruct.dataset.review.verdicts import Verdicts
from selfinstruct.errors import InputError
from selfinstruct.review.material import Material
from selfinstruct.system.writing import write_jsonl


class Kept(NamedTuple):
    """What was written."""

    rows: int
    edited: int
    rejected: int


def write_kept(material: Material, output: Path) -> Kept:
    """Write the rows that stand, edited ones in their new text, as dataset rows; raises InputError for a run."""
    if material.run and material.run.manifest():
        raise InputError(
            f"{material.place}: is a run; `selfinstruct filter --run {material.place}` applies what was decided"
        )
    verdicts, rows, edited, rejected = Verdicts(material.verdicts.values()), [], 0, 0
    for row, text in zip(material.rows, material.texts, strict=True):
        if text not in material.standing:
            continue
        outcome = verdicts.of(row)
        if outcome and outcome.row is None:
            rejected += 1
            continue
        edited += outcome is not None
        rows.append(outcome.row if outcome and outcome.row else row)
    write_jsonl(output, (row.model_dump(mode="json") for row in rows))
    return Kept(len(rows), edited, rejected)
