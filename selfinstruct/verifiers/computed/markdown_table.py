"""A Markdown table of a CSV text or a list of notes; for a strong teacher sorted by a column of numbers."""

from selfinstruct.verifiers.computed.csv_to_json import csv_text, draw_table
from selfinstruct.verifiers.kind import Draw, Json, Kind, Row, Task, unequal

_FRAMES = {
    "en": {
        "csv": (
            "Write this CSV as a Markdown table.",
            "Format the following comma-separated data as a table in Markdown.",
            "Please turn the CSV below into a Markdown table, with its first line as the header.",
        ),
        "notes": (
            "Put these notes into a Markdown table with the columns {columns}.",
            "Make a Markdown table out of this list. Columns: {columns}.",
            "Rewrite the list below as a table in Markdown whose header is {columns}.",
        ),
    },
    "zh": {
        "csv": (
            "把下面的 CSV 写成 Markdown 表格。",
            "请将这份用逗号分隔的数据排成 Markdown 表格。",
            "帮我把这段 CSV 转成 Markdown 表格，第一行作表头。",
        ),
        "notes": (
            "把这些记录整理成 Markdown 表格，列名依次为{columns}。",
            "请用 Markdown 表格列出下面的内容，表头是{columns}。",
            "将下列清单改写成 Markdown 表格，各列依次是{columns}。",
        ),
    },
}
_SORTED = {
    "en": {
        "up": " Sort the rows by `{column}` from lowest to highest.",
        "down": " Sort the rows by `{column}` from highest to lowest.",
    },
    "zh": {"up": "各行按“{column}”从小到大排列。", "down": "各行按“{column}”从大到小排列。"},
}


def draw(draw: Draw) -> Task:
    """Draw a table and how it is noted; for a strong teacher also the order of its rows."""
    rng, language = draw.rng, draw.language
    columns, rows = draw_table(rng, language, rng.randint(2, 3) + draw.level - 1, draw.level + rng.randint(2, 3))
    arguments: dict[str, Json] = {"columns": columns, "rows": rows, "source": rng.choice(["csv", "notes"]), "sort": []}
    sortable = [place for place in range(1, len(columns)) if _numbers(rows, place)]
    if draw.level == 2 and sortable:
        arguments["sort"] = [columns[rng.choice(sortable)], rng.choice(["up", "down"])]
    facts = _facts(arguments, language)
    frame = rng.choice(_FRAMES[language][arguments["source"]])
    instruction = frame.format(columns=facts[0]) + _order(arguments, language)
    return Task(
        instruction, _source(arguments, language), _answer(arguments), arguments, facts[arguments["source"] == "csv" :]
    )


def fault(row: Row) -> str:
    """Return what is wrong with a row."""
    facts = _facts(row.arguments, row.language)[row.arguments["source"] == "csv" :]
    return unequal(row, _answer(row.arguments), *facts, given=_source(row.arguments, row.language))


def _numbers(rows: list[list[Json]], place: int) -> bool:
    values = [row[place] for row in rows]
    return all(isinstance(value, int) for value in values) and len(set(values)) == len(values)


def _facts(arguments: dict[str, Json], language: str) -> tuple[str, ...]:
    """Return the column names as the instruction lists them, the form, and the order of the rows if one is asked for."""
    names = ", ".join(arguments["columns"]) if language == "en" else "、".join(arguments["columns"])
    if not arguments["sort"]:
        return names, "Markdown"
    column, way = arguments["sort"]
    words = {
        "en": {"up": "from lowest to highest", "down": "from highest to lowest"},
        "zh": {"up": "从小到大", "down": "从大到小"},
    }
    return names, "Markdown", (f"`{column}`" if language == "en" else f"“{column}”"), words[language][way]


def _order(arguments: dict[str, Json], language: str) -> str:
    if not arguments["sort"]:
        return ""
    column, way = arguments["sort"]
    return _SORTED[language][way].format(column=column)


def _source(arguments: dict[str, Json], language: str) -> str:
    columns, rows = arguments["columns"], arguments["rows"]
    if arguments["source"] == "csv":
        return csv_text(columns, rows)
    colon, comma = (": ", ", ") if language == "en" else ("：", "，")
    space = " " if language == "en" else ""
    return "\n".join(
        f"- {row[0]}{colon}{comma.join(f'{name}{space}{cell}' for name, cell in zip(columns[1:], row[1:], strict=True))}"
        for row in rows
    )


def _answer(arguments: dict[str, Json]) -> str:
    columns, rows = arguments["columns"], arguments["rows"]
    if arguments["sort"]:
        place = columns.index(arguments["sort"][0])
        rows = sorted(rows, key=lambda row: int(row[place]), reverse=arguments["sort"][1] == "down")
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


KIND = Kind("markdown_table", "wording", draw, fault)
