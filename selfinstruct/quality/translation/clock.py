"""Times of the day: 8:45 p.m., a quarter to nine in the evening, 20:45, 晚上差一刻九点. A time without its half of the day can be in both."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from selfinstruct.quality.translation.readings import Reading, number, reading
from selfinstruct.records import LanguageCode

_HOUR: Final = r"\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_TEN: Final = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|(?:twenty|thirty|forty|fifty)(?:-(?:one|two|three|four|five|six|seven|eight|nine))?"
_ZH: Final = r"\d{1,2}|[一二两三四五六七八九十]{1,3}"
_EN_TIME: Final = re.compile(
    rf"(?<![\w.:])(?:(?:(?P<part>a quarter|quarter|half|(?:\d{{1,2}}|five|{_TEN})(?: minutes)?) (?P<side>past|after|to|before|of) )?"
    rf"(?P<hour>{_HOUR})(?::(?P<minute>\d\d)(?::\d\d)?| (?P<words>{_TEN}|oh (?:one|two|three|four|five|six|seven|eight|nine)))?(?:\s?o['’]clock)?"
    r"(?:\s?(?P<half>[ap]\.?m\b\.?|in the (?:early )?(?:morning|afternoon|evening)|at night))?"
    r"|(?P<fixed>(?:12 )?(?:noon|midnight)))(?![\w:])",
    re.IGNORECASE,
)
_ZH_TIME: Final = re.compile(
    rf"(?P<half>上午|早上|早晨|清晨|清早|一早|凌晨|下午|午后|中午|傍晚|晚上|晚间|夜里|夜晚|半夜|深夜|午夜|当晚|今晚|明晚|昨晚|早|晚)?\s?(?:差(?P<to>一刻|(?:{_ZH})分钟?)(?:就|到)?\s?)?"
    rf"(?<![\d:.])(?P<hour>{_ZH})\s?(?:(?:点钟?|时(?![代间候刻]))(?:过?(?P<part>半|[一三]刻|(?:零|过)?(?:{_ZH}|[0-5]\d)分?(?!钟)))?(?:整|差(?P<behind>一刻|(?:{_ZH})分钟?))?|[:：](?P<minute>[0-5]\d)(?::[0-5]\d)?)"
    r"|(?P<fixed>正午|午夜|半夜12点|零点)"
)
_DAY, _HALF_DAY = 24 * 60, 12 * 60


def times(text: str, language: LanguageCode) -> Iterator[Reading]:
    """Yield the times of a text in minutes since midnight, both where the half of the day is not said."""
    for found in (_EN_TIME if language == "en" else _ZH_TIME).finditer(text):
        if found["fixed"]:
            minutes = {_HALF_DAY if re.search("noon|正午", found["fixed"]) else 0}
        elif (hour := number(found["hour"])) is None or hour > 24:
            continue
        elif language == "en" and not re.search(r"[:’']|[a-z]", found[0]):
            continue  # a bare figure
        else:
            minutes = _minutes(int(hour), _shift(found, language), found["half"] or "")
        yield reading(
            found, *(("time", Fraction(one % _DAY)) for one in minutes), kind="time" if len(minutes) == 1 else ""
        )


def _minutes(hour: int, shift: int, half: str) -> set[int]:
    """Return the minutes since midnight that an hour in a half of the day can be, shifted by minutes."""
    if hour > 12 or (hour == 0 and not half):
        return {hour * 60 + shift}
    morning, evening = hour % 12 * 60 + shift, hour % 12 * 60 + _HALF_DAY + shift
    which = _half(hour, half.lower())
    return {morning} if which == "am" else {evening} if which == "pm" else {morning, evening}


def _half(hour: int, said: str) -> str:
    """Return am, pm or, where a word can mean both, nothing: 晚上两点 is at night, 夜里十一点 before midnight."""
    if re.match("a|凌晨", said) and said != "at night":
        return "am"
    if re.match("p|下午|午后|傍晚|in the (?:afternoon|evening)", said):
        return "pm"
    if said == "中午":
        return "pm" if hour in {12, 1, 2} else "am" if hour >= 10 else ""
    if said == "at night" or re.search("[晚夜]", said):
        return "am" if hour in {12, 0} else "pm" if 6 <= hour < 12 else ""
    return "am" if said and hour != 12 else ""


def _shift(found: re.Match[str], language: LanguageCode) -> int:
    """Return the minutes after the hour, less than none before it."""
    if found["minute"]:
        return int(found["minute"])
    if language == "en":
        minutes = _part(found["part"] or found["words"] or "")
        return -minutes if (found["side"] or "").lower() in {"to", "before", "of"} else minutes
    before = found["to"] or found["behind"]
    return -_part(before) if before else _part(found["part"] or "")


def _part(said: str) -> int:
    said = re.sub(r"^oh |^[零过](?=.)| minutes$|分钟?$", "", said.lower())
    fixed = {"a quarter": 15, "quarter": 15, "half": 30, "半": 30, "一刻": 15, "三刻": 45}
    return fixed[said] if said in fixed else int(number(said) or 0)
