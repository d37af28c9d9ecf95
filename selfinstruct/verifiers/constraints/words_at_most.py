"""An answer of at most so many words; characters in Chinese. Source: IFEval (Zhou et al. 2023), `length_constraints:number_words`."""

from selfinstruct.verifiers.constraints.condition import condition, unmet
from selfinstruct.verifiers.kind import Draw, Kind, Row, Task
from selfinstruct.verifiers.text import lengths

_WORDINGS = {
    "en": (
        "Use at most {most} words.",
        "Keep the answer to {most} words or fewer.",
        "Your answer must not have more than {most} words.",
        "Answer in no more than {most} words.",
        "Stay within {most} words.",
        "Do not go over {most} words.",
    ),
    "zh": (
        "不超过{most}个字。",
        "字数控制在{most}字以内。",
        "答案最多{most}字。",
        "回答不要多于{most}个字，标点也算在内。",
        "请用{most}字以内的篇幅回答。",
        "总字数别超过{most}字。",
    ),
}


def draw(draw: Draw) -> Task:
    """Draw a limit that a short answer keeps easily, a tighter one for a strong teacher."""
    most = draw.rng.randrange(30, 65, 5) if draw.level == 1 else draw.rng.randint(15, 40)
    return condition(draw, _WORDINGS, {"most": most})


def fault(row: Row) -> str:
    """Return what is wrong with a row: the limit holds however hyphens and Chinese punctuation are counted."""
    most, found = row.arguments["most"], lengths(row.output, row.language)[1]
    if wrong := unmet(row, _WORDINGS, row.arguments):
        return wrong
    return f"{found} words, at most {most}" if found > most else ""


KIND = Kind("words_at_most", "task", draw, fault)
