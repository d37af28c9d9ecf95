"""Sound pairs by composition: frames written in both languages, with drawn figures, goods and names that each language has a word for.

Beside the pairs of `pairs.jsonl`, which were written one by one. What is drawn changes the words, never the shape: these count as fewer pairs than they are.
"""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from selfinstruct.quality.translation import Pair
from selfinstruct.records import LanguageCode

NAMES: Final = ("instruction", "input", "output")
GOODS: Final = (
    ("bottle of oil", "瓶油"),
    ("loaf of bread", "个面包"),
    ("pair of gloves", "副手套"),
    ("roll of tape", "卷胶带"),
    ("bag of flour", "袋面粉"),
)
PLACES: Final = (
    ("the harbour", "码头"),
    ("the station", "车站"),
    ("the market", "市场"),
    ("the school", "学校"),
    ("the library", "图书馆"),
)
DAYS: Final = (
    ("Monday", "周一"),
    ("Tuesday", "周二"),
    ("Wednesday", "周三"),
    ("Thursday", "周四"),
    ("Friday", "周五"),
    ("Saturday", "周六"),
)
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
CODE: Final = (
    "print(len(names))",
    "rows.sort(key=str.lower)",
    "total += price * count",
    "open(path).read()",
    "names = [one.strip() for one in lines]",
)
Texts = tuple[str, str, str]


class Sound(NamedTuple):
    """A row in both languages that says the same."""

    en: dict[str, str]
    zh: dict[str, str]

    def pair(self, to: LanguageCode) -> Pair:
        source, target = (self.en, self.zh) if to == "zh" else (self.zh, self.en)
        return Pair(source, target, to)


def written() -> list[Sound]:
    """Return the pairs that were written one by one; those of `harder.jsonl` after the rules, of which 6 in 60 were false alarms at first sight."""
    files = [Path(__file__).with_name(name) for name in ("pairs.jsonl", "harder.jsonl")]
    values = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [Sound(*(_texts(value[language]) for language in ("en", "zh"))) for value in values]


def composed(count: int = 100, seed: int = 7) -> list[Sound]:
    """Return pairs by composition."""
    rng = random.Random(seed)
    found: list[Sound] = []
    while len(found) < count:
        for frame in (_bill, _plan, _walk, _code, _poll, _notice, _choice, _money, _label, _letter):
            english, chinese = frame(rng)
            found.append(Sound(_texts(english), _texts(chinese)))
    return found[:count]


def sound() -> Iterator[Sound]:
    yield from written()
    yield from composed()


def _texts(values: Texts | list[str]) -> dict[str, str]:
    return {name: value for name, value in zip(NAMES, values, strict=True) if value}


def _bill(rng: random.Random) -> tuple[Texts, Texts]:
    (good, chinese), count, price = rng.choice(GOODS), rng.randint(2, 9), rng.randint(3, 40)
    return (
        (f"What do {count} cost if one {good} costs {price} dollars?", "", f"They cost {count * price} dollars."),
        (f"一{chinese}{price}美元，{count}{chinese[0]}多少钱？", "", f"一共{count * price}美元。"),
    )


def _plan(rng: random.Random) -> tuple[Texts, Texts]:
    (place, chinese), (day, zh_day), hour = rng.choice(PLACES), rng.choice(DAYS), rng.randint(7, 11)
    return (
        (
            f"Plan a {day} morning at {place}.",
            "",
            f"1. Meet at {hour}:15.\n2. Walk through {place}.\n3. Rest by 12:30.",
        ),
        (
            f"安排一个{zh_day}上午去{chinese}的计划。",
            "",
            f"1. {hour}:15碰面。\n2. 在{chinese}逛一圈。\n3. 12:30前休息。",
        ),
    )


def _walk(rng: random.Random) -> tuple[Texts, Texts]:
    (place, chinese), far, speed = rng.choice(PLACES), rng.randint(6, 30), rng.choice((2, 3, 4, 5, 6))
    return (
        (
            f"It is {far} km to {place}. How long do I walk at {speed} km an hour?",
            "",
            f"You walk for {far / speed:.1f} hours.",
        ),
        (f"到{chinese}有{far}公里，每小时走{speed}公里，要走多久？", "", f"要走{far / speed:.1f}小时。"),
    )


def _code(rng: random.Random) -> tuple[Texts, Texts]:
    code, number = rng.choice(CODE), rng.randint(10, 99)
    return (
        (
            f"Say in one sentence what line {number} does.",
            f"```python\n{code}\n```",
            f"Line {number}, `{code}`, works on what was read before.",
        ),
        (
            f"用一句话说说第{number}行做了什么。",
            f"```python\n{code}\n```",
            f"第{number}行的 `{code}` 处理前面读进来的内容。",
        ),
    )


def _poll(rng: random.Random) -> tuple[Texts, Texts]:
    (place, chinese), share, asked = rng.choice(PLACES), rng.randint(11, 89), rng.choice((400, 500, 1200, 2500))
    return (
        (
            "Summarise the poll.",
            f"Of {asked:,} people asked, {share}% go to {place} once a week.",
            f"{share}% of {asked:,} people go to {place} weekly.",
        ),
        (
            "概括这项调查。",
            f"受访的{asked}人里，{share}%每周去一次{chinese}。",
            f"{asked}人里有{share}%每周去{chinese}。",
        ),
    )


def _notice(rng: random.Random) -> tuple[Texts, Texts]:
    (place, chinese), month, day = rng.choice(PLACES), rng.randint(1, 12), rng.randint(13, 28)
    return (
        (
            "When does it reopen?",
            f"We close {place} today and open it again on {MONTHS[month - 1]} {day}.",
            f"On {MONTHS[month - 1]} {day}.",
        ),
        ("什么时候重新开放？", f"{chinese}今天关闭，{month}月{day}日重新开放。", f"{month}月{day}日。"),
    )


def _choice(rng: random.Random) -> tuple[Texts, Texts]:
    first, second = rng.sample(range(12, 90), 2)
    letter = "A" if first > second else "B"
    return (
        (f"Which is the larger number?\nA) {first}\nB) {second}", "", letter),
        (f"哪个数更大？\nA) {first}\nB) {second}", "", letter),
    )


def _money(rng: random.Random) -> tuple[Texts, Texts]:
    tens = rng.randint(2, 90)
    return (
        (
            f"A prize of {tens / 100:g} million euros is shared by 4. How much is that?",
            "",
            f"Each gets {tens * 2500:,} euros.",
        ),
        (f"{tens}万欧元的奖金由4个人平分，每人多少？" if tens >= 1 else "", "", f"每人{tens * 2500 / 10000:g}万欧元。"),
    )


def _label(rng: random.Random) -> tuple[Texts, Texts]:
    (place, chinese), bad = rng.choice(PLACES), rng.random() < 0.5
    return (
        (
            "Is the remark praise or a complaint?",
            f"The floor of {place} was {'filthy' if bad else 'spotless'}.",
            "a complaint" if bad else "praise",
        ),
        ("这句话是夸奖还是抱怨？", f"{chinese}的地面{'脏得很' if bad else '一尘不染'}。", "抱怨" if bad else "夸奖"),
    )


def _letter(rng: random.Random) -> tuple[Texts, Texts]:
    (place, chinese), number = rng.choice(PLACES), rng.randint(100, 999)
    return (
        (
            "Fill in the place.",
            f"Dear {{name}}, order {number} waits at <PLACE>. See https://example.org/{number}.",
            f"Dear {{name}}, order {number} waits at {place}. See https://example.org/{number}.",
        ),
        (
            "填上地点。",
            f"{{name}}您好，{number}号订单在 <PLACE> 等您，见 https://example.org/{number} 。",
            f"{{name}}您好，{number}号订单在{chinese}等您，见 https://example.org/{number} 。",
        ),
    )
