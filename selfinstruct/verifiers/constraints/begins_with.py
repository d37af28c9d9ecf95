"""An answer that begins with a given phrase. Source: IFEval (Zhou et al. 2023), `paragraphs:nth_paragraph_first_word`."""

from selfinstruct.verifiers.constraints.condition import condition, unmet
from selfinstruct.verifiers.kind import Draw, Kind, Row, Task

_PHRASES = {
    "en": (
        "First of all",
        "In short",
        "To begin with",
        "Of course",
        "Most of the time",
        "These days",
        "As a rule",
        "Every now and then",
        "Today",
        "Honestly",
    ),
    "zh": ("首先", "简单来说", "说到这个", "其实", "一般来说", "总的来说", "大多数时候", "平时", "说起来", "很多时候"),
}
_ANY = {"en": ("First of all", "Today", "To begin with"), "zh": ("首先", "今天", "其实")}
_WORDINGS = {
    "en": (
        'Begin your answer with "{phrase}".',
        'Start with "{phrase}".',
        'Your first sentence must start with "{phrase}".',
        'Your answer must open with "{phrase}".',
        'The answer has to begin with "{phrase}".',
    ),
    "zh": (
        "回答以“{phrase}”开头。",
        "请用“{phrase}”开始你的回答。",
        "开头要写“{phrase}”。",
        "第一句话必须以“{phrase}”起头。",
        "一开始就写“{phrase}”，前面不要有别的内容。",
    ),
}


def draw(draw: Draw) -> Task:
    """Draw a phrase; one that any message may begin with for a small teacher."""
    phrases = _PHRASES if draw.level == 2 else _ANY
    return condition(draw, _WORDINGS, {"phrase": draw.rng.choice(phrases[draw.language])})


def fault(row: Row) -> str:
    """Return what is wrong with a row: the phrase stands at the very beginning, as whole words, and something follows."""
    if wrong := unmet(row, _WORDINGS, row.arguments):
        return wrong
    phrase, answer = row.arguments["phrase"], row.output.strip()
    rest = answer[len(phrase) :]
    if not answer.startswith(phrase) or (row.language == "en" and (rest[:1].isalnum() or rest[:1] in ("'", "’", "-"))):
        return f"it does not begin with `{phrase}`"
    return "" if any(mark.isalnum() for mark in rest) else "nothing follows the beginning"


KIND = Kind("begins_with", "task", draw, fault, needs="prose")
