"""Rules for a row and its translation: what must not be lost between the two.

    pair.py     what a rule looks at              spans.py    code, links, placeholders, formulas, hidden while a row is translated
    taken_over.py  those are the source's         values.py   numbers by what they are worth    figures.py  none is lost or added
    settled.py  amounts that are alike in other words    readings.py, clock.py, amounts.py, shares.py, periods.py  what a part of a text can stand for    order.py  signs and scores    words.py    numbers in words
    units.py    units and days                    options.py  option letters and labels         shape.py    lists, headings, lines, emphasis, echoes
    remains.py  nothing is left behind            bound.py    tasks that live in their language
    unfenced.py code without a fence              code_strings.py  strings of code that a program needs as they are
    icu.py      plurals of programs               json_keys.py     keys that an instruction names

A rule takes a pair and returns a detail for the reader, or nothing; its name is the reason in the output.
"""

from collections.abc import Callable
from typing import Final

from selfinstruct.quality.translation.figures import changed_numbers
from selfinstruct.quality.translation.options import changed_options, label_not_offered
from selfinstruct.quality.translation.pair import Pair
from selfinstruct.quality.translation.remains import (
    glossary_missed,
    left_untranslated,
    translated_name,
    translator_note,
)
from selfinstruct.quality.translation.shape import broken_emphasis, changed_lines, changed_list, echo_differs
from selfinstruct.quality.translation.taken_over import (
    changed_code,
    changed_formulas,
    changed_links,
    changed_placeholders,
)
from selfinstruct.quality.translation.units import changed_dates, changed_units

TranslationRule = Callable[[Pair], str]
TRANSLATION_RULES: Final[tuple[TranslationRule, ...]] = (
    changed_code,
    changed_formulas,
    changed_links,
    changed_placeholders,
    translator_note,
    left_untranslated,
    translated_name,
    glossary_missed,
    changed_options,
    label_not_offered,
    echo_differs,
    changed_list,
    changed_lines,
    broken_emphasis,
    changed_dates,
    changed_units,
    changed_numbers,
)

TRANSLATION_RULE_NAMES: Final[tuple[str, ...]] = tuple(rule.__name__ for rule in TRANSLATION_RULES)

__all__ = ["TRANSLATION_RULES", "TRANSLATION_RULE_NAMES", "Pair", "TranslationRule", "broken"]


def broken(pair: Pair) -> list[tuple[str, str]]:
    """Return (name, detail) of every rule that a translation breaks."""
    return [(rule.__name__, detail) for rule in TRANSLATION_RULES if (detail := rule(pair))]
