"""An answer without commas. Source: IFEval (Zhou et al. 2023), `punctuation:no_comma`."""

from selfinstruct.verifiers.constraints.condition import condition, unmet
from selfinstruct.verifiers.kind import Draw, Kind, Row, Task

_WORDINGS = {
    "en": (
        "Do not use any commas.",
        "Write the whole answer without a single comma.",
        "Your answer must not contain commas.",
        "Answer without commas.",
        "Leave out commas altogether in your answer.",
        "Avoid commas completely.",
    ),
    "zh": (
        "不要使用逗号。",
        "整个回答里一个逗号都不能有。",
        "回答中不得出现逗号。",
        "请不用逗号来写。",
        "全文不使用逗号，其他标点可以照常用。",
        "写的时候避开逗号。",
    ),
}


def draw(draw: Draw) -> Task:
    """Draw the condition."""
    return condition(draw, _WORDINGS, {})


def fault(row: Row) -> str:
    """Return what is wrong with a row: no comma, within numbers neither; the Chinese `、` is none in Chinese."""
    if wrong := unmet(row, _WORDINGS, {}):
        return wrong
    found = sum(row.output.count(comma) for comma in (",，、" if row.language == "en" else ",，"))
    return f"{found} commas" if found else ""


KIND = Kind("no_comma", "task", draw, fault)
