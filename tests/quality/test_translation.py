"""The rules of a translation, on pairs written in both languages and on breaches planted in them; and what code says of rows that cannot leave their language."""

from collections import Counter
from typing import get_args

import pytest

from selfinstruct.quality.rules import all_broken
from selfinstruct.quality.translation import Pair, broken
from selfinstruct.quality.translation.bound import bound, is_neutral
from selfinstruct.quality.translation.spans import Hidden, spans
from selfinstruct.records import Candidate, LanguageCode
from selfinstruct.requests.originals import OTHER
from tests.support.translations.breaches import KINDS, breaches
from tests.support.translations.labels import adapted, asked, labelled, texts
from tests.support.translations.templates import NAMES, sound, written

LANGUAGES: tuple[LanguageCode, ...] = get_args(LanguageCode)


@pytest.mark.parametrize("to", LANGUAGES)
def test_no_sound_translation_breaks_a_rule(to: LanguageCode) -> None:
    assert len(written()) >= 130
    assert len([*sound()]) >= 230
    false = [(one, found) for one in sound() if (found := broken(one.pair(to)))]
    assert not false


@pytest.mark.parametrize("to", LANGUAGES)
def test_every_planted_breach_is_found_by_its_rule(to: LanguageCode) -> None:
    planted = list(breaches(to))
    found = [{name for name, _ in broken(one.pair)} for one in planted]
    assert len(planted) >= 150
    assert {one.kind for one in planted} == set(KINDS)
    assert all(found)
    other = Counter(one.kind for one, names in zip(planted, found, strict=True) if one.rule not in names)
    assert other.total() <= 3  # a figure in code is code, a link in a tag is a tag


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("A script in Python or Java.", "用蟒蛇或 Java 写的脚本。", "translated_name"),
        ("A script in Python or Java.", "用 Python 或 Java 写的脚本。", ""),
        ("The Python swallowed a deer.", "蟒蛇吞了一头鹿。", ""),
        ("## Rules\n\nRead them.", "规则\n\n请读一读。", "changed_list"),
        ("## Rules\n\nRead them.", "### 规则\n\n请读一读。", "changed_list"),
        ("## Rules\n\nRead them.", "## 规则\n\n请读一读。", ""),
        ("Take the **red** one.", "拿 ** ** 红的那个。", "broken_emphasis"),
        ("Take the *red* one.", "拿 * * 红的那个。", "broken_emphasis"),
        ("Take the **red** one.", "拿 **红的** 那个。", ""),
        ("It is 3 * 4 of *them*.", "是 3 * 4 个 *它们*。", ""),
    ],
)
def test_names_headings_and_emphasis_stay_what_they_are(before: str, after: str, rule: str) -> None:
    pair = Pair({"instruction": "Say it.", "output": before}, {"instruction": "说吧。", "output": after}, "zh")
    assert [name for name, _ in broken(pair)] == [rule] * bool(rule)


@pytest.mark.parametrize("language", LANGUAGES)
def test_most_of_the_tasks_that_live_in_their_language_cost_nothing(language: LanguageCode) -> None:
    rows = labelled(language)
    assert len(rows) >= 200
    dropped = [one for one in rows if one["must"] == "drop"]
    assert sum(bool(bound(one["row"][0], language)) for one in dropped) >= 0.6 * len(dropped)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_task_that_can_be_translated_is_said_to_live_in_its_language(language: LanguageCode) -> None:
    others = [one for one in labelled(language) if one["must"] in {"translate", "adapt"}]
    assert not [one for one in others if bound(one["row"][0], language) or is_neutral(texts(one), language)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_about_a_form_of_the_language_is_left_to_the_teacher(language: LanguageCode) -> None:
    assert len(harmless := asked(language, "ask")) >= 60
    assert not [(one, reason) for one in harmless if (reason := bound(one, language))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_order_for_a_form_of_the_language_and_work_on_a_given_text_are_known(language: LanguageCode) -> None:
    orders = asked(language, "drop")
    assert len(orders) >= 60
    assert sum(bool(bound(one, language)) for one in orders) >= 0.8 * len(orders)


SURE: list[tuple[LanguageCode, str, str]] = [
    ("en", "Write a short, funny haiku.", "rhyme"),
    ("en", "Rewrite the message as a limerick.", "rhyme"),
    ("en", "Correct the spelling mistakes.", "spelling"),
    ("en", "Correct any grammatical errors in the paragraph.", "grammar"),
    ("en", "Rewrite the sentence 'I ran' in the passive voice.", "grammar"),
    ("en", "Underline the adverbs in the sentence.", "grammar"),
    ("en", "Unscramble the letters: pplea.", "word play"),
    ("en", "How many vowels are in the word 'queue'?", "letter counting"),
    ("en", "Is 'racecar' a palindrome?", "word play"),
    ("en", "Translate this paragraph into German.", "translation"),
    ("en", "What is the French word for 'butter'?", "translation"),
    ("en", "Name four fruits that start with the letter P.", "letter counting"),
    ("zh", "写一首描写西湖的七言律诗。", "rhyme"),
    ("zh", "写出五个含有“龙”字的成语。", "word play"),
    ("zh", "找出下面句子中的错别字。", "spelling"),
    ("zh", "把“我吃了苹果”改成“把”字句。", "grammar"),
    ("zh", "“森”字的部首是什么？", "letter counting"),
    ("zh", "缩句：可爱的小猫在沙发上睡觉。", "grammar"),
    ("zh", "英译中：Good morning.", "translation"),
]
"""One of each shape."""


@pytest.mark.parametrize(("language", "instruction", "reason"), SURE)
def test_each_shape_of_a_sentence_has_its_reason(language: LanguageCode, instruction: str, reason: str) -> None:
    assert bound(instruction, language) == reason


LEFT: list[tuple[LanguageCode, str]] = [
    ("en", "Write a haiku society newsletter."),
    ("en", "Write a review of two haikus by Basho."),
    ("en", "Write a poem about rhyme."),
    ("en", "Write a function that counts the vowels in 'queue'."),
    ("en", "Create a rhyme scheme chart for teachers."),
    ("en", "Find the grammar school nearest to Leeds."),
    ("en", "List the verbs in the HTTP protocol and their meaning."),
    ("en", "Edit the text for clarity and brevity."),
    ("en", "Rewrite the text for readers who teach grammar."),
    ("en", "Change the paragraph to mention the tense atmosphere."),
    ("en", "Put the words in order of size: house, city, country."),
    ("en", "Name three cities that start with a port."),
    ("en", "Translate customer needs into product features."),
    ("en", "Translate this vision into English pound figures."),
    ("en", "Who sang 'Rhyme or Reason'?"),
    ("en", "Explain the proverb 'A word is enough for the wise'."),
    ("en", "Determine the part of speech therapists play in recovery."),
    ("zh", "写一段话介绍对联。"),
    ("zh", "写一个函数，统计“字符串”里有多少个汉字。"),
    ("zh", "说一个和成语有关的历史故事。"),
    ("zh", "写三句关于读书的话。"),
    ("zh", "把这段文字改写成新闻稿。"),
    ("zh", "用英语老师的口吻安慰一个没考好的学生。"),
    ("zh", "这首诗写的是哪个季节？"),
    ("zh", "“双十一”当天成交了几笔？"),
    ("zh", "这本书用的是繁体字吗？"),
    ("zh", "为什么要造句？"),
    ("zh", "用什么软件可以自动标点？"),
    ("zh", "接龙报名什么时候截止？"),
    ("zh", "指出这份报告的错误。"),
    ("zh", "“平静”的反义词是什么？"),
]


@pytest.mark.parametrize(("language", "instruction"), LEFT)
def test_a_sentence_of_another_shape_is_left_to_the_teacher(language: LanguageCode, instruction: str) -> None:
    assert bound(instruction, language) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_code_and_figures_alone_are_in_no_language(language: LanguageCode) -> None:
    assert all(is_neutral(texts(one), language) for one in labelled(language) if one["must"] == "keep")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_labelled_spans_are_those_that_are_taken_over(language: LanguageCode) -> None:
    for row in labelled(language):
        if "spans" in row:
            found = {one.text for text in texts(row).values() for one in spans(text)}
            assert found == set(row["spans"]), row


def test_what_is_hidden_comes_back_byte_for_byte() -> None:
    for row in (*labelled("en"), *labelled("zh")):
        for comments in (False, True):
            hidden = Hidden(comments=comments)
            assert [hidden.show(hidden.hide(text)) for text in texts(row).values()] == list(texts(row).values())


@pytest.mark.parametrize(
    ("before", "after", "to"),
    [
        ("Sell 1,250,000 tickets.", "卖出125万张票。", "zh"),
        ("About 3.5 billion years ago", "大约35亿年前", "zh"),
        ("三万五千人", "35,000 people", "en"),
        ("3万5千元", "35,000 yuan", "en"),
        ("八五折", "15% off", "en"),
        ("涨了三成", "It rose by 30%.", "en"),
        ("The meeting is at 3:30 pm.", "会议在15:30。", "zh"),
        ("晚上8点半", "8:30 pm", "en"),
        ("Twice a day, for two weeks", "每天两次，连续两周", "zh"),
        ("百分之零点五", "0.5 percent", "en"),
        ("On the one hand it is cheap.", "一方面，它便宜。", "zh"),
        ("It is one of the best.", "它是最好的之一。", "zh"),
        ("这十分重要，千万别忘了。", "This is very important; do not forget it.", "en"),
    ],
)
def test_the_same_number_written_otherwise_is_the_same(before: str, after: str, to: LanguageCode) -> None:
    assert not broken(Pair({"output": before}, {"output": after}, to))


def test_what_is_said_to_be_adapted_is_no_breach() -> None:
    source, target = {"output": "It is 5 miles to the station."}, {"output": "到车站有8公里。"}
    assert [name for name, _ in broken(Pair(source, target, "zh"))] == ["changed_numbers"]
    assert not broken(Pair(source, target, "zh", adapted=(("5 miles", "8公里"),)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_labelled_adaptations_are_no_breach_where_they_are_named_and_one_where_they_are_not(
    language: LanguageCode,
) -> None:
    rows = adapted(language)
    assert len(rows) >= 12
    for row in rows:
        source, target = texts(row), {name: text for name, text in zip(NAMES, row["to"], strict=True) if text}
        pair = Pair(source, target, OTHER[language], tuple((before, after) for before, after in row["adapted"]))
        assert broken(pair) == []
        assert bool(found := dict(broken(pair._replace(adapted=())))) == bool(row["unnamed"]), row
        assert not found or row["unnamed"] in found


def test_comments_of_code_may_be_translated_where_that_is_wanted() -> None:
    source = {"output": "```python\n# adds one\nx += 1\n```"}
    target = {"output": "```python\n# 加一\nx += 1\n```"}
    assert [name for name, _ in broken(Pair(source, target, "zh"))] == ["changed_code"]
    assert not broken(Pair(source, target, "zh", comments=True))
    changed = {"output": "```python\n# 加一\ny += 1\n```"}
    assert [name for name, _ in broken(Pair(source, changed, "zh", comments=True))] == ["changed_code"]


NEUTRAL = (
    "```python\nfor i in range(3):\n    print(i)\n```",
    "`print(sum(range(4)))`",
    "12 * (3 + 4) = ?",
    "$x^2 + 3x = 0$",
    r"\frac{a}{b} + \sqrt{x}",
    "def add(a, b):\n    return a + b",
)


@pytest.mark.parametrize("source", LANGUAGES)
@pytest.mark.parametrize("instruction", NEUTRAL)
def test_a_row_that_is_kept_for_being_in_no_language_is_valid_in_the_other_one(
    instruction: str, source: LanguageCode
) -> None:
    assert is_neutral({"instruction": instruction}, source)
    kept = Candidate(language=OTHER[source], index=0, position=0, instruction=instruction, output="3")
    assert "wrong_language" not in dict(all_broken(kept))


@pytest.mark.parametrize(
    "instruction",
    [
        "Write a poem.",
        "```\nWrite a poem about spring.\n```",
        "What is it?\n```c\nint x;\n```",
        "Explain what this does:\nint x;\nint y;",
    ],
)
def test_english_around_code_stays_in_the_wrong_language(instruction: str) -> None:
    assert "wrong_language" in dict(all_broken(Candidate(language="zh", index=0, position=0, instruction=instruction)))
