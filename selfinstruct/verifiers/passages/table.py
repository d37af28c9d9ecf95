"""Tables: the details of a message as a Markdown table or as CSV, in a given order."""

import csv
import io

from selfinstruct.verifiers.kind import Draw, Json, Kind, Row, Scene, Task, unequal
from selfinstruct.verifiers.passages.extract import SEPARATOR
from selfinstruct.verifiers.scenes import digest, draw_scene, edited, stands_once

_FRAMES = {
    "en": {
        "markdown": (
            "Put the details of this message into a Markdown table with the columns {names}, in that order, and one row of values.",
            "Make a Markdown table from the text: a header row with {names}, then one row with what the text says.",
            "Show {names} from this message as a Markdown table. Keep this order of columns; copy the values.",
        ),
        "csv": (
            "Turn the message into CSV: first the header {names}, in that order, then one line with the values.",
            "Write the details of the text as CSV with a header line. The columns are {names}, in this order.",
            "We collect such messages in a CSV file with the columns {names}. Write the header and the line for this one.",
        ),
    },
    "zh": {
        "markdown": (
            "把这段文字里的信息做成 Markdown 表格，各列依次为{names}，下面一行填内容。",
            "请用 Markdown 表格整理下文：表头是{names}，按这个顺序排列，内容照抄原文。",
            "从文中找出{names}，列成一个 Markdown 表格，一项一列，顺序不要变。",
        ),
        "csv": (
            "把这段文字转成 CSV：第一行是表头，依次为{names}，第二行是对应的内容。",
            "请把文中的信息写成 CSV，要有表头，各列按{names}的顺序排列。",
            "这类消息我们都登记在 CSV 文件里，各列依次是{names}。请写出表头和这一条的内容。",
        ),
    },
}


def draw(draw: Draw) -> Scene:
    """Draw a message and its details."""
    return draw_scene(draw.rng, draw.language)


def build(draw: Draw, scene: Scene, text: str) -> Task:
    """Make the task on a message; a weak teacher's table has a column less."""
    shape = draw.rng.choice(["markdown", "csv"])
    details = draw.rng.sample(scene.details, len(scene.details) - (draw.level == 1))
    names = SEPARATOR[draw.language].join(name for name, _ in details)
    arguments: dict[str, Json] = {"shape": shape, "details": [list(pair) for pair in details], "text": digest(text)}
    instruction = draw.rng.choice(_FRAMES[draw.language][shape]).format(names=names)
    return Task(
        instruction,
        text,
        _answer(shape, arguments["details"]),
        arguments,
        (names, "CSV" if shape == "csv" else "Markdown"),
    )


def fault(row: Row) -> str:
    """Return what is wrong with a row: each value must stand in the text once, the columns in the instruction."""
    shape, details = row.arguments["shape"], row.arguments["details"]
    if missing := next((value for _, value in details if not stands_once(row.input, value)), ""):
        return f"the text does not hold `{missing}`"
    names = SEPARATOR[row.language].join(name for name, _ in details)
    if names not in row.instruction or ("CSV" if shape == "csv" else "Markdown") not in row.instruction:
        return f"the instruction does not ask for {names} as {shape}"
    return edited(row) or unequal(row, _answer(shape, details))


def _answer(shape: str, details: list[list[str]]) -> str:
    rows = [[name for name, _ in details], [value for _, value in details]]
    if shape == "csv":
        lines = io.StringIO()
        csv.writer(lines, lineterminator="\n").writerows(rows)
        return lines.getvalue().strip()
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (rows[0], ["---"] * len(details), rows[1]))


KIND = Kind("table", "passage", draw, fault, build)
