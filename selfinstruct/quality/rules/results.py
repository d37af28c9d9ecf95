"""Rule for one value that can be computed from what a task gives: a figure of numbers, an unknown, a count of words or letters.

Each check reads the task's own words, its material and the value that the answer states; where one of them is in doubt it says nothing.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from statistics import median

from selfinstruct.language import Language
from selfinstruct.quality.rules.listing import numbers, sequence
from selfinstruct.quality.rules.numerals import DIGIT, SIGNS, Linear, in_figures, linear, number
from selfinstruct.records import Candidate

_LOOK, _MOST = 600, 8_000
_FIGURE_WORDS = ("mean", "average", "平均", "均值", "median", "中位", "中值", "mode", "众数", "range", "极差", "全距")
_EXTREME_WORDS = ("max", "largest", "biggest", "greatest", "highest", "最大", "min", "smallest", "lowest", "最小", "sum", "total", "总和", "之和")  # fmt: skip
_TALLIES = ("many", "count", "number of", "often", "多少", "几", "数", "统计", "计算", "长度")
"""Words without which no figure is asked for, or nothing counted."""


def wrong_result(candidate: Candidate, language: Language) -> str:
    """Wrong result of what can be computed: an average, an unknown, a count of words or letters.

    Source: AlpacaDataCleaned, defect 8 (about 80 % of Alpaca's mathematics estimated wrong)
    """
    asked = candidate.instruction.strip()
    if len(candidate.instruction) > _LOOK:
        return ""
    has_numbers, lowered = DIGIT.search(asked + candidate.input[:_LOOK]), asked.lower()
    said = _wrong_figure(candidate, asked) if has_numbers and any(map(lowered.__contains__, _NAMES)) else ""
    said = said or (_wrong_solution(candidate) if has_numbers else "")
    return said or (_wrong_tally(candidate, asked, language) if any(map(lowered.__contains__, _TALLIES)) else "")


def _mode(values: Sequence[Fraction]) -> Fraction | None:
    """Return the only most frequent value, or None."""
    first, *rest = Counter(values).most_common(2)
    return first[0] if rest and first[1] > rest[0][1] else None


Figure = Callable[[Sequence[Fraction]], Fraction | None]
_FIGURES: dict[str, tuple[str, Figure]] = {
    "mean": (r"\b(?:mean|average)\b|平均[数值]?|均值", lambda values: sum(values, Fraction(0)) / len(values)),
    "median": (r"\bmedian\b|中位数?|中值", median),
    "mode": (r"\bmode\b|众数", _mode),
    "range": (r"\brange\b|极差|全距", lambda values: max(values) - min(values)),
    "maximum": (r"\b(?:max(?:imum)?|largest|biggest|highest|greatest)\b|最大(?:的?[数值])?", max),
    "minimum": (r"\b(?:min(?:imum)?|smallest|lowest)\b|最小(?:的?[数值])?", min),
    "sum": (r"\b(?:sum|total)\b|总和|之和", lambda values: sum(values, Fraction(0))),
}
_KIND = [re.compile(f"(?P<{name}>{says})", re.IGNORECASE) for name, (says, _) in _FIGURES.items()]
_NAMES = _FIGURE_WORDS + _EXTREME_WORDS
_NUMBER_OF = re.compile(r"\bnumber of\b|(?<!一)个数(?!字)|数量", re.IGNORECASE)
"""What is counted is not added."""
_ITEM = r"[-−]?[0-9][0-9.]{0,12}"
_RUN = re.compile(rf"[\[({{]?\s?{_ITEM}(?:\s?(?:[,，、]\s?(?:and |和)?|\s?and\s|[和与])\s?{_ITEM}){{2,60}}\s?[\])}}]?")
_PLAIN_TEXT = (
    "find calculate compute determine work out give get identify return output tell state what is please me us "
    "s the a an this that these those following given below provided arithmetic entire all of in from for "
    "among value values number numbers integers scores list set data dataset sequence array series group input items elements"
)
_PLAIN = frozenset(_PLAIN_TEXT.split())
_PLAIN_HAN = re.compile(
    r"[请求找算计出确定输返回给下列面以这些一组几个数字整据表集合序成绩年龄身高体重温度价格中的里是多少什么为值在从用我把\W]*"
)
_FIRST = re.compile(r"\bfirst ([0-9]{1,2})\b|前([0-9]{1,2})项", re.IGNORECASE)
"""All of the numbers, where there are as many."""
_VALUE = r"[-−]?[0-9][0-9,]*(?:\.[0-9]+)?"
_SAID = re.compile(
    rf"(?:\bis|=|[:：]|是|为|等于|得|≈)\s*[*$]{{0,2}}({_VALUE})[*$]{{0,2}}\s?[^\W\d_]{{0,8}}[.。!*\s]*\Z"
)
_ALONE = re.compile(_VALUE)


def _wrong_figure(candidate: Candidate, asked: str) -> str:
    kinds = {found.lastgroup or "" for kind in _KIND if (found := kind.search(asked))}
    runs, has_input = _RUN.findall(asked), bool(candidate.input.strip())
    if len(kinds) != 1 or len(runs) != (not has_input) or _NUMBER_OF.search(asked):
        return ""
    values = numbers(sequence(candidate.input if has_input else runs[0])) or _of_names(candidate.input)
    rest = _FIRST.sub(lambda found: " " if int(found[1] or found[2]) == len(values) else found[0], _RUN.sub(" ", asked))
    for kind in _KIND:
        rest = kind.sub(" ", rest)
    if not values or not _is_plain(rest):
        return ""
    (name,) = kinds
    right, said = _FIGURES[name][1](values), _stated(candidate.output)
    return "" if right is None or not said or _agree(right, said) else f"the {name} is {float(right):g}, not {said}"


def _of_names(text: str) -> list[Fraction]:
    """Return the numbers of a list in which each name has one: Ann - 22, Bob - 18; [] if it is none."""
    parts = [part for part in re.split(r"[\n、;；]|[,，](?![0-9])", text[:_LOOK]) if part.strip()]
    found = [_NAME_AND_NUMBER.fullmatch(part.strip()) for part in parts]
    return numbers([one[1] for one in found if one]) if len(parts) > 1 and all(found) else []


_NAME_AND_NUMBER = re.compile(
    rf"[^\W\d_][^\d\n$€£¥%％]{{0,30}}?\s?[-–:：(（]\s?({_ITEM})\s?(?:[^\W\d_]{{0,6}}[)）]?)?[.。]?"
)


def _is_plain(rest: str) -> bool:
    """Return whether an instruction says nothing else than what figure of these numbers is asked for."""
    if re.search(r"[\u3400-\u9fff]", rest):
        return bool(_PLAIN_HAN.fullmatch(rest)) and not re.search(r"[a-zA-Z0-9]", rest)
    return {word.lower() for word in re.findall(r"\w+", rest)} <= _PLAIN


def _stated(output: str) -> str:
    """Return the number that an answer ends in, or its only one."""
    text = output.strip()[:2_000]
    if found := _SAID.search(text[-120:]):
        return found[1]
    alone = _ALONE.findall(text)
    return alone[0] if len(alone) == 1 and len(text) < 200 else ""


def _agree(right: Fraction, said: str) -> bool:
    """Return whether a stated number is the right one, perhaps rounded or cut."""
    given = number(said)
    unit = Fraction(1, 10 ** len(said.partition(".")[2]))
    if given is None or right % unit == 0:
        return given is None or right == given
    return 2 * abs(right - given) <= unit or 0 < abs(right) - abs(given) < unit


_LETTER = r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])"
_SIDE = rf"(?:{_LETTER}|[0-9.]|[-+*/×·÷−–()（）＋ ]){{1,80}}"
_EQUATION = re.compile(rf"({_SIDE})[=＝]({_SIDE})")
_SOLVES = re.compile(r"\b(?:solve|find|what is|determine|calculate)\b|解|求", re.IGNORECASE)
_POWER = re.compile(r"[²³⁰¹⁴-⁹ⁿ^√|%]|(?<![A-Za-z])[A-Za-z][0-9]|quadratic|二次|三次")
"""What makes an equation another than linear."""
_BESIDE = re.compile(r"(?<=[0-9)])(?=[A-Za-z(])|(?<=[A-Za-z])(?=\()|(?<=\))(?=[0-9])")


def _wrong_solution(candidate: Candidate) -> str:
    task = f"{candidate.instruction}\n{candidate.input[:_LOOK]}"
    if task.count("=") + task.count("＝") != 1 or not _SOLVES.search(task) or _POWER.search(task):
        return ""
    found = _EQUATION.search(task)
    letters = set(re.findall(_LETTER, found[0])) if found else set()
    if not found or len(letters) != 1:
        return ""
    (name,) = letters
    left, right = _side(found[1], name), _side(found[2], name)
    said = _unknowns(candidate.output[-2_000:], name)
    if left is None or right is None or left[0] == right[0] or not said:
        return ""
    solution = (right[1] - left[1]) / (left[0] - right[0])
    return "" if any(_agree(solution, one) for one in said) else f"{name} = {solution}, not {said[-1]}"


def _side(text: str, name: str) -> Linear | None:
    """Return a and b of one side, where the unknown may stand beside a number: 4x, 2(x + 1)."""
    signs = {key: value for key, value in SIGNS.items() if chr(key) not in ("xX" if name in "xX" else "")}
    return linear(_BESIDE.sub("*", re.sub(r"\s*([-+*/()])\s*", r"\1", text.translate(signs).strip(" ."))), name)


def _unknowns(output: str, name: str) -> list[str]:
    """Return the numbers that an answer says its unknown to be, if it ends in one."""
    value, goes_on = r"([-−]?[0-9]{1,9}(?:/[0-9]{1,9}|\.[0-9]{1,9})?)", r"(?![\w/*^+(]|\.[0-9]|\s?[-+*/×÷=±]|\s?or)"
    begins = r"(?<![A-Za-z0-9*/+\-^)])(?<![*/+\-] )"
    says = re.compile(rf"{begins}\(?{name}\)?\s?(?:=|＝|is|等于|是|为)\s?{value}{goes_on}")
    found = list(says.finditer(output))
    return [one[1] for one in found] if found and not re.search(r"[0-9=]", output[found[-1].end() :]) else []


_COUNTS = re.compile(r"\b(?:how many|count|number of)\b.{0,30}\b(?P<en>words|letters)\b|(?:多少|几|统计|计算|数|测量|找[出到])[^，。？?]{0,24}?(?P<zh>单词|字母|汉字|字符(?!串)|(?<=[串本词子符]的)长度|(?<!数)字(?![母符]))", re.IGNORECASE)  # fmt: skip
_WITH_LETTER = re.compile(r"(?:letter\s|字母\s?)[\"'“‘]?([a-z])\b", re.IGNORECASE)
_ONE_LETTER = re.compile(r"[\"“'‘]([A-Za-z])[\"”'’]")
_OCCURS = re.compile(r"how (?:many times|often)\b|出现了?(?:多少|几)次", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“「『‘]([^\"“”「」『』‘’\n]{2,600})[\"”」』’]")
_NAMED = re.compile(r"[:：]\s*(.{2,600})\Z|(?:the word|单词) ?'?([A-Za-z]{2,40})'?(?:\s?[中里]|[?.]?\Z)", re.DOTALL)
_OTHERWISE = re.compile(r"\b(?:and|unique|different|distinct|each|every|longest|start|begin|end|vowels?|consonants?|capital|more|most|code|function|program)|[并再每最]|不同|元音|辅音|大写|开头|结尾|函数|代码|程序|方法|笔画", re.IGNORECASE)  # fmt: skip
"""What else an instruction may ask of a text."""
_LABEL = re.compile(
    r"\A(?:sentence|text|word|string|phrase|input|句子|文本|单词|字符串|输入)\s?[:：]\s*", re.IGNORECASE
)
_LONGEST_OWN = {"en": 120, "zh": 50}
_TALLY = re.compile(r"\b([0-9]{1,6})\b(?= (?:words?|letters?|times)| [a-z]'?s?\b|\W*\Z)|(?<!第)([0-9]{1,6})\s?[个次字]")


def _wrong_tally(candidate: Candidate, asked: str, language: Language) -> str:
    """Return the error of an answer that counts the words or letters of a text which the task gives."""
    asked, given = _ONE_LETTER.sub(r"\1", asked), _LABEL.sub("", candidate.input.strip(), count=1)
    if len(given) > _LOOK or not (_COUNTS.search(asked) or _OCCURS.search(asked)):
        return ""
    quoted, named = _QUOTED.findall(asked), _NAMED.search(asked)
    inside = quoted[0] if len(quoted) == 1 else next(filter(None, named.groups()), "") if named and not quoted else ""
    text = given or inside.strip()
    own = asked.replace(text, " ") if text else ""
    if not text or len(own) > _LONGEST_OWN[language.code] or _OTHERWISE.search(own):
        return ""
    right, said = _count(text, own), _tallied(candidate.output, text)
    return "" if not right or said is None or said in right else f"{min(right)}, not {said}"


def _count(text: str, own: str) -> set[int]:
    """Return the possible counts; none where words cannot be told apart."""
    letter, asked = _WITH_LETTER.search(own), _COUNTS.search(own)
    if letter and _OCCURS.search(own):
        return {text.lower().count(letter[1].lower())} if text.isascii() else set()
    unit = (asked["en"] or asked["zh"]).lower() if asked else ""
    if unit in {"字", "汉字"}:
        han = len(re.findall(r"[\u3400-\u9fff]", text))
        return {han, len(re.sub(r"\s", "", text))} if han and not re.search(r"[A-Za-z0-9]", text) else set()
    if unit in {"字符", "长度"}:
        return {len(text), *(len(re.sub(other, "", text)) for other in (r"\s", r"\W", r"[\W\d]"))}
    words = [bare for word in text.split() if (bare := word.strip("\"“”'‘’.,;:!?()"))]
    if not unit or not words or not all(re.fullmatch(r"[A-Za-z]+(?:['’][A-Za-z]+)?", word) for word in words):
        return set()
    if unit in {"letters", "字母"}:
        return set() if letter else {sum(mark.isalpha() for mark in "".join(words))}
    return {sum(letter[1].lower() in word.lower() for word in words) if letter else len(words)}


def _tallied(output: str, text: str) -> int | None:
    """Return the only number of a short answer outside its quotations."""
    rest = _QUOTED.sub(" ", output.strip()[:_MOST].replace(text, " "))
    found = _TALLY.findall(in_figures(rest.replace("once", "1").replace("twice", "2")))
    return int(found[0][0] or found[0][1]) if len(rest) <= 200 and len(found) == 1 else None
