"""What code can say of an answer: whether it passes the checks of its question.

`number`, `choice`, `json`, `lines` and `asserts` are for questions by hand; every other kind is one of `verifiers/`, as rows carry them.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from selfinstruct.comparison.question import Question
from selfinstruct.quality.rules.numerals import in_figures
from selfinstruct.records import Check
from selfinstruct.system.sandbox import failure
from selfinstruct.verifiers.kind import Row, shortened
from selfinstruct.verifiers.registry import KINDS, UNFIT, fault_of

_NUMBER = re.compile(r"(?<![A-Za-z0-9_.])[-−]?\d+(?:,\d{3})*(?:\.\d+)?(?:/\d+)?(?![\d])")
_STATED = re.compile(
    r"(?:\\boxed\{|answer|result|答案|结果)\s*(?:is|是|为)?\s*[:：=]?\s*\**\s*[$¥]?\s*([-−]?\d[\d,]*(?:\.\d+)?(?:/\d+)?)",
    re.IGNORECASE,
)
_FENCED = re.compile(r"```[\w+-]*\n(.*?)```", re.DOTALL)
_MARK = re.compile(r"^\s*(?:[-*•·]|\d{1,3}[.)、．])\s*")
_LONGEST = 20_000
"""Characters of an answer that are looked at."""


def fault(question: Question, answer: str) -> str:
    """Return what the first check that an answer does not pass says, in a few words; "" when it passes all."""
    found = (_fault(question, check, answer[:_LONGEST]) for check in question.checks)
    return next((one for one in found if one), "")


def is_whole(check: Check) -> bool:
    """Return whether a check says all there is to say; a condition on a text leaves open how good the text is."""
    return check.kind in _OWN or KINDS[check.kind].part != "task"


def is_known(kind: str) -> bool:
    """Return whether a kind of check is known."""
    return kind in _OWN or kind in KINDS


def arguments_fault(question: Question, check: Check) -> str:
    """Return what is wrong with the arguments of a check of a known kind, whatever is answered; "" when it can be used."""
    if check.kind in _OWN:
        wanted = _ARGUMENTS[check.kind]
        lacking = ", ".join(f"`{name}`" for name in wanted if name not in check.arguments)
        if lacking:
            return f"lacks {lacking} of {', '.join(f'`{name}`' for name in wanted)}"
        strange = ", ".join(f"`{name}`" for name in check.arguments if name not in {*wanted, *_OPTIONAL})
        if strange:
            return f"{strange} is none of its arguments: {', '.join(f'`{name}`' for name in wanted)}"
        is_list = all(isinstance(check.arguments.get(name, []), list) for name in ("options", "lines"))
        return "" if is_list else "`options` and `lines` must be lists"
    found = _fault(question, check, "?")
    return found if found.startswith(UNFIT) else ""


def _fault(question: Question, check: Check, answer: str) -> str:
    if own := _OWN.get(check.kind):
        return own(answer, check.arguments)
    row = Row(question.language, question.instruction, question.input, answer.strip(), check.arguments)
    return fault_of(check.kind, row)


def _number(answer: str, wanted: Mapping[str, Any]) -> str:
    """Look at the number that is stated as the answer, else at the last one, in figures or else in words."""
    text = unicodedata.normalize("NFKC", answer)
    stated = _STATED.findall(text)
    numbers = stated or _NUMBER.findall(text) or _NUMBER.findall(in_figures(text))
    if not numbers:
        return "there is no number"
    if _value(numbers[-1]) != _value(str(wanted["value"])):
        return f"the number is {numbers[-1]}, right is {wanted['value']}"
    return ""


def _value(text: str) -> Fraction | None:
    try:
        return Fraction(text.replace(",", "").replace("−", "-"))
    except (ValueError, ZeroDivisionError):
        return None


def _choice(answer: str, wanted: Mapping[str, Any]) -> str:
    """Look for the one option that is named; of several the one that stands alone on the last line or the first."""
    lines = [line for line in _folded(answer).split("\n") if line.strip()]
    options = [_folded(one) for one in wanted["options"]]
    for text in ("\n".join(lines), *lines[-1:], *lines[:1]):
        named = {one for one in options if _names(text, one)}
        if len(named) == 1:
            found = named.pop()
            return "" if found == _folded(str(wanted["answer"])) else f"names {found}, right is {wanted['answer']}"
    return "names no option, or several"


def _names(text: str, option: str) -> bool:
    """Return whether a text names an option: as a whole word where it is ASCII, anywhere where it is Chinese."""
    pattern = rf"(?<![A-Za-z0-9_]){re.escape(option)}(?![A-Za-z0-9_])" if option.isascii() else re.escape(option)
    return re.search(pattern, text) is not None


def _json(answer: str, wanted: Mapping[str, Any]) -> str:
    """Look at the JSON value that the answer is, alone or in a fence, or at the object in it."""
    texts = [answer.strip(), *(one.strip() for one in _FENCED.findall(answer))]
    start, end = answer.find("{"), answer.rfind("}")
    for text in (*texts, answer[start : end + 1]):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict | list):
            return (
                ""
                if _plain(value) == _plain(wanted["value"])
                else f"the JSON is {shortened(json.dumps(value, ensure_ascii=False))}"
            )
    return "there is no JSON"


def _plain(value: Any) -> Any:
    """Return a value whose texts are folded: blanks at their ends and their case do not count."""
    if isinstance(value, dict):
        return {_folded(str(key)): _plain(held) for key, held in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return _folded(value) if isinstance(value, str) else value


def _lines(answer: str, wanted: Mapping[str, Any]) -> str:
    """Look at the lines of the answer without list marks, in order unless `any_order`."""
    found = [_folded(_MARK.sub("", line)).rstrip(".。;；,，") for line in answer.split("\n") if line.strip()]
    right = [_folded(one) for one in wanted["lines"]]
    if wanted.get("any_order"):
        found, right = sorted(found), sorted(right)
    return "" if found == right else f"the lines are {shortened(' | '.join(found))}"


def _asserts(answer: str, wanted: Mapping[str, Any]) -> str:
    """Run the code of the answer, its fenced blocks or all of it, against the assertions."""
    blocks = _FENCED.findall(answer)
    return failure("\n\n".join(blocks) if blocks else answer, wanted["assertions"])


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


_ARGUMENTS: dict[str, tuple[str, ...]] = {
    "number": ("value",),
    "choice": ("options", "answer"),
    "json": ("value",),
    "lines": ("lines",),
    "asserts": ("assertions",),
}
_OPTIONAL = frozenset({"any_order"})
_OWN: dict[str, Callable[[str, Mapping[str, Any]], str]] = {
    "number": _number,
    "choice": _choice,
    "json": _json,
    "lines": _lines,
    "asserts": _asserts,
}
