"""Rule for the numbers of a translation: none is lost, none is added, whatever they are written as."""

from fractions import Fraction

from selfinstruct.quality.translation.order import lost_sign, swapped
from selfinstruct.quality.translation.pair import Pair
from selfinstruct.quality.translation.settled import settled
from selfinstruct.quality.translation.values import Values, plain_figures, said_in, values_of
from selfinstruct.records import LanguageCode

_SMALL = 1
"""Words for one come and go: `a`, 一个."""
_LONGEST = 8_000
"""Characters of both texts, above which figures alone are compared."""
OTHER: dict[LanguageCode, LanguageCode] = {"en": "zh", "zh": "en"}


def changed_numbers(pair: Pair) -> str:
    """Figures that the translation lacks or adds, or that is a percentage on one side alone; 三 is 3, 120万 is 1.2 million.

    Source: translated Alpaca sets, in which options and answers have other figures than the question
    """
    for name, before, after in pair.fields:
        if detail := _difference(before, after, pair):
            return f"{name}: {detail}"
    return ""


def _difference(before: str, after: str, pair: Pair) -> str:
    left, also_left = said, also_said = said_in(before), said_in(after)
    if len(left) + len(also_left) <= _LONGEST:
        signs = plain_figures(before), plain_figures(after)
        left, also_left, fault = settled(left, also_left, pair.to)
        if fault := fault or lost_sign(*signs) or swapped(*signs):
            return fault
    wanted, found = values_of(left, OTHER[pair.to]), values_of(also_left, pair.to)
    for old, new in stated_otherwise(pair, before, after):
        wanted, found = wanted.without(values_of(old, OTHER[pair.to])), found.without(values_of(new, pair.to))
    lacks = wanted.without(found).without(_figures(also_said, pair.to))
    adds = found.without(wanted).without(_figures(said, OTHER[pair.to]))
    return _firm(lacks, adds) or _percent(lacks, adds) or _in_words(lacks, adds)


def _figures(text: str, language: LanguageCode) -> Values:
    """Return the numbers of a text before any was settled, as one can stand there twice; not its percentages."""
    return values_of(text, language)._replace(percent=frozenset())


def stated_otherwise(pair: Pair, before: str, after: str) -> list[tuple[str, str]]:
    """Return what was said to be adapted of which the texts have the figures, in other words: 时速50公里, and 以50公里的时速."""
    return [
        (old, new)
        for old, new in pair.adapted
        if not (old in before and new in after)
        and _stands(old, before, OTHER[pair.to])
        and _stands(new, after, pair.to)
    ]


def _stands(stated: str, text: str, language: LanguageCode) -> bool:
    figures = values_of(stated, language).all
    return stated in text or (bool(figures) and figures <= values_of(text, language).all)


def _firm(lacks: Values, adds: Values) -> str:
    if lacks.firm:
        return f"lacks {_shown(min(lacks.firm))}"
    return f"adds {_shown(min(adds.firm))}" if adds.firm else ""


def _percent(lacks: Values, adds: Values) -> str:
    if lacks.percent:
        return f"lacks {_shown(min(lacks.percent))} %"
    return f"adds {_shown(min(adds.percent))} %" if adds.percent else ""


def _in_words(lacks: Values, adds: Values) -> str:
    """Return that a number in words has become another one, and that one of them is surely a number; words that only one side has are no fault."""
    missing, more = (sorted(one for one in values.counted | values.alone if one > _SMALL) for values in (lacks, adds))
    sure = any(one > _SMALL for one in lacks.counted | adds.counted)
    return f"has {_shown(more[0])} for {_shown(missing[0])}" if sure and missing and more else ""


def _shown(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"
