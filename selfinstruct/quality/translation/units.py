"""Rules for units and dates: the same amount in another unit, or another day, is another statement."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from selfinstruct.quality.rules.numerals import whole
from selfinstruct.quality.translation.figures import OTHER, stated_otherwise
from selfinstruct.quality.translation.pair import Pair
from selfinstruct.quality.translation.spans import outside
from selfinstruct.quality.translation.values import SCALES, plain_figures
from selfinstruct.quality.translation.words import MONTH, MONTHS
from selfinstruct.records import LanguageCode

_UNITS: Final = {
    "mmol_l": (r"mmol ?/ ?L", "mmol ?/ ?L|毫摩尔?(?:/|每)升"),
    "mg_dl": (r"mg ?/ ?dL", "mg ?/ ?dL|毫克(?:/|每)分升"),
    "mg_l": (r"mg ?/ ?L", "mg ?/ ?L|毫克(?:/|每)升"),
    "km": (r"km|kilomet(?:er|re)s?", "公里|千米|km"),
    "mile": (r"miles?", "英里"),
    "cm": (r"cm|centimet(?:er|re)s?", "厘米|公分|cm"),
    "mm": (r"mm|millimet(?:er|re)s?", "毫米|mm"),
    "m": (r"m|met(?:er|re)s?", "米|m"),
    "foot": (r"ft|feet|foot", "英尺"),
    "inch": (r"inch(?:es)?", "英寸"),
    "yard": (r"yards?", "码"),
    "mg": (r"mg|milligrams?", "毫克|mg"),
    "kg": (r"kg|kilograms?|kilos?", "公斤|千克|kg"),
    "g": (r"g|grams?", "克|g"),
    "pound": (r"lbs?|pounds?", "英?磅"),
    "ounce": (r"oz|ounces?", "盎司"),
    "tonne": (r"tons?|tonnes?", "吨"),
    "jin": (r"jin|catt(?:y|ies)", "斤"),
    "ml": (r"ml|millilit(?:er|re)s?", "毫升|ml"),
    "litre": (r"l|lit(?:er|re)s?", "升|公升"),
    "gallon": (r"gallons?", "加仑"),
    "celsius": (r"°C|℃|degrees Celsius", "°C|℃|摄氏度"),
    "fahrenheit": (r"°F|℉|degrees Fahrenheit", "°F|℉|华氏度"),
    "acre": (r"acres?", "英亩"),
    "mu": (r"mu", "亩"),
    "hectare": (r"hectares?", "公顷"),
    "second": (r"seconds?|secs?", "秒"),
    "minute": (r"minutes?|mins?", "分钟"),
    "hour": (r"hours?|hrs?", "个?(?:小时|钟头)"),
    "day": (r"days?", "天"),
    "week": (r"weeks?", "周(?!年)|个?(?:星期|礼拜)"),
    "month": (r"months?", "个月"),
    "year": (r"years?", "年(?!代)|岁|周年"),
    "dollar": (r"dollars?|USD", "美元|美金"),
    "yuan": (r"yuan|RMB|CNY", "元|块钱?|人民币"),
    "euro": (r"euros?|EUR", "欧元"),
    "yen": (r"yen|JPY", "日元"),
    "sterling": (r"GBP|pounds sterling", "英镑"),
}  # fmt: skip
"""{unit: (its words in English, in Chinese)}."""
_FIGURE: Final = r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,12}(?:\.\d{1,6})?)"
_WORD: Final = {
    "en": r"(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|ninety|hundred)",
    "zh": r"([一二两三四五六七八九十百千]{1,6})",
}
_SCALES: Final = {"en": ("thousand", "million", "billion"), "zh": ("千万", "百万", "万亿", "万", "亿")}
"""Of `SCALES`, those that are not the beginning of a unit: 千 is in 千克."""
_POWERS: Final = {"en": r"(?:square|sq\.?|cubic)[ -]", "zh": "平方|立方"}
_CURRENCY: Final = {"$": "dollar", "US$": "dollar", "¥": "yuan", "￥": "yuan", "€": "euro", "£": "sterling"}


def _pattern(language: LanguageCode) -> re.Pattern[str]:
    side = 0 if language == "en" else 1
    units = "|".join(f"(?P<{unit}>{words[side]})" for unit, words in _UNITS.items())
    end = r"\b" if language == "en" else r"(?![A-Za-z])"
    more = r"(?:[ -]odd|\+)?[ -]?" if language == "en" else r"\s?[多来余几]?"
    scale = "|".join(_SCALES[language])
    return re.compile(
        rf"(?<![\d.])(?:{_FIGURE}(?:[ -]?(?P<scale>{scale}))?|{_WORD[language]}){more}(?P<power>{_POWERS[language]})?(?:{units})(?P<exponent>[²³]|\^[23]|(?<=m)[23](?!\d))?{end}",
        re.IGNORECASE if language == "en" else 0,
    )


_MEASURES: Final[dict[LanguageCode, re.Pattern[str]]] = {"en": _pattern("en"), "zh": _pattern("zh")}
_MONEY: Final = re.compile(rf"(US\$|[$¥￥€£])\s?{_FIGURE}(?!\d)")
_EN_DATE: Final = re.compile(
    rf"\b({MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?(?!\d)|(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({MONTH})\b",
    re.IGNORECASE,
)
_ZH_DATE: Final = re.compile(
    r"(\d{1,2}|[一二三四五六七八九十]{1,2})\s?月\s?(\d{1,2}|[一二三四五六七八九十]{1,3})\s?[日号]"
)


def changed_units(pair: Pair) -> str:
    """Amount in another unit than in the source, such as 5 miles that have become 5公里; one that was said to be adapted is none."""
    for name, before, after in pair.fields:
        wanted, found = set(_measures(before, OTHER[pair.to])), set(_measures(after, pair.to))
        for old, _ in stated_otherwise(pair, before, after):
            wanted -= set(_measures(old, OTHER[pair.to]))
        for value, unit in sorted(wanted - found):
            others = {one for amount, one in found if amount == value} - {
                one for amount, one in wanted if amount == value
            }
            if others:
                return f"{name}: {_shown(value)} {min(others)} for {_shown(value)} {unit}"
    return ""


def changed_dates(pair: Pair) -> str:
    """Day of the year that is another one in the translation: March 5 that has become 5月3日."""
    for name, before, after in pair.fields:
        wanted, found = set(_dates(before, OTHER[pair.to])), set(_dates(after, pair.to))
        if wanted and found and wanted != found:
            month, day = min(wanted - found or found - wanted)
            return f"{name}: {'lacks' if wanted - found else 'adds'} the day {month}-{day}"
    return ""


def _measures(text: str, language: LanguageCode) -> Iterator[tuple[Fraction, str]]:
    said = plain_figures(text)
    for found in {found[0]: found for found in _MEASURES[language].finditer(said)}.values():
        scale = SCALES[language].get((found["scale"] or "").lower(), 1)
        value = Fraction(found[1].replace(",", "")) * scale if found[1] else Fraction(whole(found[3]) or 0)
        yield value, _unit(found)
    for found in _MONEY.finditer(said):
        yield Fraction(found[2].replace(",", "")), _CURRENCY[found[1]]


def _unit(found: re.Match[str]) -> str:
    """Return the unit of an amount, square and cubic ones too: 平方米, m²."""
    unit = next(unit for unit in _UNITS if found[unit])
    power = (found["power"] or found["exponent"] or "").lower()
    return f"{'cubic' if re.search('[c3³立]', power) else 'square'} {unit}" if power else unit


def _dates(text: str, language: LanguageCode) -> Iterator[tuple[int, int]]:
    said = outside(text)
    if language == "en":
        for found in _EN_DATE.finditer(said):
            yield MONTHS[(found[1] or found[4]).lower()], int(found[2] or found[3])
        return
    for found in _ZH_DATE.finditer(said):
        yield _number(found[1]), _number(found[2])


def _number(said: str) -> int:
    return int(said) if said.isdigit() else whole(said) or 0


def _shown(value: Fraction) -> str:
    return f"{float(value):g}"
