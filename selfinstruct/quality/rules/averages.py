"""Mean, median, mode, range, maximum, minimum and sum of numbers that a task gives, and the value that an answer states."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction

from selfinstruct.quality.rules.sequence import number, numbers, sequence
from selfinstruct.records import Candidate

_LOOK = 600
_KINDS = {
    "mean": re.compile(r"(?a:\b)(?:mean|average)(?a:\b)|平均[数值]?|均值", re.IGNORECASE),
    "median": re.compile(r"(?a:\b)median(?a:\b)|中位数|中值", re.IGNORECASE),
    "mode": re.compile(r"(?a:\b)mode(?a:\b)|众数", re.IGNORECASE),
    "range": re.compile(r"(?a:\b)range(?a:\b)|极差|全距", re.IGNORECASE),
    "maximum": re.compile(r"(?a:\b)(?:max(?:imum)?|largest|biggest|highest|greatest)(?a:\b)|最大(?:的?[数值])?", re.IGNORECASE),
    "minimum": re.compile(r"(?a:\b)(?:min(?:imum)?|smallest|lowest)(?a:\b)|最小(?:的?[数值])?", re.IGNORECASE),
    "sum": re.compile(r"(?a:\b)(?:sum|total)(?a:\b)|总和|之和", re.IGNORECASE),
}  # fmt: skip
_RUN = re.compile(
    r"[\[({]?\s?[-−]?[0-9][0-9.]{0,12}(?:\s?(?:[,，、]\s?(?:and |和)?|\s?and\s|[和与])\s?[-−]?[0-9][0-9.]{0,12}){2,60}\s?[\])}]?"
)
_PLAIN_WORDS = (
    "find calculate compute determine work out give get identify return output tell state what is please me us s",
    "the a an this that these those following given below provided arithmetic entire all of in from for among",
    "value values number numbers integers scores list set data dataset sequence array series group input items elements",
)
_PLAIN = frozenset(" ".join(_PLAIN_WORDS).split())
_PLAIN_HAN = re.compile(
    r"[请求找算计出确定输返回给下列面以这些一组几个数字整据表集合序成绩中的里是多少什么为值在从用我把\W]*"
)
_SAID = re.compile(
    r"(?:(?a:\b)is|=|[:：]|是|为|等于|得|≈)\s*[*$]{0,2}([-−]?[0-9][0-9,]*(?:\.[0-9]+)?)[*$]{0,2}\s?[^\W\d_]{0,8}[.。!*\s]*\Z",
    re.IGNORECASE,
)
_ALONE = re.compile(r"[-−]?[0-9][0-9,]*(?:\.[0-9]+)?")


def wrong_average(candidate: Candidate) -> str:
    """Return the error of an answer that states one figure of numbers which the task gives."""
    asked = candidate.instruction.strip()
    if len(asked) > _LOOK or not (values := _given(candidate)):
        return ""
    kinds = [kind for kind, pattern in _KINDS.items() if pattern.search(asked)]
    if len(kinds) != 1 or not _is_plain(_KINDS[kinds[0]].sub(" ", _RUN.sub(" ", asked))):
        return ""
    right, said = _figure(kinds[0], values), stated(candidate.output)
    if right is None or said is None or _agree(right, said):
        return ""
    return f"the {kinds[0]} is {float(right):g}, not {said}"


def _given(candidate: Candidate) -> list[Fraction]:
    """Return the numbers of the input, or of the only run of numbers in the instruction."""
    if candidate.input.strip():
        return numbers(sequence(candidate.input)) if not _RUN.search(candidate.instruction) else []
    runs = _RUN.findall(candidate.instruction)
    return numbers(sequence(runs[0])) if len(runs) == 1 else []


def _is_plain(rest: str) -> bool:
    """Return whether an instruction says nothing else than what figure of these numbers is asked for."""
    if re.search(r"[\u3400-\u9fff]", rest):
        return _PLAIN_HAN.fullmatch(re.sub(r"[a-zA-Z]", "?", rest)) is not None and not re.search(r"[a-zA-Z0-9]", rest)
    return {word.lower() for word in re.findall(r"\w+", rest)} <= _PLAIN


def stated(output: str) -> str | None:
    """Return the number that an answer ends in, or its only one."""
    text = output.strip()[:2_000]
    if found := _SAID.search(text[-120:]):
        return found[1]
    alone = _ALONE.findall(text)
    return alone[0] if len(alone) == 1 and len(text) < 200 else None


def _agree(right: Fraction, said: str) -> bool:
    """Return whether a stated number is the right one, perhaps rounded or cut."""
    given = number(said)
    if given is None:
        return True
    digits = len(said.partition(".")[2])
    return abs(right - given) < Fraction(1, 10**digits) if right % Fraction(1, 10**digits) else right == given


def _figure(kind: str, values: Sequence[Fraction]) -> Fraction | None:
    figures: dict[str, Callable[[], Fraction | None]] = {
        "mean": lambda: sum(values, Fraction(0)) / len(values),
        "median": lambda: _median(sorted(values)),
        "mode": lambda: _mode(values),
        "range": lambda: max(values) - min(values),
        "maximum": lambda: max(values),
        "minimum": lambda: min(values),
        "sum": lambda: sum(values, Fraction(0)),
    }
    return figures[kind]()


def _median(ordered: Sequence[Fraction]) -> Fraction:
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _mode(values: Sequence[Fraction]) -> Fraction | None:
    """Return the only most frequent value, or None."""
    first, *rest = Counter(values).most_common(2)
    return first[0] if rest and first[1] > rest[0][1] else None
