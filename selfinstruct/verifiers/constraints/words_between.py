"""An answer of between so many and so many words; characters in Chinese. Source: IFEval (Zhou et al. 2023), `number_words`, both ways."""

from selfinstruct.verifiers.constraints.condition import condition, unmet
from selfinstruct.verifiers.kind import Draw, Kind, Row, Task
from selfinstruct.verifiers.text import lengths

_WORDINGS = {
    "en": (
        "Use between {least} and {most} words.",
        "Write at least {least} words, but no more than {most}.",
        "The answer should be {least} to {most} words long.",
        "Keep the length between {least} and {most} words.",
        "Your answer must have no fewer than {least} and no more than {most} words.",
    ),
    "zh": (
        "字数在{least}到{most}字之间。",
        "写{least}至{most}个字。",
        "不少于{least}字，也不超过{most}字。",
        "篇幅控制在{least}到{most}字。",
        "至少{least}个字，最多{most}个字。",
        "请把长度保持在{least}～{most}字。",
    ),
}


def draw(draw: Draw) -> Task:
    """Draw a range, a narrower one of larger numbers for a strong teacher."""
    if draw.language == "en":
        least, width = (draw.rng.randrange(30, 70, 10), 30) if draw.level == 1 else (draw.rng.randrange(40, 100, 5), 20)
    else:
        least, width = (draw.rng.randrange(40, 90, 10), 40) if draw.level == 1 else (draw.rng.randrange(60, 140, 5), 35)
    return condition(draw, _WORDINGS, {"least": least, "most": least + width})


def fault(row: Row) -> str:
    """Return what is wrong with a row: both limits hold however hyphens and Chinese punctuation are counted."""
    least, most = row.arguments["least"], row.arguments["most"]
    if wrong := unmet(row, _WORDINGS, row.arguments):
        return wrong
    fewest, longest = lengths(row.output, row.language)
    return "" if least <= fewest and longest <= most else f"{fewest} to {longest} words, asked for {least} to {most}"


KIND = Kind("words_between", "task", draw, fault, needs="prose")
