"""A discount: the price after so many per cent off, for a strong teacher with a voucher on top; Chinese says it as 折."""

from decimal import Decimal

from selfinstruct.verifiers.kind import Draw, Json, Kind, Row, Task, unequal_or_other

_GOODS = {
    "en": (
        "jacket",
        "raincoat",
        "rucksack",
        "armchair",
        "desk",
        "bookcase",
        "drill",
        "suitcase",
        "tent",
        "coffee machine",
    ),
    "zh": (
        "件羽绒服",
        "双运动鞋",
        "个电饭煲",
        "台电风扇",
        "床棉被",
        "套茶具",
        "个行李箱",
        "把椅子",
        "条牛仔裤",
        "台烤箱",
    ),
}
_FRAMES = {
    "en": (
        "{who} wants to buy {item}.{extra} What is the price to pay?",
        "The shop on the corner is selling {item}.{extra} How much does a customer pay in the end?",
        "In the summer sale {who} finds {item}.{extra} What does the purchase come to?",
        "In an online shop {who} is looking at {item}.{extra} Work out the final price.",
        "A shop window advertises {item}.{extra} Calculate what a customer has to pay.",
    ),
    "zh": (
        "{who}看中了一{measure}{item}，店里正好{fold}{extra}。实际要付多少元？",
        "换季促销，一{measure}{item}{fold}出售{extra}。最后要花多少钱？",
        "网店里有一{measure}{item}，今天{fold}{extra}，请算出最后的价钱。",
        "商场周年庆，{who}想买一{measure}{item}，可以{fold}{extra}。要付多少钱？",
    ),
}
_WHO = {"en": ("Nadia", "Tom", "Mrs Ortiz", "Ben", "Grace"), "zh": ("小玲", "王阿姨", "小军", "李老师", "张叔叔")}
_VOUCHER = {"en": "${amount} voucher is taken off after the discount", "zh": "折后再减{amount}元"}
_DIGITS = "零一二三四五六七八九"


def draw(draw: Draw) -> Task:
    """Draw a price in whole units and a percentage; for a strong teacher an odder one, and a voucher."""
    rng, language = draw.rng, draw.language
    chosen = rng.choice(_GOODS[language])
    measure, name = ("", chosen) if language == "en" else (chosen[0], chosen[1:])
    percent = rng.choice((10, 20, 25, 30, 40, 50) if draw.level == 1 else (5, 12, 15, 18, 22, 35))
    price = rng.randrange(60, 240, 5) if draw.level == 1 else rng.randint(90, 240)
    price *= 1 if language == "en" else 2
    voucher = 0 if draw.level == 1 else rng.choice((5, 10, 15, 20))
    arguments: dict[str, Json] = {"name": name, "price": price, "percent": percent, "voucher": voucher}
    facts = _facts(arguments, language)
    frame = rng.choice(_FRAMES[language])
    who = rng.choice(_WHO[language])
    if language == "en":
        item = f"{'an' if price // 10 == 8 else 'a'} {facts[0]}"
        return Task(
            frame.format(who=who, item=item, extra=f" A {facts[-1]}." if voucher else ""),
            "",
            _answer(arguments, language),
            arguments,
            facts,
        )
    instruction = frame.format(
        who=who, measure=measure, item=facts[0], fold=facts[1], extra=f"，{facts[-1]}" if voucher else ""
    )
    return Task(instruction, "", _answer(arguments, language), arguments, facts)


def fault(row: Row) -> str:
    """Return what is wrong with a row: its question must hold the facts and no other number."""
    facts = _facts(row.arguments, row.language)
    return unequal_or_other(row, _answer(row.arguments, row.language), facts)


def _facts(arguments: dict[str, Json], language: str) -> tuple[str, ...]:
    name, price, percent, voucher = (arguments[key] for key in ("name", "price", "percent", "voucher"))
    last = (_VOUCHER[language].format(amount=voucher),) if voucher else ()
    if language == "en":
        return (f"${price} {name} with {percent}% off", *last)
    return (f"原价{price}元的{name}", f"打{_fold(percent)}折", *last)


def _fold(percent: object) -> str:
    left = 100 - int(str(percent))
    return "".join(_DIGITS[int(digit)] for digit in str(left).rstrip("0"))


def _answer(arguments: dict[str, Json], language: str) -> str:
    price, percent, voucher = (Decimal(str(arguments[key])) for key in ("price", "percent", "voucher"))
    off = price * percent / 100
    left = price - off
    if language == "en":
        steps = f"{percent}% of ${_money(price)} is ${_money(off)}, and ${_money(price)} − ${_money(off)} = ${_money(left)}."
        if voucher:
            steps += f" With the voucher, ${_money(left)} − ${_money(voucher)} = ${_money(left - voucher)}."
        return f"{steps} The price to pay is ${_money(left - voucher)}."
    shown = [f"{amount.normalize():f}" for amount in (left, left - voucher)]
    steps = f"{price} × {((100 - percent) / 100).normalize():f} = {shown[0]}"
    if voucher:
        steps += f"，{shown[0]} − {voucher} = {shown[1]}"
    return f"{steps}，实际要付{shown[1]}元。"


def _money(amount: Decimal) -> str:
    return f"{amount:.0f}" if amount == amount.to_integral_value() else f"{amount:.2f}"


KIND = Kind("discount", "wording", draw, fault)
