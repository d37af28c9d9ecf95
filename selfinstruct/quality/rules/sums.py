"""Exact values of expressions of numbers, signs and brackets, and whether two certainly differ."""

import ast
import operator
import re
from collections.abc import Callable
from fractions import Fraction

EXPRESSION = re.compile(r"[-−]?[\d.(][\d.,%()+\-*/]*")
SIGNS = str.maketrans("−–－×·xX÷（）％＝≈＋", "---****/()%==+")
_OPERATIONS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def plain(text: str) -> str:
    """Return an expression without spaces, currency and thousands separators; "" where numbers would touch."""
    text = text.translate(SIGNS)
    if re.search(r"\d\s+[\d.(]|\)\s*[\d(]|\d\(", text):
        return ""
    return re.sub(r"[\s$€£¥]|,(?=\d{3}(?!\d))", "", text).rstrip(".,")


def differ(left: str, right: str) -> bool:
    """Return whether two expressions certainly differ, allowing rounding to the digits of the shorter one."""
    one, other = _value(left), _value(right)
    if one is None or other is None or one == other:
        return False
    if re.fullmatch(r"-?\d+/\d+", right) and "." not in left and "%" not in left:
        return True  # a fraction is exact
    if ("%" in left) != ("%" in right) and (one == other * 100 or one * 100 == other):
        return False
    if "%" in left and re.search(r"[-+]", left[1:]) and not re.fullmatch(r"(?:[\d.]+%[-+]?)+", left):
        return False
    unit = _unit(left, right)
    exact = one % unit == 0  # then no rounding is needed
    return abs(one - other) > max(Fraction(0) if exact else unit, abs(other) / 10**9)


def _unit(left: str, right: str) -> Fraction:
    """Return the place value of the last digit on the right side, scaled to its value."""
    is_number = re.search(r"[-+*/]", right[1:]) is None
    digits = max(_digits(right if is_number else left), default=0)
    return Fraction(1, 10**digits) / (100 if is_number and "%" in right else 1)


def _digits(text: str) -> list[int]:
    return [len(found) for found in re.findall(r"\.(\d+)", text)] or [0]


def _value(text: str) -> Fraction | None:
    """Return the value of an expression of numbers, signs and brackets, or None."""
    if not 0 < len(text) <= 120 or re.search(r"\d{16}|\*\*|//", text):
        return None
    try:
        # Python rejects leading zeros; a percentage is a hundredth
        source = re.sub(r"(\d+(?:\.\d+)?)%", r"(\1/100)", re.sub(r"(?<![\d.])0+(?=\d)", "", text))
        return _worth(ast.parse(source, mode="eval").body, source)
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError, MemoryError):
        return None


def _worth(node: ast.expr, source: str) -> Fraction:
    match node:
        case ast.Constant():
            return Fraction(ast.get_source_segment(source, node) or "")
        case ast.UnaryOp(op=ast.USub()):
            return -_worth(node.operand, source)
        case ast.BinOp() if type(node.op) in _OPERATIONS:
            return _OPERATIONS[type(node.op)](_worth(node.left, source), _worth(node.right, source))
        case _:
            raise ValueError("not plain arithmetic")
