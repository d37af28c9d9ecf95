"""Numbers in a text: digits, English words, Chinese numerals; and the exact value of an expression of numbers and signs."""

import ast
import re
from fractions import Fraction
from functools import lru_cache

from selfinstruct.quality.rules.text import english_words

_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_VALUES = {word: value for value, word in enumerate(_ONES.split(), 1)} | {
    word: 10 * n for n, word in enumerate(_TENS.split(), 2)
}
_VALUES |= {"dozen": 12, "single": 1} | {one: value for value, one in enumerate("一二三四五六七八九", 1)} | {"两": 2}
_INNER = {"hundred": 100, "十": 10, "百": 100, "千": 1_000}
_OUTER = {"thousand": 1_000, "million": 10**6, "billion": 10**9, "万": 10**4, "亿": 10**8}
_SCALES = _INNER | _OUTER | {"k": 1_000, "m": 10**6, "bn": 10**9, "百万": 10**6, "千万": 10**7}
_SILENT = frozenset(["a", "an", "and", "零", "〇", "zero"])
_SPELLED = re.compile(r"\b(?=[adefhnost])(?:(?:an? )?(?:dozen|hundred)|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[a-z]{3,5}teen|[a-z]{3,5}ty(?:-[a-z]{3,5})?)(?: hundred)?)\b|[一二两三四五六七八九十百千万]{1,7}", re.IGNORECASE)  # fmt: skip
NUMBER_WORDS = frozenset([*_VALUES, *_INNER, *_OUTER])
DIGIT = re.compile("[0-9]")
FIGURE = r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?"
_LONGEST, _LONGEST_EXPRESSION = 40, 120
SIGNS = str.maketrans("−–－×·xX÷（）％＝≈＋", "---****/()%==+")
EXPRESSION = re.compile(r"[-−]?[\d.(][\d.,%()+\-*/]*")
Linear = tuple[Fraction, Fraction]
"""a and b of ax + b."""
_ZERO = Fraction(0)


def whole(text: str) -> int | None:
    """Return the value of a whole number, or None where it is none or a guess like 三五 (three to five).

    >>> whole("two hundred and five"), whole("三百二十"), whole("三五")
    (205, 320, None)
    """
    text = text.strip().lower().replace(",", "")
    if not 0 < len(text) <= _LONGEST:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    total = section = pending = 0
    for word in re.split(r"[-\s]+", text) if text.isascii() else text:
        if word in _VALUES and (not pending or (pending % 10 == 0 and pending > 19 and _VALUES[word] < 10)):
            pending += _VALUES[word]
        elif word in _INNER:
            section, pending = section + (pending or 1) * _INNER[word], 0
        elif word in _OUTER:
            total = total + (section + pending) * _OUTER[word] if section + pending else (total or 1) * _OUTER[word]
            section = pending = 0
        elif word not in _SILENT:
            return None
    return total + section + pending


@lru_cache(maxsize=16)
def in_figures(text: str) -> str:
    """Return a text with its spelled numbers in figures; guesses stay.

    >>> in_figures("List twenty-one birds."), in_figures("用三句话概括三五个要点")
    ('List 21 birds.', '用3句话概括三五个要点')
    """
    if text.isascii() and NUMBER_WORDS.isdisjoint(english_words(text)):
        return text
    return _SPELLED.sub(lambda found: found[0] if (value := whole(found[0])) is None else str(value), text)


def number(text: str, scale: str = "") -> Fraction | None:
    """Return the exact value of a text that is one number, times its scale (`k`, `million`, `万`), or None."""
    plain_text = text.replace("−", "-").strip()
    if re.fullmatch(rf"-?{FIGURE}", plain_text) and len(plain_text) <= _LONGEST:
        base = Fraction(plain_text.replace(",", ""))
    elif re.fullmatch(r"-?[0-9]{1,6}/[1-9][0-9]{0,5}", plain_text):
        base = Fraction(plain_text)
    else:
        spoken = whole(text)
        if spoken is None:
            return None
        base = Fraction(spoken)
    return base * _SCALES.get(scale.lower(), 1)


def plain(text: str) -> str:
    """Return an expression without spaces, currency and thousands separators; "" where numbers would touch."""
    text = text.translate(SIGNS)
    if re.search(r"\d\s+[$€£¥]?[\d.(]|\)\s*[\d(]|\d\(", text):
        return ""
    return re.sub(r"[\s$€£¥]|,(?=\d{3}(?!\d))", "", text).rstrip(".,")


def differ(left: str, right: str) -> bool:
    """Return whether two expressions certainly differ, allowing rounding to the digits of the shorter one."""
    one, other = linear(left), linear(right)
    if one is None or other is None or one == other:
        return False
    (_, a), (_, b) = one, other
    if re.fullmatch(r"-?\d+/\d+", right) and "." not in left and "%" not in left:
        return True  # a fraction is exact
    if "%" in right and "%" not in left and abs(a - b * 100) <= _unit(left, right) * 100:
        return False
    if ("%" in left) != ("%" in right) and (a == b * 100 or a * 100 == b):
        return False
    if "%" in left and re.search(r"[-+]", left[1:]) and not re.fullmatch(r"(?:[\d.]+%[-+]?)+", left):
        return False
    unit = _unit(left, right)
    return abs(a - b) > max(_ZERO if a % unit == 0 else unit, abs(b) / 10**9, _slack(left, a))


_ROUNDED = re.compile(r"\d*\.(?:\d*[1-9]\d{2,}|\d*(?:33|66|67))(?!\d)")
"""A number that was surely rounded before: three digits behind its point, or those of a third."""


def _slack(left: str, worth: Fraction) -> Fraction:
    """Return by how much a product or quotient may be off since its factors were rounded."""
    if not re.fullmatch(r"[\d.*/()]+", left):
        return _ZERO
    factors = [found[0] for found in _ROUNDED.finditer(left)]
    return sum((abs(worth) / Fraction(one) / (2 * 10 ** len(one.partition(".")[2])) for one in factors), _ZERO)


def _unit(left: str, right: str) -> Fraction:
    """Return the place value of the last digit on the right side, or on the left where the right is an expression."""
    is_number = re.search(r"[-+*/]", right[1:]) is None
    digits = max((len(found) for found in re.findall(r"\.(\d+)", right if is_number else left)), default=0)
    return Fraction(1, 10**digits) / (100 if is_number and "%" in right else 1)


def linear(text: str, unknown: str = "") -> Linear | None:
    """Return a and b of an expression that is ax + b, where x is the unknown; a is 0 without one. None if it is not."""
    if not 0 < len(text) <= _LONGEST_EXPRESSION or re.search(r"\d{16}|\*\*|//", text):
        return None
    # Python rejects leading zeros; a percentage is a hundredth
    source = re.sub(r"(\d+(?:\.\d+)?)%", r"(\1/100)", re.sub(r"(?<![\d.])0+(?=\d)", "", text))
    try:
        return _worth(ast.parse(source, mode="eval").body, source, unknown)
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError, MemoryError):
        return None


def _worth(node: ast.expr, source: str, unknown: str) -> Linear:
    match node:
        case ast.Constant():
            return _ZERO, Fraction(ast.get_source_segment(source, node) or "")
        case ast.Name(id=name) if name == unknown:
            return Fraction(1), _ZERO
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign):
            a, b = _worth(node.operand, source, unknown)
            return (-a, -b) if isinstance(sign, ast.USub) else (a, b)
        case ast.BinOp():
            return _joined(node.op, _worth(node.left, source, unknown), _worth(node.right, source, unknown))
        case _:
            raise ValueError("not linear")


def _joined(sign: ast.operator, left: Linear, right: Linear) -> Linear:
    (a, b), (c, d) = left, right
    match sign:
        case ast.Add():
            return a + c, b + d
        case ast.Sub():
            return a - c, b - d
        case ast.Mult() if not (a and c):
            return a * d + b * c, b * d
        case ast.Div() if not c:
            return a / d, b / d
        case _:
            raise ValueError("not linear")
