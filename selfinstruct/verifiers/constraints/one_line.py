"""An answer of a single sentence on a single line. Source: after IFEval (Zhou et al. 2023), `length_constraints:number_sentences`."""

from selfinstruct.verifiers.constraints.condition import condition, unmet
from selfinstruct.verifiers.kind import Draw, Kind, Row, Task
from selfinstruct.verifiers.text import items, lengths, sentence_counts

_WORDINGS = {
    "en": (
        "Put everything into a single sentence without a line break{limit}.",
        "Answer in one sentence on one line{limit}.",
        "Give only one sentence, all on the same line{limit}.",
        "Write a single sentence and no line breaks{limit}.",
        "The answer must be one sentence, on one line{limit}.",
    ),
    "zh": (
        "只用一句话回答，不要换行{limit}。",
        "请把内容放进一句话里，中间不换行{limit}。",
        "写成一行，只写一句话{limit}。",
        "一句话说清楚，不分行{limit}。",
        "答案只能是一句话，并且不能换行{limit}。",
    ),
}
_LIMIT = {"en": ", with at most {most} words", "zh": "，最多{most}个字"}


def draw(draw: Draw) -> Task:
    """Draw the condition; with a limit of words for a strong teacher."""
    arguments = {"most": 0 if draw.level == 1 else draw.rng.randrange(20, 45, 5)}
    return condition(draw, _WORDINGS, arguments, _shown(arguments["most"], draw))


def fault(row: Row) -> str:
    """Return what is wrong with a row."""
    most = row.arguments["most"]
    if wrong := unmet(row, _WORDINGS, _shown(most, row)):
        return wrong
    if "\n" in row.output.strip() or items(row.output):
        return "several lines, or a list"
    found = sentence_counts(row.output, row.language)[1]
    if found != 1 or not row.output.rstrip(" \"'”’*_)）").endswith((".", "!", "?", "…", "。", "！", "？")):
        return f"{found} sentences, or no mark at the end"
    length = lengths(row.output, row.language)[1]
    return f"{length} words, at most {most}" if most and length > most else ""


def _shown(most: int, of: Draw | Row) -> dict[str, str]:
    return {"limit": _LIMIT[of.language].format(most=most) if most else ""}


KIND = Kind("one_line", "task", draw, fault, needs="prose")
