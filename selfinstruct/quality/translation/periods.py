"""Years, decades, centuries, quarters of a year, days of the week, names with a figure, and phrases that mean the same."""

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Final

from selfinstruct.quality.translation.readings import DIGITS, Meaning, Reading, number, reading
from selfinstruct.records import LanguageCode

_TENS: Final = {
    f"{word}ies": 10 * n
    for n, word in enumerate(["twent", "thirt", "fort", "fift", "sixt", "sevent", "eight", "ninet"], 2)
}
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EN_DAY: Final = r"(mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
_ORDER: Final = {"first": "1", "second": "2", "third": "3", "fourth": "4"}
_Reader = Callable[[re.Match[str]], list[Meaning]]


def _years(of_century: int) -> list[Meaning]:
    """Return the years that two figures can stand for."""
    return [("year", Fraction(century + of_century)) for century in (1800, 1900, 2000)]


def _year(found: re.Match[str]) -> list[Meaning]:
    written = next(one for one in found.groups() if one).replace("〇", "零")
    said = "".join(str(DIGITS.find(one)) if one in DIGITS else one for one in written)
    return [("year", Fraction(said))] if len(said) == 4 else _years(int(said))


def _decade(found: re.Match[str]) -> list[Meaning]:
    """Return the first years that a decade can have: 1990s, '90s, nineties, 20世纪90年代, 上世纪九十年代, 九十年代."""
    parts = found.groupdict()
    century, said = parts.get("century"), parts["decade"] or parts["short"] or parts["word"]
    first = _TENS.get(said.lower()) or int(number(said) or 0)
    if first >= 1000:  # 1800s, which can be a century
        return [("decade", Fraction(first)), *([] if first % 100 else [("century", Fraction(first // 100 + 1))])]
    if century and (which := number(century)):
        return [("decade", 100 * (which - 1) + first)]
    if century or found[0].lower().startswith("nineteen"):
        return [("decade", Fraction(1900 + first))]
    return [("decade", year) for _, year in _years(first) if isinstance(year, Fraction)]


def _century(found: re.Match[str]) -> list[Meaning]:
    value = number(found[1] or "20")
    return [("century", value)] if value is not None else []


def _quarter(found: re.Match[str]) -> list[Meaning]:
    said = next(one for one in found.groups() if one).lower()
    return [("quarter", number(_ORDER.get(said, said)) or Fraction(0))]


def _days(found: re.Match[str]) -> list[Meaning]:
    return [("days", "-".join(str(_day(one)) for one in found.groups()))]


def _day(said: str) -> int:
    return (
        "一二三四五六".find(said) if said in "一二三四五六" else 6 if said in "日天" else _DAYS.index(said[:3].lower())
    )


def _named(found: re.Match[str]) -> list[Meaning]:
    return [("name", f"{found[1]}{found[2]}")]


def _phrase(name: str) -> _Reader:
    return lambda _: [("phrase", name)]


_ZH_DAY: Final = r"(?:周|星期|礼拜)([一二三四五六日天])"
_READERS: Final[tuple[tuple[str, _Reader, str, str], ...]] = (
    ("", _year, r"(?:(?<=\s)|^|(?<=\())['’‘](\d\d)(?!\d|s)|(?<![\d.,])([12]\d{3})(?![\d.,]\d|\d|s)", r"(?<!\d)(\d{4}|\d{2})\s?年(?!代)|([一二][〇零一二三四五六七八九]{3}|[〇零一二三四五六七八九]{2})年(?!代)"),
    ("", _decade, rf"(?<!\d)(?P<decade>\d{{3}}0)['’]?s\b|['’‘](?P<short>\d0)s\b|\b(?:nineteen[- ])?(?P<word>{'|'.join(_TENS)})\b", r"(?:(?P<century>\d{2}|[一二]?十[一二三四五六七八九]?|上个?)世纪)?\s?(?P<decade>\d{3}0|\d0|[一二三四五六七八九]十)\s?年代(?P<short>(?!))?(?P<word>(?!))?"),
    ("", _century, r"\b(\d{1,2})(?:st|nd|rd|th)[- ]century|\blast century", r"(\d{1,2}|[一二]?十[一二三四五六七八九]?)世纪|上个?世纪"),
    ("quarter", _quarter, r"\bQ([1-4])\b|\b(first|second|third|fourth) quarter\b", r"(?<![A-Za-z])Q([1-4])(?![\dA-Za-z])|第?([1-4一二三四])季度"),
    ("days", _days, rf"\b{_EN_DAY}s?\.?\s?(?:-|–|—|to|through|thru|until|till)\s?{_EN_DAY}s?\b", rf"{_ZH_DAY}\s?(?:到|至|-|–|—|~|～){{1,2}}\s?(?:周|星期|礼拜)?([一二三四五六日天])"),
    ("day", _days, r"\b((?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)s?\b", rf"(?<![\d一二两三四五六七八九十每几]){_ZH_DAY}(?![次回篇个种遍天小杯条顿日两至到])"),
    ("name", _named, r"(?<![\w-])([A-PR-Z]{1,5}-?)(\d{1,3})(?!\w|[.-]\d)", r"(?<![A-Za-z\d-])([A-PR-Z]{1,5}-?)(\d{1,3})(?![A-Za-z\d]|[.-]\d)"),
    ("", _phrase("always"), r"\b24/7\b|around the clock|round[- ]the[- ]clock|day and night", r"全天候|昼夜|日夜|(?:7|七天)\s?[×xX*]?\s?(?:24|二十四)小?时?|24/7|(?:24|二十四)个?小时|随时|全年无休"),
    ("", _phrase("even"), r"\b50[-/–: ]50\b|\bfifty[- ]fifty\b|\bhalf and half\b|\bhalf\b|\bevenly\b|\b50%", r"五五开?|对半|一半|平分|各半|50%|百分之五十|50[-/–:]50"),
    ("", _phrase("whole"), r"\b(?:completely|absolutely|totally|fully|entirely|perfectly|wholly|all|every|certain|sure|guaranteed)\b|\b(?:100|one hundred|a hundred)\s?(?:%|per ?cent)", r"百分之百|百分百|100\s?%|十足|完全|绝对|全|都|整"),
)  # fmt: skip
"""(kind, what is meant, pattern in English, in Chinese)."""
_PATTERNS: Final = [
    (kind, means, {"en": re.compile(english, re.IGNORECASE if kind != "name" else 0), "zh": re.compile(chinese)})
    for kind, means, english, chinese in _READERS
]


def periods(text: str, language: LanguageCode) -> Iterator[Reading]:
    """Yield the years, decades, centuries, quarters, days of the week, names with a figure and fixed phrases of a text."""
    for kind, means, patterns in _PATTERNS:
        for found in patterns[language].finditer(text):
            if meanings := means(found):
                yield reading(found, *meanings, kind=f"{kind} {found[1].strip('-')}" if kind == "name" else kind)
