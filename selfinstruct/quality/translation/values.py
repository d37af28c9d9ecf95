"""The numbers of a text by what they are worth, whatever they are written as: 1.2 million and 120万, three and 三, 12% and 百分之十二.

A value in figures is *firm*: it has to be in the translation too. Those in words come and go, and say the more the surer they are.
"""

import re
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from selfinstruct.quality.rules.numerals import whole
from selfinstruct.quality.translation.readings import FIGURE
from selfinstruct.quality.translation.shape import strip_items
from selfinstruct.quality.translation.shares import PERCENT, percent
from selfinstruct.quality.translation.spans import outside
from selfinstruct.quality.translation.words import ONE_OF, without_idioms, words_of
from selfinstruct.records import LanguageCode

_PLAIN: Final = str.maketrans(
    "０１２３４５６７８９．，％萬億兩點個幾歲週時鐘種條張顆塊間層號幣錢麼",
    "0123456789.,%万亿两点个几岁周时钟种条张颗块间层号币钱么",
)
SCALES: Final[dict[LanguageCode, dict[str, int]]] = {
    "en": {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "k": 10**3},
    "zh": {"十": 10, "百": 10**2, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8, "万亿": 10**12},
}
"""{word behind a figure: what it multiplies that by}."""
_FIRM: Final[dict[LanguageCode, re.Pattern[str]]] = {
    "en": re.compile(
        rf"(?<![A-Za-z\d.])(?<![A-Za-z][-_])({FIGURE})(?:[ -]?(hundred|thousand|million|billion|trillion)\b|(k)\b)?",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        rf"(?<![A-Za-z\d.])(?<![A-Za-z][-_])({FIGURE})\s?(万亿|千万|百万|亿|万|千(?![克米瓦])|百(?!分)|十)?(?:(\d)(千|百))?"
    ),
}
_NINE: Final = "一二三四五六七八九"
_DECADE: Final = {
    "en": re.compile(r"(?<!\d)(\d{3}0)s\b"),
    "zh": re.compile(r"(\d{2})\s?世纪\s?(\d0|[一二三四五六七八九]十)\s?年代|(\d{3}0)\s?年代|上个?世纪\s?(\d0)\s?年代"),
}
_AFTERNOON: Final = {
    "en": re.compile(r"(?<!\d)(\d{1,2})(?::(\d{2}))?\s?p\.?m\b", re.IGNORECASE),
    "zh": re.compile(r"(?:下午|晚上|傍晚|中午|夜里)\s?(\d{1,2}|[一二两三四五六七八九十]{1,2})\s?(?:[点时:：]|点钟)"),
}
_HYPHENED: Final = re.compile(r"(?<=[A-Za-z][-_])\d{1,6}(?:\.\d{1,3})?(?!\w)")
"""235 in Uranium-235: a part of a name, which the other text may write without it."""
_IN_ANY: Final = (
    (re.compile(r"\b(mid|late|early|pre|post|top|base|type|grade|level|under|over)-(?=\d)", re.IGNORECASE), r"\1 "),
    (re.compile(r"^([A-H][.、)])(?=\d)", re.MULTILINE), r"\1 "),
)
_IN_CHINESE: Final = (
    (re.compile(r"(?<=[\u3400-\u9fff])[ \t\u00a0](?=\d)|(?<=\d)[ \t\u00a0](?=[\u3400-\u9fff])"), ""),
    (
        re.compile(rf"((?:\d{{2}}|[一二]?十[{_NINE}]?|上个?)世纪)?([{_NINE}])、?([{_NINE}])十年代"),
        r"\1\2十年代\1\3十年代",
    ),
)
"""How figures stand apart from what is beside them: 20 世纪, base-10, A.33, and the two decades of 七八十年代."""


class Values(NamedTuple):
    """The numbers of a text."""

    firm: frozenset[Fraction]
    """In figures."""
    counted: frozenset[Fraction]
    """In words, with what is counted, or large."""
    alone: frozenset[Fraction]
    """Small ones in words."""
    hints: frozenset[Fraction]
    """Other ways to say one of these."""
    percent: frozenset[Fraction]

    @property
    def all(self) -> frozenset[Fraction]:
        """All of them."""
        return frozenset().union(*self)

    def without(self, others: "Values") -> "Values":
        """Return these numbers but those of others; a figure is no percentage."""
        firm, counted, alone, hints = (values - others.all for values in self[:-1])
        return Values(firm, counted, alone, hints, self.percent - others.percent)


def said_in(text: str) -> str:
    """Return a text in plain figures and numerals, without code, links, formulas and the numbers of list items."""
    return strip_items(plain_figures(text))


@lru_cache(maxsize=16)
def plain_figures(text: str) -> str:
    """Return a text without code, links and formulas; wide figures and traditional numerals are plain ones, and no blank is around them.

    >>> plain_figures("共 ２５ 萬人")
    '共25万人'
    """
    plain = outside(text).translate(_PLAIN)
    for pattern, put in _IN_ANY if plain.isascii() else (*_IN_CHINESE, *_IN_ANY):
        plain = pattern.sub(put, plain)
    return plain


@lru_cache(maxsize=16)
def values_of(text: str, language: LanguageCode) -> Values:
    """Return the numbers of a text.

    >>> sorted(map(int, values_of("Sell 1.2 million tickets, three each.", "en").all))
    [3, 1200000]
    >>> sorted(map(int, values_of("卖出120万张票，每人三张。", "zh").all))
    [3, 1200000]
    """
    said = without_idioms(text) if language == "zh" else text
    shares = {value for found in PERCENT[language].finditer(said) if (value := percent(found)) is not None}
    said = PERCENT[language].sub(" ", said)
    ones = set[Fraction]()
    if language == "zh" and ONE_OF.search(said):
        said, ones = ONE_OF.sub(" ", said), {Fraction(1)}
    words = words_of(said, _FIRM[language].sub(" ", said), language)
    hints = words.hints | ones | _other_ways(said, language)
    return Values(_firm(said, language), words.counted, words.alone, hints, frozenset(shares))


def _firm(said: str, language: LanguageCode) -> frozenset[Fraction]:
    firm, scales = set[Fraction](), SCALES[language]
    for figure, word, *more in {found.groups() for found in _FIRM[language].finditer(said)}:
        value = Fraction(figure.replace(",", "")) * scales.get((word or "").lower(), 1)
        if language == "en":
            value *= scales["k"] if more[0] else 1
        elif more[0]:  # 3万5千
            value += int(more[0]) * scales[more[1]]
        firm.add(value)
    return frozenset(firm)


def _other_ways(said: str, language: LanguageCode) -> set[Fraction]:
    """Return the values of other ways to name a decade, an hour or a part of a name."""
    found = {Fraction(one[0]) for one in _HYPHENED.finditer(said)}
    for one in _DECADE[language].finditer(said):
        year = one[1] if language == "en" else _chinese_decade(one)
        found |= {Fraction(year), Fraction(int(year) // 100 + 1), Fraction(int(year) % 100)}
    for one in _AFTERNOON[language].finditer(said):
        hour = int(one[1]) if one[1].isdigit() else whole(one[1]) or 0
        found.add(Fraction(hour + 12 if hour < 12 else hour))
    for one in re.finditer(r"(?<!\d)(1[3-9]|2[0-3])(?::\d{2})", said):
        found.add(Fraction(int(one[1]) - 12))
    return found | ({Fraction(30)} if re.search(r"点半|half past", said) else set())


def _chinese_decade(found: re.Match[str]) -> str:
    """Return the first year of a decade: of 20世纪90年代, 1990年代, 上世纪90年代."""
    if found[1]:
        return f"{int(found[1]) - 1}{_decade(found[2])}"
    return str(found[3] or f"19{found[4]}")


def _decade(said: str) -> str:
    return said if said.isdigit() else str(whole(said) or 0)
