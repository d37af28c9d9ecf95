"""Rules do not fail on unusual text: floods, random text, foreign digits."""

from functools import partial
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfinstruct.language import LANGUAGES
from selfinstruct.quality.rules import ERRORS, RULE_NAMES, RULES, all_broken, first_broken
from selfinstruct.records import Candidate, LanguageCode
from tests.support.floods import seconds
from tests.support.rule_cases import broken, candidate


@pytest.mark.parametrize(("language", "asked"), [("en", "How much is it in all?"), ("zh", "一共是多少？")])
def test_digits_of_another_script_without_a_letter_are_an_answer_like_any_other(
    language: LanguageCode, asked: str
) -> None:
    row = Candidate(language=language, index=0, position=0, instruction=asked, input="", output="٣٣١، ٤٢، ٥٠٧")
    assert "wrong_language_output" not in dict(all_broken(row))


LONG = 64 * 1024
PIECES: tuple[str, ...] = (
    "1",
    "1,",
    "a",
    " ",
    "\n",
    "\n ",
    "“",
    '" ',
    ": ",
    "the ",
    "this word ",
    "given word of ",
    "draw the ",
    "make a ",
    "as an ai ",
    "I'm sorry, but ",
    "1. ",
    ".",
    "x y ",
)
PIECES += (
    "please provide ",
    "Classify the a ",
    "Write a sentence and ",
    "```\n",
    "[(",
    "<|a",
    "\ufdfa",
    "这句话",
    "写一个故事，",
    "把下列",
    "、或",
    "判断这条",
    "作为一个",
    "请提供",
)


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("language", get_args(LanguageCode))
@pytest.mark.bounds
def test_no_rule_is_slow_on_a_long_and_hostile_text(piece: str, language: LanguageCode) -> None:
    text = (piece * LONG)[:LONG]
    rows = [candidate(text, "", text, language), candidate("Write a poem.", text, text, language)]

    for name, rule in RULES.items():
        for row in rows:
            assert seconds(partial(rule, row, LANGUAGES[language])) < 1, name  # about 0.03


texts = st.text(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
candidates: st.SearchStrategy[Candidate] = st.builds(
    candidate, texts, texts, texts, st.sampled_from(get_args(LanguageCode))
)


@given(candidates)
@settings(max_examples=300, deadline=None)
def test_no_rule_raises_and_each_says_the_same_again(row: Candidate) -> None:
    once = {name: broken(name, row) for name in RULES}

    assert once == {name: broken(name, row) for name in RULES}
    assert all(isinstance(detail, str) for detail in once.values())


@given(candidates, st.sets(st.sampled_from(RULE_NAMES)))
@settings(max_examples=300, deadline=None)
def test_the_first_broken_rule_is_one_of_all_broken(row: Candidate, disabled: set[str]) -> None:
    found = all_broken(row, disabled)

    assert first_broken(ERRORS, row, disabled) == (found[0] if found else None)
    assert not disabled & {name for name, _ in found}
