"""The validation split of a training run: the dataset's own, or else the same split made for a file without one."""

import hashlib
from collections.abc import Collection, Sequence

from selfinstruct.dataset.release import split
from selfinstruct.dataset.release.split import instruction_key
from selfinstruct.records import Row

__all__ = ["instruction_hash", "instruction_key", "validation_flags"]


def validation_flags(rows: Sequence[Row], share: float, chosen: Collection[str] = ()) -> list[bool]:
    """Return for each row whether it is for validation; `chosen` are ids that the dataset names, if any.

    Raises InputError when the rows have fewer than two different instructions.
    """
    flags = [row.id in chosen for row in rows]
    return flags if any(flags) and not all(flags) else split.validation_flags(rows, share)


def instruction_hash(instruction: str) -> str:
    """Return a hash of 16 hex digits; equal for instructions that differ only in width, case and whitespace."""
    return hashlib.sha256(instruction_key(instruction).encode("utf-8", "surrogatepass")).hexdigest()[:16]
