"""An answer whose last sentence is given word for word. Source: IFEval (Zhou et al. 2023), `startend:end_checker`."""

from selfinstruct.verifiers.constraints.condition import condition, unmet
from selfinstruct.verifiers.kind import Draw, Kind, Row, Task

_ENDINGS = {
    "en": (
        "That is all there is to it.",
        "I hope this helps.",
        "It is worth a try.",
        "Take your time.",
        "See for yourself.",
        "It really is that simple.",
        "Every little bit counts.",
        "The rest is up to you.",
        "Have a nice day!",
    ),
    "zh": (
        "希望对你有帮助。",
        "就这么简单。",
        "慢慢来，不着急。",
        "不妨试一试。",
        "剩下的就看你了。",
        "祝你一切顺利！",
        "生活就是这样。",
        "一点一滴都算数。",
        "说完了。",
    ),
}
_WORDINGS = {
    "en": (
        'End with the sentence "{ending}"',
        'The last sentence of your answer must be "{ending}"',
        'Finish the answer with exactly these words: "{ending}"',
        'Close with "{ending}" and write nothing after it.',
        'Your answer must end with the exact sentence "{ending}"',
    ),
    "zh": (
        "最后一句写“{ending}”",
        "请用这句话结尾：“{ending}”",
        "回答的最后必须是这一句：“{ending}”",
        "结尾一字不差地写上“{ending}”，后面不要再写别的。",
        "全文以“{ending}”这句话收尾。",
    ),
}


def draw(draw: Draw) -> Task:
    """Draw a sentence."""
    return condition(draw, _WORDINGS, {"ending": draw.rng.choice(_ENDINGS[draw.language])})


def fault(row: Row) -> str:
    """Return what is wrong with a row: the sentence ends it, as a sentence of its own, and something stands before it."""
    if wrong := unmet(row, _WORDINGS, row.arguments):
        return wrong
    ending, answer = row.arguments["ending"], row.output.rstrip()
    before = answer.removesuffix(ending)
    if before == answer:
        return f"it does not end with `{ending}`"
    if not any(mark.isalnum() for mark in before):
        return "nothing stands before the ending"
    if before.endswith("\n") or before.rstrip(" \"'”’)）」*_").endswith((".", "!", "?", "…", "。", "！", "？")):
        return ""
    return "the ending is not a sentence of its own"


KIND = Kind("ends_with", "task", draw, fault, needs="prose")
