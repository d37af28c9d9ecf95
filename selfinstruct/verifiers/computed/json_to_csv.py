"""A JSON array of objects to CSV: all of its fields or some, parted by commas or semicolons."""

import json

from selfinstruct.verifiers.computed.csv_to_json import csv_text, draw_table
from selfinstruct.verifiers.kind import Draw, Json, Kind, Row, Task, unequal

_FRAMES = {
    "en": {
        "all": (
            "Convert this JSON array to CSV with a header row, using {separator} between the fields.",
            "Write the JSON data as a CSV table: column names first, then one line per object, fields separated by {separator}.",
            "I want to open this in a spreadsheet. Please turn the JSON into CSV with a header line and {separator} as separators.",
        ),
        "some": (
            "Make a CSV with a header row from this JSON. Take the columns {columns}, in this order, and put {separator} between them.",
            "From the JSON objects, export {columns} as CSV: header line first, fields in that order, separated by {separator}.",
            "Turn this JSON into CSV with a header, but leave out every field except {columns}, which come in that order. Use {separator} as separators.",
        ),
    },
    "zh": {
        "all": (
            "把下面的 JSON 数组转换成 CSV，第一行写列名，字段之间用{separator}分隔。",
            "请将这份 JSON 数据导出为 CSV 格式：先写表头，再每个对象占一行，用{separator}隔开。",
            "这些数据要放进电子表格，请改成带表头的 CSV，分隔符用{separator}。",
        ),
        "some": (
            "从这段 JSON 里取出{columns}，按这个顺序输出成带表头的 CSV，用{separator}分隔。",
            "请把 JSON 转成 CSV，第一行是表头，保留{columns}，顺序照写，其余字段不要，字段之间用{separator}隔开。",
            "我需要{columns}这几列，请按此顺序把下面的 JSON 写成带表头的 CSV，分隔符用{separator}。",
        ),
    },
}
_SEPARATORS = {"en": {",": "commas", ";": "semicolons"}, "zh": {",": "英文逗号", ";": "英文分号"}}


def draw(draw: Draw) -> Task:
    """Draw a table; of some columns in another order only two or three."""
    rng, language = draw.rng, draw.language
    columns, rows = draw_table(rng, language, draw.level + 2, draw.level + rng.randint(1, 2))
    some = rng.random() < 0.5
    wanted = rng.sample(columns, len(columns) - 1) if some else columns
    arguments = {"columns": columns, "rows": rows, "wanted": wanted, "separator": rng.choice([",", ",", ";"])}
    facts = _facts(arguments, language)
    frame = rng.choice(_FRAMES[language]["some" if some else "all"])
    instruction = frame.format(separator=facts[0], columns=facts[-1])
    return Task(instruction, _source(arguments), _answer(arguments), arguments, facts)


def fault(row: Row) -> str:
    """Return what is wrong with a row."""
    return unequal(row, _answer(row.arguments), *_facts(row.arguments, row.language), given=_source(row.arguments))


def _facts(arguments: dict[str, Json], language: str) -> tuple[str, ...]:
    """Return what the question must hold: the separator in words, the form, and the columns if they are not all."""
    separator, wanted = _SEPARATORS[language][arguments["separator"]], arguments["wanted"]
    if wanted == arguments["columns"]:
        return separator, "CSV"
    if language == "en":
        return (
            separator,
            "CSV",
            " and ".join(filter(None, [", ".join(f"`{name}`" for name in wanted[:-1]), f"`{wanted[-1]}`"])),
        )
    return separator, "CSV", "".join(f"“{name}”" for name in wanted)


def _source(arguments: dict[str, Json]) -> str:
    lines = [
        json.dumps(dict(zip(arguments["columns"], row, strict=True)), ensure_ascii=False) for row in arguments["rows"]
    ]
    return "[\n  " + ",\n  ".join(lines) + "\n]"


def _answer(arguments: dict[str, Json]) -> str:
    places = [arguments["columns"].index(name) for name in arguments["wanted"]]
    rows = [[row[place] for place in places] for row in arguments["rows"]]
    return csv_text(arguments["wanted"], rows, arguments["separator"])


KIND = Kind("json_to_csv", "wording", draw, fault)
