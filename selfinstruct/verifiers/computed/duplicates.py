"""A list with repeated entries: without the repetitions, those that stand twice or more, or those that stand once."""

from selfinstruct.verifiers.kind import Draw, Kind, Row, Task, unequal

_WORDS = {
    "en": (
        "milk|bread|eggs|rice|butter|tea|onions|carrots|cheese|flour|honey|soap",
        "Oslo|Lima|Cairo|Dublin|Seoul|Quito|Vienna|Athens|Lagos|Hanoi|Prague|Tunis",
        "tent|rope|torch|map|stove|blanket|compass|whistle|matches|boots|kettle|towel",
        "violin|flute|drum|harp|cello|trumpet|piano|guitar|oboe|clarinet|banjo|tuba",
        "fox|owl|badger|hare|otter|heron|deer|mole|robin|toad|weasel|swan",
        "12|48|7|93|26|65|31|80|54|19|77|42",
    ),
    "zh": (
        "牛奶|面包|鸡蛋|大米|豆腐|茶叶|洋葱|胡萝卜|酱油|面粉|蜂蜜|肥皂",
        "成都|杭州|西安|青岛|昆明|长沙|厦门|苏州|沈阳|兰州|桂林|合肥",
        "帐篷|绳子|手电筒|地图|炉子|毯子|指南针|哨子|火柴|雨靴|水壶|毛巾",
        "二胡|笛子|古筝|琵琶|钢琴|吉他|小提琴|扬琴|葫芦丝|长号|唢呐|大提琴",
        "狐狸|猫头鹰|松鼠|野兔|水獭|白鹭|梅花鹿|刺猬|喜鹊|蟾蜍|天鹅|穿山甲",
        "12|48|7|93|26|65|31|80|54|19|77|42",
    ),
}
_PHRASES = {
    "en": {"unique": "duplicates", "twice": "more than once", "once": "exactly once"},
    "zh": {"unique": "重复", "twice": "不止一次", "once": "只出现一次"},
}
_FRAMES = {
    "en": {
        "unique": (
            "Remove the duplicates from this list. Keep the first of each and leave the order as it is.",
            "Some entries were typed in again by mistake. Write the list without the duplicates, in the same order.",
            "Clean up the list below: drop the duplicates and leave every entry where it first appears.",
        ),
        "twice": (
            "Which entries appear more than once in this list? Name each of them once, in the order of their first appearance.",
            "Find the entries that occur more than once and list each of them a single time, in the order in which they first appear.",
            "Check the list and write down only what is in it more than once, each entry a single time, in the order of first appearance.",
        ),
        "once": (
            "Which entries appear exactly once in this list? Keep their order.",
            "Drop every entry that is repeated and list only those that occur exactly once, in the same order.",
            "Write down, in the order of the list, what is in it exactly once.",
        ),
    },
    "zh": {
        "unique": (
            "去掉清单中重复的项，每项只保留第一次出现的，顺序不变。",
            "下面有些内容录重了，请删去重复的部分，按原来的顺序写出来。",
            "请给这份清单去重：重复的只留第一个，其余顺序照旧。",
        ),
        "twice": (
            "清单里哪些项出现了不止一次？每项只写一遍，按首次出现的先后排列。",
            "找出下面出现不止一次的内容，按首次出现的顺序列出，每个只列一次。",
            "请核对清单，写出其中不止一次出现的项，每项写一遍，按首次出现的顺序排列。",
        ),
        "once": (
            "清单里哪些项只出现一次？按原来的顺序写出来。",
            "出现过多次的都去掉，列出清单中只出现一次的项，顺序不变。",
            "请按原顺序写出下面只出现一次的内容。",
        ),
    },
}


def draw(draw: Draw) -> Task:
    """Draw words and repeat two of them, three and one of them twice for a strong teacher."""
    rng, language = draw.rng, draw.language
    words = rng.sample(rng.choice(_WORDS[language]).split("|"), rng.randint(4, 5) + 3 * (draw.level - 1))
    again = words[: draw.level + 1] + words[: draw.level - 1]
    items = words + again
    rng.shuffle(items)
    arguments = {
        "items": items,
        "mode": rng.choice(["unique", "twice"] if draw.level == 1 else ["unique", "twice", "once"]),
        "lines": rng.random() < 0.5,
    }
    instruction = rng.choice(_FRAMES[language][str(arguments["mode"])])
    phrase = _PHRASES[language][str(arguments["mode"])]
    return Task(instruction, _joined(items, arguments, language), _answer(arguments, language), arguments, (phrase,))


def fault(row: Row) -> str:
    """Return what is wrong with a row."""
    arguments = row.arguments
    source = _joined(arguments["items"], arguments, row.language)
    return unequal(row, _answer(arguments, row.language), _PHRASES[row.language][arguments["mode"]], given=source)


def _joined(items: list[str], arguments: dict[str, object], language: str) -> str:
    if arguments["lines"]:
        return "\n".join(items)
    return (", " if language == "en" else "、").join(items)


def _answer(arguments: dict[str, object], language: str) -> str:
    items: list[str] = arguments["items"]  # type: ignore[assignment]
    wanted = {"unique": range(1, 99), "twice": range(2, 99), "once": range(1, 2)}[str(arguments["mode"])]
    return _joined([item for item in dict.fromkeys(items) if items.count(item) in wanted], arguments, language)


KIND = Kind("duplicates", "wording", draw, fault)
