"""A small CSV table to JSON: a list of objects, or one object under the entries of the first column."""

import csv
import io
import json
import random
import re

from selfinstruct.verifiers.kind import Draw, Json, Kind, Row, Task, unequal

_TABLES = {
    "en": (
        "name: Ana Ben Chloe Dev Ella Farid Grace / age: 19-64 / city: Leeds Cork Boston Perth Ottawa Bristol / team: red blue green",
        "item: kettle toaster lamp blanket mirror clock / price: 5-60 / stock: 3-90 / shelf: A1 A2 B1 B4 C2 C3",
        "day: Monday Tuesday Wednesday Thursday Friday / high: 14-29 / low: 1-11 / sky: sunny cloudy rainy windy",
        "room: Maple Oak Birch Willow Cedar / floor: 1-6 / seats: 6-48 / door: red blue green yellow",
        "bus: 12A 14B 21C 30D 44E / departs: 07:15 08:40 09:05 11:30 16:20 / minutes: 12-55 / stops: 4-18",
        "fruit: apples pears plums grapes cherries / kilos: 2-30 / price: 2-9 / origin: Spain Italy Chile Kenya",
        "course: pottery yoga chess baking choir / places: 8-24 / fee: 20-95 / evening: Monday Tuesday Thursday",
    ),
    "zh": (
        "姓名: 张敏 刘洋 陈静 赵磊 黄丽 吴昊 / 年龄: 20-58 / 部门: 财务部 市场部 技术部 人事部 / 楼层: 2-18",
        "商品: 水杯 台灯 拖鞋 雨伞 毛巾 脸盆 / 单价: 9-49 / 库存: 3-120 / 货架: 甲一 甲二 乙一 乙三",
        "星期: 周一 周二 周三 周四 周五 / 最高气温: 18-34 / 最低气温: 3-16 / 天气: 晴 多云 小雨 阴",
        "班级: 一班 二班 三班 四班 五班 / 人数: 32-49 / 教室: 东楼201 东楼305 西楼102 西楼406 / 班费: 100-900",
        "线路: 机场线 环湖线 古城线 大学城线 火车站线 / 起点: 东门 西站 北湖 南桥 人民广场 / 站数: 12-36 / 票价: 1-5",
        "菜名: 宫保鸡丁 番茄炒蛋 红烧茄子 酸辣土豆丝 清蒸鲈鱼 / 价格: 16-48 / 窗口: 一号 二号 三号 四号 / 销量: 9-88",
        "课程: 书法 国画 围棋 瑜伽 合唱 / 名额: 10-30 / 学费: 200-900 / 时间: 周二晚上 周四晚上 周六上午",
    ),
}
"""The columns of each table, with the smallest and the largest number or with the words that stand in them; the first holds each once."""
_ORDERED = ("day", "星期", "班级")
_SHAPES = {
    "en": {"list": "array of objects", "keyed": "values of the column `{key}`"},
    "zh": {"list": "对象数组", "keyed": "以“{key}”列的内容为键"},
}
_FRAMES = {
    "en": {
        "list": (
            "Convert this CSV table to JSON, as an {shape}. Numbers go without quotation marks.",
            "Turn the table into a JSON {shape}, one for each row, with the column names as keys and numbers as numbers.",
            "I need this CSV data as JSON: an {shape}, in the same order, and plain numbers instead of strings.",
        ),
        "keyed": (
            "Convert this CSV table to one JSON object. Use the {shape} as keys; each holds an object with the other columns, numbers unquoted.",
            "Turn this CSV into a JSON object whose keys are the {shape}. Under each, put the remaining columns, with numbers as numbers.",
            "Please make a JSON object out of this table, with the {shape} as keys and the other columns inside; don't quote the numbers.",
        ),
    },
    "zh": {
        "list": (
            "把下面的 CSV 表格转换成 JSON {shape}，数字不加引号。",
            "请将这份 CSV 改写为 JSON {shape}：每行一个对象，键名用列名，数字保留为数字类型。",
            "这张表我要存成 JSON，请转成{shape}，顺序不变，数值不要写成字符串。",
        ),
        "keyed": (
            "把下面的 CSV 转换成一个 JSON 对象，{shape}，值是由其余各列组成的对象，数字不加引号。",
            "请把这张表写成一个 JSON 对象：{shape}，其余各列放在对应的子对象里，数值用数字类型。",
            "帮我把这份 CSV 整理成 JSON 对象，{shape}，其他列作为内层对象，数字别加引号。",
        ),
    },
}


def draw_table(rng: random.Random, language: str, columns: int, rows: int) -> tuple[list[str], list[list[Json]]]:
    """Draw the column names and rows of a small table; the first column holds each entry once."""
    table = dict(part.split(": ") for part in rng.choice(_TABLES[language]).split(" / "))
    first, *others = table
    names = [first, *sorted(rng.sample(others, min(columns - 1, len(others))), key=others.index)]
    pool = table[first].split()
    labels = rng.sample(pool, min(rows, len(pool)))
    if first in _ORDERED:
        labels.sort(key=pool.index)
    return names, [[label, *(_cell(rng, table[name]) for name in names[1:])] for label in labels]


def csv_text(columns: list[str], rows: list[list[Json]], separator: str = ",") -> str:
    """Return a table as CSV, the column names in its first line."""
    file = io.StringIO()
    csv.writer(file, delimiter=separator, lineterminator="\n").writerows([columns, *rows])
    return file.getvalue().strip()


def draw(draw: Draw) -> Task:
    """Draw a table, with more columns and rows for a strong teacher."""
    columns, rows = draw_table(draw.rng, draw.language, draw.level + 2, draw.level + draw.rng.randint(1, 2))
    arguments = {"columns": columns, "rows": rows, "shape": draw.rng.choice(["list", "keyed"])}
    shape = _shape(arguments, draw.language)
    frame = draw.rng.choice(_FRAMES[draw.language][str(arguments["shape"])])
    return Task(frame.format(shape=shape), csv_text(columns, rows), _answer(arguments), arguments, (shape, "JSON"))


def fault(row: Row) -> str:
    """Return what is wrong with a row."""
    arguments = row.arguments
    table = csv_text(arguments["columns"], arguments["rows"])
    return unequal(row, _answer(arguments), _shape(arguments, row.language), "JSON", given=table)


def _cell(rng: random.Random, values: str) -> Json:
    if bounds := re.fullmatch(r"(\d+)-(\d+)", values):
        return rng.randint(int(bounds[1]), int(bounds[2]))
    return rng.choice(values.split())


def _shape(arguments: dict[str, Json], language: str) -> str:
    return _SHAPES[language][arguments["shape"]].format(key=arguments["columns"][0])


def _answer(arguments: dict[str, Json]) -> str:
    columns = arguments["columns"]
    objects: Json = [dict(zip(columns, row, strict=True)) for row in arguments["rows"]]
    if arguments["shape"] == "keyed":
        objects = {row[0]: dict(zip(columns[1:], row[1:], strict=True)) for row in arguments["rows"]}
    return json.dumps(objects, ensure_ascii=False, indent=2)


KIND = Kind("csv_to_json", "wording", draw, fault)
