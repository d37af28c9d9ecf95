"""What `filter` and `validate` say of rows that they repaired."""

from collections.abc import Iterator, Mapping
from typing import Final

WIDTHLESS: Final = "invisible_characters"
"""The repair that takes characters without width out."""


def without_width(taken_out: Mapping[str, int], soft_hyphens: int) -> Iterator[str]:
    """Yield what became of characters without width in rows that were repaired."""
    if taken_out:
        yield f"Characters without width, taken out where they have no use: {characters(taken_out)}"
    yield from soft_hyphens_left(soft_hyphens)


def characters(taken_out: Mapping[str, int]) -> str:
    """Return how many of each character were taken out."""
    return ", ".join(f"{code} {count}" for code, count in taken_out.items())


def soft_hyphens_left(soft_hyphens: int) -> Iterator[str]:
    """Yield how many soft hyphens stay."""
    if soft_hyphens:
        yield f"Soft hyphens (U+00AD), which stay: {soft_hyphens}"


def nan_as_null(count: int) -> Iterator[str]:
    """Yield what became of values that are NaN."""
    if count:
        yield f"NaN, which JSON does not have, is written as null: {count}"
