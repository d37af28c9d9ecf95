"""An answer of exactly two or three paragraphs, parted by blank lines. Source: IFEval (Zhou et al. 2023), `number_paragraphs`."""

import re

from selfinstruct.verifiers.constraints.condition import condition, counted, other_count, unmet
from selfinstruct.verifiers.kind import Draw, Kind, Row, Task
from selfinstruct.verifiers.text import items, paragraphs

_WORDINGS = {
    "en": (
        "Write exactly {count} paragraphs with a blank line between them.",
        "Answer in {count} paragraphs, separated by a blank line.",
        "Your answer must have exactly {count} paragraphs; leave a blank line between paragraphs.",
        "Split the answer into {count} paragraphs, parted by blank lines.",
        "Use {count} paragraphs, no more and no fewer, with an empty line after each but the last.",
    ),
    "zh": (
        "正好写{count}段，段与段之间空一行。",
        "分{count}个自然段回答，中间用空行隔开。",
        "请把回答分成{count}段，每两段之间留一个空行。",
        "全文共{count}段，不多不少，段落之间空一行。",
        "写成{count}个段落，用空行分开。",
    ),
}


def draw(draw: Draw) -> Task:
    """Draw two or three paragraphs; three for a strong teacher."""
    arguments = {"paragraphs": draw.rng.randint(2, 3) if draw.level == 1 else 3}
    return condition(draw, _WORDINGS, arguments, counted(arguments["paragraphs"], draw.language))


def fault(row: Row) -> str:
    """Return what is wrong with a row: prose in that many paragraphs, no line breaks within one, no list, no heading."""
    asked = row.arguments["paragraphs"]
    shown = counted(asked, row.language)
    if wrong := unmet(row, _WORDINGS, shown) or other_count(row, _WORDINGS, shown, asked, "paragraph|段"):
        return wrong
    if items(row.output) or re.search(r"^\s*#|[^\n\s][^\S\n]*\n[^\S\n]*[^\n\s]", row.output, re.MULTILINE):
        return "a list, a heading or a line break within a paragraph"
    if len(re.split(r"\n\s*\n", row.output.strip())) != (found := paragraphs(row.output)) or found != asked:
        return f"{found} paragraphs, asked for {asked}"
    return ""


KIND = Kind("paragraphs", "task", draw, fault, needs="prose")
