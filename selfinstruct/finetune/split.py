"""Which rows are kept for measuring: by instruction, by hash, so that adding rows moves none of the others.

The same instruction never stands on both sides: where it did, 2 of 20 held-out rows were copies of training rows and
their loss said little. Pure; knows nothing of tokens or models.
"""

import hashlib
import unicodedata
from collections.abc import Sequence

from selfinstruct.errors import InputError
from selfinstruct.records import Row


def held_out(rows: Sequence[Row], share: float) -> list[bool]:
    """Return for each row whether it is held out: about `share` of the instructions, of each language where it has two.

    Raises InputError when the rows have fewer than two instructions.
    """
    keys = [instruction_key(row.instruction) for row in rows]
    if len(set(keys)) < 2:
        raise InputError(
            f"{len(rows)} usable rows with {len(set(keys))} different instruction(s): training needs at least 2, one "
            "to learn and one to measure; generate more rows, or raise max_length if many were left out"
        )
    held = {key for key in keys if fraction(key) < share}
    for language in sorted({row.language for row in rows}):
        held = _both_sides(held, {key for key, row in zip(keys, rows, strict=True) if row.language == language})
    held = _both_sides(held, set(keys))
    return [key in held for key in keys]


def instruction_key(instruction: str) -> str:
    """Return the instruction without differences of width, case and whitespace."""
    return " ".join(unicodedata.normalize("NFKC", instruction).lower().split())


def instruction_hash(instruction: str) -> str:
    """Return 16 hex digits that are the same for instructions that differ in width, case and whitespace only."""
    return hashlib.sha256(instruction_key(instruction).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def fraction(key: str) -> float:
    """Return the place of a key between 0 and 1: evenly spread, and the same on every machine."""
    return int.from_bytes(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()[:8]) / 2**64


def _both_sides(held: set[str], group: set[str]) -> set[str]:
    """Return `held` with at least one of the group in it and one not in it, when the group has two."""
    nearest = sorted(group, key=lambda key: (fraction(key), key))
    if len(group) < 2:
        return held
    if not held & group:
        return held | {nearest[0]}
    return held - {nearest[-1]} if group <= held else held
