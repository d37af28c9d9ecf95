"""Helpers of the rules on personal data: the fields to search, and masking."""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from selfinstruct.records import Candidate

_FULL_WIDTH, _DIGIT = re.compile(r"[０-９＠]"), re.compile(r"\d")

_SIGN_BEHIND, _SIGN_BEFORE = re.compile(r"(?: [+*/×÷−-] |[+*×÷−])\(?\d"), re.compile(r"\d\)?(?: [+*/×÷−-] |[+*×÷−])\Z")
_SIGNED = 5
"""Characters before a number that hold a sign and the end of the term before it."""


def fields(candidate: Candidate) -> tuple[str, str, str]:
    """Return the fields with full-width digits and letters normalized, since these can identify a person too."""
    return _narrow(candidate.instruction), _narrow(candidate.input), _narrow(candidate.output)


@lru_cache(maxsize=8)
def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text) if not text.isascii() and _FULL_WIDTH.search(text) else text


def with_figures(candidate: Candidate) -> list[str]:
    """Return the fields, normalized, that have a figure: an identifying number may stand in them."""
    return [text for text in fields(candidate) if _has_figure(text)]


@lru_cache(maxsize=8)
def _has_figure(text: str) -> bool:
    return _DIGIT.search(text) is not None


def masked(text: str) -> str:
    """Return a number or address with most of it masked, since reports are published too."""
    return text[:4] + "…" if len(text) > 6 else "…"


def is_term(found: re.Match[str]) -> bool:
    """Return whether a number is a term of a sum: `4539148803436467 + 1`, `12+4930…`; a sign has a space on both sides or on neither."""
    text, start = found.string, found.start() + (found[0][0] == "+")
    return bool(_SIGN_BEHIND.match(text, found.end()) or _SIGN_BEFORE.search(text[max(0, start - _SIGNED) : start]))


def is_made_up(digits: str) -> bool:
    """Return whether digits are an obvious placeholder: 00000000, 12345678, 88888888."""
    if not digits.isdigit():
        return False
    steps = {int(after) - int(before) for before, after in pairwise(digits)}
    return (
        len(set(digits)) <= 2
        or digits in "0123456789012345678"
        or digits[-4:] in {"1234", "0000", "5678", "XXXX"}
        or steps <= {1}
        or steps <= {-1}
    )
