"""Rule for a choice by number: the answer names an item whose number, in brackets in the input, contradicts the condition."""

import re
from fractions import Fraction
from typing import NamedTuple

from selfinstruct.language import Language
from selfinstruct.quality.rules.numerals import ENGLISH, whole
from selfinstruct.records import Candidate

_LOOK = 1_000
_MOST = 4_000
_SCALES = {
    "hundred": 100, "thousand": 1_000, "k": 1_000, "million": 10**6, "m": 10**6, "billion": 10**9, "bn": 10**9,
    "千": 1_000, "万": 10**4, "亿": 10**8, "百万": 10**6, "千万": 10**7,
}  # fmt: skip
_ITEM = re.compile(
    r"([^\W\d_][^\n,，、;；:：()（）]{0,60}?)\s?[(（:：]\s?(?:about |约)?[$€£¥]?([0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)\s?(hundred|thousand|million|billion|bn|[km](?![a-z])|百万|千万|[千万亿])?([^()（）\n,，、;；]{0,20})[)）]?",
    re.IGNORECASE,
)
_CHOOSES = re.compile(
    r"(?a:\b)(?:pick|choose|select|list|name|find|identify|filter|give|which|show|keep|extract)(?a:\b)|选|挑|找出|列出|筛选|哪些|写出|保留",
    re.IGNORECASE,
)
_LESS = r"fewer than|less than|under|below|lower than|cheaper than|younger than|shorter than|smaller than|lighter than"
_MORE = r"more than|greater than|over|above|higher than|older than|longer than|larger than|bigger than|heavier than|taller than|exceeding"
_EN_LIMIT = re.compile(
    rf"(?a:\b)(?:({_LESS})|({_MORE})) [$€£¥]?([0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?|{ENGLISH})\s?(hundred|thousand|million|billion|k(?![a-z]))?",
    re.IGNORECASE,
)
_ZH_LIMIT = re.compile(
    r"(?:(少于|小于|低于|不到|不足|矮于|短于|轻于)|((?<!不)超过|多于|大于|高于|长于|重于))\s?([0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?|[一二两三四五六七八九十百千万亿]{1,9})\s?(百万|千万|[百千万亿])?"
)
_TRIM = ' .。*-•"“”《》「」'
_NOT = re.compile(r"(?a:\b)(?:not|no|without|except|exclud\w+)(?a:\b)|n't|不要|除|排除|删|去掉|不是", re.IGNORECASE)


class _Limit(NamedTuple):
    least: bool
    value: Fraction


def wrong_filter(candidate: Candidate, language: Language) -> str:
    r"""Choice by number that names an item whose number in the input contradicts the condition.

    Source: AlpacaDataCleaned, defect 8, wrong answers; an answer that a program can check
    Finds: Pick the cities with fewer than one million people. ‖ Lyon (0.5 million), Lagos (15 million) → Lagos (15 million)
    Keeps: Pick the cities with fewer than one million people. ‖ Lyon (0.5 million), Lagos (15 million) → Lyon
    Finds: 选出人口超过一百万的城市。 ‖ 里昂（50万）、拉各斯（1500万） → 里昂
    Keeps: 选出人口超过一百万的城市。 ‖ 里昂（50万）、拉各斯（1500万） → 拉各斯（1500万）
    """
    asked = candidate.instruction[:_LOOK]
    if not _CHOOSES.search(asked) or _NOT.search(asked):
        return ""
    limit = _limit(asked, language)
    items = _items(candidate.input[:_MOST])
    if limit is None or len(items) < 2:
        return ""
    named = _named(candidate.output, items)
    wrong = [name for name in named if (items[name] < limit.value if limit.least else items[name] > limit.value)]
    return f"{wrong[0][:60]} has {float(items[wrong[0]]):,.10g}" if wrong else ""


def _limit(asked: str, language: Language) -> _Limit | None:
    """Return the only limit of an instruction."""
    found = (_ZH_LIMIT if language.code == "zh" else _EN_LIMIT).findall(asked)
    if len(found) != 1:
        return None
    _, more, figure, scale = found[0]
    value = _value(figure, scale)
    return None if value is None else _Limit(bool(more), value)


def _value(figure: str, scale: str) -> Fraction | None:
    plain = figure.replace(",", "")
    if re.fullmatch(r"[0-9]{1,15}(?:\.[0-9]{1,9})?", plain):
        base: Fraction | None = Fraction(plain)
    else:
        spoken = whole(figure)
        base = Fraction(spoken) if spoken is not None else None
    return None if base is None else base * _SCALES.get(scale.lower(), 1)


def _items(text: str) -> dict[str, Fraction]:
    """Return the items of an input and their numbers, if every item has one of the same unit."""
    found = _ITEM.findall(text)
    values = {name.strip(_TRIM): _value(figure, scale) for name, figure, scale, _ in found}
    units = {re.sub(r"\W", "", unit).lower() for *_, unit in found}
    scaled = {bool(scale) for _, _, scale, _ in found}
    if len(units) > 1 or not found or len(scaled) > 1 or len(values) < len(found):
        return {}
    return {name: value for name, value in values.items() if value is not None}


def _named(output: str, items: dict[str, Fraction]) -> list[str]:
    """Return the items that an answer lists, if it lists nothing else."""
    text = re.sub(r"[(（][^()（）]{0,60}[)）]", "", output.strip()[:_MOST])
    parts = (part.strip(_TRIM) for part in re.split(r"[,，、;；\n]|\s(?:and)\s|[和与]", text))
    names = [re.sub(r"\A(?:and )?[0-9]{0,2}[.)、]?\s*", "", part) for part in parts if part]
    folded = {name.casefold(): name for name in items}
    listed = [folded.get(re.split(r"[:：]", name)[0].strip().casefold(), "") for name in names]
    return listed if listed and all(listed) else []
