"""The mean of a few whole numbers, which comes out even."""

from selfinstruct.verifiers.kind import Draw, Json, Kind, Row, Task, unequal_or_other

_FRAMES = {
    "en": (
        ("pages", 10, "On the last few evenings Leah read {numbers}. How many pages an evening is that on average?"),
        ("minutes", 15, "Marco's bus rides to work this week took {numbers}. How long was a ride on average?"),
        ("visitors", 30, "The craft fair counted {numbers} on its opening days. What was the average number a day?"),
        ("cups", 20, "A tea stall sold {numbers}, one figure for each day. Find the average for a day."),
        (
            "kilometres",
            8,
            "The cycling club rode {numbers} on its tours this summer. What was the average length of a tour?",
        ),
        ("eggs", 12, "Our hens laid {numbers} in the past weeks. Work out the weekly average."),
        ("points", 40, "Aisha scored {numbers} in her rounds of a quiz. What is her mean score?"),
    ),
    "zh": (
        ("页", 10, "小雨这几天分别看了{numbers}书，平均每天看多少页？"),
        ("分钟", 15, "老秦这几天坐公交上班，路上分别用了{numbers}，平均一趟多少分钟？"),
        ("人", 30, "社区书法展这几天的参观人数分别是{numbers}，平均每天多少人？"),
        ("碗", 20, "面馆这几天中午分别卖出{numbers}牛肉面，平均每天中午卖多少碗？"),
        ("公里", 8, "骑行队这几次出行分别骑了{numbers}，请算出平均每次骑多少公里。"),
        ("个", 12, "外婆家的鸡这几周分别下了{numbers}蛋，平均每周下多少个蛋？"),
        ("分", 60, "小航这几次单元测验的成绩分别是{numbers}，求平均分。"),
    ),
}


def draw(draw: Draw) -> Task:
    """Draw three or four numbers with a whole mean; five to seven larger ones for a strong teacher."""
    rng, language = draw.rng, draw.language
    unit, least, frame = rng.choice(_FRAMES[language])
    count = rng.randint(3, 4) if draw.level == 1 else rng.randint(5, 7)
    spread = 30 if draw.level == 1 or unit == "分" else 45
    numbers = [rng.randint(least, least + spread) for _ in range(count - 1)]
    low = least + -(sum(numbers) + least) % count
    numbers.append(rng.randrange(low, least + spread + 1, count))
    arguments: dict[str, Json] = {"numbers": numbers, "unit": unit}
    facts = _facts(arguments, language)
    return Task(frame.format(numbers=facts[0]), "", _answer(arguments, language), arguments, facts)


def fault(row: Row) -> str:
    """Return what is wrong with a row: its question must hold the facts and no other number."""
    facts = _facts(row.arguments, row.language)
    return unequal_or_other(row, _answer(row.arguments, row.language), facts)


def _facts(arguments: dict[str, Json], language: str) -> tuple[str, ...]:
    numbers, unit = _numbers(arguments), str(arguments["unit"])
    if language == "zh":
        return (f"{'、'.join(map(str, numbers))}{unit}",)
    return (f"{', '.join(map(str, numbers[:-1]))} and {numbers[-1]} {unit}",)


def _answer(arguments: dict[str, Json], language: str) -> str:
    numbers, unit = _numbers(arguments), str(arguments["unit"])
    mean, rest = divmod(sum(numbers), len(numbers))
    if rest:
        raise ValueError("the mean is not whole")
    comma = ", " if language == "en" else "，"
    steps = f"{' + '.join(map(str, numbers))} = {sum(numbers)}{comma}{sum(numbers)} ÷ {len(numbers)} = {mean}"
    if language == "en":
        return f"{steps}. The average is {mean} {unit}."
    return f"{steps}，平均是{mean}{unit}。"


def _numbers(arguments: dict[str, Json]) -> list[int]:
    return [int(number) for number in arguments["numbers"]]


KIND = Kind("average", "wording", draw, fault)
