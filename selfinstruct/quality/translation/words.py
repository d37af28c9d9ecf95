"""Words for numbers, by how sure they are: 三个 and twenty-one count, `three` and 三 alone may be a name or an idiom, `both` and 半 prove nothing."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final, NamedTuple

from selfinstruct.quality.rules.numerals import whole
from selfinstruct.quality.translation.readings import number
from selfinstruct.records import LanguageCode

_LARGE = 10
"""A number above it is one, even without anything that is counted."""
_MONTH_NAMES: Final = (
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
)
MONTHS: Final = {"sept": 9} | {name: n for names in _MONTH_NAMES for n, name in enumerate(names.split(), 1)}
"""{name of a month in small letters: its number}."""
MONTH: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
_CAPITAL: Final = "|".join(sorted((name.capitalize() for name in MONTHS), key=len, reverse=True))
_MONTH_NAME: Final = re.compile(rf"\b(?:{_CAPITAL})\b|\b(?:{MONTH})(?=\.? \d)")
_MONTH_OF_DATE: Final = re.compile(
    rf"\b(January|February|April|June|July|August|September|October|November|December)\b|\b({MONTH}|{_CAPITAL})\.?,? (?=\d)"
    rf"|(?:\b(?:[Ii]n|of|on|since|until|till|by|last|next|early|late|every|from|through|\d{{1,2}}|st|nd|rd|th),? )({_CAPITAL})\b"
)
_EN_HINTS: Final[dict[str, int | Fraction]] = {
    "zero": 0, "once": 1, "both": 2, "double": 2, "seconds": 2, "pair": 2, "couple": 2, "half": Fraction(1, 2), "quarter": 4, "quarters": 4,
    "century": 100, "fortnight": 14, "noon": 12, "midnight": 12, "dozens": 12,
    "hundreds": 100, "thousands": 1000, "millions": 10**6, "billions": 10**9,
}  # fmt: skip
_ZH_HINTS: Final = {
    value: re.compile(pattern)
    for value, pattern in (
        (Fraction(1, 2), "半"),
        (Fraction(0), "零"),
        (Fraction(2), r"[双俩]|[一成]对|翻一?番|(?<![\d〇二两三四五六七八九十百千万几数多])倍"),
        (Fraction(3), "仨"),
    )
}
_ONES: Final = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_TENS: Final = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_SPELLED: Final[dict[LanguageCode, re.Pattern[str]]] = {
    "en": re.compile(
        rf"\b(?:(?:{_ONES}|[a-z]{{3,5}}teen|{_TENS}|hundred|thousand|million|billion)\b(?:[- ](?:and )?)?){{1,8}}",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"(?<![周期拜])[零〇一二两三四五六七八九十百千万亿]{1,10}"),
}
_ORDINALS: Final = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
_CARDINALS: Final = dict(zip(_ORDINALS.split("|"), _ONES.split("|"), strict=True))
_EN_ALONE: Final = {"dozen": 12, "decade": 10, "twice": 2, "triple": 3} | {
    f"{word[:-1]}ies": 10 * tens for tens, word in enumerate(_TENS.split("|"), 2)
}
_ORDINAL: Final = re.compile(
    rf"\b(?:({_TENS})-({_ORDINALS})|({_ORDINALS})s?|([a-z]{{3,5}}teen)th|([a-z]{{3,5}})tieth)\b",
    re.IGNORECASE,
)
_EN_QUARTER: Final = re.compile(r"\bquarter (?:(to|before)|past|after)\b", re.IGNORECASE)
_ZH_QUARTER: Final = re.compile("(差)?([一三])刻")
_SCALE_ALONE: Final = re.compile(r"[百千万亿]+|(?:(?:hundred|thousand|million|billion)[- ]?)+", re.IGNORECASE)
_VAGUE: Final = frozenset("几数上成好多")
_MEASURED: Final[dict[LanguageCode, re.Pattern[str]]] = {
    "en": re.compile(r"[- ](?!(?:is|was|has|does|as|plus|minus|this|its|always|less)\b)[a-z]{2,20}s\b"),
    "zh": re.compile(
        "[个只条张本天年月日周岁位名人次小分秒点元块斤公里米厘毫克吨升度种句段行项步打杯盒袋瓶节页章层间座辆台部篇首件双对份封支枝棵朵片颗粒]"
        "|[家所口头匹组排套批场届号倍成美英磅列季瓣勺碗盘桌室楼路站门题字词格根世型类方边样大面者]"
    ),
}
"""What stands behind a number that counts: two teams, 两支."""
ONE_OF: Final = re.compile(rf"(?<![\d./:–-])(?<!\d,)1(?=(?:{_MEASURED['zh'].pattern}))(?![月日号年点时型世类])")
"""1 in 1杯, which English says with an article."""
_ROMAN_FIGURE: Final = r"((?=[IVX]{2})X{0,3}(?:IX|IV|V?I{0,3}))"
_ROMAN: Final = re.compile(
    r"(?<![\w-])(?:(?!The |An |This |That )[A-Z][a-z]{2,20}|type|grade|stage|phase|part|class|level|chapter) "
    rf"{_ROMAN_FIGURE}(?![\w'’-])|(?<![A-Za-z]){_ROMAN_FIGURE}(?=[型级期类])"
)
_ROMAN_DIGITS: Final = {"X": 10, "V": 5, "I": 1}
_GROWN: Final = re.compile(
    r"(?:增[加长至]?|提高|上升|扩大|上涨|涨|翻|多|高|大|长|快)了?\s?([\d.]{1,6}|[一二两三四五六七八九十]{1,3})倍"
)
_IDIOM: Final = re.compile(
    r"十分(?!之|钟)|千万(?=[别不要记])|万一|万[物能分岁]|百[货科姓]|三角|四(?:周|处|季|肢)|五官|三明治|三星(?!级)|八卦|一[些般样起直定]|七夕|十字|不[三管]|三心二意|再三|三思|接二连三|五花八门|四面八方|七上八下|[乱杂]七八糟|丢三落四|一清二楚"
)


class Words(NamedTuple):
    """The numbers of a text that are in words."""

    counted: frozenset[Fraction]
    """Something is counted, or the number is a large one."""
    alone: frozenset[Fraction]
    """Small ones in running text."""
    hints: frozenset[Fraction]
    """What other words can stand for."""


def words_of(said: str, bare: str, language: LanguageCode) -> Words:
    """Return the numbers in words of a text and of the same text without its figures.

    >>> words = words_of("May both of us see twenty-one?", "May both of us see twenty-one?", "en")
    >>> sorted(map(int, words.counted)), sorted(map(int, words.alone)), sorted(map(int, words.hints))
    ([21], [], [2, 5])
    """
    spelled = {*_spelled(bare, language), *_quarters(said, language)}
    counted = {value for value, sure in spelled if sure}
    alone = {value for value, sure in spelled if not sure} | {
        Fraction(_roman(one[1] or one[2])) for one in _ROMAN.finditer(said)
    }
    hints = {*(_english_hints if language == "en" else _chinese_hints)(said)}
    return Words(frozenset(counted), frozenset(alone), frozenset(hints))


def without_idioms(text: str) -> str:
    """Return a Chinese text without the words whose characters are no numbers: 万一, 三明治."""
    return _IDIOM.sub(" ", text)


def _spelled(text: str, language: LanguageCode) -> Iterator[tuple[Fraction, bool]]:
    """Yield (value, whether it is surely one) of each number in words."""
    said = _ORDINAL.sub(_cardinal, text) if language == "en" else text
    for found in _SPELLED[language].finditer(said):
        spelled = re.sub(r"[- ](?:and[ ]?)?\Z", "", found[0])
        words, before = spelled.lstrip("零〇"), said[max(found.start() - 1, 0) : found.start()]
        value = whole(words) if words else None
        measured = before == "第" or _MEASURED[language].match(said, found.start() + len(spelled)) is not None
        vague = _SCALE_ALONE.fullmatch(words) is not None or before in _VAGUE
        if value is not None and (language == "en" or len(words) > 1 or measured):
            yield Fraction(value), not vague and (measured or value > _LARGE)
        else:
            parts = re.split(r"[- ]", words) if language == "en" else words
            yield from ((Fraction(single), False) for part in parts if (single := whole(part)) is not None)
    if language == "en":
        yield from ((Fraction(_EN_ALONE[word]), False) for word in _words(said) if word in _EN_ALONE)
        for found in _MONTH_OF_DATE.finditer(said):
            yield Fraction(MONTHS[(found[1] or found[2] or found[3]).lower()]), False


def _quarters(said: str, language: LanguageCode) -> Iterator[tuple[Fraction, bool]]:
    """Yield the minutes of 九点一刻 and of `a quarter to nine`."""
    if language == "en":
        yield from ((Fraction(45 if one[1] else 15), False) for one in _EN_QUARTER.finditer(said))
    else:
        yield from (
            (Fraction(45 if bool(one[1]) == (one[2] == "一") else 15), True) for one in _ZH_QUARTER.finditer(said)
        )


def _words(said: str) -> list[str]:
    return re.findall("[a-z]+", said.lower())


def _cardinal(found: re.Match[str]) -> str:
    tens, ones, alone, teen, round_tens = found.groups()
    if round_tens:
        return f"{round_tens}ty"
    word = ones or alone
    return f"{tens} {_CARDINALS[ones.lower()]}" if tens else teen or _CARDINALS[word.lower()]


def _english_hints(said: str) -> Iterator[Fraction]:
    yield from (Fraction(_EN_HINTS[word]) for word in _words(said) if word in _EN_HINTS)
    yield from (Fraction(MONTHS[found[0].lower()]) for found in _MONTH_NAME.finditer(said))


def _chinese_hints(said: str) -> Iterator[Fraction]:
    yield from (value for value, pattern in _ZH_HINTS.items() if pattern.search(said))
    yield from (value + 1 for one in _GROWN.finditer(said) if (value := number(one[1])) is not None)


def _roman(said: str) -> int:
    """Return the value of Roman figures.

    >>> _roman("XIV")
    14
    """
    values = [_ROMAN_DIGITS[one] for one in said]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))
