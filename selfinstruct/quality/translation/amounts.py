"""Amounts with their unit: two and a half hours, 两个半小时 and 150分钟; half a million and 50万; a 5K run and 5公里跑."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from selfinstruct.quality.translation.readings import CHINESE, ENGLISH, FIGURE, Meaning, Reading, number, reading
from selfinstruct.records import LanguageCode

_TIMES: Final[dict[str, tuple[str, str, str, int]]] = {
    "second": ("seconds?|secs?", "秒", "seconds", 1),
    "minute": ("minutes?|mins?", "分钟", "seconds", 60),
    "quarter of an hour": ("(?!)", "刻钟", "seconds", 900),
    "hour": ("hours?|hrs?", "小时|钟头", "seconds", 3600),
    "day": ("days?", "天|日", "seconds", 86_400),
    "week": ("weeks?", "周(?!年)|星期|礼拜", "seconds", 7 * 86_400),
    "fortnight": ("fortnights?", "(?!)", "seconds", 14 * 86_400),
    "month": ("months?", "月", "months", 1),
    "year": ("years?", "周?年(?!代|级)|岁", "months", 12),
    "decade": ("decades?", "(?!)", "months", 120),
    "century": ("century|centuries", "世纪", "months", 1200),
}
"""{unit: (its words in English, in Chinese, what it measures, how much of that)}."""
_OTHERS: Final[dict[str, tuple[str, str]]] = {
    "teaspoon": ("teaspoons?(?:ful)?|tsps?", "茶匙|小勺"),
    "tablespoon": ("tablespoons?(?:ful)?|tbsps?", "汤匙|大勺|大匙"),
    "cup": ("cups?", "杯"),
    "km": ("km|kilomet(?:er|re)s?", "公里|千米"),
    "mile": ("miles?", "英里"),
    "pound": ("pounds?|lbs?", "磅"),
    "litre": ("lit(?:er|re)s?", "升"),
    "page": ("pages?", "页"),
}
_UNITS: Final = [*_TIMES, *_OTHERS]
_SCALES: Final = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12}
_SHORT: Final = {"k": 1000, "m": 10**6, "mm": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9}
_ZH_SCALES: Final = {
    "万亿": 10**12,
    "千万": 10**7,
    "百万": 10**6,
    "十万": 10**5,
    "亿": 10**8,
    "万": 10**4,
    "千": 1000,
    "百": 100,
}


def _units(side: int) -> str:
    words = {unit: names[side] for unit, names in (_TIMES | _OTHERS).items()}
    return "|".join(f"(?P<u{place}>{words[unit]})" for place, unit in enumerate(_UNITS))


_EN_AMOUNT: Final = re.compile(
    rf"(?<![\w./])(?<!\d,)(?:(?P<alone>\d{{1,2}}/\d{{1,2}}(?![\d/])|[½¼¾⅓⅔]|a half|half(?: an?\b)?)|(?P<quarter>three[- ]quarters of an?|(?:an? |one )?quarter of an?)"
    rf"|(?P<count>(?:{FIGURE})(?!\d|[.,/]\d)|{ENGLISH}|an?\b)(?P<part> \d{{1,2}}/\d{{1,2}}(?![\d/])|\s?[½¼¾⅓⅔])?(?P<half> and (?:a|one) half| and (?:a|one) quarter)?)"
    rf"(?:[ -]?(?P<scale>hundred|thousand|million|billion|trillion|dozen)\b(?P<more> and a half\b)?|(?P<short>k|K|M|MM|mn|B|bn|m)\b)?(?!\s?%)(?:[ -]?(?:of an? |of )?(?:{_units(0)})\b(?P<behind> and a half\b)?)?",
    re.IGNORECASE,
)
_ZH_AMOUNT: Final = re.compile(
    rf"(?<![\d./])(?<!\d,)(?:(?P<count>\d{{1,2}}/\d{{1,2}}(?![\d/])|[½¼¾⅓⅔]|{CHINESE}分之{CHINESE}|(?:{FIGURE})\s?(?:万亿|千万|百万|十万|亿|万|千(?![克米瓦])|百(?!分))?(?!\d|[.,/]\d)|{CHINESE}(?:点[零一二三四五六七八九]{{1,6}})?|半)(?P<part>\s?[½¼¾⅓⅔]|\s\d{{1,2}}/\d{{1,2}}(?![\d/]))?(?P<short>[kK])?(?!\s?%)"
    rf"(?:个(?P<half>半)?(?:多)?)?\s?(?:{_units(1)}|(?P<measure>[个只条张本次分点块斤里米克吨升打瓶碗勺袋盒件倍]))?(?P<behind>半)?)"
)
_CURRENCY: Final = re.compile(r"[$€£¥￥]\s?\Z")


def amounts(text: str, language: LanguageCode) -> Iterator[Reading]:
    """Yield the amounts of a text: in seconds or months where the unit is one of time."""
    for found in (_EN_AMOUNT if language == "en" else _ZH_AMOUNT).finditer(text):
        value = (_english if language == "en" else _chinese)(found, text)
        if value is not None:
            measure = found.groupdict().get("measure")
            plain = (
                re.fullmatch(
                    rf"{FIGURE}|{ENGLISH}|{CHINESE}", found[0].strip().removesuffix(measure or ""), re.IGNORECASE
                )
                is not None
            )
            unit = next((unit for place, unit in enumerate(_UNITS) if found[f"u{place}"]), "")
            if unit == "month" and language == "zh" and not re.search("个|半", found[0]):
                unit, plain = "", True  # March
            yield reading(found, *_meanings(found, value, unit), plain=plain, kind=_kind(found, value, unit))


def _meanings(found: re.Match[str], value: Fraction, unit: str) -> list[Meaning]:
    if unit in _TIMES:
        _, _, measured, each = _TIMES[unit]
        return [(measured, value * each)]
    if (found["short"] or "").lower() == "k":
        return [("number", value), ("k", value), ("km", value / 1000)]
    return [("number", value), (unit or "number", value)]


def _kind(found: re.Match[str], value: Fraction, unit: str) -> str:
    """Return the unit of an amount that can contradict another one: a half, and what could have been made of it."""
    if not unit or (unit in _TIMES and found[0].lower().startswith(("a ", "an ")) and value == 1):
        return ""
    return f"{unit} whole" if value.denominator == 1 else f"{unit} half" if value.denominator == 2 else ""


def _english(found: re.Match[str], text: str) -> Fraction | None:
    if found["quarter"]:
        value = Fraction(3 if found["quarter"].lower().startswith("three") else 1, 4)
    elif alone := found["alone"]:
        value = Fraction(1, 2) if "half" in alone.lower() else number(alone) or Fraction(0)
    else:
        count = number(re.sub(r"^an?$", "one", found["count"].lower()))
        if count is None:
            return None
        value = count + (number(found["part"] or "") or 0)
    value += Fraction(1, 4 if "quarter" in found["half"].lower() else 2) if found["half"] else 0
    value += Fraction(1, 2) if found["behind"] else 0
    scale = _SCALES.get((found["scale"] or "").lower(), 1)
    value = value * scale + (Fraction(scale, 2) if found["more"] else 0)
    return value * _short(found["short"] or "", text[max(found.start() - 4, 0) : found.start()])


def _short(said: str, before: str) -> int:
    """Return what a letter multiplies by; a small m is for metres where it is not behind a sum of money."""
    return 1 if said == "m" and not _CURRENCY.search(before) else _SHORT.get(said.lower(), 1)


def _chinese(found: re.Match[str], _: str) -> Fraction | None:
    said = found["count"].replace(" ", "")
    if said == "半":
        value: Fraction | None = Fraction(1, 2)
    elif said[0].isdigit() and "/" not in said:
        figure = re.match(r"[\d.,]+", said)
        value = (number(figure[0]) or Fraction(0)) * _ZH_SCALES.get(said[figure.end() :], 1) if figure else None
    else:
        value = number(said)
    if value is None:
        return None
    value += number(found["part"] or "") or 0
    value += Fraction(1, 2) if found["half"] or found["behind"] else 0
    value *= 1000 if found["short"] else 1
    return value * (12 if found["measure"] == "打" else 1)
