"""Plain sequences in a text: numbers or words with nothing but separators between them, perhaps after a lead."""

import re
from collections.abc import Sequence
from fractions import Fraction

_LEAD = re.compile(r"\A[^\n:：]{0,160}[:：]\s*")
_SEPARATOR = re.compile(
    r"\s*(?:[,，、;；\n>＞<＜]|->|→|\s(?:and|&)\s)\s*(?:and\s|&\s)?|\s*[和与]\s?(?=[-−]?[0-9])|\s+(?=[-−]?[0-9])"
)
_MARK = re.compile(r"\A\s*(?:[-*•·]\s+|[(（]?[0-9]{1,2}[.)、）]\s+)")
_NUMBER = re.compile(r"[-−]?[0-9]{1,12}(?:\.[0-9]{1,9})?|[-−]?[0-9]{1,6}/[0-9]{1,6}")
_THOUSANDS = re.compile(r"(?<![0-9])[0-9]{1,3},[0-9]{3}(?![0-9])")
"""A comma that may stand within a number or between two."""
_TRIM = " \t\r.。!！[](){}（）【】\"“”'‘’「」*`"
_LONGEST = 2_000
"""Characters of a text that may be one sequence."""


def sequence(text: str) -> list[str]:
    """Return the items of a text that is one sequence, without a lead that ends in a colon; [] if it is none."""
    if len(text) > _LONGEST or _THOUSANDS.search(text):
        return []
    body = _LEAD.sub("", text.strip(), count=1).strip(_TRIM + "\n")
    lines = [_MARK.sub("", line) for line in body.split("\n") if line.strip()]
    items = [part.strip(_TRIM) for part in _SEPARATOR.split("\n".join(lines))]
    return items if len(items) > 1 and all(items) else []


def number(text: str) -> Fraction | None:
    """Return the exact value of a text that is one number, or None."""
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return Fraction(text.replace("−", "-"))
    except (ValueError, ZeroDivisionError):
        return None


def numbers(items: Sequence[str]) -> list[Fraction]:
    """Return the values of items that are all numbers, or []."""
    values = [number(item) for item in items]
    return [value for value in values if value is not None] if None not in values else []
