"""Everyday units: one amount in a smaller or larger unit, for a strong teacher the sum of two amounts in different units."""

import re
from decimal import Decimal
from typing import NamedTuple

from selfinstruct.verifiers.kind import Draw, Json, Kind, Row, Task, unequal_or_other


class _Units(NamedTuple):
    large: str
    small: str
    named: tuple[str, str]
    factor: int
    step: int
    one: str
    two: str


_UNITS = {
    "en": {
        "length": _Units(
            *("m", "cm", ("metres", "centimetres"), 100, 5),
            "A shelf is {0} long.|The curtain in the hall measures {0}.|The wallpaper strip is {0} long.|A sunflower in the yard has reached {0}.|The hedge has grown to {0}.|Wrapping all the presents took {0} of ribbon.",
            "One piece of rope is {0} long and another is {1}.|A garden path of {0} is made longer by {1}.",
        ),
        "mass": _Units(
            *("kg", "g", ("kilograms", "grams"), 1000, 50),
            "A parcel weighs {0}.|The recipe for a street party asks for {0} of flour.|A pumpkin weighs {0}.|Our cat weighs {0}.",
            "A bag holds {0} of potatoes and {1} of carrots.|For jam we picked {0} of plums and {1} of cherries.",
        ),
        "volume": _Units(
            *("l", "ml", ("litres", "millilitres"), 1000, 50),
            "A saucepan holds {0}.|The watering can has {0} of water in it.|We made {0} of soup.|A fish bowl takes {0} of water.",
            "A punch is mixed from {0} of juice and {1} of lemonade.|A bucket has {0} of water in it, and {1} more is poured in.",
        ),
        "time": _Units(
            *("hours", "minutes", ("hours", "minutes"), 60, 15),
            "A hike takes {0}.|The concert goes on for {0}.|The roast needs {0} in the oven.|The museum tour lasts {0}.|Painting the door took {0}.|The coach ride takes {0}.",
            "A train ride takes {0} and the ferry after it {1}.|The first film lasts {0} and the second {1}.",
        ),
    },
    "zh": {
        "length": _Units(
            *("米", "厘米", ("米", "厘米"), 100, 5),
            "走廊长{0}，|一卷彩带有{0}，|客厅的窗帘宽{0}，|院墙高{0}，",
            "一根麻绳长{0}，另一根长{1}，|一条水管长{0}，又接上{1}，",
        ),
        "mass": _Units(
            *("千克", "克", ("千克", "克"), 1000, 50),
            "一个包裹重{0}，|一袋大米重{0}，|一袋面粉有{0}，|家里的猫重{0}，",
            "一袋面粉有{0}，一罐白糖有{1}，|果篮里有{0}苹果和{1}葡萄，",
        ),
        "catty": _Units(
            *("斤", "克", ("市斤", "克"), 500, 250),
            "妈妈买了{0}排骨，|一条鲈鱼重{0}，|外婆寄来{0}干蘑菇，|包饺子用了{0}韭菜，",
            "奶奶称了{0}猪肉，又称了{1}虾，|一包红枣有{0}，一包核桃有{1}，",
        ),
        "kilo": _Units(
            *("公斤", "斤", ("公斤", "市斤"), 2, 1),
            "一个西瓜重{0}，|一箱橘子重{0}，|食堂早上用了{0}土豆，|一只大鹅重{0}，",
            "爷爷收了{0}南瓜，又收了{1}萝卜，|摊主上午卖出{0}桃子，下午卖出{1}，",
        ),
        "volume": _Units(
            *("升", "毫升", ("升", "毫升"), 1000, 50),
            "一桶酱油有{0}，|汤锅能装{0}水，|早上磨了{0}豆浆，|鱼缸里有{0}水，",
            "酸梅汤用了{0}水，又加了{1}，|大瓶牛奶有{0}，小瓶有{1}，",
        ),
        "time": _Units(
            *("小时", "分钟", ("小时", "分钟"), 60, 15),
            "坐高铁要{0}，|炖牛肉用了{0}，|家长会开了{0}，|给花园除草花了{0}，|一场戏演了{0}，|这条山路要走{0}，",
            "坐火车要{0}，再坐船要{1}，|上午练了{0}书法，下午又练了{1}，",
        ),
    },
}
_QUESTIONS = {
    "en": (
        (" How many {unit} is that?", " What is that in {unit}?", " Convert this to {unit}."),
        (" How many {unit} is that altogether?", " Work out the total in {unit}."),
    ),
    "zh": (
        ("合多少{unit}？", "也就是多少{unit}？", "请换算成{unit}。"),
        ("一共是多少{unit}？", "请算出总共多少{unit}。"),
    ),
}


def draw(draw: Draw) -> Task:
    """Draw an amount and the unit that is asked for; for a strong teacher a second amount to add."""
    rng, language = draw.rng, draw.language
    name = rng.choice(list(_UNITS[language]))
    units = _UNITS[language][name]
    whole = units.factor // units.step
    large = Decimal(units.step * rng.randint(whole + 1, whole * 4)) / units.factor
    small = (
        units.step * rng.randint(whole + 1, whole * 4) if draw.level == 1 else units.step * rng.randint(1, 2 * whole)
    )
    down = rng.random() < 0.5
    amounts = [f"{large:f}", str(small)] if draw.level == 2 else [f"{large:f}", ""] if down else ["", str(small)]
    arguments: dict[str, Json] = {"units": name, "down": down, "amounts": amounts}
    *shown, unit = _facts(arguments, language)
    statement = rng.choice((units.two if draw.level == 2 else units.one).split("|")).format(*shown)
    question = rng.choice(_QUESTIONS[language][draw.level - 1]).format(unit=unit)
    return Task(statement + question, "", _answer(arguments, language), arguments, (*shown, unit))


def fault(row: Row) -> str:
    """Return what is wrong with a row: its question must hold the facts and no other number."""
    facts = _facts(row.arguments, row.language)
    *shown, unit = facts
    names = sorted(_UNITS[row.language][row.arguments["units"]].named, key=len, reverse=True)
    rest = re.sub("|".join(map(re.escape, shown)), " ", row.instruction)
    if set(re.findall("|".join(names), rest)) != {unit}:
        return "the question asks for another unit"
    return unequal_or_other(row, _answer(row.arguments, row.language), facts)


def _facts(arguments: dict[str, Json], language: str) -> tuple[str, ...]:
    units, (large, small) = _UNITS[language][str(arguments["units"])], _amounts(arguments)
    gap = " " if language == "en" else ""
    shown = [f"{amount}{gap}{unit}" for amount, unit in ((large, units.large), (small, units.small)) if amount]
    return (*shown, units.named[bool(arguments["down"])])


def _answer(arguments: dict[str, Json], language: str) -> str:
    units, (large, small) = _UNITS[language][str(arguments["units"])], _amounts(arguments)
    down = bool(arguments["down"])
    before, kept = (large, small) if down else (small, large)
    after = Decimal(before) * units.factor if down else Decimal(before) / units.factor
    total = after + Decimal(kept or 0)
    steps = f"{before} {'×' if down else '÷'} {units.factor} = {after.normalize():f}"
    if kept:
        steps += f"{', ' if language == 'en' else '，'}{after.normalize():f} + {kept} = {total.normalize():f}"
    result = units.small if down else units.large
    if language == "zh":
        return f"1{units.large}等于{units.factor}{units.small}，{steps}，{'合起来是' if kept else '所以是'}{total.normalize():f}{result}。"
    one = f"1 {units.large.removesuffix('s')} is {units.factor} {units.small}"
    return f"{one}: {steps}. {'Together that is' if kept else 'So it is'} {total.normalize():f} {result}."


def _amounts(arguments: dict[str, Json]) -> tuple[str, str]:
    return str(arguments["amounts"][0]), str(arguments["amounts"][1])


KIND = Kind("units", "wording", draw, fault)
