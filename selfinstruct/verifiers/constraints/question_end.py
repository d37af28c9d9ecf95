"""An answer that ends with a question. Source: after IFEval (Zhou et al. 2023), `startend:end_checker`."""

import re

from selfinstruct.verifiers.constraints.condition import condition, unmet
from selfinstruct.verifiers.kind import Draw, Kind, Row, Task
from selfinstruct.verifiers.text import sentence_counts

_WORDINGS = {
    "en": (
        "End with a question.",
        "Finish your answer with a question.",
        "The last sentence must be a question.",
        "Close the answer with a question.",
        "Let a question be the last thing you write.",
        "Your answer must end in a question mark.",
    ),
    "zh": (
        "最后以一个问句结尾。",
        "结尾要用问句。",
        "最后一句话必须是问句。",
        "写完后用一个问题收尾。",
        "请在末尾提一个问题，问句后面不再写别的。",
        "回答要以问号结束。",
    ),
}
_LAST = {"en": re.compile(r"\w[\"'”’)*_]*\?[\"'”’)*_]*$"), "zh": re.compile(r"\w[”’）」》*_]*？[”’）」*_]*$")}


def draw(draw: Draw) -> Task:
    """Draw the condition."""
    return condition(draw, _WORDINGS, {})


def fault(row: Row) -> str:
    """Return what is wrong with a row: one question mark at the very end, after other sentences."""
    if wrong := unmet(row, _WORDINGS, {}):
        return wrong
    answer = row.output.strip()
    if not _LAST[row.language].search(answer):
        return "it does not end with a question"
    return "" if sentence_counts(answer, row.language)[1] > 1 else "it is nothing but a question"


KIND = Kind("question_end", "task", draw, fault, needs="prose")
