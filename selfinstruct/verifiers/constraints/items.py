"""An answer that is a bulleted list of exactly so many items. Source: IFEval (Zhou et al. 2023), `detectable_format:number_bullet_lists`."""

import re

from selfinstruct.verifiers.constraints.condition import condition, counted, other_count, stated, unmet
from selfinstruct.verifiers.kind import Draw, Kind, Row, Task
from selfinstruct.verifiers.text import items, numbers

_WORDINGS = {
    "en": (
        "Answer with a bulleted list of exactly {count} items.",
        "Give the answer as exactly {count} bullet points and nothing else.",
        'Write a list of exactly {count} items, each on its own line after a "-".',
        "Put the answer in {count} bullet points, no more and no fewer.",
        "Your whole answer should be a bulleted list with {count} entries, one per line.",
    ),
    "zh": (
        "用项目符号分条列出，正好{count}条。",
        "请写成{count}条的列表，每条一行，以“-”开头。",
        "只列{count}个要点，每个要点前加“-”，单独成行。",
        "回答就是一个列表，正好{count}项，每行以“- ”开头。",
        "分{count}条来写，每条前面用“-”标出，不要多也不要少。",
    ),
}


def draw(draw: Draw) -> Task:
    """Draw three or four items; five or six for a strong teacher."""
    arguments = {"items": draw.rng.randint(3, 4) if draw.level == 1 else draw.rng.randint(5, 6)}
    return condition(draw, _WORDINGS, arguments, counted(arguments["items"], draw.language))


def fault(row: Row) -> str:
    """Return what is wrong with a row: every line is an item with a bullet, none twice."""
    asked = row.arguments["items"]
    shown = counted(asked, row.language)
    if wrong := unmet(row, _WORDINGS, shown) or other_count(row, _WORDINGS, shown, asked):
        return wrong
    if "-" in stated(row, _WORDINGS, shown) and re.search(r"^(?!- )\S", row.output, re.MULTILINE):
        return "a line that does not begin with a dash"
    lines = [line for line in row.output.split("\n") if line.strip()]
    found = items(row.output)
    if len(lines) != len(found) or numbers(row.output) or any(line[0].isalnum() for line in lines):
        return "not every line is an item with a bullet"
    if any(line[0].isspace() for line in lines[1:]) or len({item.lower() for item in found}) < len(found):
        return "an item below another, or one twice"
    return "" if len(found) == asked else f"{len(found)} items, asked for {asked}"


KIND = Kind("items", "task", draw, fault, needs="list")
