"""No rule raises on, or is slow for, texts that no file should hold: what is too long, torn, nested, mirrored or disguised."""

from functools import partial
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfinstruct.language import LANGUAGES
from selfinstruct.quality.repair import repair_text
from selfinstruct.quality.rules import RULES
from selfinstruct.records import Candidate, LanguageCode
from tests.support.floods import seconds

pytestmark = pytest.mark.thorough

MEGABYTE = 1_000_000
PARTS = (
    "\ud83d", "\udc00", "\u2067", "\u2069", "\u202e", "\u05d0\u05d1\u05d2 ", "\ufb01\ufb02", "\U0001d400\U0001d7d9", "\u2460", "[" * 500,
    '{"a":' * 500, "(" * 500, "0" * 24_000, "1,", "1/", "=", "x = ", "- 1\n", "| a |\n", "\u4e00\u767e", "List 5 ", "用三句话", "\ufdfa", "a\u0301" * 50,
    "&amp;" * 50, "<p>", "```\n", "\u200b", "**", "\u201c", "7 ", "Output: ", "\n\n", "\x00", "hello. ",
)  # fmt: skip
"""Lone surrogates, isolates and right-to-left text, ligatures, mathematical letters, nests, zeros, and the words that rules look for."""


def candidate(language: LanguageCode, *texts: str) -> Candidate:
    fields: dict[str, Any] = dict(zip(("instruction", "input", "output"), texts, strict=True))
    return Candidate.model_construct(
        None, language=language, index=0, position=0, topic="", fault="", text="", **fields
    )


strange = st.lists(st.sampled_from(PARTS) | st.text(max_size=20), max_size=30).map("".join)


@given(strange, strange, strange, st.sampled_from(get_args(LanguageCode)))
@settings(max_examples=400, deadline=None)
def test_no_rule_and_no_repair_raises_on_a_strange_row(
    instruction: str, given_text: str, output: str, language: LanguageCode
) -> None:
    row = candidate(language, instruction, given_text, output)

    assert all(isinstance(rule(row, LANGUAGES[language]), str) for rule in RULES.values())
    assert isinstance(repair_text(output, "output")[0], str)


@pytest.mark.parametrize("part", PARTS, ids=ascii)
def test_no_rule_is_slow_on_a_megabyte_of_a_strange_text(part: str) -> None:
    language: LanguageCode = "zh" if PARTS.index(part) % 2 else "en"
    text = (part * (MEGABYTE // len(part) + 1))[:MEGABYTE]
    rows = [
        candidate(language, "Write it." if language == "en" else "写出来。", text, text),
        candidate(language, text, "", text),
    ]

    slow = {
        name for name, rule in RULES.items() for row in rows if seconds(partial(rule, row, LANGUAGES[language])) > 4
    }
    assert not slow
