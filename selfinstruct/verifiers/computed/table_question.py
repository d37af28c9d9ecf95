"""One question on a small table whose answer is one cell: a value of a row, or the row of the largest or smallest value."""

from typing import Final

from selfinstruct.verifiers.kind import Draw, Json, Kind, Row, Task, unequal

_TABLES: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "en": (
        (
            "Item|the {}|Which is {}?|kettle|toaster|lamp|blanket|mirror|clock",
            "Price|${}|6-80-1|How much does {} cost?|the most expensive item|the cheapest item",
            "Warranty|{} months|6-60-6|How long is the warranty on {}?|the item with the longest warranty|the item with the shortest warranty",
            "Stock|{}|3-90-1|What is the stock of {}?|the item with the largest stock|the item with the smallest stock",
        ),
        (
            "Walk|the walk “{}”|Which is {}?|Mill Path|Lake Loop|Castle Hill|River Trail|Oak Wood|Old Quarry",
            "Length|{} km|3-19-1|How long is {}?|the longest walk|the shortest walk",
            "Climb|{} m|40-620-1|How high is the climb on {}?|the walk with the highest climb|the walk with the lowest climb",
            "Benches|{}|2-24-1|How many benches are there on {}?|the walk with the most benches|the walk with the fewest benches",
        ),
        (
            "Name|{}|Who is {}?|Ana|Ben|Chloe|Dev|Ella|Farid|Grace",
            "Age|{}|8-17-1|How old is {}?|the oldest child|the youngest child",
            "Books read|{}|2-31-1|How many books has {} read?|the child who has read the most books|the child who has read the fewest books",
            "Points|{}|20-99-1|How many points does {} have?|the child with the most points|the child with the fewest points",
        ),
    ),
    "zh": (
        (
            "商品|{}|{}是哪一种？|电饭煲|台灯|雨伞|热水壶|闹钟|毛毯",
            "单价|{}元|15-299-1|{}多少钱？|最贵的商品|最便宜的商品",
            "库存|{}件|3-90-1|{}的库存有多少？|库存最多的商品|库存最少的商品",
            "保修期|{}个月|3-36-3|{}的保修期有多长？|保修期最长的商品|保修期最短的商品",
        ),
        (
            "路线|{}|{}是哪一条？|环湖步道|古城墙|茶山小径|竹林栈道|河堤绿道|红枫谷",
            "全长|{}公里|3-19-1|{}全长多少？|最长的路线|最短的路线",
            "凉亭|{}座|1-9-1|{}有几座凉亭？|凉亭最多的路线|凉亭最少的路线",
            "爬升|{}米|40-620-1|{}的爬升是多少？|爬升最多的路线|爬升最少的路线",
        ),
        (
            "姓名|{}|{}是谁？|小明|小雨|佳佳|浩然|思琪|天宇|婷婷",
            "跳绳|{}个|60-180-1|{}跳绳跳了多少个？|跳绳跳得最多的孩子|跳绳跳得最少的孩子",
            "语文|{}分|70-99-1|{}语文考了多少分？|语文分数最高的孩子|语文分数最低的孩子",
            "读书|{}本|2-31-1|{}读了多少本书？|读书最多的孩子|读书最少的孩子",
        ),
    ),
}
"""Of each table the first column: its name, how an entry is called, the question on one, its entries; then the columns of numbers: name,
how a number is written, smallest, largest and step, the question on an entry, and how the entry with most and with least is called."""
_FRAMES = {
    "en": (
        "{question} Answer with the entry in the table.",
        "Look at the table. {question}",
        "{question} Copy the answer from the table.",
    ),
    "zh": ("{question}请照表格中的写法回答。", "看表回答：{question}", "根据表格，{question}只写答案。"),
}


def draw(draw: Draw) -> Task:
    """Draw a table and a question; for a strong teacher one that goes through another column."""
    rng, language = draw.rng, draw.language
    first, *columns = rng.choice(_TABLES[language])
    name, _, _, *labels = first.split("|")
    chosen = [column.split("|") for column in rng.sample(columns, draw.level + 1)]
    picked = rng.sample(labels, draw.level + 3)
    bounds = [tuple(map(int, column[2].split("-"))) for column in chosen]
    numbers = [rng.sample(range(low, high + 1, step), len(picked)) for low, high, step in bounds]
    target, by = rng.sample(range(len(chosen)), 2)
    arguments: dict[str, Json] = {
        "columns": [name, *(column[0] for column in chosen)],
        "labels": picked,
        "numbers": numbers,
        "written": [column[1] for column in chosen],
        "how": rng.choice(["cell", "row"] if draw.level == 1 else ["row", "across", "across"]),
        "target": target,
        "by": by,
        "largest": rng.randrange(2),
        "place": rng.randrange(len(picked)),
    }
    question = _question(arguments, language)
    instruction = rng.choice(_FRAMES[language]).format(question=question)
    return Task(instruction, _table(arguments), _answer(arguments), arguments, (question,))


def fault(row: Row) -> str:
    """Return what is wrong with a row; the question stands in it word for word."""
    question = _question(row.arguments, row.language)
    return unequal(row, _answer(row.arguments), question, given=_table(row.arguments))


def _question(arguments: dict[str, Json], language: str) -> str:
    names, how = arguments["columns"], arguments["how"]
    first, *columns = next(table for table in _TABLES[language] if table[0].split("|")[0] == names[0])
    told = {column.split("|")[0]: column.split("|")[3:] for column in columns}
    question, *target = told[names[arguments["target"] + 1]]
    _, label, which, *_ = first.split("|")
    if how == "cell":
        return question.format(label.format(arguments["labels"][arguments["place"]]))
    if how == "row":
        return which.format(target[1 - arguments["largest"]])
    _, *by = told[names[arguments["by"] + 1]]
    return question.format(by[1 - arguments["largest"]])


def _rows(arguments: dict[str, Json]) -> list[tuple[str, ...]]:
    cells = [
        [form.format(number) for number in numbers]
        for form, numbers in zip(arguments["written"], arguments["numbers"], strict=True)
    ]
    return list(zip(arguments["labels"], *cells, strict=True))


def _table(arguments: dict[str, Json]) -> str:
    lines = [tuple(arguments["columns"]), ("---",) * len(arguments["columns"]), *_rows(arguments)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _answer(arguments: dict[str, Json]) -> str:
    rows, how, target = _rows(arguments), arguments["how"], arguments["target"]
    if how == "cell":
        return str(rows[arguments["place"]][target + 1])
    numbers = arguments["numbers"][arguments["by"] if how == "across" else target]
    place = numbers.index(max(numbers) if arguments["largest"] else min(numbers))
    return str(rows[place][target + 1 if how == "across" else 0])


KIND = Kind("table_question", "wording", draw, fault)
