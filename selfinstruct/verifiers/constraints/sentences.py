"""An answer of exactly so many sentences. Source: IFEval (Zhou et al. 2023), `length_constraints:number_sentences`."""

import re

from selfinstruct.verifiers.constraints.condition import condition, counted, other_count, unmet
from selfinstruct.verifiers.kind import Draw, Kind, Row, Task
from selfinstruct.verifiers.text import items, sentence_counts

_WORDINGS = {
    "en": (
        "Use exactly {count} {sentence}.",
        "Answer in exactly {count} {sentence}.",
        "Your answer must have exactly {count} {sentence}, no more and no fewer.",
        "Write {count} complete {sentence}, not more and not fewer.",
        "The whole answer should be just {count} {sentence} long.",
    ),
    "zh": (
        "用{count}句话回答，句数要正好。",
        "回答只写{count}句话，不多也不少。",
        "请写成完整的{count}句话，句末都用句号、问号或感叹号。",
        "全文刚好{count}句。",
        "{count}句话说完，不要多写，也不要少写。",
    ),
}


def draw(draw: Draw) -> Task:
    """Draw one to three sentences; three or four for a strong teacher."""
    arguments = {"sentences": draw.rng.randint(1, 3) if draw.level == 1 else draw.rng.randint(3, 4)}
    return condition(draw, _WORDINGS, arguments, _shown(arguments["sentences"], draw))


def fault(row: Row) -> str:
    """Return what is wrong with a row: however one counts, that many, each with its final mark and none in a list."""
    asked = row.arguments["sentences"]
    shown = _shown(asked, row)
    if wrong := unmet(row, _WORDINGS, shown) or other_count(row, _WORDINGS, shown, asked, "sentence|句"):
        return wrong
    if items(row.output) or not re.search(r"[.!?。！？…][\"'”’)）」』*_]*\W*$", row.output):
        return "a list, or no mark at the end"
    fewest, most = sentence_counts(row.output, row.language)
    return "" if fewest == most == asked else f"{fewest} to {most} sentences, asked for {asked}"


def _shown(number: int, of: Draw | Row) -> dict[str, str]:
    return counted(number, of.language) | {"sentence": "sentence" if number == 1 else "sentences"}


KIND = Kind("sentences", "task", draw, fault, needs="prose")
