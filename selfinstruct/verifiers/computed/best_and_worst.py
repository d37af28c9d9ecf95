"""The figures of a week: the highest day, the lowest day and the total; for a strong teacher also how far the two days are apart."""

from selfinstruct.verifiers.kind import Draw, Json, Kind, Row, Task, unequal

_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "zh": tuple(f"周{day}" for day in "一二三四五六日"),
}
_SCENES = {
    "en": (
        ("visitors", 40, "These are the visitor numbers of a small zoo for one week."),
        ("loaves", 30, "A bakery wrote down how many loaves it sold each day."),
        ("minutes", 20, "This is how many minutes Elena practised the piano each day."),
        ("parcels", 25, "The post office counted the parcels handed in each day."),
        ("cups", 50, "The list shows how many cups of coffee a kiosk sold each day."),
        ("cars", 60, "The car park noted the number of cars each day."),
    ),
    "zh": (
        ("人", 40, "这是社区游泳馆一周的客流记录。"),
        ("个", 60, "早餐铺记下了一周里每天卖出的包子数。"),
        ("分钟", 20, "下面是小琳一周里每天练古筝的时间。"),
        ("件", 25, "快递点记录了一周里每天收到的包裹数。"),
        ("杯", 50, "下面列出奶茶店一周里每天的销量。"),
        ("辆", 60, "停车场登记了一周里每天的车辆数。"),
    ),
}
_FRAMES = {
    "en": (
        "{scene} Which day has the highest figure and which the lowest, and what is the total?{gap}",
        "{scene} Name the highest day and the lowest day, and add up the total.{gap}",
        "{scene} Summarise the week: the highest day, the lowest day and the total.{gap}",
    ),
    "zh": (
        "{scene}哪天最多，哪天最少，全周合计多少？{gap}",
        "{scene}请写出最多的一天和最少的一天，再算出全周合计。{gap}",
        "{scene}帮我小结一下：最多的一天、最少的一天、全周合计。{gap}",
    ),
}
_MORE = {"en": " Also give {gap}.", "zh": "另外算一下{gap}。"}
_GAP = {"en": "the difference between those two days", "zh": "这两天相差多少"}


def draw(draw: Draw) -> Task:
    """Draw seven figures, no two the same; larger ones for a strong teacher, who is asked for the difference too."""
    rng, language = draw.rng, draw.language
    unit, least, scene = rng.choice(_SCENES[language])
    spread = 40 if draw.level == 1 or unit in {"minutes", "分钟"} else 300
    arguments: dict[str, Json] = {
        "figures": rng.sample(range(least, least + spread), 7),
        "unit": unit,
        "gap": draw.level == 2,
    }
    lines, *terms = _facts(arguments, language)
    gap = _MORE[language].format(gap=_GAP[language]) if arguments["gap"] else ""
    return Task(
        rng.choice(_FRAMES[language]).format(scene=scene, gap=gap),
        lines,
        _answer(arguments, language),
        arguments,
        tuple(terms),
    )


def fault(row: Row) -> str:
    """Return what is wrong with a row: the input must be the week, no two of its figures the same."""
    lines, *terms = _facts(row.arguments, row.language)
    if row.input != lines:
        return "the input is not the week's figures"
    if len(set(row.arguments["figures"])) < len(_DAYS[row.language]):
        return "two days have the same figure"
    return unequal(row, _answer(row.arguments, row.language), *terms)


def _facts(arguments: dict[str, Json], language: str) -> tuple[str, ...]:
    figures = _figures(arguments)
    gap = (_GAP[language],) if arguments["gap"] else ()
    if language == "en":
        lines = "\n".join(
            f"{day}: {figure} {arguments['unit']}" for day, figure in zip(_DAYS[language], figures, strict=True)
        )
        return (lines, "highest", "lowest", "total", *gap)
    lines = "\n".join(
        f"{day}：{figure}{arguments['unit']}" for day, figure in zip(_DAYS[language], figures, strict=True)
    )
    return (lines, "最多", "最少", "全周合计", *gap)


def _answer(arguments: dict[str, Json], language: str) -> str:
    figures, unit = _figures(arguments), arguments["unit"]
    most, least = max(figures), min(figures)
    best, worst = (_DAYS[language][figures.index(figure)] for figure in (most, least))
    if language == "en":
        gap = f"\nDifference: {most} − {least} = {most - least} {unit}" if arguments["gap"] else ""
        return f"Highest: {best}, {most} {unit}\nLowest: {worst}, {least} {unit}\nTotal: {sum(figures)} {unit}{gap}"
    gap = f"\n相差：{most} − {least} = {most - least}{unit}" if arguments["gap"] else ""
    return f"最多：{best}，{most}{unit}\n最少：{worst}，{least}{unit}\n全周合计：{sum(figures)}{unit}{gap}"


def _figures(arguments: dict[str, Json]) -> list[int]:
    return [int(figure) for figure in arguments["figures"]]


KIND = Kind("best_and_worst", "wording", draw, fault)
