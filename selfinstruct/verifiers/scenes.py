"""Scenes of everyday life: the short messages that a teacher is asked for, the details that they hold, and whether a text holds them."""

import hashlib
import random
import re
from typing import Final, NamedTuple

from selfinstruct.records import LanguageCode
from selfinstruct.verifiers import scenes_en, scenes_zh
from selfinstruct.verifiers.kind import Row, Scene
from selfinstruct.verifiers.text import length

Details = tuple[tuple[str, str], ...]

PEOPLE: Final = frozenset({"recipient", "contact person", "teacher", "child", "姓名", "联系人", "老师", "孩子"})
PHONES: Final = frozenset({"phone number", "电话"})
DATES: Final = frozenset({"date", "日期"})
"""Names of the details that are persons, numbers to call, days."""

_LONGEST: Final = {"en": 60, "zh": 110}
_OTHER_FACT: Final = {
    "en": re.compile(
        r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|tomorrow|tonight|yesterday|two|three|four|five|six|seven|eight|nine|ten"
        r"|twelve|fifteen|twenty|thirty|hundred|dozen)\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"(?:周|星期|礼拜)[一二三四五六日天末]|[今明后昨]天|[两二三四五六七八九十百千几]+(?:[个点天日月号周年元块楼层]|分钟|小时|刻钟)|半(?:小时|天)"
        r"|[小老](?=[王李张刘陈杨赵黄周吴])|[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗](?:先生|女士|经理|老师|医生|师傅|主任)"
    ),
}
_CAPITAL: Final = re.compile(r"(?<=[a-z0-9,;:)] )(?!I\b|OK\b|I['’])[A-Z]\w*")


class _Pattern(NamedTuple):
    what: str
    values: dict[str, tuple[str, ...]]
    shown: Details
    example: str


def _parsed(text: str, pools: dict[str, str]) -> dict[str, _Pattern]:
    found = {}
    for block in text.format(**pools).strip().split("\n\n"):
        what, *lines, example = block.split("\n")
        named = {name: values.split(" | ") for name, values in (line.split(": ", 1) for line in lines)}
        values = {name: tuple(several[1:]) for name, several in named.items()}
        found[what] = _Pattern(what, values, tuple((name, several[0]) for name, several in named.items()), example[2:])
    return found


SCENES: Final[dict[str, dict[str, _Pattern]]] = {
    "en": _parsed(scenes_en.TEXT, scenes_en.POOLS),
    "zh": _parsed(scenes_zh.TEXT, scenes_zh.POOLS),
}


def draw_scene(rng: random.Random, language: LanguageCode) -> Scene:
    """Draw a scene and the values of its details."""
    drawn = rng.choice(list(SCENES[language].values()))
    details = tuple((name, rng.choice(values)) for name, values in drawn.values.items())
    return Scene(drawn.what, details, (drawn.shown, drawn.example))


def other_value(rng: random.Random, scene: Scene, name: str, text: str, language: LanguageCode) -> str:
    """Draw another value of a detail, one that the text does not hold."""
    return rng.choice([value for value in SCENES[language][scene.what].values[name] if value not in text])


def stands_once(text: str, value: str) -> bool:
    """Return whether a value stands in a text once, and not as part of another word or number."""
    whole = re.findall(rf"(?<![A-Za-z0-9]){re.escape(value)}(?![A-Za-z0-9])", text)
    return len(whole) == text.count(value) == 1


def digest(text: str) -> str:
    """Return the fingerprint of a text, by which a proof knows that nobody edited it."""
    return hashlib.sha256(text.strip().encode()).hexdigest()[:16]


def edited(row: Row) -> str:
    """Return that the input of a row is not the text that its task was made on; "" when it is."""
    return "" if digest(row.input) == row.arguments["text"] else "the input is not the text that the task was made on"


def unfit(scene: Scene, text: str, language: LanguageCode) -> str:
    """Return why a text that a teacher wrote cannot be used; "" when it holds the details, nothing else, and nothing of the example."""
    shown, example = scene.example
    if leaked := next((value for _, value in shown if value.casefold() in text.casefold()), ""):
        return f"`{leaked}` is the example's"
    if text.strip() == example.strip():
        return "it is the example"
    return malformed(scene.details, text, language)


def malformed(details: Details, text: str, language: LanguageCode) -> str:
    """Return why a text is not one short paragraph that holds every detail once, word for word, and no other number, day or name."""
    if missing := next((value for _, value in details if not stands_once(text, value)), ""):
        return f"`{missing}` does not stand in it exactly once, word for word"
    rest = text.strip()
    for _, value in sorted(details, key=lambda pair: -len(pair[1])):
        rest = rest.replace(value, " ")
    if found := _stray(details, rest, language):
        return found
    if "\n" in text.strip() or re.search(r"[\[\]{}*#_<>`|\\~^=]", text):
        return "it holds marks or lines"
    if length(text, language) > _LONGEST[language]:
        return f"it is longer than {_LONGEST[language]}"
    return (
        "" if text.rstrip().endswith((".", "!", "?") if language == "en" else ("。", "！", "？")) else "it does not end"
    )


def _stray(details: Details, rest: str, language: LanguageCode) -> str:
    if re.search(r"\d", rest):
        return "it holds another number"
    if found := _OTHER_FACT[language].search(rest):
        return f"it holds `{found[0]}` besides the details"
    if language == "zh":
        return ""
    if found := _CAPITAL.search(rest):
        return f"it names `{found[0]}` besides the details"
    words = {word for _, value in details for word in re.findall(r"[A-Za-z]{4,}", value)}
    again = next((word for word in sorted(words) if re.search(rf"\b{word}\b", rest)), "")
    return f"it repeats `{again}`" if again else ""
