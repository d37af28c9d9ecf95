"""Which rows are kept for measuring: those that the dataset holds out, or the same split made for a file that comes without one."""

import hashlib
from collections.abc import Collection, Sequence

from selfinstruct.dataset.release import split
from selfinstruct.dataset.release.split import NEAR, instruction_key
from selfinstruct.records import Row

__all__ = ["NEAR", "held_out", "instruction_hash", "instruction_key"]


def held_out(rows: Sequence[Row], share: float, chosen: Collection[str] = ()) -> list[bool]:
    """Return for each row whether it is held out; `chosen` are the ids that its dataset holds out, if it says so.

    Raises InputError when the rows have fewer than two different instructions.
    """
    flags = [row.id in chosen for row in rows]
    return flags if any(flags) and not all(flags) else split.held_out(rows, share)


def instruction_hash(instruction: str) -> str:
    """Return 16 hex digits that are the same for instructions that differ in width, case and whitespace only."""
    return hashlib.sha256(instruction_key(instruction).encode("utf-8", "surrogatepass")).hexdigest()[:16]
