"""What equal figures can still lose: their sign, and their order."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from selfinstruct.quality.translation.readings import CHINESE, ENGLISH, FIGURE, number

_NUMBER: Final = rf"{FIGURE}|\b{ENGLISH}|{CHINESE}"
_LESS: Final = re.compile(
    r"[-−–](?=[$€£¥￥]?\d)|minus|negative|below|under|loss|los[te]|fell|fall|drop|decreas|declin|reduc|down|less|deficit|debt|owe|short|before|behind|\bBC|overdra"
    r"|[负零降减亏欠跌损缩差前短透]|(?<!多)少|低于",
    re.IGNORECASE,
)
_BELOW_ZERO: Final = re.compile(
    rf"(?:(?<![\w)\]%°.\n-])(?<!\d )[-−–](?=[$€£¥￥]?\d)|(?<=[是为到至达约度在即得])[-−](?=\d)|\b(?:minus|negative) |零下\s?|负)[$€£¥￥]?(?P<value>{_NUMBER})(?![\d:]|\s?[-−–~至]\s?\d)"
    rf"|(?<![\d.])(?P<below>{FIGURE})(?: degrees| ?°[CF])? below (?:zero|freezing)",
    re.IGNORECASE,
)
_VALUE: Final = re.compile(_NUMBER, re.IGNORECASE)
_AROUND: Final = 24
_PAIR: Final = re.compile(
    rf"(?<![\d.:/–-])(?<!\d,)(\d{{1,3}}|{CHINESE})\s?(?:[-–—:：比]|to)\s?(\d{{1,3}}|{CHINESE})(?![.,:/–%-]?\d)",
    re.IGNORECASE,
)
_LOST: Final = re.compile(r"\b(?:los[te]\w*|losing|defeat\w*|beaten|down|behind|trail\w*)\b|[负败输落]", re.IGNORECASE)


_LACKS, _ADDS = "lacks the sign of {0}", "adds the sign of {0}"


def lost_sign(before: str, after: str) -> str:
    """Return that a number below zero stands in the other text without a sign or a word that says so."""
    for text, other, says in ((before, after, _LACKS), (after, before, _ADDS)):
        if signed := [*_below_zero(text)]:
            bare, also_bare = _bare(other), _bare(text)
            for value in signed:
                if value in bare and value not in also_bare:
                    return says.format(f"-{float(value):g}")
    return ""


def swapped(before: str, after: str) -> str:
    """Return that a score or a ratio stands in the other order: 3–2 that has become 2–3. Who loses may be named first: a defeat is left alone."""
    wanted = _pairs(before)
    if not wanted or _LOST.search(before) or _LOST.search(after):
        return ""
    found = _pairs(after)
    for one, other in sorted(wanted - found):
        if one != other and (other, one) in found - wanted:
            return f"has {other}-{one} for {one}-{other}"
    return ""


def _below_zero(text: str) -> Iterator[Fraction]:
    for found in _BELOW_ZERO.finditer(text):
        is_list = found.start() == 0 and "\n" in text
        value = number(found["value"] or found["below"])
        if value and not is_list:
            yield value


def _bare(text: str) -> set[Fraction]:
    """Return the numbers of a text that no word or sign around them says to be below another."""
    found = set[Fraction]()
    for one in _VALUE.finditer(text):
        if (value := number(one[0])) and not _LESS.search(text[max(one.start() - _AROUND, 0) : one.end() + _AROUND]):
            found.add(value)
    return found


def _pairs(text: str) -> set[tuple[Fraction, Fraction]]:
    read = ((number(found[1]), number(found[2])) for found in _PAIR.finditer(text))
    return {(one, other) for one, other in read if one is not None and other is not None}
