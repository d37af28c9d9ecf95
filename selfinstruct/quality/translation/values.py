"""The numbers of a text by what they are worth, whatever they are written as: 1.2 million and 120万, three and 三, 12% and 百分之十二.

A value in figures is *firm*: it has to be in the translation too. One in words is *loose*: words for small numbers come and go.
"""

import re
from fractions import Fraction
from typing import Final, NamedTuple

from selfinstruct.quality.rules.numerals import whole
from selfinstruct.quality.translation.readings import FIGURE, number
from selfinstruct.quality.translation.shape import strip_items
from selfinstruct.quality.translation.shares import PERCENT, percent
from selfinstruct.quality.translation.spans import outside
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
_SPELLED: Final[dict[LanguageCode, re.Pattern[str]]] = {
    "en": re.compile(
        r"\b(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[a-z]{3,5}teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|thousand|million|billion)\b"
        r"(?:[- ](?:and )?)?){1,8}",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"(?<![周期拜])[零〇一二两三四五六七八九十百千万亿]{1,10}"),
}
_EN_WORDS: Final[dict[str, int | Fraction]] = {
    "dozen": 12, "twice": 2, "both": 2, "double": 2, "triple": 3, "half": Fraction(1, 2), "quarter": 4, "quarters": 4, "third": 3, "thirds": 3,
    "second": 2, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "decade": 10, "century": 100, "fortnight": 14,
    "pair": 2, "couple": 2, "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9,
    "october": 10, "november": 11, "december": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9,
    "oct": 10, "nov": 11, "dec": 12, "noon": 12, "midnight": 12, "zero": 0, "fifths": 5, "once": 1,
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70, "eighties": 80, "nineties": 90,
}  # fmt: skip
_ZH_WORDS: Final[dict[str, int | Fraction]] = {
    "半": Fraction(1, 2),
    "双": 2,
    "俩": 2,
    "仨": 3,
    "零": 0,
    "对": 2,
    "季度": 4,
    "刻": 15,
}
_DECADE: Final = {
    "en": re.compile(r"(?<!\d)(\d{3}0)s\b"),
    "zh": re.compile(r"(\d{2})\s?世纪\s?(\d0|[一二三四五六七八九]十)\s?年代|(\d{3}0)\s?年代|上个?世纪\s?(\d0)\s?年代"),
}
_AFTERNOON: Final = {
    "en": re.compile(r"(?<!\d)(\d{1,2})(?::(\d{2}))?\s?p\.?m\b", re.IGNORECASE),
    "zh": re.compile(r"(?:下午|晚上|傍晚|中午|夜里)\s?(\d{1,2}|[一二两三四五六七八九十]{1,2})\s?(?:[点时:：]|点钟)"),
}
_MEASURED: Final = re.compile(
    r"[个只条张本天年月日周岁位名人次小分秒点元块斤公里米厘毫克吨升度种句段行项步杯盒袋瓶节页章层间座辆台部篇首件双对份封支枝棵朵块片颗粒家所口头匹组排套批场届号倍成美英磅行列季瓣勺碗盘桌室楼路站门题字词格件根]"
)
_ONE_OF: Final = re.compile(rf"(?<![\d./:–-])(?<!\d,)1(?={_MEASURED.pattern})(?![月日号年点时])")
"""1 in 1杯, which English says with an article."""
_ROMAN: Final = re.compile(
    r"(?<![\w-])(?:(?!The |An |This |That )[A-Z][a-z]{2,20}|type|grade|stage|phase|part|class|level|chapter) ((?=[IVX]{2})X{0,3}(?:IX|IV|V?I{0,3}))(?![\w'’-])|(?<![A-Za-z])((?=[IVX]{2})X{0,3}(?:IX|IV|V?I{0,3}))(?=[型级期类])"
)
_ROMAN_DIGITS: Final = {"X": 10, "V": 5, "I": 1}
_GROWN: Final = re.compile(
    r"(?:增[加长至]?|提高|上升|扩大|上涨|涨|翻|多|高|大|长|快)了?\s?([\d.]{1,6}|[一二两三四五六七八九十]{1,3})倍"
)
_IDIOM: Final = re.compile(
    r"十分(?!之|钟)|千万(?=[别不要记])|万一|万[物能分岁]|百[货科姓]|三角|四(?:周|处|季|肢)|五官|三明治|八卦|一[些般样起直定]|七夕|十字|不[三管]|三心二意"
)


class Values(NamedTuple):
    """The numbers of a text."""

    firm: frozenset[Fraction]
    """In figures."""
    loose: frozenset[Fraction]
    """In words, and other ways to say a firm one."""
    percent: frozenset[Fraction]

    @property
    def all(self) -> frozenset[Fraction]:
        """All of them."""
        return self.firm | self.loose | self.percent

    def without(self, others: "Values") -> "Values":
        """Return these numbers but those of others."""
        return Values(self.firm - others.all, self.loose - others.all, self.percent - others.all)


def said_in(text: str) -> str:
    """Return a text in plain figures and numerals, without code, links, formulas and the numbers of list items."""
    return strip_items(plain_figures(text))


def plain_figures(text: str) -> str:
    """Return a text without code, links and formulas; wide figures and traditional numerals are plain ones.

    >>> plain_figures("２５萬人")
    '25万人'
    """
    return outside(text).translate(_PLAIN)


def values_of(text: str, language: LanguageCode) -> Values:
    """Return the numbers of a text.

    >>> sorted(map(int, values_of("Sell 1.2 million tickets, three each.", "en").all))
    [3, 1200000]
    >>> sorted(map(int, values_of("卖出120万张票，每人三张。", "zh").all))
    [3, 1200000]
    """
    said = _IDIOM.sub(" ", text) if language == "zh" else text
    shares = {value for found in PERCENT[language].finditer(said) if (value := percent(found)) is not None}
    said = PERCENT[language].sub(" ", said)
    scales = SCALES[language]
    firm = set[Fraction]()
    loose = set[Fraction]()
    if language == "zh":
        said, ones = _ONE_OF.subn(" ", said)
        loose |= {Fraction(1)} if ones else set()
    for figure, word, *more in {found.groups() for found in _FIRM[language].finditer(said)}:
        value = Fraction(figure.replace(",", "")) * scales.get((word or "").lower(), 1)
        if language == "en":
            value *= scales["k"] if more[0] else 1
        elif more[0]:  # 3万5千
            value += int(more[0]) * scales[more[1]]
        firm.add(value)
    loose |= _spelled(_FIRM[language].sub(" ", said), language) | _other_ways(said, language)
    return Values(frozenset(firm), frozenset(loose), frozenset(shares))


def _spelled(said: str, language: LanguageCode) -> set[Fraction]:
    found = set[Fraction]()
    for one in _SPELLED[language].finditer(said):
        words = re.sub(r"[- ](?:and[ ]?)?\Z", "", one[0]) if language == "en" else one[0].lstrip("零〇")
        value = whole(words) if words else None
        if value is not None and (language == "en" or len(words) > 1 or _MEASURED.match(said, one.end())):
            found.add(Fraction(value))
        elif words:
            found |= {Fraction(single) for part in _parts(words, language) if (single := whole(part)) is not None}
    return found


def _parts(words: str, language: LanguageCode) -> list[str]:
    return re.split(r"[- ]", words) if language == "en" else list(words)


def _other_ways(said: str, language: LanguageCode) -> set[Fraction]:
    """Return the values of words such as `dozen`, 半 and March, and of other ways to name a decade or an hour."""
    found = set[Fraction]()
    if language == "en":
        found |= {Fraction(_EN_WORDS[word]) for word in re.findall("[a-z]+", said.lower()) if word in _EN_WORDS}
    else:
        found |= {Fraction(value) for word, value in _ZH_WORDS.items() if word in said}
        found |= {Fraction(2)} if re.search(r"(?<![\d〇二两三四五六七八九十百千万几数多])倍|翻一?番", said) else set()
        found |= {value + 1 for one in _GROWN.finditer(said) if (value := number(one[1])) is not None}
    found |= {Fraction(_roman(one[1] or one[2])) for one in _ROMAN.finditer(said)}
    for one in _DECADE[language].finditer(said):
        year = one[1] if language == "en" else _chinese_decade(one)
        found |= {Fraction(year), Fraction(int(year) // 100 + 1), Fraction(int(year) % 100)}
    for one in _AFTERNOON[language].finditer(said):
        hour = int(one[1]) if one[1].isdigit() else whole(one[1]) or 0
        found.add(Fraction(hour + 12 if hour < 12 else hour))
    for one in re.finditer(r"(?<!\d)(1[3-9]|2[0-3])(?::\d{2})", said):
        found.add(Fraction(int(one[1]) - 12))
    found |= {Fraction(30)} if re.search(r"点半|half past", said) else set()
    return found


def _roman(said: str) -> int:
    """Return the value of Roman figures.

    >>> _roman("XIV")
    14
    """
    values = [_ROMAN_DIGITS[one] for one in said]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def _chinese_decade(found: re.Match[str]) -> str:
    """Return the first year of a decade: of 20世纪90年代, 1990年代, 上世纪90年代."""
    if found[1]:
        return f"{int(found[1]) - 1}{_decade(found[2])}"
    return str(found[3] or f"19{found[4]}")


def _decade(said: str) -> str:
    return said if said.isdigit() else str(whole(said) or 0)
