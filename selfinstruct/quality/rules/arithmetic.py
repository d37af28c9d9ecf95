"""Wrong arithmetic: written-out sums of plain numbers, without variables, units or remainders.

Nothing is checked that the text may mean otherwise: rounding is allowed to the digits that are given, percentages either
way, and what is in another base, in code, or in a task about false sums is left alone.
"""

import re
from collections.abc import Iterator
from itertools import islice, pairwise

from selfinstruct.language import Language
from selfinstruct.quality.rules.numerals import DIGIT, EXPRESSION, SIGNS, differ, linear, plain
from selfinstruct.quality.rules.text import prose
from selfinstruct.records import Candidate

_RUN = re.compile(r"(?:[\d.,%％$€£¥+＋\-−–－*×·÷/()（）=＝≈\s\[\]])+")
_TIMES = re.compile(r"(?<=[\d)）])\s*[xX]\s*(?=[\d$(（])")
_LATEX = (
    (re.compile(r"\\(?:times|cdot)\b"), "×"),
    (re.compile(r"\\div\b"), "÷"),
    (re.compile(r"\\[,;!() ]|\\\[|\\\]|\\left|\\right|\$(?!\d)"), " "),
    (re.compile(r"\\d?frac\{([\d.]{1,9})\}\{([\d.]{1,9})\}"), r"((\1)/(\2))"),
    (re.compile(r"\\?%"), "%"),
)
_POWER = re.compile(r"(?<![\w.)\]^*])([2-9]|1[1-9])\s?(?:\^|\*\*)\s?([2-9])(?![\w.^*])")
_NO_POWER = re.compile(r"≈|(?a:\b)(?:xor|bitwise)(?a:\b)|异或|按位", re.IGNORECASE)
"""Where `2 ^ 3` is another operation, or the sum is rounded."""
_SPLIT = re.compile(r"\n|,(?=\s)|,(?!\d{3}(?!\d))|[.]\s|(?<=\s)[\[\]]")
_BULLET = re.compile(r"^\s*(?:[-–*•]\s+|\(?\d{1,2}[.)]\s+)")
_AFTER = re.compile(r"\s*(?:r(?a:\b)|r\d|rem|余|…|\.\.\.|mod|[mbtr]+illion|thousand|hundred|dozen|k(?a:\b)|万|亿|千(?!米|克|瓦|卡|帕)|百(?!分)|[:：]\d|\^|/|!(?=\w))", re.IGNORECASE)  # fmt: skip
_NOT_SO = re.compile(r"≠|!=|==|//|\.\.|(?a:\b)not(?a:\b)|wrong|incorrect|false|instead|error|mistake|remainder|错|误|不等|不对|不是|余|(?<![\d,.(\[])(?:0,\d{1,9}|\d{1,3},\d{1,2})(?![\d,])", re.IGNORECASE)  # fmt: skip
_TWO_NUMBERS = re.compile(r"[0-9][^0-9].*[0-9]")
_EQUALS, _IS = ("=", "＝", "≈", "equal"), re.compile(r"[0-9%％]\s?(?:等于|[得是为]|is |makes|gives)")
"""What a line has that states a sum."""
_INFIX = ("+", "*", "/", ")")
_NAMED = re.compile(r"(?:[A-Za-z]['’′]{1,4}|\^\{[^{}]{1,8}\}|[A-Za-z]_\{?|又|\\[A-Za-z]+\s?|(?a:\b)(?:lg|ln|log|sin|cos|tan|cot|sqrt|exp)\s?|(?:\d[%)]?|half|quarters?|thirds?) of\s?|(?:than|first|exceeds) |\d[%％]?的)\Z")  # fmt: skip
"""Text before a run of numbers that makes its first one an argument, an index or a part: f'(3), x_1, 1又1/2, lg 100, 4/5 of 25."""
_VARIABLE = re.compile(r"(?<![A-Za-z])[A-Za-z]\Z|[数元个\]]\Z")
"""Text before a minus that makes it a subtraction: in `n - 7` there is no negative number."""
_AROUND = frozenset("(（[,;:!?\"'”“’‘。，；：！？、）」』*_}")
_QUESTION = re.compile(r"[=＝]?\s*(?:等于|是)?(?:多少|几)?\s*[?？.。]*\s*$")
_ONLY_NUMBER = re.compile(r"[^\w\-−]*(?:the answer is|it is|answer|答案是?|结果是?|等于|是|得)?\s?[:：=]?\s?([-−]?[$€£¥]?\d[\d,]*(?:\.\d+)?[%％]?)\s?[^\W\d_]{0,8}[.。]?", re.IGNORECASE)  # fmt: skip
_FORM = re.compile(r"(?:[,.;，。；]\s*|\s+(?:and|then)\s+)(?:(?:give|show|write|state|reply|answer|return|output)\b|[只仅并请]|直接|不要).*\Z", re.IGNORECASE | re.DOTALL)  # fmt: skip
"""What an instruction says after its sum on the form of the answer."""
_OPERATOR, _MOST_STEPS = re.compile(r"[-+*/]"), 4
_FRACTION, _UNITS = re.compile(r"\d+/\d+"), (100, 1_000, 10**6)
_BARE_PERCENT = re.compile(r"[\d.]+%")
"""`10% = 110 * 0.9` says of what the percentage is taken, and is no equation."""
_MOST, _LONGEST_TASK, _LONGEST_NUMBER = 8_000, 2_000, 400


def wrong_arithmetic(candidate: Candidate, language: Language) -> str:
    """Sum that is written out and wrong, or the bare answer to one that was asked.

    Source: AlpacaDataCleaned, defect 8 (about 80 % of Alpaca's mathematics estimated wrong)
    """
    said = candidate.output[:_MOST]
    if not DIGIT.search(said):
        return ""
    lines = [line for line in said.split("\n") if _TWO_NUMBERS.search(line)] if _states(said) else []
    is_short = len(candidate.output) <= _LONGEST_NUMBER
    if not (lines or is_short) or language.matches(language.odd_sums, candidate.instruction):
        return ""
    if is_short and (asked := _asked_sum(candidate, language)):
        return asked
    for line in prose("\n".join(lines)).split("\n"):
        spelled = _spelled(line, language) if _states(line) else ""
        if re.search("[=＝≈]", spelled) and not _NOT_SO.search(spelled):
            for left, right in _equations(spelled):
                wrong = differ(left, right) and not _means_otherwise(left, right)
                if wrong and f"{left}={right}" not in _squeezed_task(candidate, language):
                    return f"{left} = {right}"
    return ""


def _means_otherwise(left: str, right: str) -> bool:
    """Return whether people write an equation of sides that differ: a running total, a share and its worth, another unit.

    5 + 7 = 12/2 = 6; 4/7 of the money = $24; $1 / 2 = 50 cents; 4 * 750 = 3 litres; 5 * 3 = $15,000 where thousands are counted.
    """
    if any(not differ(left, right[: sign.start()]) for sign in islice(_OPERATOR.finditer(right, 1), _MOST_STEPS)):
        return True
    one, other = linear(left), linear(right)
    if one is None or other is None or not one[1]:
        return False
    ratio = other[1] / one[1]
    is_unit = ratio in _UNITS or (ratio and 1 / ratio in _UNITS)  # metres that become kilometres, too
    return is_unit or (_FRACTION.fullmatch(left) is not None and one[1] < 1 < other[1])


def _states(text: str) -> bool:
    return any(map(text.__contains__, _EQUALS)) or _IS.search(text) is not None


def _squeezed_task(candidate: Candidate, language: Language) -> str:
    """Return instruction and input in plain signs, to ignore sums that the answer only quotes."""
    text = _spelled(candidate.instruction[:_LONGEST_TASK] + "\n" + candidate.input[:_LONGEST_TASK], language)
    return re.sub(r"\s", "", text.translate(SIGNS))


def _asked_sum(candidate: Candidate, language: Language) -> str:
    """Return the error in an answer that is only a number, when the instruction or input is a sum."""
    said = _ONLY_NUMBER.fullmatch(candidate.output.strip())
    tasks = (text for text in (candidate.instruction, candidate.input) if len(text) <= _LONGEST_TASK)
    for text in tasks if said else ():
        spelled = _spelled(text, language).strip()
        head = re.match(language.asks_for_sum, spelled, re.IGNORECASE)
        left = plain(_FORM.sub("", _QUESTION.sub("", spelled[head.end() if head else 0 :]).strip()))
        right = plain(said[1]) if said else ""
        if re.search(r"[-+*/]", left[1:]) and EXPRESSION.fullmatch(left) and differ(left, right):
            return f"{left} = {right}"
    return ""


def _spelled(text: str, language: Language) -> str:
    """Return a text with spoken arithmetic and LaTeX replaced by plain signs."""
    for pattern, sign in _LATEX if "\\" in text else ():
        text = pattern.sub(sign, text)
    text = _TIMES.sub(" × ", text)
    if ("^" in text or "**" in text) and not _NO_POWER.search(text):
        text = _POWER.sub(lambda power: f"({'*'.join([power[1]] * int(power[2]))})", text)
    for says, sign in language.operators:
        text = says.sub(sign, text)
    return text


def _equations(line: str) -> Iterator[tuple[str, str]]:
    """Yield adjacent sides of every chain of equations of plain numbers, with an operator on at least one side."""
    text = _BULLET.sub("", line)
    for run in _RUN.finditer(text):
        pieces = [piece.translate(SIGNS).split("=") for piece in _SPLIT.split(run[0].rstrip("([（"))]
        before, after = text[max(0, run.start() - 16) : run.start()], text[run.end() :]
        first, last = pieces[0][0].strip()[:1], pieces[-1][-1]
        grows = _goes_on(before[-1:]) and not run[0][0].isspace()
        is_part = (first in _INFIX and before) or (first == "-" and _VARIABLE.search(before))
        if grows or is_part or _NAMED.search(before):
            pieces[0][0] = ""
        if _AFTER.match(after) or (_goes_on(after[:1]) and not last[-1:].isspace()):
            pieces[-1][-1] = ""
        for sides in pieces:
            squeezed = [plain(side) if side.strip()[:1] not in _INFIX else "" for side in sides]
            yield from (pair for pair in pairwise(squeezed) if _are_plain(*pair))


def _goes_on(mark: str) -> bool:
    """Return whether a mark next to a run of numbers belongs to their expression: a letter, a root, an exponent."""
    return bool(mark) and not (mark.isspace() or "\u3400" <= mark <= "\u9fff" or mark in _AROUND)


def _are_plain(left: str, right: str) -> bool:
    """Return whether two sides are expressions of numbers, one of them with a sign."""
    are = EXPRESSION.fullmatch(left) and EXPRESSION.fullmatch(right) and not _BARE_PERCENT.fullmatch(left)
    return bool(are and re.search(r"[-+*/]", left[1:] + right[1:]))
