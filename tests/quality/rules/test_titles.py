"""An answer that is a title in bold, alone or over plain lines, is no list, and no rule raises on it."""

import pytest

from selfinstruct.language import LANGUAGES
from selfinstruct.quality.rules import RULES
from selfinstruct.quality.rules.listing import listing
from selfinstruct.records import Candidate, LanguageCode

TITLED = [
    ("en", "Name three trees.", "**Trees**"),
    ("en", "List three things that you did in the rain.", "**A walk**\nIt rained all day.\nWe went home."),
    ("zh", "列出三种树。", "**树木**"),
    ("zh", "列出你在雨中做的三件事。", "**散步**\n整天下雨。\n我们回家了。"),
]


@pytest.mark.parametrize(("language", "instruction", "answer"), TITLED)
def test_a_title_in_bold_without_bullets_is_no_list(language: LanguageCode, instruction: str, answer: str) -> None:
    row = Candidate(instruction=instruction, input="", output=answer, language=language, index=0, position=0)
    for rule in RULES.values():
        rule(row, LANGUAGES[language])
    assert listing(answer) is None


@pytest.mark.parametrize("answer", ["**Tools**\n- saw\n- axe", "**工具**\n- 锯子\n- 斧头"])
def test_bullets_under_a_title_in_bold_are_the_list(answer: str) -> None:
    found = listing(answer)
    assert found is not None
    assert found.counts == {2}
