"""What an instruction points to, and where its material may stand."""

import pytest

from selfinstruct.language import CHINESE, ENGLISH, Language, han_share
from selfinstruct.quality.rules.relation import mentions_missing_input, points_to
from selfinstruct.records import Candidate, LanguageCode


def missing(instruction: str, given: str = "") -> str:
    code: LanguageCode = "zh" if han_share(instruction) > 0.5 else "en"
    candidate = Candidate(language=code, index=0, position=0, instruction=instruction, input=given, output="x")
    return mentions_missing_input(candidate, CHINESE if code == "zh" else ENGLISH)


@pytest.mark.parametrize(
    "instruction",
    [
        'Explain the following sentence: "He went home early".',
        "Translate the following sentence - the weather is lovely",
        "Add the following numbers: 3, 4",
        "Which of these is a fruit? A. Stone B. Pear",
        "Write a function that reverses the given string.",
        "把下面的句子翻译成英文：今天天气很好",
        "解释下面这句话的意思。“先天下之忧而忧，后天下之乐而乐”",
        "写一个函数，求给定列表的最大值。",
    ],
)
def test_material_stands_behind_a_mark_in_quotes_or_is_a_parameter(instruction: str) -> None:
    assert not missing(instruction)


@pytest.mark.parametrize(
    ("instruction", "given"),
    [
        ("Classify the following text: sports or food.", ""),
        ("Rank the cities by population.", "Cities"),
        ("List the key findings of the paper.", "A paper about bees"),
        ("给以下单词分类：动物或植物。", ""),
        ("给下面的句子换个说法。", "句子"),
        ("列出报告的三个要点。", "这是一份关于城市水管漏水的报告。"),
    ],
)
def test_labels_names_and_descriptions_are_no_material(instruction: str, given: str) -> None:
    assert missing(instruction, given)


@pytest.mark.parametrize(
    ("language", "instruction"), [(ENGLISH, "what is the capital of peru?"), (CHINESE, "介绍杭州。")]
)
def test_an_instruction_that_points_nowhere_is_whole(language: Language, instruction: str) -> None:
    assert points_to(instruction, language) is None
