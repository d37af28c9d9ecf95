"""A bill: prices and quantities, the total, and the change from a note."""

from decimal import Decimal

from selfinstruct.verifiers.kind import Draw, Kind, Row, Task, unequal

_GOODS = {
    "en": (
        ("pen", "pens", 1, 3),
        ("notebook", "notebooks", 2, 6),
        ("apple", "apples", 1, 2),
        ("mug", "mugs", 4, 12),
        ("lamp", "lamps", 15, 40),
        ("scarf", "scarves", 8, 25),
    ),
    "zh": (
        ("支", "钢笔", 8, 30),
        ("本", "笔记本", 3, 12),
        ("个", "苹果", 2, 4),
        ("只", "杯子", 10, 30),
        ("盏", "台灯", 50, 150),
        ("条", "围巾", 30, 90),
    ),
}
"""(one, many) in English, (measure word, name) in Chinese; lowest and highest price of one."""
_FRAMES = {
    "en": (
        "{who} buys {items}. How much is that altogether?",
        "At a market stall {who} picks out {items}. What does the whole purchase cost?",
        "Work out the total for {items}, bought by {who}.",
    ),
    "zh": (
        "{who}买了{items}，一共要付多少元？",
        "在集市上，{who}挑了{items}，总共花多少元？",
        "{who}要买{items}，请算出总价。",
    ),
}
_WHO = {
    "en": ("Nadia", "Tom", "Mrs Ortiz", "a teacher", "our neighbour"),
    "zh": ("小玲", "王阿姨", "一位老师", "小军", "邻居"),
}


def draw(draw: Draw) -> Task:
    """Draw two goods, three for a strong teacher, each with a quantity and a price in whole units or halves."""
    rng, language = draw.rng, draw.language
    goods = rng.sample(_GOODS[language], draw.level + 1)
    bought = [
        [*names, str(rng.randint(2, 9)), str(Decimal(rng.randint(2 * low, 2 * high)) / 2)]
        for *names, low, high in goods
    ]
    arguments = {"bought": bought}
    frame = rng.choice(_FRAMES[language])
    items = _items(bought, language)
    instruction = frame.format(who=rng.choice(_WHO[language]), items=items)
    instruction = instruction[0].upper() + instruction[1:]
    return Task(instruction, "", _answer(bought, language), arguments, (items,))


def fault(row: Row) -> str:
    """Return what is wrong with a row."""
    bought = row.arguments["bought"]
    if any(Decimal(part).adjusted() > 9 for *_, number, price in bought for part in (number, price)):
        return "its numbers are not those of a bill"
    return unequal(row, _answer(bought, row.language), _items(bought, row.language))


def _items(bought: list[list[str]], language: str) -> str:
    if language == "en":
        return " and ".join(f"{number} {many} at ${_money(price)} each" for _, many, number, price in bought)
    return "、".join(
        f"{number}{measure}{name}（每{measure}{_money(price)}元）" for measure, name, number, price in bought
    )


def _answer(bought: list[list[str]], language: str) -> str:
    parts = [int(number) * Decimal(price) for *_, number, price in bought]
    steps = [
        f"{number} × {_money(price)} = {_money(part)}" for (*_, number, price), part in zip(bought, parts, strict=True)
    ]
    total = " + ".join(map(_money, parts)) + f" = {_money(sum(parts))}"
    if language == "en":
        return f"{'; '.join(steps)}; {total}. The total is ${_money(sum(parts))}."
    return f"{'，'.join(steps)}，{total}，一共{_money(sum(parts))}元。"


def _money(value: object) -> str:
    amount = Decimal(str(value))
    return f"{amount:.0f}" if amount == amount.to_integral_value() else f"{amount:.2f}"


KIND = Kind("bill", "wording", draw, fault)
