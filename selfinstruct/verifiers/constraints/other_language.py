"""An answer in English to a Chinese task, in Chinese to an English one. Source: IFEval (Zhou et al. 2023), `language:response_language`."""

import re

from selfinstruct.verifiers.constraints.condition import condition, unmet
from selfinstruct.verifiers.kind import Draw, Kind, Row, Task
from selfinstruct.verifiers.text import words

_WORDINGS = {
    "en": (
        "Answer in Chinese.",
        "Write your whole answer in Chinese.",
        "Please reply in Simplified Chinese.",
        "Your answer must be in Chinese, not in English.",
        "Use Chinese for the answer.",
    ),
    "zh": ("请用英语回答。", "回答全部用英文写。", "答案请写成英文，不要夹中文。", "用英语作答。", "请用英文来写。"),
}
_HAN = re.compile(r"[一-鿿]")
_KANA = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
_TRADITIONAL = frozenset("這個們來時為說會對學與國過還後發經見長開關問當無從樣點體種東車電話書門馬風")
_COMMON = frozenset(
    "the a an of to and in is are it for on with that this you your be at as by from or not have has i we they he she was were can will if so my do its when but".split()  # noqa: SIM905 - one line
)


def draw(draw: Draw) -> Task:
    """Draw the condition."""
    return condition(draw, _WORDINGS, {})


def fault(row: Row) -> str:
    """Return what is wrong with a row: a few foreign names and words may stand in a Chinese answer, no Chinese in an English one."""
    if wrong := unmet(row, _WORDINGS, {}):
        return wrong
    han, latin = len(_HAN.findall(row.output)), re.findall(r"[A-Za-z\u00c0-\u024f]+", row.output)
    if _KANA.search(row.output):
        return "it is in another language"
    if row.language == "en":
        traditional = sum(mark in _TRADITIONAL for mark in row.output)
        return "" if han >= 2 and len(latin) * 5 <= han and not traditional else "it is not in Simplified Chinese"
    if han or not latin:
        return "it is not in English"
    found = [word.lower() for word in words(row.output)]
    share = sum(word in _COMMON for word in found) / len(found)
    return "" if share >= 0.1 or len(found) < 8 else "it does not read as English"


KIND = Kind("other_language", "task", draw, fault)
