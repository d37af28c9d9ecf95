"""An answer whose first line is a title in given marks. Source: IFEval (Zhou et al. 2023), `detectable_format:title`."""

from selfinstruct.verifiers.constraints.condition import condition, unmet
from selfinstruct.verifiers.kind import Draw, Kind, Row, Task

_MARKS = {"en": (("<<", ">>"), ("[[", "]]"), ("«", "»")), "zh": (("《", "》"), ("【", "】"))}
_WORDINGS = {
    "en": (
        "Put a title in {left} and {right} on the first line.",
        "Start with a title on a line of its own, between {left} and {right}.",
        "The first line must be a title written like this: {left}Title{right}",
        "Give your answer a title, wrapped in {left} and {right}, and begin the text on the next line.",
        "Add a title above the text, on its own line and enclosed in {left} {right}.",
    ),
    "zh": (
        "第一行写标题，用{left}{right}括起来。",
        "请先用{left}{right}写一个标题，单独占一行，再写正文。",
        "开头加一个标题，放在{left}和{right}之间，正文另起一行。",
        "要有标题，标题在第一行，格式为{left}标题{right}。",
        "正文之前单独写一行标题，外面加上{left}{right}。",
    ),
}


def draw(draw: Draw) -> Task:
    """Draw the marks."""
    left, right = draw.rng.choice(_MARKS[draw.language])
    return condition(draw, _WORDINGS, {"left": left, "right": right})


def fault(row: Row) -> str:
    """Return what is wrong with a row: the first line is the title and nothing else, with words in it, and a text follows."""
    left, right = row.arguments["left"], row.arguments["right"]
    if wrong := unmet(row, _WORDINGS, row.arguments):
        return wrong
    first, _, rest = row.output.strip().partition("\n")
    first = first.rstrip()
    title = first[len(left) : -len(right)].strip()
    if not (first.startswith(left) and first.endswith(right)) or left in title or right in title:
        return f"the first line is not a title in {left}{right}"
    if not any(mark.isalnum() for mark in title) or title.lower() in {"title", "标题"}:
        return "the title is empty"
    return "" if any(mark.isalnum() for mark in rest) else "no text follows the title"


KIND = Kind("title", "task", draw, fault)
