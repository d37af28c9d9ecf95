"""Durations that an answer names one by one, and their total in words: four times 20 seconds, twice, are no five minutes."""

import re
from fractions import Fraction

from selfinstruct.language import Language
from selfinstruct.quality.rules.numerals import CHINESE, ENGLISH, whole

_MOST = 8_000
_SECONDS = {"s": 1, "秒": 1, "m": 60, "分": 60, "h": 3_600, "小": 3_600}
_PATTERNS: dict[str, tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]] = {
    "en": (
        re.compile(rf"(?<![\w.:/-])([0-9]{{1,4}}(?:\.[0-9])?|{ENGLISH})[ -](seconds?|minutes?|hours?|sec|min)(?a:\b)", re.IGNORECASE),
        re.compile(r"(?a:\b)(?:for a total of|a total of|in total|total(?:ling|s)? (?:time |duration )?(?:is|of|to)?|altogether|adds? up to)(?a:\b)", re.IGNORECASE),
        re.compile(rf"(?a:\b)(?:repeat|do|perform|go through)(?a:\b)[^.]{{0,40}}?(twice|({ENGLISH}) (?:times|rounds))(?a:\b)", re.IGNORECASE),
        re.compile(r"(?a:\b)(?:each|every|per|rest|pause|break|between|or|about|around|extra|remaining|left|at least|up to|of (?:it|them|which|that))(?a:\b)|[0-9]\s?[-–~]\s?[0-9]|[0-9] to [0-9]", re.IGNORECASE),
    ),
    "zh": (
        re.compile(rf"([0-9]{{1,4}}(?:\.[0-9])?|{CHINESE})\s?个?(秒|分钟|小时)"),
        re.compile(r"一共|总共|共计|总计|合计|加起来|总时长|总时间"),
        re.compile(rf"(?:做|重复|来|循环|练)[^。，]{{0,6}}?({CHINESE})(?:遍|次|轮|组)"),
        re.compile(r"每|各|休息|间隔|停|或|左右|大?约|剩|至少|最多|其中|[0-9一二两三四五六七八九十]\s?[-–~到至]\s?[0-9一二两三四五六七八九十]"),
    ),
}  # fmt: skip
_LEAST_PARTS = 2
_TOLERANCE = Fraction(1, 10)


def wrong_duration(output: str, language: Language) -> str:
    """Return the error of a paragraph that names durations and then a total that they do not add up to."""
    for paragraph in output[:_MOST].split("\n"):
        if detail := _paragraph(paragraph, language):
            return detail
    return ""


def _paragraph(text: str, language: Language) -> str:
    duration, total, again, doubtful = _PATTERNS[language.code]
    totals = list(total.finditer(text))
    if len(totals) != 1 or doubtful.search(text):
        return ""
    parts = [_length(*one.groups()) for one in duration.finditer(text[: totals[0].start()])]
    after = [(one, _length(*one.groups())) for one in duration.finditer(text[totals[0].end() :])]
    if len(parts) < _LEAST_PARTS or len(after) != 1 or after[0][0].start() > 8 or None in (*parts, after[0][1]):
        return ""
    whole_time, said = sum((part for part in parts if part is not None), Fraction(0)), after[0][1] or Fraction(0)
    times = _times(again.findall(text))
    if times is None or any(abs(said - whole_time * one) <= said * _TOLERANCE for one in times):
        return ""
    return f"{float(whole_time * min(times)):g} seconds, not {float(said):g}"


def _length(figure: str, unit: str) -> Fraction | None:
    count = Fraction(figure) if re.fullmatch(r"[0-9]{1,4}(?:\.[0-9])?", figure) else whole(figure)
    return None if count is None else Fraction(count) * _SECONDS[unit[0].lower()]


def _times(found: list[str] | list[tuple[str, ...]]) -> set[int] | None:
    """Return how often everything is done: once, or as often as said and perhaps once more; None if said twice."""
    if len(found) > 1:
        return None
    if not found:
        return {1}
    said = found[0] if isinstance(found[0], str) else found[0][1] or found[0][0]
    count = 2 if said.lower() == "twice" else whole(said)
    return {count, count + 1} if count else None
