"""What the rules on personal data have in common: the fields they look at, and how little of a finding they show."""

import re
import unicodedata
from itertools import pairwise

from selfinstruct.records import Candidate

_FULL_WIDTH = re.compile(r"[０-９＠]")


def fields(candidate: Candidate) -> tuple[str, str, str]:
    """Return the fields in plain letters: a number in full-width digits names a person as well."""
    first, second, third = (
        unicodedata.normalize("NFKC", text) if not text.isascii() and _FULL_WIDTH.search(text) else text
        for text in (candidate.instruction, candidate.input, candidate.output)
    )
    return first, second, third


def masked(text: str) -> str:
    """Return enough of a number or address to find it, and no more: reports are published too."""
    return text[:4] + "…" if len(text) > 6 else "…"


def is_made_up(digits: str) -> bool:
    """Return whether digits are of the kind that stands for any number: 00000000, 12345678, 88888888."""
    steps = {int(after) - int(before) for before, after in pairwise(digits)}
    return (
        len(set(digits)) <= 2
        or digits in "0123456789012345678"
        or digits[-4:] in {"1234", "0000", "5678", "XXXX"}
        or steps <= {1}
        or steps <= {-1}
    )
