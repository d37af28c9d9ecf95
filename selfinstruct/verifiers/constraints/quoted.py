"""An answer that stands in quotation marks as a whole. Source: IFEval (Zhou et al. 2023), `startend:quotation`."""

from selfinstruct.verifiers.constraints.condition import condition, unmet
from selfinstruct.verifiers.kind import Draw, Kind, Row, Task

_WORDINGS = {
    "en": (
        "Wrap your whole answer in double quotation marks.",
        "Put the entire answer in double quotation marks.",
        "Your answer must start and end with a double quotation mark, with none in between.",
        "Enclose everything you write in one pair of double quotation marks.",
        "Write the whole answer between double quotes.",
    ),
    "zh": (
        "请把整个回答放在一对双引号里。",
        "全文用双引号括起来。",
        "回答的开头和结尾要是一对双引号“”，中间不再用双引号。",
        "整个答案写在双引号“”之内。",
        "用一对双引号把全部内容括起来。",
    ),
}
_PAIRS = {"en": ('""', "“”"), "zh": ("“”",)}


def draw(draw: Draw) -> Task:
    """Draw the condition."""
    return condition(draw, _WORDINGS, {})


def fault(row: Row) -> str:
    """Return what is wrong with a row: one pair of marks around all of it, none within; in Chinese those of Chinese."""
    if wrong := unmet(row, _WORDINGS, {}):
        return wrong
    answer = row.output.strip()
    if not any(answer.startswith(pair[0]) and answer.endswith(pair[1]) for pair in _PAIRS[row.language]):
        return "it does not stand in double quotation marks"
    inner = answer[1:-1]
    if any(mark in inner for mark in '"“”„'):
        return "double quotation marks within"
    return "" if inner == inner.strip() else "spaces within the marks"


KIND = Kind("quoted", "task", draw, fault)
