"""An answer all in small or all in capital letters; in Chinese without Latin letters and digits. Source: IFEval (Zhou et al. 2023), `change_case`."""

import re
import unicodedata

from selfinstruct.verifiers.constraints.condition import condition, unmet
from selfinstruct.verifiers.kind import Draw, Kind, Row, Task

_LOWER = (
    "Write everything in lower case.",
    "Use only lowercase letters, even at the start of a sentence.",
    "Your whole answer must be in small letters, with no capitals.",
    "Do not use any capital letters.",
    "Answer entirely in lowercase.",
)
_UPPER = (
    "Write everything in capital letters.",
    "Use only capital letters.",
    "Your whole answer must be in upper case.",
    "Answer entirely in uppercase letters.",
    "Do not use any small letters: write all of it in capitals.",
)
_CHINESE = (
    "全文不要出现英文字母和阿拉伯数字。",
    "请只用汉字和标点，不用英文字母和阿拉伯数字。",
    "回答里不能有任何英文字母或阿拉伯数字，数字请写成汉字。",
    "写的时候不用字母，也不用阿拉伯数字。",
    "遇到数字一律写成汉字，也不要夹英文字母。",
)
_WORDINGS = {
    "lower": {"en": _LOWER, "zh": _CHINESE},
    "upper": {"en": _UPPER, "zh": _CHINESE},
    "none": {"en": _LOWER, "zh": _CHINESE},
}


def draw(draw: Draw) -> Task:
    """Draw one of the two cases; in Chinese there is one condition."""
    case = draw.rng.choice(["lower", "upper"]) if draw.language == "en" else "none"
    return condition(draw, _WORDINGS[case], {"case": case})


def fault(row: Row) -> str:
    """Return what is wrong with a row: full-width letters and digits, and digits in circles, count as such."""
    case = row.arguments["case"]
    if wrong := unmet(row, _WORDINGS[case], {}):
        return wrong
    if row.language == "zh":
        found = re.search(r"[A-Za-z\u00c0-\u024f\d]", unicodedata.normalize("NFKC", row.output))
        return f"`{found[0]}` stands in it" if found else ""
    answer = row.output
    if not any(mark.isupper() or mark.islower() for mark in answer):
        return "no letters"
    other = next((mark for mark in answer if (mark.isupper() if case == "lower" else mark.islower())), "")
    return f"`{other}` stands in it" if other else ""


KIND = Kind("capitals", "task", draw, fault)
