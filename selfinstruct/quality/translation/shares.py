"""Shares of a whole: 20 %, one in five, a fifth, 五分之一, 两成, 八折."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from selfinstruct.quality.rules.numerals import whole
from selfinstruct.quality.translation.readings import CHINESE, DIGITS, ENGLISH, Meaning, Reading, number, reading
from selfinstruct.records import LanguageCode

PERCENT: Final[dict[LanguageCode, re.Pattern[str]]] = {
    "en": re.compile(
        r"(?<![\d.])(\d{1,15}(?:\.\d{1,9})?)\s?(?:%|per ?cent\b|percentage points?\b)|\b([a-z]{3,12}(?:-[a-z]{3,6})?) per ?cent\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"(?<![\d.])(\d{1,15}(?:\.\d{1,9})?)\s?(?:%|个百分点)|百分之([\d.]{1,12}|[零一二两三四五六七八九十百点]{1,6})|([一二三四五六七八九])成(?![了为功都员分本语果长立绩熟份就]|\w年)|(?<![\d.])([\d.]{1,5}|[一二三四五六七八九]{1,2})折(?![叠扣磨])"
    ),
}
_OFF: Final = re.compile(
    r"\s?(?:off\b|discount|reduction|less\b|cheaper)|.{0,20}(?:discount of|save|reduced by|cut by|优惠|便宜|减价|降价)\s?\Z",
    re.IGNORECASE,
)
_PART: Final = "half|halves|third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
_PARTS: Final = {"half": 2, "halve": 2, "quarter": 4} | {
    word: n for n, word in enumerate(["third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"], 3)
}
_FRACTION: Final[dict[LanguageCode, re.Pattern[str]]] = {
    "en": re.compile(
        rf"(?<![\w./])(?:(?P<many>\d{{1,3}}|{ENGLISH}) (?:in|out of|of every|in every|of each) (?P<all>\d{{1,3}}|{ENGLISH})\b"
        rf"|(?P<count>an?|one|two|three|four|five|six|seven|eight|nine)[- ](?P<part>{_PART})s?\b|(?P<written>\d{{1,3}}/\d{{1,3}})(?![\w/])|(?P<half>half)\b)",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        rf"(?P<all>\d{{1,3}}|{CHINESE})分之(?P<many>\d{{1,3}}|{CHINESE})|每(?P<every>\d{{1,3}}|{CHINESE})[个人名位家户]{{0,2}}\w{{0,4}}有(?P<has>\d{{1,3}}|{CHINESE})[个人名位家户]"
        r"|(?<![A-Za-z\d./])(?P<written>\d{1,3}/\d{1,3})(?![A-Za-z\d/])|(?P<half>一半|半数|[一对]半)"
    ),
}


def shares(text: str, language: LanguageCode) -> Iterator[Reading]:
    """Yield the shares of a text; a discount has a meaning of its own, as 80 % off is not 80 % of the price."""
    for found in PERCENT[language].finditer(text):
        if (value := percent(found)) is not None:
            yield reading(found, *_meanings(found, value / 100, text))
    for found in _FRACTION[language].finditer(text):
        share = _fraction(found)
        if share is not None:
            yield reading(found, ("share", share), ("off", share))


def _meanings(found: re.Match[str], value: Fraction, text: str) -> list[Meaning]:
    if "折" in found[0]:
        return [("off", value), ("share", 1 - value)]
    off = _OFF.match(text[found.end() : found.end() + 12]) or _OFF.match(
        text[max(found.start() - 20, 0) : found.start()]
    )
    return [("off", value)] if off else [("off", value), ("share", value)]


def _fraction(found: re.Match[str]) -> Fraction | None:
    parts = found.groupdict()
    if parts["half"]:
        return Fraction(1, 2)
    if parts["written"]:
        return number(parts["written"])
    if parts.get("count"):
        many, of = number(re.sub(r"^an?$", "one", parts["count"].lower())), _PARTS.get(parts["part"].lower())
        return many / of if many is not None and of else None
    many, all_of = number(parts["many"] or parts["has"] or ""), number(parts["all"] or parts["every"] or "")
    return many / all_of if many is not None and all_of else None


def percent(found: re.Match[str]) -> Fraction | None:
    """Return the percentage that a match of `PERCENT` says; 八折 is 20 % off."""
    groups = found.groups()
    figure = groups[0]
    if figure:
        return Fraction(figure)
    if len(groups) == 2:  # English words
        return None if (value := whole(groups[1] or "")) is None else Fraction(value)
    if said := groups[1]:
        return _decimal(said)
    if groups[2]:
        return 10 * _decimal(groups[2])
    fold = _decimal(groups[3] or "")
    return Fraction(100) - fold * (10 if (fold < 10 and len(groups[3]) == 1) or "." in groups[3] else 1)


def _decimal(said: str) -> Fraction:
    if said and re.fullmatch(r"\d+(?:\.\d+)?", said):
        return Fraction(said)
    before, _, after = said.partition("点")
    value = Fraction(whole(before) or 0)
    digits = "".join(str(max(DIGITS.find(one), 0)) for one in after)
    if len(before) == 2 and whole(before) is None:  # 八五 in 八五折
        value = Fraction(int("".join(str(max(DIGITS.find(one), 0)) for one in before)))
    return value + (Fraction(int(digits), 10 ** len(digits)) if digits else 0)
