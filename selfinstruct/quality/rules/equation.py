"""Linear equations in one unknown: the solution, and the one that an answer ends with."""

import ast
import re
from fractions import Fraction

from selfinstruct.quality.rules.sequence import number
from selfinstruct.quality.rules.sums import SIGNS
from selfinstruct.records import Candidate

_LOOK = 600
_SIDE = r"(?:(?<![A-Za-z])[A-Za-z](?![A-Za-z])|[0-9.]|[-+*/×·÷−–()（）＋ ]){1,80}"
_EQUATION = re.compile(rf"({_SIDE})[=＝]({_SIDE})")
_SOLVES = re.compile(r"(?a:\b)(?:solve|find|what is|determine|calculate)(?a:\b)|解|求", re.IGNORECASE)
_POWER = re.compile(r"[²³⁰¹⁴-⁹ⁿ^√|%]|(?<![A-Za-z])[A-Za-z][0-9]|quadratic|二次|三次")
"""What makes an equation another than linear."""
_ZERO = Fraction(0)
Linear = tuple[Fraction, Fraction]
"""a and b of ax + b."""


def wrong_solution(candidate: Candidate) -> str:
    """Return the error of an answer whose last `x = ...` does not solve the only equation of the task."""
    task = f"{candidate.instruction[:_LOOK]}\n{candidate.input[:_LOOK]}"
    if task.count("=") + task.count("＝") != 1 or not _SOLVES.search(task) or _POWER.search(task):
        return ""
    found = _EQUATION.search(task)
    letters = set(re.findall(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])", found[0])) if found else set()
    if not found or len(letters) != 1:
        return ""
    name = letters.pop()
    right, said = _solution(found[1], found[2], name), _last(candidate.output[-2_000:], name)
    if right is None or not said or any(_fits(right, one) for one in said):
        return ""
    return f"{name} = {right}, not {said[-1]}"


def _solution(left: str, right: str, name: str) -> Fraction | None:
    try:
        (a, b), (c, d) = _linear(left, name), _linear(right, name)
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError, MemoryError):
        return None
    return (d - b) / (a - c) if a != c else None


def _linear(side: str, name: str) -> Linear:
    """Return a and b of an expression that is ax + b."""
    text = re.sub(r"\s*([-+*/()])\s*", r"\1", side.translate(SIGNS).replace("·", "*") if name != "x" else _signs(side))
    text = re.sub(r"(?<=[0-9)])(?=[A-Za-z(])|(?<=[A-Za-z])(?=\()|(?<=\))(?=[0-9])", "*", text.strip(" ."))
    return _worth(ast.parse(re.sub(r"(?<![\d.])0+(?=\d)", "", text), mode="eval").body, text)


def _signs(side: str) -> str:
    """Return an expression in plain signs, where x is no multiplication."""
    return side.translate({key: value for key, value in SIGNS.items() if chr(key) not in "xX"})


def _worth(node: ast.expr, source: str) -> Linear:
    match node:
        case ast.Constant(value=int() | float()):
            return _ZERO, Fraction(ast.get_source_segment(source, node) or "")
        case ast.Name():
            return Fraction(1), _ZERO
        case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
            a, b = _worth(node.operand, source)
            return (-a, -b) if isinstance(node.op, ast.USub) else (a, b)
        case ast.BinOp():
            return _joined(node.op, _worth(node.left, source), _worth(node.right, source))
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


def _last(output: str, name: str) -> list[str]:
    """Return the numbers that an answer says its unknown to be, if it ends in one."""
    says = re.compile(
        rf"(?<![A-Za-z0-9*/+\-^)])(?<![*/+\-] )\(?{name}\)?\s?(?:=|＝|is|等于|是|为)\s?([-−]?[0-9]{{1,9}}(?:/[0-9]{{1,9}}|\.[0-9]{{1,9}})?)(?![\w/*^+(]|\.[0-9]|\s?[-+*/×÷=±]|\s?or)"
    )
    found = list(says.finditer(output))
    if not found or re.search(r"[0-9=]", output[found[-1].end() :]):
        return []
    return [one[1] for one in found]


def _fits(right: Fraction, said: str) -> bool:
    given = number(said)
    digits = len(said.partition(".")[2])
    return given is None or given == right or (digits > 0 and abs(given - right) < Fraction(1, 10**digits))
