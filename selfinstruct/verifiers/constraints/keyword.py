"""An answer that uses a given everyday word. Source: IFEval (Zhou et al. 2023), `keywords:existence`."""

from selfinstruct.verifiers.constraints.condition import condition, quoted_words, unmet
from selfinstruct.verifiers.kind import Draw, Kind, Row, Task
from selfinstruct.verifiers.text import occurrences

WORDS = {
    "en": (
        "morning",
        "careful",
        "simple",
        "always",
        "together",
        "ready",
        "often",
        "quick",
        "enough",
        "today",
        "small",
        "home",
        "early",
        "calm",
        "friend",
    ),
    "zh": (
        "早上",
        "小心",
        "简单",
        "一起",
        "慢慢",
        "重要",
        "朋友",
        "今天",
        "舒服",
        "认真",
        "经常",
        "安静",
        "心情",
        "提前",
        "轻松",
    ),
}
_WORDINGS = {
    "en": (
        "Use {words} somewhere in your answer.",
        "Make sure that {words} can be found in the answer.",
        "Your answer must contain {words}.",
        "Include {words} in what you write.",
        "Work {words} into the answer.",
    ),
    "zh": (
        "回答里要用到{words}。",
        "答案中必须出现{words}。",
        "写的时候请用上{words}。",
        "请把{words}写进回答里。",
        "内容里要有{words}。",
    ),
}


def draw(draw: Draw) -> Task:
    """Draw a word; two for a strong teacher."""
    arguments = {"words": draw.rng.sample(WORDS[draw.language], draw.level)}
    return condition(draw, _WORDINGS, arguments, _shown(arguments["words"], draw))


def fault(row: Row) -> str:
    """Return what is wrong with a row: each word stands in the answer, in English as a word of its own."""
    words = row.arguments["words"]
    if wrong := unmet(row, _WORDINGS, _shown(words, row)):
        return wrong
    missing = next((word for word in words if not occurrences(row.output, word, row.language, alone=True)), "")
    return f"`{missing}` is not used" if missing else ""


def _shown(words: list[str], of: Draw | Row) -> dict[str, str]:
    return quoted_words(words, of.language, "and", "这两个词")


KIND = Kind("keyword", "task", draw, fault)
