"""Rule for sorted lists: the answer has the items in another order, or other items."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise

from selfinstruct.language import Language
from selfinstruct.quality.rules.sequence import numbers, sequence
from selfinstruct.records import Candidate

_LOOK = 1_000
_MOST = 2_000
_SORT = re.compile(
    r"(?a:\b)(?:sort|arrange|order|rank|put|list|reorder|organi[sz]e|write|rearrange)(?a:\b)|排序|排列|排成|排好|按|从[小大短长低高]到",
    re.IGNORECASE,
)
_UP = re.compile(
    r"ascending|increasing|(?:small|low|short|least)\w* (?:first|(?:one )?to (?:the )?(?:large|big|great|high|long))|从[小低短]到[大高长]|升序|递增|由小到大",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"descending|decreasing|(?:large|big|great|high|long)\w* (?:first|(?:one )?to (?:the )?(?:small|low|short|least))|从[大高长]到[小低短]|降序|递减|由大到小",
    re.IGNORECASE,
)
_ALPHABET = re.compile(r"alphabetical|字母(?:表|的)?(?:顺序|次序|排|升序)|a\s?(?:to|-|到|至)\s?z(?a:\b)", re.IGNORECASE)
_REVERSED = re.compile(r"reverse|z\s?(?:to|-|到|至)\s?a(?a:\b)|倒序|逆序|反向|相反|descending|降序", re.IGNORECASE)
_LENGTH = re.compile(
    r"(?a:\b)(?:by|of) (?:their |the )?(?:word |string )?lengths?|(?:short|long)est (?:word )?(?:first|to (?:the )?(?:long|short))|(?:按|根据|依)[^，。]{0,6}(?:长度|长短)|字母(?:个)?数",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(
    r"unique|duplicate|distinct|absolute|last name|surname|famil|(?a:\b)(?:even|odd|prime|only|then|except|remove|by (?:the|their)|code|function|program|algorithm)(?a:\b)|去重|重复|绝对值|奇数|偶数|质数|只|再|代码|函数|程序|算法|拼音|笔画|姓",
    re.IGNORECASE,
)
"""What else an instruction may ask of a sequence."""
_GIVEN = re.compile(r"[:：]\s*(.{3,600})\Z|\[([^\[\]]{3,600})\]|\{([^{}]{3,600})\}|\(([^()]{3,600})\)", re.DOTALL)
_NUMERIC_RUN = re.compile(r"-?[0-9][0-9.]{0,12}(?:\s?[,，、]\s?(?:and |和)?-?[0-9][0-9.]{0,12}){2,60}")
_NOT_LETTERS = re.compile(r"[^0-9a-z]+")


def not_sorted(candidate: Candidate, _: Language) -> str:
    r"""Sequence that was to be sorted by size, alphabet or length and is not, or that lost or invented an item.

    Source: BIG-bench's and LiveBench's sorting tasks; an answer that a program can check
    Finds: Sort the numbers from small to large. ‖ 12, 4, 33, 7 → 4, 12, 7, 33
    Finds: Arrange the words in alphabetical order: plum, fig, apple → apple, plum, fig
    Keeps: Sort the numbers in descending order. ‖ 12, 4, 33, 7 → 33, 12, 7, 4
    Finds: 把数字从小到大排序。 ‖ 12, 4, 33, 7 → 4, 7, 12
    Keeps: 把数字从大到小排列。 ‖ 12、4、33、7 → 从大到小：33、12、7、4
    """
    asked = candidate.instruction[:_LOOK]
    if not _SORT.search(asked) or _OTHERWISE.search(asked):
        return ""
    given, answer = _material(candidate), _answered(candidate.output[:_MOST])
    if len(given) < 3 or not 2 <= len(answer) < 2 * len(given):
        return ""
    is_ordered = _order(asked, given)
    if is_ordered is None or (numbers(given) and not numbers(answer)):
        return ""
    kept, got = _counted(given), _counted(answer)
    if kept != got:
        return _lost(kept, got)
    return "" if is_ordered(answer) else f"{', '.join(answer)[:80]} is not in order"


def _counted(items: Sequence[str]) -> Counter[str]:
    values = numbers(items)
    return Counter(map(str, values) if values else map(str.casefold, items))


def _lost(kept: Counter[str], got: Counter[str]) -> str:
    """Return what an answer lost or invented, if it shares at least half of the items."""
    if 2 * sum((kept & got).values()) < sum(kept.values()):
        return ""
    lost, invented = kept - got, got - kept
    return f"lost {', '.join(lost)[:60]}" if lost else f"invented {', '.join(invented)[:60]}"


def _material(candidate: Candidate) -> list[str]:
    """Return the sequence to be sorted: the input, or what the instruction has in brackets or after a colon."""
    if candidate.input.strip():
        return sequence(candidate.input[: _MOST + 1])
    asked = candidate.instruction[:_LOOK]
    if found := _GIVEN.search(asked):
        return sequence(next(filter(None, found.groups()), ""))
    runs = _NUMERIC_RUN.findall(asked)
    return sequence(runs[0]) if len(runs) == 1 else []


def _answered(output: str) -> list[str]:
    text = output.strip()
    return sequence(text) if "=" not in text else []


def _order(asked: str, given: Sequence[str]) -> Callable[[Sequence[str]], bool] | None:
    """Return the test of the order that an instruction asks for, or None where it cannot be known."""
    up, down = _UP.search(asked), _DOWN.search(asked)
    if numbers(given):
        if bool(up) == bool(down) or _LENGTH.search(asked):
            return None
        return lambda items: _is_sorted(numbers(items), down=bool(down))
    if _ALPHABET.search(asked) and all(item.isascii() for item in given):
        backwards = _REVERSED.search(asked) is not None
        return lambda items: _is_alphabetical(items, down=backwards)
    if _LENGTH.search(asked) and bool(up) != bool(down) and not any(" " in item for item in given):
        return lambda items: _is_sorted([Fraction(len(item)) for item in items], down=bool(down))
    return None


def _is_sorted(values: Sequence[Fraction], *, down: bool) -> bool:
    return all((one >= other) if down else (one <= other) for one, other in pairwise(values))


def _is_alphabetical(items: Sequence[str], *, down: bool) -> bool:
    """Return whether items follow the alphabet, with or without regard to spaces and capitals."""
    ways: tuple[Callable[[str], str], ...] = (
        str,
        str.casefold,
        lambda item: _NOT_LETTERS.sub("", item.casefold()),
        lambda item: re.sub(r"\A(?:the|an?) ", "", item.casefold()),
    )
    return any(list(items) == sorted(items, key=way, reverse=down) for way in ways)
