"""Lines with a value each, sorted by it; all values differ."""

import random
from decimal import Decimal
from typing import NamedTuple

from selfinstruct.verifiers.kind import Draw, Json, Kind, Row, Task, unequal


class _Theme(NamedTuple):
    value: str
    step: int
    spread: int
    """How far a value may lie from the usual one, in per cent."""
    orders: tuple[str, str]
    names: str
    """`name=usual value`, parted by `|`."""


_THEMES = {
    "en": {
        "price": _Theme(
            *("${}", 1, 35, ("from the cheapest to the most expensive", "from the most expensive to the cheapest")),
            "Kettle=35|Umbrella=18|Desk lamp=32|Tea towels=12|Frying pan=38|Wall clock=27|Vase=24|Cushion=16|Door mat=21|Laundry basket=29",
        ),
        "height": _Theme(
            *("{} cm", 1, 7, ("from the shortest to the tallest", "from the tallest to the shortest")),
            "Amy=168|Karim=180|Joe=176|Lucia=165|Nils=184|Fatima=163|Peter=178|Yuki=166|Olga=171|Dan=174",
        ),
        "distance": _Theme(
            *("{} m", 10, 60, ("from the nearest to the farthest", "from the farthest to the nearest")),
            "Bakery=400|Library=1200|Post office=900|Pharmacy=700|Bus stop=300|Swimming pool=1800|Park=800|School=1000|Bank=1100|Florist=600",
        ),
        "time": _Theme(
            *("{} minutes", 5, 60, ("from the shortest to the longest", "from the longest to the shortest")),
            "Ironing=40|Vacuuming=30|Washing up=20|Mowing the lawn=50|Cooking lunch=45|Watering plants=15|Food shopping=60|Cleaning windows=70",
        ),
        "weight": _Theme(
            *("{} g", 25, 30, ("from the lightest to the heaviest", "from the heaviest to the lightest")),
            "Melon=1200|Cabbage=1000|Bag of rice=1000|Loaf of bread=750|Jar of honey=450|Leek=250|Pineapple=1300|Pack of butter=250|Bag of onions=900",
        ),
    },
    "zh": {
        "price": _Theme(
            *("{}元", 1, 35, ("按价格从低到高", "按价格从高到低")),
            "电热水壶=110|雨伞=45|保温杯=80|炒锅=130|毛巾=18|台灯=95|枕头=70|菜板=50|拖鞋=25|晾衣架=60",
        ),
        "height": _Theme(
            *("{}厘米", 1, 7, ("按身高从矮到高", "按身高从高到矮")),
            "小敏=163|阿强=175|小婷=165|大伟=180|小磊=172|阿珍=160|小芳=162|阿杰=177|小雪=167|大刘=174",
        ),
        "distance": _Theme(
            *("{}米", 10, 60, ("按距离从近到远", "按距离从远到近")),
            "菜市场=600|地铁站=900|邮局=1100|药店=400|小学=800|公园=1000|银行=1200|早餐店=300|快递点=350|图书馆=1500",
        ),
        "time": _Theme(
            *("{}分钟", 5, 60, ("按用时从短到长", "按用时从长到短")),
            "洗碗=20|拖地=35|熨衣服=40|买菜=50|包饺子=80|擦窗户=60|浇花=15|遛狗=45|收拾书桌=25",
        ),
        "weight": _Theme(
            *("{}克", 25, 30, ("按重量从轻到重", "按重量从重到轻")),
            "哈密瓜=1500|卷心菜=1000|红薯=400|玉米=300|柚子=1200|冬瓜片=600|莲藕=500|山药=700|芋头=350",
        ),
    },
}
_FRAMES = {
    "en": (
        "Sort these lines {order}.",
        "Put the entries below in order, {order}, one on each line.",
        "Rewrite this list so that it runs {order}, and leave each line as it is.",
        "Arrange the list {order}. Keep the figures.",
    ),
    "zh": (
        "把下面各行{order}重新排列。",
        "请{order}给这份清单排序，每项一行，内容照抄。",
        "将下列内容{order}排好，数字要保留。",
        "下面的顺序是乱的，请{order}整理好，一行写一项。",
    ),
}


def draw(draw: Draw) -> Task:
    """Draw four or five lines, seven or eight for a strong teacher."""
    rng, language = draw.rng, draw.language
    name = rng.choice(list(_THEMES[language]))
    theme = _THEMES[language][name]
    down = rng.random() < 0.5
    items = _items(rng, theme, rng.randint(4, 5) if draw.level == 1 else rng.randint(7, 8))
    arguments: dict[str, Json] = {"theme": name, "down": down, "items": items}
    if _answer(arguments, language) == _facts(arguments, language)[1]:
        items.reverse()
    order, lines = _facts(arguments, language)
    return Task(
        rng.choice(_FRAMES[language]).format(order=order), lines, _answer(arguments, language), arguments, (order,)
    )


def fault(row: Row) -> str:
    """Return what is wrong with a row: the input must be the lines, no two values the same."""
    order, lines = _facts(row.arguments, row.language)
    if row.input != lines:
        return "the input is not the lines to sort"
    if len({value for _, value in row.arguments["items"]}) < len(row.arguments["items"]):
        return "two values are the same"
    return unequal(row, _answer(row.arguments, row.language), order)


def _items(rng: random.Random, theme: _Theme, count: int) -> list[Json]:
    taken: dict[str, int] = {}
    for entry in rng.sample(theme.names.split("|"), count):
        name, _, usual = entry.partition("=")
        least, most = (int(usual) * (100 + sign * theme.spread) // 100 for sign in (-1, 1))
        values = range(least - least % theme.step + theme.step, most + 1, theme.step)
        free = [value for value in values if value not in taken.values()]
        taken[name] = rng.choice(free or [max(taken.values()) + theme.step])
    return [list(pair) for pair in taken.items()]


def _facts(arguments: dict[str, Json], language: str) -> tuple[str, str]:
    items: list[list[str]] = arguments["items"]
    theme = _THEMES[language][str(arguments["theme"])]
    return theme.orders[bool(arguments["down"])], "\n".join(_line(theme, item, language) for item in items)


def _answer(arguments: dict[str, Json], language: str) -> str:
    items: list[list[str]] = arguments["items"]
    theme = _THEMES[language][str(arguments["theme"])]
    ordered = sorted(items, key=lambda item: Decimal(item[1]), reverse=bool(arguments["down"]))
    return "\n".join(_line(theme, item, language) for item in ordered)


def _line(theme: _Theme, item: list[str], language: str) -> str:
    name, value = item
    return f"{name}{': ' if language == 'en' else '：'}{theme.value.format(value)}"


KIND = Kind("sort_values", "wording", draw, fault)
