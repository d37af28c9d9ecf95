"""An answer that is a numbered list, for a strong teacher of exactly so many points. Source: after IFEval (Zhou et al. 2023), list formats."""

from selfinstruct.verifiers.constraints.condition import condition, counted, other_count, unmet
from selfinstruct.verifiers.kind import Draw, Kind, Row, Task
from selfinstruct.verifiers.text import items, numbers

_WORDINGS = {
    "en": (
        "Answer with a numbered list{of}.",
        "Write the answer as a numbered list{of}, starting at 1.",
        "Give a list{of} with numbers (1, 2 and so on), one point on each line.",
        "Answer with a list{of}, numbered 1, 2, 3 and so on, each point on a new line.",
        "Put your answer in the form of a numbered list{of}, with nothing before or after it.",
    ),
    "zh": (
        "用带编号的列表回答{of}。",
        "请按1、2、3的顺序编号，一条一行{of}。",
        "答案写成编号列表，从1开始{of}。",
        "每一点都标上数字序号，各占一行{of}。",
        "请分点作答，每点用阿拉伯数字编号，另起一行{of}。",
    ),
}
_OF = {"en": " of exactly {count} points", "zh": "，正好{count}条"}


def draw(draw: Draw) -> Task:
    """Draw the condition; with the number of points for a strong teacher."""
    arguments = {"points": 0 if draw.level == 1 else draw.rng.randint(3, 6)}
    return condition(draw, _WORDINGS, arguments, _shown(arguments["points"], draw))


def fault(row: Row) -> str:
    """Return what is wrong with a row: every line is a point, numbered 1, 2 and so on; two at least."""
    asked = row.arguments["points"]
    shown = _shown(asked, row)
    if wrong := unmet(row, _WORDINGS, shown) or (asked and other_count(row, _WORDINGS, shown, asked)):
        return str(wrong)
    lines, found = [line for line in row.output.split("\n") if line.strip()], numbers(row.output)
    if len(lines) != len(items(row.output)) or found != list(range(1, len(lines) + 1)):
        return "not every line is a point, numbered 1, 2 and so on"
    if len(found) < 2 or (asked and len(found) != asked):
        return f"{len(found)} points, asked for {asked or 'two or more'}"
    return ""


def _shown(number: int, of: Draw | Row) -> dict[str, str]:
    return {"of": _OF[of.language].format(**counted(number, of.language)) if number else ""}


KIND = Kind("numbered", "task", draw, fault, needs="list")
