"""No rule of a translation takes more than a second of processor time for 200 KB of anything."""

from functools import partial

import pytest

from selfinstruct.quality.translation import TRANSLATION_RULES, Pair
from selfinstruct.quality.translation.bound import bound, is_neutral
from selfinstruct.quality.translation.spans import Hidden, outside, spans
from selfinstruct.quality.translation.unfenced import unfenced
from selfinstruct.records import LanguageCode
from selfinstruct.requests.parts import divided
from selfinstruct.requests.translation_reply import read_answer
from tests.support.floods import UNITS, flood, slow

pytestmark = pytest.mark.bounds
MORE = ("$a", "$x$ ", "\\[", "\\(", "\\begin{a}", "{{a", "${a", "%(a", "<a b", "[[a", "⟦1⟧", "⟦", "www.a.", "one hundred and ", "三百", "5 miles ", "百分之", "[[instruction]]\n", "a -> b; ", "/*", "20世纪", "March ", "def a():\n", "x = 1\n", "f(x)\n", "SELECT a\n", "  return\n", "} else {", "// a", "a::b", "a ->", "++ ")  # fmt: skip
floods = pytest.mark.parametrize("unit", [*UNITS, *MORE], ids=repr)


@floods
def test_an_endless_translation_takes_no_time(unit: str) -> None:
    to: LanguageCode = "zh" if len(unit) % 2 else "en"
    text = flood(unit)
    for cached in (spans, outside):
        cached.cache_clear()
    pair = Pair(
        {"instruction": "Add it up.", "output": text},
        {"instruction": "加起来。", "output": f"{text}x"},
        to,
        (("a", "b"),),
        (("a", "b"),),
    )
    assert slow({rule.__name__: partial(rule, pair) for rule in TRANSLATION_RULES}) == {}


@floods
def test_an_endless_row_is_looked_at_without_delay(unit: str) -> None:
    text = f"{flood(unit)}x"
    for cached in (spans, outside):
        cached.cache_clear()
    work = {
        "unfenced": lambda: unfenced(text),
        "divided": lambda: divided({"output": text}, 4000),
        "bound en": lambda: bound(text, "en"),
        "bound zh": lambda: bound(text, "zh"),
        "neutral": lambda: is_neutral({"output": text}, "en"),
        "hidden": lambda: (hidden := Hidden()).show(hidden.hide(text)),
        "answer": lambda: read_answer(f"[[decision]] adapt\n[[adapted]]\n{text}", {"output": "x"}),
    }
    assert slow(work) == {}
