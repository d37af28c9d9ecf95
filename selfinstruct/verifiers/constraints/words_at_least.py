"""An answer of at least so many words; characters in Chinese. Source: IFEval (Zhou et al. 2023), `length_constraints:number_words`."""

from selfinstruct.verifiers.constraints.condition import condition, unmet
from selfinstruct.verifiers.kind import Draw, Kind, Row, Task
from selfinstruct.verifiers.text import lengths

_WORDINGS = {
    "en": (
        "Use at least {least} words.",
        "Write {least} words or more.",
        "Your answer must not be shorter than {least} words.",
        "Answer in no fewer than {least} words.",
        "The answer needs at least {least} words.",
        "Make it {least} words long or longer.",
    ),
    "zh": (
        "至少写{least}个字。",
        "不少于{least}字。",
        "字数要在{least}字以上。",
        "回答不能少于{least}个字，标点不算。",
        "字数至少要有{least}字。",
        "篇幅不低于{least}字。",
    ),
}


def draw(draw: Draw) -> Task:
    """Draw a number that a few sentences reach, a larger one for a strong teacher."""
    low, high = (
        ((40, 80) if draw.level == 1 else (80, 150))
        if draw.language == "en"
        else ((60, 120) if draw.level == 1 else (120, 220))
    )
    return condition(draw, _WORDINGS, {"least": draw.rng.randrange(low, high, 5 if draw.level == 2 else 10)})


def fault(row: Row) -> str:
    """Return what is wrong with a row: the number is reached without counting punctuation, or hyphened words as two."""
    least, found = row.arguments["least"], lengths(row.output, row.language)[0]
    if wrong := unmet(row, _WORDINGS, row.arguments):
        return wrong
    return f"{found} words, at least {least}" if found < least else ""


KIND = Kind("words_at_least", "task", draw, fault, needs="prose")
