"""Words in order: alphabetical in English, by the number of characters in Chinese, where no two have the same number."""

from selfinstruct.verifiers.kind import Draw, Json, Kind, Row, Task, unequal

_WORDS = {
    "en": (
        "apple|apricot|banana|cherry|grape|kiwi|lemon|mango|melon|orange|peach|pear|plum",
        "bean|beetroot|cabbage|carrot|celery|cucumber|leek|lettuce|onion|parsnip|pea|pepper|spinach",
        "badger|beaver|deer|duck|falcon|fox|frog|hare|hedgehog|heron|otter|owl|squirrel",
        "armchair|bench|bookcase|bed|cupboard|desk|drawer|shelf|sofa|stool|table|wardrobe",
        "cello|clarinet|drum|flute|guitar|harp|oboe|organ|piano|trombone|trumpet|violin",
        "apron|belt|blouse|boots|cap|cardigan|coat|scarf|shirt|shorts|skirt|socks|sweater",
        "baker|barber|builder|butcher|carpenter|cook|driver|farmer|nurse|painter|pilot|plumber",
    ),
    "zh": (
        "粥|米饭|凉皮|小笼包|担担面|红烧茄子|宫保鸡丁|西红柿炒蛋|酸辣土豆丝|西红柿鸡蛋面|青椒土豆丝盖饭",
        "家|学校|邮局|图书馆|菜市场|人民公园|儿童医院|社区活动站|老年活动中心|长途汽车客运站|全民健身体育中心",
        "笔|橡皮|尺子|文件夹|订书机|彩色粉笔|透明胶带|自动铅笔芯|黑色中性笔芯|可擦写磁性白板",
        "茶|豆浆|牛奶|酸梅汤|柠檬水|珍珠奶茶|桂花乌龙|蜂蜜柚子茶|红枣枸杞豆浆|冰糖雪梨银耳汤",
        "锅|砂锅|毛巾|洗衣机|保温杯|不锈钢盆|电热水壶|折叠晾衣架|全自动豆浆机|可调节护眼台灯",
    ),
}
_ORDERS = {
    "en": ("in alphabetical order", "in reverse alphabetical order, from Z to A"),
    "zh": ("按字数从少到多", "按字数从多到少"),
}
_SEPARATED = {"en": {", ": "comma", "\n": "line"}, "zh": {"、": "顿号", "\n": "行"}}
_FRAMES = {
    "en": {
        ", ": (
            "Write these words {order}, separated by commas.",
            "Put the list {order}, on one line with commas.",
            "List the words below {order}, with commas between them.",
        ),
        "\n": (
            "Write these words {order}, one per line.",
            "Arrange the list {order}; keep one word on each line.",
            "Put the words below {order}, each on a line of its own.",
        ),
    },
    "zh": {
        "、": (
            "把这些词{order}排列，用顿号隔开。",
            "请{order}重写这串词，中间加顿号。",
            "下面的词{order}怎么排？写成一行，用顿号分开。",
        ),
        "\n": (
            "把这些词{order}排列，每行写一个。",
            "请{order}整理下面的词，一行一个。",
            "下面的词顺序乱了，{order}重新排好，每个词单独一行。",
        ),
    },
}


def draw(draw: Draw) -> Task:
    """Draw four or five words, more for a strong teacher, and English ones backwards too."""
    rng, language = draw.rng, draw.language
    words = _sample(draw)
    down = rng.random() < 0.5 and (language == "zh" or draw.level == 2)
    separator = rng.choice(list(_FRAMES[language]))
    arguments: dict[str, Json] = {"words": words, "down": down, "separator": separator}
    if _answer(arguments, language) == separator.join(words):
        words.append(words.pop(0))
    listed, *terms = _facts(arguments, language)
    return Task(
        rng.choice(_FRAMES[language][separator]).format(order=terms[0]),
        listed,
        _answer(arguments, language),
        arguments,
        tuple(terms),
    )


def fault(row: Row) -> str:
    """Return what is wrong with a row: the input must be the words, no two of which have the same place."""
    listed, *terms = _facts(row.arguments, row.language)
    words = _words(row.arguments)
    if row.input != listed or row.arguments["separator"] not in _FRAMES[row.language]:
        return "the input is not the words to sort"
    if len({_key(word, row.language) for word in words}) < len(words):
        return "two words have the same place"
    return unequal(row, _answer(row.arguments, row.language), *terms)


def _sample(draw: Draw) -> list[str]:
    pool = draw.rng.choice(_WORDS[draw.language]).split("|")
    if draw.language == "en":
        return draw.rng.sample(pool, draw.rng.randint(4, 5) if draw.level == 1 else draw.rng.randint(8, 10))
    lengths = sorted({len(word) for word in pool})
    taken = draw.rng.sample(lengths, 4 if draw.level == 1 else 6)
    return [draw.rng.choice([word for word in pool if len(word) == length]) for length in taken]


def _key(word: str, language: str) -> tuple[int, str]:
    return (0, word) if language == "en" else (len(word), "")


def _words(arguments: dict[str, Json]) -> list[str]:
    return list(arguments["words"])


def _facts(arguments: dict[str, Json], language: str) -> tuple[str, str, str]:
    separator = str(arguments["separator"])
    return (
        separator.join(_words(arguments)),
        _ORDERS[language][bool(arguments["down"])],
        _SEPARATED[language][separator],
    )


def _answer(arguments: dict[str, Json], language: str) -> str:
    ordered = sorted(_words(arguments), key=lambda word: _key(word, language), reverse=bool(arguments["down"]))
    return str(arguments["separator"]).join(ordered)


KIND = Kind("sort_words", "wording", draw, fault)
