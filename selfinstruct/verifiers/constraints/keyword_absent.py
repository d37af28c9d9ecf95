"""An answer that does not use a given common word. Source: IFEval (Zhou et al. 2023), `keywords:forbidden_words`."""

from selfinstruct.verifiers.constraints.condition import condition, quoted_words, unmet
from selfinstruct.verifiers.kind import Draw, Kind, Row, Task
from selfinstruct.verifiers.text import occurrences

_WORDS = {
    "en": (
        "very",
        "good",
        "just",
        "really",
        "also",
        "make",
        "should",
        "help",
        "important",
        "many",
        "because",
        "always",
        "can",
        "great",
    ),
    "zh": ("很", "非常", "可以", "重要", "但是", "一定", "因为", "就是", "我们", "如果", "需要", "自己", "最", "应该"),
}
_WORDINGS = {
    "en": (
        "Do not use {words}.",
        "Avoid {words} in your answer.",
        "Your answer must not contain {words}.",
        "Answer without using {words} anywhere.",
        "Leave out {words} completely.",
        "Write it without {words}.",
    ),
    "zh": (
        "不要使用{words}。",
        "回答里不能出现{words}。",
        "写的时候请避开{words}。",
        "全文不得出现{words}。",
        "答案中别用{words}。",
        "整个回答都不要出现{words}。",
    ),
}


def draw(draw: Draw) -> Task:
    """Draw a word; two for a strong teacher."""
    arguments = {"words": draw.rng.sample(_WORDS[draw.language], draw.level)}
    return condition(draw, _WORDINGS, arguments, _shown(arguments["words"], draw))


def fault(row: Row) -> str:
    """Return what is wrong with a row: no word stands in the answer, in English neither as a part with a hyphen."""
    words = row.arguments["words"]
    if wrong := unmet(row, _WORDINGS, _shown(words, row)):
        return wrong
    used = next((word for word in words if occurrences(row.output, word, row.language)), "")
    return f"`{used}` is used" if used else ""


def _shown(words: list[str], of: Draw | Row) -> dict[str, str]:
    return quoted_words(words, of.language, "or")


KIND = Kind("keyword_absent", "task", draw, fault)
