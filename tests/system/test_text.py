"""The table of dangerous characters: complete, and shown as codes everywhere but where one of them belongs."""

import unicodedata

import pytest

from selfinstruct.system.text import harmless, on_one_line, visible, visible_name
from tests.support.hostile import DANGEROUS_CHARACTERS, raw

EVERY = "".join(map(chr, range(0x110000)))
VISIBLE_FORMATS = {0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
"""Marks of category Cf that have a glyph: they are written before a number."""


def test_the_table_has_every_control_format_and_private_character_and_every_separator_of_lines() -> None:
    wanted = {one for one in EVERY if unicodedata.category(one) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}}
    assert wanted - DANGEROUS_CHARACTERS == {"\t", "\n"} | {chr(code) for code in VISIBLE_FORMATS}


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("bidirectional", 0x202A, 0x202E),
        ("isolates", 0x2066, 0x2069),
        ("invisible operators", 0x2061, 0x2064),
        ("variation selectors", 0xFE00, 0xFE0F),
        ("supplementary variation selectors", 0xE0100, 0xE01EF),
        ("tags", 0xE0000, 0xE007F),
        ("Hangul fillers", 0x115F, 0x1160),
        ("half-width Hangul filler", 0xFFA0, 0xFFA0),
        ("interlinear annotation", 0xFFF9, 0xFFFB),
        ("noncharacters", 0xFDD0, 0xFDEF),
        ("noncharacters at the end of a plane", 0x1FFFE, 0x1FFFF),
        ("grapheme joiner", 0x34F, 0x34F),
    ],
)
def test_the_table_has_what_is_invisible_by_another_property(name: str, low: int, high: int) -> None:
    assert {chr(code) for code in range(low, high + 1)} <= DANGEROUS_CHARACTERS, name


def test_letters_marks_and_punctuation_of_all_scripts_are_shown_as_they_are() -> None:
    hidden = {0x115F, 0x1160, 0x3164, 0xFFA0, 0x34F, 0x17B4, 0x17B5, 0x2800, 0xFFFC, 0x1D159, *range(0x13440, 0x13456)}
    hidden |= {*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), *range(0x180B, 0x1810)}
    shown = [one for one in EVERY if unicodedata.category(one)[0] in "LMNPS" and ord(one) not in hidden]
    assert visible("".join(shown)) == "".join(shown)


@pytest.mark.thorough
@pytest.mark.parametrize("write", [visible, on_one_line, visible_name, harmless])
def test_no_dangerous_character_is_left_when_it_stands_alone(write: object) -> None:
    assert callable(write)
    assert raw(write("|".join(sorted(DANGEROUS_CHARACTERS)))) == set()


@pytest.mark.parametrize(
    "text",
    ["👩‍👧 👩🏽‍🚀 🏳️‍🌈 ❤️ ☎︎ 1️⃣ #️⃣", "می‌خواهم", "क्‍ष", "ന്‍ അവന്‍", "ශ්‍රී"],
    ids=["emoji", "Persian", "Hindi", "Malayalam", "Sinhala"],
)
def test_a_joiner_or_selector_stays_in_a_text_where_it_does_what_it_is_for_but_in_no_name(text: str) -> None:
    assert visible(text) == text
    assert raw(visible_name(text)) == set()
    assert visible_name(text) != text


@pytest.mark.parametrize(
    "text",
    ["pass\u200dword", "pass\u200cword", "a\ufe0f", "👩\u200d", "\u200d👩", "می\u200c\u200c\u200cخواهم", "9\ufe0f9", "好\ufe0f", "क\u200d\u200d"],
)  # fmt: skip
def test_a_joiner_or_selector_that_does_nothing_visible_is_shown(text: str) -> None:
    assert "⟨" in visible(text)


def test_two_names_that_differ_look_different() -> None:
    names = ["a", "a\u200b", "a\u3164", "a\n", "a\r", "a\ufe0f", "a\U000e0041", "a\ud800"]
    assert len({visible_name(name) for name in names}) == len(names)
