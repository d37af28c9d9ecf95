"""Rules for lists that can be computed from a list which the task gives: sorted ones, and those chosen by a number."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction

from selfinstruct.language import Language
from selfinstruct.quality.rules.listing import numbers, sequence
from selfinstruct.quality.rules.numerals import DIGIT, FIGURE, in_figures, number
from selfinstruct.records import Candidate

_LOOK = 1_000
_MOST = 2_000
_SORT = re.compile(r"\b(?:sort|arrange|order|rank|put|list|organi[sz]e|write|rearrange)\b|排序|排列|排成|排好|按|从[小大短长低高]到", re.IGNORECASE)  # fmt: skip
_UP = re.compile(r"ascending|increasing|(?:small|low|short|least)\w* (?:first|(?:one )?to (?:the )?(?:large|big|great|high|long))|从[小低短]到[大高长]|升序|递增|由小到大", re.IGNORECASE)  # fmt: skip
_DOWN = re.compile(r"descending|decreasing|(?:large|big|great|high|long)\w* (?:first|(?:one )?to (?:the )?(?:small|low|short|least))|从[大高长]到[小低短]|降序|递减|由大到小", re.IGNORECASE)  # fmt: skip
_NOT_DOWN, _NOT_UP = (
    re.compile(rf"non-?\s?{one}|[非不]{two}", re.IGNORECASE)
    for one, two in (("decreasing", "递减"), ("increasing", "递增"))
)
_ORDERS = ("cending", "creasing", " to ", "first", "alphabet", "z", "length", "到", "序", "递", "长", "字母")
"""Without one of these no order is asked for."""
_ALPHABET = re.compile(r"alphabetical|字母(?:表|的)?(?:顺序|次序|排|升序)|a\s?(?:to|-|到|至)\s?z\b", re.IGNORECASE)
_REVERSED = re.compile(r"reverse|z\s?(?:to|-|到|至)\s?a\b|倒序|逆序|反向|相反|descending|降序", re.IGNORECASE)
_LENGTH = re.compile(r"\blengths?\b|长度|长短|字母(?:个)?数", re.IGNORECASE)
_WORDS = re.compile(r"words?\b|strings?\b|names?\b|[单名]?词|名字|字符串", re.IGNORECASE)
"""What has a length in letters; a river has another."""
_OTHER_KEY = re.compile(r"absolute|\blast|surname|\b(?:even|odd|prime|function|program|code)\b|\bby (?:the|their) (?!length|size)|绝对值|[奇偶质姓]|拼音|笔画|函数|程序|代码", re.IGNORECASE)  # fmt: skip
"""What else than size, alphabet or length may decide the order."""
_GIVEN = re.compile(r"[:：]\s*(.{3,600})\Z|[\[{(]([^\[\](){}]{3,600})[\])}]", re.DOTALL)


def not_sorted(candidate: Candidate, _: Language) -> str:
    """Sequence that was to be sorted by size, alphabet or length and has the same items in another order. One that lost or invented an item is a warning.

    Source: BIG-bench's and LiveBench's sorting tasks; an answer that a program can check
    """
    found, is_sure = _unsorted(candidate)
    return found if is_sure else ""


def may_be_unsorted(candidate: Candidate, _: Language) -> str:
    """Sorted sequence that lost or invented an item: the first five may be wanted, or one may be spelled otherwise."""
    found, is_sure = _unsorted(candidate)
    return "" if is_sure else found


def _unsorted(candidate: Candidate) -> tuple[str, bool]:
    """Return what is wrong with a sorted sequence, or "", and whether it is only its order."""
    asked = candidate.instruction[:_LOOK]
    if not any(map(asked.lower().__contains__, _ORDERS)):
        return "", False  # nearly every row
    asked = _NOT_DOWN.sub("ascending", _NOT_UP.sub("descending", asked))
    if not _SORT.search(asked) or "=" in candidate.output or _OTHER_KEY.search(asked):
        return "", False
    given = _given(candidate, asked)
    is_ordered = _order(asked, given) if len(given) > 2 else None
    answer = sequence(candidate.output.strip()[:_MOST]) if is_ordered else []
    if not is_ordered or not 2 <= len(answer) < 2 * len(given) or (numbers(given) and not numbers(answer)):
        return "", False
    kept, got = _counted(given), _counted(answer)
    if kept == got:
        return ("", False) if is_ordered(answer) else (f"{', '.join(answer)[:80]} is not in order", True)
    if 2 * sum((kept & got).values()) < sum(kept.values()):
        return "", False  # another list
    lost, invented = kept - got, got - kept
    return f"lost {', '.join(lost)[:60]}" if lost else f"invented {', '.join(invented)[:60]}", False


def _counted(items: Sequence[str]) -> Counter[str]:
    values = numbers(items)
    return Counter(map(str, values) if values else map(str.casefold, items))


def _given(candidate: Candidate, asked: str) -> list[str]:
    """Return the sequence of a task: the input, or what the instruction has in brackets or after a colon."""
    if candidate.input.strip():
        return sequence(candidate.input[: _MOST + 1])
    found = _GIVEN.search(asked)
    return sequence(next(filter(None, found.groups()), "")) if found else []


def _order(asked: str, given: Sequence[str]) -> Callable[[Sequence[str]], bool] | None:
    """Return the test of the order that an instruction asks for, or None where it cannot be known."""
    up, down, by_length = _UP.search(asked), bool(_DOWN.search(asked)), _LENGTH.search(asked) and _WORDS.search(asked)
    if numbers(given) and bool(up) != down and not by_length:
        return lambda items: numbers(items) == sorted(numbers(items), reverse=down)
    if _ALPHABET.search(asked) and all(item.isascii() for item in given) and not numbers(given):
        backwards = _REVERSED.search(asked) is not None
        return lambda items: any(list(items) == sorted(items, key=key, reverse=backwards) for key in (str, _bare))
    if by_length and bool(up) != down and not any(" " in item for item in given):
        return lambda items: list(map(len, items)) == sorted(map(len, items), reverse=down)
    return None


def _bare(item: str) -> str:
    """Return an item as a list by the alphabet may sort it: without capitals, marks and an article."""
    return re.sub(r"\A(?:the|an?) |[^0-9a-z ]", "", item.casefold())


_SCALE = r"\s?(hundred|thousand|million|billion|bn|[km](?![a-z])|百万|千万|[千万亿])?"
_ITEM = re.compile(
    rf"([^\W\d_][^\n,，、;；:：()（）]{{0,60}}?)\s?[(（:：]\s?(?:about |约)?[$€£¥]?({FIGURE}){_SCALE}([^()（）\n,，、;；]{{0,20}})[)）]?",
    re.IGNORECASE,
)
_CHOOSES = re.compile(r"\b(?:pick|choose|select|list|name|find|identify|filter|give|which|show|keep|extract)\b|[选挑]|[找列]出|哪些|写出|保留", re.IGNORECASE)  # fmt: skip
_LIMIT = re.compile(r"(?:((?:less|fewer|\w{3,7}er) than|under|below|[少小低矮短轻]于|不到|不足)|more than|over|above|exceeding|(?<!不)超过|[多大高长重]于)\s?[$€£¥]?(?=[0-9])", re.IGNORECASE)  # fmt: skip
_LIMITS = re.compile(r"\b(?:than|under|below|over|above|exceeding)\b|[于到足过]", re.IGNORECASE)
_AMOUNT = re.compile(rf"({FIGURE}){_SCALE}", re.IGNORECASE)
_LESS = re.compile(r"less|few|low|cheap|young|short|small|light|under|below|[少小低矮短轻]于|不[到足]", re.IGNORECASE)
_TRIM = ' .。*-•"“”《》「」'
_NOT = re.compile(r"\b(?:not|no|without|except|exclud\w+)\b|n't|不要|除|排除|删|去掉|不是", re.IGNORECASE)


def wrong_filter(candidate: Candidate, _: Language) -> str:
    """Choice by number that names an item whose number in the input contradicts the condition.

    Source: AlpacaDataCleaned, defect 8, wrong answers; an answer that a program can check
    """
    asked = candidate.instruction[:_LOOK]
    has_numbers = bool(DIGIT.search(candidate.input)) and _LIMITS.search(asked)
    if not has_numbers or not _CHOOSES.search(asked) or _NOT.search(asked):
        return ""
    said = in_figures(asked)
    limits, items = list(_LIMIT.finditer(said)), _items(candidate.input[: 2 * _MOST])
    amount = _AMOUNT.match(said, limits[0].end()) if len(limits) == 1 and len(items) > 1 else None
    limit = number(amount[1], amount[2] or "") if amount else None
    if limit is None:
        return ""
    sign = 1 if _LESS.match(limits[0][1] or "") else -1
    wrong = [name for name in _named(candidate.output, items) if sign * items[name] > sign * limit]
    return f"{wrong[0][:60]} has {float(items[wrong[0]]):,.10g}" if wrong else ""


def _items(text: str) -> dict[str, Fraction]:
    """Return the items of an input and their numbers, if every item has one of the same unit."""
    found = _ITEM.findall(text)
    values = {name.strip(_TRIM): number(figure, scale) or Fraction(0) for name, figure, scale, _ in found}
    alike = {(bool(scale), re.sub(r"\W", "", unit).lower()) for *_, scale, unit in found}
    return values if len(alike) == 1 and len(values) == len(found) else {}


def _named(output: str, items: dict[str, Fraction]) -> list[str]:
    """Return the items that an answer lists, if it lists nothing else."""
    text = re.sub(r"[(（][^()（）]{0,60}[)）]", "", output.strip()[: 2 * _MOST])
    parts = (part.strip(_TRIM) for part in re.split(r"[,，、;；\n]|\s(?:and)\s|[和与]", text))
    names = [re.sub(r"\A(?:and )?[0-9]{0,2}[.)、]?\s*", "", part) for part in parts if part]
    folded = {name.casefold(): name for name in items}
    listed = [folded.get(re.split(r"[:：]", name)[0].strip().casefold(), "") for name in names]
    return listed if listed and all(listed) else []
