"""Numbers written out: English cardinals up to 9,999; Chinese numerals (小写中文数字) or amounts in capital numerals (大写金额)."""

import random

from selfinstruct.verifiers.kind import Draw, Json, Kind, Row, Task, unequal

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL, _CAPITAL = ("零一二三四五六七八九", ("", "十", "百", "千")), ("零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"))
_FRAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "number": (
            "Write the number {n} in words.",
            "How is {n} written out in words?",
            "Spell out {n} in English words.",
        ),
        "amount": (
            "Write the amount {n} in words, as on a cheque.",
            "I am filling in a form that wants {n} written out in words. What do I write?",
            "Spell out the sum of {n} in English words.",
        ),
        "list": (
            "Write each of these numbers in words, one per line.",
            "Spell out the numbers below in words, each on its own line.",
            "Turn the following figures into words, line by line.",
        ),
    },
    "zh": {
        "number": (
            "把{n}写成小写中文数字。",
            "数字{n}用中文小写数字怎么写？",
            "请用中文小写数字写出{n}。",
        ),
        "amount": (
            "把金额{n}写成中文大写。",
            "开收据时，{n}的大写金额怎么写？",
            "请写出{n}对应的大写金额。",
            "报销单上要填{n}的大写，应该写什么？",
        ),
        "list": (
            "把下面各个金额写成中文大写，每行一个。",
            "请逐行写出下列金额的大写。",
            "下面的金额要填进收据，请一行一个改成大写金额。",
        ),
    },
}


def draw(draw: Draw) -> Task:
    """Draw a number, an amount of money, or a list of some; larger ones for a strong teacher."""
    rng, language = draw.rng, draw.language
    mode = rng.choice(["number", "amount", "list"] if draw.level == 1 else ["amount", "list"])
    money = _money(mode, language)
    count = draw.level + 1 if mode == "list" else 1
    numbers = [_drawn(rng, language, draw.level, money=money) for _ in range(count)]
    arguments: dict[str, Json] = {"mode": mode, "numbers": numbers}
    figures = _figures(arguments, language)
    instruction = rng.choice(_FRAMES[language][mode]).format(n=figures)
    listed = mode == "list"
    kept = (_kept(arguments, language),) if listed else (figures, _kept(arguments, language))
    return Task(instruction, figures if listed else "", _answer(arguments, language), arguments, kept)


def fault(row: Row) -> str:
    """Return what is wrong with a row."""
    arguments, language = row.arguments, row.language
    return unequal(row, _answer(arguments, language), _kept(arguments, language), given=_figures(arguments, language))


def _kept(arguments: dict[str, Json], language: str) -> str:
    return "words" if language == "en" else "小写" if arguments["mode"] == "number" else "大写"


def _money(mode: str, language: str) -> bool:
    return mode == "amount" or (mode == "list" and language == "zh")


def _drawn(rng: random.Random, language: str, level: int, *, money: bool) -> int:
    """Draw a number, an amount in cents; Chinese ones avoid what may be written in two ways (两千, 元零叁角)."""
    whole = rng.choice([rng.randint(21, 999), rng.randint(1001, 9999)]) if level == 1 else rng.randint(1001, 9999)
    if language == "en":
        return whole * 100 + (rng.randint(2, 99) if money and level == 2 else 0)
    if level == 2:
        whole = rng.randint(10001, 99999)
    if not money:
        return whole * 100 if str(whole)[0] != "2" else (whole + 10 ** (len(str(whole)) - 1)) * 100
    whole += whole % 10 == 0
    return whole * 100 + rng.choice([0, rng.randint(2, 9), rng.randint(1, 9) * 10 + rng.randint(1, 9)])


def _figures(arguments: dict[str, Json], language: str) -> str:
    """Return the numbers in figures; they stand in cents in the arguments."""
    money = _money(arguments["mode"], language)
    texts = []
    for number in arguments["numbers"]:
        whole, cents = divmod(number, 100)
        figure = (f"{whole:,}" if language == "en" else str(whole)) + (f".{cents:02}" if cents else "")
        texts.append((f"${figure}" if language == "en" else f"{figure}元") if money else figure)
    return "\n".join(texts)


def _answer(arguments: dict[str, Json], language: str) -> str:
    numbers = arguments["numbers"]
    if _money(arguments["mode"], language):
        return "\n".join(map(_dollars if language == "en" else _yuan, numbers))
    return "\n".join(_english(n // 100) if language == "en" else _chinese(n // 100, *_SMALL) for n in numbers)


def _english(number: int) -> str:
    if number < 20:
        return _ONES.split()[number]
    if number < 100:
        return "-".join(filter(None, (_TENS.split()[number // 10], (number % 10 and _english(number % 10)) or "")))
    unit, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    rest = number % unit
    joint = " and " if 0 < rest < 100 else " "
    return f"{_english(number // unit)} {name}{joint}{_english(rest)}" if rest else f"{_english(number // unit)} {name}"


def _dollars(number: int) -> str:
    whole, cents = divmod(number, 100)
    tail = f" and {_english(cents)} cent{'s' * (cents != 1)}" if cents else ""
    return f"{_english(whole)} dollar{'s' * (whole != 1)}{tail}"


def _chinese(number: int, digits: str, units: tuple[str, ...]) -> str:
    if number >= 10000:
        rest = number % 10000
        gap = digits[0] if 0 < rest < 1000 else ""
        return f"{_chinese(number // 10000, digits, units)}万{gap}{_chinese(rest, digits, units) if rest else ''}"
    text = str(number)
    parts = [
        digits[int(digit)] + (units[len(text) - place - 1] if digit != "0" else "") for place, digit in enumerate(text)
    ]
    joined = "".join(parts).rstrip(digits[0])
    while digits[0] * 2 in joined:
        joined = joined.replace(digits[0] * 2, digits[0])
    return joined


def _yuan(number: int) -> str:
    whole, cents = divmod(number, 100)
    tenths, hundredths = divmod(cents, 10)
    digits = _CAPITAL[0]
    tail = "整" if not cents else (f"{digits[tenths]}角" if tenths else "零") + f"{digits[hundredths]}分"
    return f"{_chinese(whole, *_CAPITAL)}元{tail}"


KIND = Kind("write_out", "wording", draw, fault)
