"""Wrong arithmetic: written-out sums of plain numbers, without variables, units or remainders.

Nothing is checked that the text may mean otherwise: rounding is allowed to the digits that are given, percentages either
way, and what is in another base, in code, or in a task about false sums is left alone.
"""

import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from selfinstruct.language import Language
from selfinstruct.quality.rules.sums import EXPRESSION, SIGNS, differ, plain
from selfinstruct.quality.rules.text import prose
from selfinstruct.records import Candidate

_RUN = re.compile(r"(?:[\d.,%％$€£¥+＋\-−–－*×·÷/()（）=＝≈\s\[\]])+")
_TIMES = re.compile(r"(?<=[\d)])\s*[xX]\s*(?=[\d$(])")
_LATEX = (
    (re.compile(r"\\(?:times|cdot)\b"), "×"),
    (re.compile(r"\\div\b"), "÷"),
    (re.compile(r"\\[,;!() ]|\\\[|\\\]|\\left|\\right|\$(?!\d)"), " "),
    (re.compile(r"\\d?frac\{([\d.]{1,9})\}\{([\d.]{1,9})\}"), r"((\1)/(\2))"),
    (re.compile(r"\\?%"), "%"),
)
_SPLIT = re.compile(r"\n|,(?=\s)|,(?!\d{3}(?!\d))|[.]\s|(?<=\s)[\[\]]")
_BULLET = re.compile(r"^\s*(?:[-–*•]\s+|\(?\d{1,2}[.)]\s+)")
_NUMBER = re.compile(r"[-−]?[$€£¥]?\d[\d,]*(?:\.\d+)?[%％]?")
_AFTER = re.compile(
    r"\s*(?:r(?a:\b)|r\d|rem|余|…|\.\.\.|mod|million|billion|trillion|thousand|hundred|dozen|k(?a:\b)|万|亿|千(?!米|克|瓦|卡|帕)|百(?!分)|[:：]\d|\^|/|!(?=\w))",
    re.IGNORECASE,
)
_NOT_SO = re.compile(
    r"≠|!=|==|//|\.\.|(?a:\b)not(?a:\b)|wrong|incorrect|false|instead|error|mistake|remainder|错|误|不等|不对|不是|余",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_INFIX = ("+", "*", "/", ")")
_NAMED = re.compile(
    r"[A-Za-z]['’′]{1,4}\Z|\^\{[^{}]{1,8}\}\Z|[A-Za-z]_\{?\Z|又\Z|\\[A-Za-z]+\s?\Z|(?a:\b)(?:lg|ln|log|sin|cos|tan|cot|sqrt|exp)\s?\Z|(?:\d[%)]?|half|quarters?|thirds?) of\s?\Z|\d[%％]?的\Z"
)
"""Text before a run of numbers that makes its first one an argument, an index or a part: f'(3), x_1, 1又1/2, lg 100, 4/5 of 25."""
_VARIABLE = re.compile(r"(?<![A-Za-z])[A-Za-z]\Z|[数元个\]]\Z")
"""Text before a minus that makes it a subtraction: in `n - 7` there is no negative number."""
_THEN = re.compile(
    r"(?:[,.;，。；]\s*|\s+(?:and|then|but)\s+)(?:(?:please|just|only)\s+)*(?:(?:give|show|write|state|reply|answer|return|output|provide|tell)(?a:\b)|只|直接|仅|并|请|不要|无需).*\Z",
    re.IGNORECASE | re.DOTALL,
)
"""Instructions after the sum on the form of the answer."""
_ADDS_UP = re.compile(
    r"\A(?:please )?(?:add up|add|sum(?: up)?|total(?: up)?|(?:find|calculate|work out|give) the (?:sum|total) of|what (?:is|do) the (?:sum|total) of) (?:all )?(?:the|these|this) [\w ]{1,40}[.?]?\Z"
    r"|\A请?[^，。]{0,16}(?:加起来|相加|求和|的总和|合计|总价|总额|一共)[^，。]{0,10}[。？?]?\Z",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"[$€£¥￥]\s?(\d[\d,]*(?:\.\d{1,2})?)|(?<!\d)(?<!\d,)(\d[\d,]*(?:\.\d{1,2})?)\s?(?:元|块|美元|dollars?|euros?|pounds?|yuan)(?![a-z])"
)
_BARE_PERCENT = re.compile(r"[\d.]+%")
"""`10% = 110 * 0.9` says of what the percentage is taken, and is no equation."""
_MOST = 8_000
_LONGEST_TASK = 2_000
"""Characters of an instruction or input that may be a sum, with what it says on the form of the answer."""
_LONGEST_NUMBER = 400
"""Characters of an answer that is one number, or of an instruction that asks for a sum: an endless run of digits is neither."""


def wrong_arithmetic(candidate: Candidate, language: Language) -> str:
    """Sum that is written out and wrong, or the bare answer to one that was asked.

    Source: AlpacaDataCleaned, defect 8 (about 80 % of Alpaca's mathematics estimated wrong)
    Finds: Add up the bill. ‖ tea 4, cake 7 → The total is 4 + 7 = 12.
    Finds: What is 15% of 80? → 10
    Keeps: Divide ten by three. → 10 / 3 = 3.33
    Keeps: Solve for x. ‖ 2x + 3 = 7 → 2x + 3 = 7, so x = 2.
    Keeps: Find the derivative of x^2 at 3. → Since f'(x) = 2x, f'(3) = 2*3 = 6, and x_1 = (5 + 1)/2 = 3.
    Keeps: What is four fifths of 25? → 4/5 of 25 = (4/5) * 25 = 20
    Keeps: 计算一又二分之一加二又二分之一。 → 1又1/2 + 2又1/2 = 4
    Finds: 算一算一共多少钱。 ‖ 茶4元，糕7元 → 4+7=12，一共12元。
    Keeps: 十七除以五等于几？ → 17÷5=3……2
    """
    asked = candidate.instruction[:2_000]
    if language.matches(language.odd_sums, asked):
        return ""
    if asked_sum := _asked_sum(candidate, language) or _asked_total(candidate):
        return asked_sum
    numeric = [line for line in prose(candidate.output[:_MOST]).split("\n") if len(_DIGITS.findall(line)) > 1]
    for line in (_spelled(one, language) for one in numeric):
        if ("=" in line or "＝" in line or "≈" in line) and not _NOT_SO.search(line):
            for left, right in _equations(line):
                if differ(left, right) and f"{left}={right}" not in _squeezed_task(candidate, language):
                    return f"{left} = {right}"
    return ""


def _squeezed_task(candidate: Candidate, language: Language) -> str:
    """Return instruction and input in plain signs, to ignore sums that the answer only quotes."""
    text = _spelled(candidate.instruction[:2_000] + "\n" + candidate.input[:2_000], language)
    return re.sub(r"\s", "", text.translate(SIGNS))


def _asked_sum(candidate: Candidate, language: Language) -> str:
    """Return the error in an answer that is only a number, when the instruction is a sum."""
    if len(candidate.output) > _LONGEST_NUMBER:
        return ""
    said = re.fullmatch(
        r"[^\w\-−]*(?:the answer is|it is|answer|答案是?|结果是?|等于|是|得)?\s?[:：=]?\s?([-−]?[$€£¥]?\d[\d,]*(?:\.\d+)?[%％]?)\s?[^\W\d_]{0,8}[.。]?",
        candidate.output.strip(),
        re.IGNORECASE,
    )
    if not said:
        return ""
    for text in (candidate.instruction, candidate.input):
        if len(text) > _LONGEST_TASK:
            continue
        spelled = _spelled(text, language).strip()
        head = re.match(language.asks_for_sum, spelled, re.IGNORECASE)
        body = re.sub(
            r"[=＝]?\s*(?:等于|是)?(?:多少|几)?\s*[?？.。]*\s*$", "", spelled[head.end() if head else 0 :]
        ).strip()
        left = plain(_THEN.sub("", body))
        if re.search(r"[-+*/]", left[1:]) and EXPRESSION.fullmatch(left) and differ(left, plain(said[1])):
            return f"{left} = {plain(said[1])}"
    return ""


def _asked_total(candidate: Candidate) -> str:
    """Return the error in the only number of an answer that adds up all amounts of money of the input."""
    if not _ADDS_UP.search(candidate.instruction[:_LONGEST_NUMBER]):
        return ""
    amounts, said = _AMOUNT.findall(candidate.input[:_MOST]), _AMOUNT.findall(candidate.output[:_MOST])
    if not (len(amounts) > 1 and len(said) == 1):
        return ""
    if len(_DIGITS.findall(candidate.output)) > 2 or len(re.findall(_NUMBER, candidate.input[:_MOST])) != len(amounts):
        return ""  # the input also has quantities, rates or dates
    total, given = sum(map(_amount, amounts), Fraction(0)), _amount(said[0])
    return "" if total == given else f"{' + '.join(map(_shown, amounts))} = {_shown(said[0])}"


def _amount(found: tuple[str, str]) -> Fraction:
    return Fraction(_shown(found))


def _shown(found: tuple[str, str]) -> str:
    return (found[0] or found[1]).replace(",", "")


def _spelled(text: str, language: Language) -> str:
    """Return a text with spoken arithmetic and LaTeX replaced by plain signs."""
    if "\\" in text:
        for pattern, sign in _LATEX:
            text = pattern.sub(sign, text)
    text = _TIMES.sub(" × ", text)
    for says, sign in language.operators:
        text = re.sub(says, sign, text, flags=re.IGNORECASE)
    return text


def _equations(line: str) -> list[tuple[str, str]]:
    """Return adjacent sides of every chain of equations of plain numbers, with an operator on at least one side."""
    found = []
    for run in _RUN.finditer(_BULLET.sub("", line)):
        text = run.string
        if "=" not in run[0] and "＝" not in run[0]:
            continue
        before, after = text[: run.start()][-1:], text[run.end() :]
        pieces = _SPLIT.split(run[0].rstrip("([（"))
        for number, piece in enumerate(pieces):
            sides = piece.translate(SIGNS).split("=")
            if number == 0 and (
                (_goes_on(before) and not run[0][0].isspace())
                or _NAMED.search(text[max(0, run.start() - 16) : run.start()])
                or (sides[0].strip()[:1] in _INFIX and before)
                or (sides[0].strip()[:1] == "-" and _VARIABLE.search(text[max(0, run.start() - 2) : run.start()]))
            ):
                sides[0] = ""
            if number == len(pieces) - 1 and (
                _AFTER.match(after) or (_goes_on(after[:1]) and not piece[-1:].isspace())
            ):
                sides[-1] = ""
            found += _plain_pairs(sides)
    return found


def _goes_on(mark: str) -> bool:
    """Return whether a mark next to a run of numbers belongs to their expression: a letter, a root, an exponent."""
    return (
        bool(mark)
        and not mark.isspace()
        and not "\u3400" <= mark <= "\u9fff"
        and mark not in "(（[,;:!?\"'”“’‘。，；：！？、）」』*_}"
    )


def _plain_pairs(sides: Sequence[str]) -> list[tuple[str, str]]:
    squeezed = [plain(side) if side.strip()[:1] not in _INFIX else "" for side in sides]
    return [
        (left, right)
        for left, right in pairwise(squeezed)
        if not _BARE_PERCENT.fullmatch(left)
        and EXPRESSION.fullmatch(left)
        and EXPRESSION.fullmatch(right)
        and re.search(r"[-+*/]", left[1:] + right[1:])
    ]
