"""How many lines of a list meet a simple condition: a figure under or over a limit, or a first letter or a surname."""

import random
import re
from typing import NamedTuple

from selfinstruct.verifiers.kind import Draw, Json, Kind, Row, Task, unequal


class _Theme(NamedTuple):
    noun: str
    line: str
    spread: int
    """How far a figure may lie from the usual one, in per cent."""
    tests: tuple[str, ...]
    """Under and over a limit; the only one of a theme without figures asks how a name begins."""
    names: str
    """`name=usual figure`, parted by `|`; the bare names where there are no figures."""


_THEMES = {
    "en": {
        "price": _Theme(
            *("things", "{}: ${}", 35, ("cost less than ${}", "cost more than ${}")),
            "kettle=35|umbrella=18|lamp=32|mug=9|frying pan=38|clock=27|vase=24|cushion=16|door mat=21|bread knife=14|teapot=26",
        ),
        "age": _Theme(
            *("people", "{}: {} years old", 80, ("are under {} years old", "are over {} years old")),
            "Amy=40|Karim=40|Joe=40|Lucia=40|Nils=40|Fatima=40|Peter=40|Yuki=40|Olga=40|Dan=40|Ines=40",
        ),
        "time": _Theme(
            *("jobs", "{}: {} minutes", 60, ("take less than {} minutes", "take more than {} minutes")),
            "ironing=40|vacuuming=30|washing up=20|mowing the lawn=50|cooking lunch=45|watering plants=15|food shopping=60|dusting=25",
        ),
        "word": _Theme(
            *("animals", "{}", 0, ("begin with the letter {}",)),
            "badger|bear|beaver|bee|cat|cow|crab|dog|donkey|duck|hare|hedgehog|horse|seal|sheep|swan",
        ),
    },
    "zh": {
        "price": _Theme(
            *("样东西", "{}：{}元", 35, ("价格低于{}元", "价格高于{}元")),
            "电热水壶=110|雨伞=45|保温杯=80|炒锅=130|毛巾=18|台灯=95|枕头=70|菜板=50|拖鞋=25|晾衣架=60",
        ),
        "age": _Theme(
            *("个人", "{}：{}岁", 80, ("年龄不到{}岁", "年龄超过{}岁")),
            "小敏=40|阿强=40|小婷=40|大伟=40|小磊=40|阿珍=40|小芳=40|阿杰=40|小雪=40|大刘=40",
        ),
        "time": _Theme(
            *("件家务", "{}：{}分钟", 60, ("用时不到{}分钟", "用时超过{}分钟")),
            "洗碗=20|拖地=35|熨衣服=40|买菜=50|包饺子=80|擦窗户=60|浇花=15|洗床单=70|收拾书桌=25",
        ),
        "word": _Theme(
            *("个人", "{}", 0, ("姓{}",)),
            "王小梅|王志远|王桂兰|李春生|李文静|李大山|张秀英|张晓东|张巧云|陈家明|陈雨欣|陈福贵",
        ),
    },
}
_FRAMES = {
    "en": (
        "How many of these {noun} {test}? Name them too.",
        "How many {noun} in the list {test}? Say which they are.",
        "Go through the list: how many {noun} {test}, and which ones?",
        "I need to know how many {noun} below {test}. Give the number and the names.",
    ),
    "zh": (
        "下面{test}的有几{noun}？请都列出来。",
        "数一数下面{test}的有几{noun}，并一一列出。",
        "请找出下面{test}的，说明一共几{noun}、是哪几{noun}。",
        "这里面有几{noun}{test}？请逐一写出。",
    ),
}


def draw(draw: Draw) -> Task:
    """Draw five or six lines and a condition that some of them meet; seven or eight lines for a strong teacher."""
    rng, language = draw.rng, draw.language
    name = rng.choice(list(_THEMES[language]))
    theme = _THEMES[language][name]
    count = rng.randint(5, 6) if draw.level == 1 else rng.randint(7, 8)
    items = _items(rng, theme, count)
    figures = [figure for _, figure in items] if theme.spread else []
    limit = _limit(rng, figures) if figures else rng.choice(items)[0][0]
    over = bool(figures) and rng.random() < 0.5
    arguments: dict[str, Json] = {"theme": name, "over": over, "limit": limit, "items": items}
    test, lines = _facts(arguments, language)
    instruction = rng.choice(_FRAMES[language]).format(noun=theme.noun, test=test)
    return Task(instruction, lines, _answer(arguments, language), arguments, (test,))


def fault(row: Row) -> str:
    """Return what is wrong with a row: the input must be the lines, no figure the limit itself."""
    test, lines = _facts(row.arguments, row.language)
    if row.input != lines:
        return "the input is not the lines to count"
    if row.arguments["limit"] in [value for _, value in row.arguments["items"]]:
        return "a figure is the limit itself"
    if re.findall(r"\d+", row.instruction) != re.findall(r"\d+", test):
        return "the question holds other numbers"
    return unequal(row, _answer(row.arguments, row.language), test)


def _items(rng: random.Random, theme: _Theme, count: int) -> list[Json]:
    taken: dict[str, int] = {}
    for entry in rng.sample(theme.names.split("|"), count):
        name, _, usual = entry.partition("=")
        least, most = (int(usual or 0) * (100 + sign * theme.spread) // 100 for sign in (-1, 1))
        figures = [figure for figure in range(least, most + 1) if figure % 5 and figure not in taken.values()]
        taken[name] = rng.choice(figures) if figures else 0
    return [list(pair) for pair in taken.items()]


def _limit(rng: random.Random, values: list[int]) -> int:
    return rng.choice([limit for limit in range(5, 200, 5) if min(values) < limit < max(values)])


def _facts(arguments: dict[str, Json], language: str) -> tuple[str, str]:
    theme = _THEMES[language][str(arguments["theme"])]
    items: list[list[str]] = arguments["items"]
    shown = str(arguments["limit"]).upper()
    return theme.tests[bool(arguments["over"])].format(shown), "\n".join(theme.line.format(*item) for item in items)


def _answer(arguments: dict[str, Json], language: str) -> str:
    items: list[tuple[str, int]] = arguments["items"]
    names = [name for name, value in items if _meets(arguments, name, value)]
    if not names:
        raise ValueError("none meets the condition")
    if language == "zh":
        return f"有{len(names)}{_THEMES[language][str(arguments['theme'])].noun}：{'、'.join(names)}。"
    listed = " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
    return f"There {'is' if len(names) == 1 else 'are'} {len(names)}: {listed}."


def _meets(arguments: dict[str, Json], name: str, value: int) -> bool:
    if arguments["theme"] == "word":
        return name.startswith(str(arguments["limit"]))
    limit = int(str(arguments["limit"]))
    return value > limit if arguments["over"] else value < limit


KIND = Kind("count_items", "wording", draw, fault)
