"""Helpers of the rules on personal data: the fields to search, and masking."""

import re
import unicodedata
from itertools import pairwise

from selfinstruct.records import Candidate

_FULL_WIDTH = re.compile(r"[０-９＠]")


def fields(candidate: Candidate) -> tuple[str, str, str]:
    """Return the fields with full-width digits and letters normalized, since these can identify a person too."""
    texts = candidate.instruction, candidate.input, candidate.output
    if texts[0].isascii() and texts[1].isascii() and texts[2].isascii():
        return texts
    first, second, third = (unicodedata.normalize("NFKC", text) if _FULL_WIDTH.search(text) else text for text in texts)
    return first, second, third


def masked(text: str) -> str:
    """Return a number or address with most of it masked, since reports are published too."""
    return text[:4] + "…" if len(text) > 6 else "…"


def is_made_up(digits: str) -> bool:
    """Return whether digits are an obvious placeholder: 00000000, 12345678, 88888888."""
    steps = {int(after) - int(before) for before, after in pairwise(digits)}
    return (
        len(set(digits)) <= 2
        or digits in "0123456789012345678"
        or digits[-4:] in {"1234", "0000", "5678", "XXXX"}
        or steps <= {1}
        or steps <= {-1}
    )
