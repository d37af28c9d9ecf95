"""Readings of an amount: what a part of a text can stand for, whatever it is written as; half an hour and 30分钟 have one in common.

A pattern may take too much for an amount: a reading counts only where the other text has it too, or one that contradicts it.
"""

import re
from fractions import Fraction
from typing import Final, NamedTuple

from selfinstruct.quality.rules.numerals import whole

Meaning = tuple[str, Fraction | str]
"""(what is measured, how much)."""

FIGURE: Final = r"\d{1,3}(?:,\d{3}){1,6}(?:\.\d{1,12})?|\d{1,30}(?:\.\d{1,12})?"
_ONE: Final = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
    "|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|dozen"
)
ENGLISH: Final = rf"(?:{_ONE})\b(?:(?:-| and | )(?:{_ONE})\b){{0,7}}"
"""A number in English words."""
CHINESE: Final = r"[零〇一二两三四五六七八九十百千万亿]{1,10}"
"""A number in Chinese characters."""
DIGITS: Final = "零一二三四五六七八九"
_SHARES: Final = {
    "½": Fraction(1, 2),
    "¼": Fraction(1, 4),
    "¾": Fraction(3, 4),
    "⅓": Fraction(1, 3),
    "⅔": Fraction(2, 3),
}


class Reading(NamedTuple):
    """A part of a text, and what it can stand for."""

    start: int
    end: int
    meanings: frozenset[Meaning]
    plain: bool = False
    """A figure or a word for a number, as `values` reads it."""
    kind: str = ""
    """Readings of one kind that the other text does not have contradict each other."""


def reading(found: re.Match[str], *meanings: Meaning, plain: bool = False, kind: str = "") -> Reading:
    """Return the reading of what a pattern has found."""
    return Reading(found.start(), found.end(), frozenset(meanings), plain, kind)


def number(said: str) -> Fraction | None:
    """Return the value of a number in figures, in English or in Chinese, or of a fraction, or None.

    >>> number("1,250"), number("forty-five"), number("三点五"), number("1/2")
    (Fraction(1250, 1), Fraction(45, 1), Fraction(7, 2), Fraction(1, 2))
    """
    said = said.strip().lower().replace(",", "")
    if said in _SHARES:
        return _SHARES[said]
    if re.fullmatch(r"\d{1,30}(?:\.\d{1,12})?", said):
        return Fraction(said)
    if re.fullmatch(r"\d{1,3}/0*[1-9]\d{0,2}", said):
        return Fraction(said)
    of, part, count = said.partition("分之")
    if part:
        many, all_of = whole(count), whole(of)
        return Fraction(many, all_of) if many is not None and all_of else None
    before, point, after = said.partition("点")
    value = whole(before)
    if value is None:
        return None
    digits = "".join(str(max(DIGITS.find(one), 0)) for one in after)
    return value + (Fraction(int(digits), 10 ** len(digits)) if point and digits else Fraction(0))
