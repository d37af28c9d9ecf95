"""Rules survive what no person writes: an answer in digits of another script, without a letter."""

import pytest

from selfinstruct.records import Candidate, LanguageCode
from selfinstruct.rules import all_broken


@pytest.mark.parametrize(("language", "asked"), [("en", "How much is it in all?"), ("zh", "一共是多少？")])
def test_digits_of_another_script_without_a_letter_are_an_answer_like_any_other(
    language: LanguageCode, asked: str
) -> None:
    row = Candidate(language=language, index=0, position=0, instruction=asked, input="", output="٣٣١، ٤٢، ٥٠٧")
    assert "wrong_language_output" not in dict(all_broken(row))
