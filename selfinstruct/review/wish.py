"""What a person who reads may want of a row, and who that is."""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

REASONS = (
    "wrong_answer",
    "not_followed",
    "unclear_task",
    "unnatural",
    "incomplete",
    "duplicate",
    "unsafe",
    "private",
    "other",
)
"""Why a row is rejected, by the key that says so: 1 to 9."""


class OvertakenError(Exception):
    """A row was decided elsewhere since the page showed it, such as in another tab."""


class Reader(NamedTuple):
    """Who reads, and what of that is written down."""

    name: str
    sample: int = 0
    """Rows of a random sample to read; 0: by risk."""
    clock: Callable[[], str] | None = None
    """Time of a decision; None where it is not wanted."""
    language: str = ""
    """Language of the page; empty: that of the browser."""


class Wish(NamedTuple):
    """What a person wants of a row."""

    decision: Literal["accepted", "rejected", "edited"]
    texts: Mapping[str, str] = {}
    """Of an edit: {field: text}."""
    reason: str = ""
    note: str = ""
    was: str = ""
    """What the page knew to be this person's decision before."""
