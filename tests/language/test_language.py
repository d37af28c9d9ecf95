import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.language import CHINESE, ENGLISH, LANGUAGES, Language, han_share, language
from selfinstruct.language.wording import Unless, topic
from selfinstruct.requests import wants_label

ONE_OF_ITS_LABELS = [
    "Classify the review as positive or negative.",
    "Decide whether the statement is true or false.",
    "Determine if the sentence is grammatically correct.",
    "Identify the tone of the message: formal, neutral or casual.",
    "Categorize the email as spam or not spam.",
    "Is the following sentence active or passive?",
    "Label the tweet as happy, sad, or angry.",
    "Categorize the given restaurant into budget, mid-range, and luxury.",
    "判断下面的句子是否有语病。",
    "判断这条短信是不是诈骗短信，回答“是”或“否”",
    "把下列新闻归入体育、财经或娱乐",
    "判断这句话的情感是积极还是消极。",
    "这条评论是好评还是差评？",
    "将这篇文章归类为科技、体育或娱乐。",
    "请判断以下评论的情感倾向（正面、负面、中性）。",
    "判斷這句話是否通順。",
]
NO_LABEL = [
    "Classify the animals by habitat.",
    "Classify the planets as rocky or gaseous.",
    "Categorize kiwis into two groups: those with large ears and those with small ears.",
    "Decide whether a small business should rent or buy.",
    'Decide whether the statement "All birds can fly and swim very well" is true or false.',
    "Explain whether the French Revolution was a success or a failure.",
    "Write a review and classify it as positive or negative.",
    "Sort the list of books by author or title.",
    "判断一项案件的性质",
    "判断“他的写作水平明显改进了很多”这句话是否有语病。",
    "将下列词语分为褒义词、中性词和贬义词。",
    "判断一个数是否为质数，写出方法。",
    "区分酸和碱。",
    "说明如何判断一篇文章是否可信。",
    "判断题和选择题各有什么优点？",
]


def of(text: str) -> Language:
    return CHINESE if han_share(text) > 0.5 else ENGLISH


@pytest.mark.parametrize("instruction", ONE_OF_ITS_LABELS)
def test_an_instruction_that_names_the_labels_for_one_thing_wants_a_label(instruction: str) -> None:
    assert wants_label(instruction, of(instruction))


@pytest.mark.parametrize("instruction", NO_LABEL)
def test_an_instruction_that_sorts_many_things_or_brings_its_own_wants_no_label(instruction: str) -> None:
    assert not wants_label(instruction, of(instruction))


def test_a_text_says_a_wording_unless_it_says_the_exception_too() -> None:
    wording = Unless(topic(["draw"], spaced=True), topic(["ascii"], spaced=True))

    assert ENGLISH.matches(wording, "Draw a cat")
    assert not ENGLISH.matches(wording, "Draw an ASCII cat")


def test_a_pattern_in_simplified_characters_finds_traditional_ones() -> None:
    found = CHINESE.matches(topic(["这句话"], spaced=False), "請改寫這句話")

    assert found
    assert found.span() == (3, 6)


def test_a_wording_is_looked_for_at_the_beginning_only() -> None:
    assert ENGLISH.matches(topic(["end"], spaced=True), "x" * 1_990 + " end")
    assert not ENGLISH.matches(topic(["end"], spaced=True), "x" * 2_000 + " end")


@pytest.mark.parametrize(
    ("code", "text", "units"), [("en", "Name three fruits.", 3), ("zh", "说出三种 水果。", 6), ("zh", "用Python", 7)]
)
def test_length_is_words_in_english_and_letters_in_chinese(code: str, text: str, units: int) -> None:
    assert LANGUAGES[code].units(text) == units


def test_every_field_has_words_that_announce_it() -> None:
    assert all(words for each in LANGUAGES.values() for words in each.field_words.values())


@pytest.mark.parametrize(
    ("text", "share"), [("", 0.0), ("123", 0.0), ("Name a fruit", 0.0), ("说出水果", 1.0), ("用SQL", 0.5), ("𠮷", 1.0)]
)
def test_the_share_of_chinese_counts_characters_against_words(text: str, share: float) -> None:
    assert han_share(text) == share


@given(st.text())
def test_the_share_of_chinese_is_a_share(text: str) -> None:
    assert 0 <= han_share(text) <= 1


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(language).failed == 0
