"""Words, sentences, paragraphs and items are counted as a careful reader counts them; where readers differ, both counts are told."""

import pytest

from selfinstruct.records import LanguageCode
from selfinstruct.verifiers.text import (
    items,
    length,
    lengths,
    numbers,
    occurrences,
    paragraphs,
    sentence_counts,
    sentences,
    words,
)


@pytest.mark.parametrize(
    ("text", "fewest", "most"),
    [
        ("", 0, 0),
        ("😊 — … ! * #", 0, 0),
        ("Don't, won't and it’s.", 4, 4),
        ("a well-known, 20-year-old T-shirt", 4, 8),
        ("1,000 or 3.5 at 10:30 for $2.50 (50%)", 8, 8),
        ("on 3/4 and 5–10, 24/7", 5, 5),
        ("and/or", 1, 2),
        ("e.g. the U.S. at 7 a.m. with a Ph.D.", 9, 9),
        ("a@b.com https://example.com/a?b=c example.com", 3, 4),
        ("late—very late -- and cold...now", 6, 6),
        ("The end.Next thing", 4, 4),
        ("rock 'n' roll, the dogs' bowls", 6, 6),
        ("**bold** _words_ and `code` snake_case", 5, 6),
        ("# Title\n\n1. Wash it.\n2. Dry it.\n- Go", 6, 9),
        ("1️⃣ Wash\n2️⃣ Dry", 2, 4),
        ("cafe\u0301 nai\u0308ve co\u00adop", 3, 3),
        ("Ｈｅｌｌｏ １２３", 2, 2),
    ],
)
def test_english_words(text: str, fewest: int, most: int) -> None:
    assert lengths(text, "en") == (fewest, most)
    assert length(text, "en") == len(words(text)) == fewest


@pytest.mark.parametrize(
    ("text", "fewest", "most"),
    [
        ("", 0, 0),
        ("😊", 0, 0),
        ("今天很好。", 4, 5),
        ("《早上》——你好……", 4, 10),
        ("用GPS走1,000米，3.5元。", 7, 9),
        ("3D打印和COVID-19", 5, 5),
        ("ＧＰＳ１２３号", 2, 2),
        ("1. 洗手\n2、吃饭", 4, 7),
        ("# 标题\n**好**", 3, 3),
        ("好\u200b的", 2, 2),
    ],
)
def test_chinese_characters(text: str, fewest: int, most: int) -> None:
    assert lengths(text, "zh") == (fewest, most)
    assert length(text, "zh") == fewest


@pytest.mark.parametrize(
    ("language", "text", "fewest", "most"),
    [
        ("en", "", 0, 0),
        ("en", "No mark", 1, 1),
        ("en", "Mr. Lee met Dr. Wu, e.g. at 3.30. They left.", 2, 2),
        ("en", "Is it cheap? No. It is not.", 3, 3),
        ("en", "See No. 5. It is good.", 2, 2),
        ("en", "Wait... what? Go!", 2, 2),
        ("en", "Well... I think so. Well… Yes.", 2, 4),
        ("en", '"Stop!" he said. "Now," she said.', 2, 2),
        ("en", 'He said, "Go. Now." Then he left.', 2, 3),
        ("en", '"Dry it. Fold it."', 2, 2),
        ("en", "“Dry it. Fold it.”", 2, 2),
        ("en", "We left at 5 p.m. Then we ate.", 1, 2),
        ("en", "I live in the U.S. and like it.", 1, 1),
        ("en", "Visit example.com. It is free.", 2, 2),
        ("en", "**Stop.** _Go._ Rest.", 3, 3),
        ("en", "Great! 😊 Next. Bye 😊", 3, 3),
        ("en", "Great!😊 Next.", 2, 2),
        ("en", "Really?! Yes!!! No...", 3, 3),
        ("en", "all small. no capitals.", 2, 2),
        ("en", "iPhone sales rose. iPad sales fell.", 2, 2),
        ("en", "So what? who cares.", 1, 2),
        ("en", "Tips:\n1. Wash it.\n2. Dry it.", 2, 3),
        ("en", "- Wash it\n- Dry it", 2, 2),
        ("en", "a line that is\nwrapped by hand.", 1, 2),
        ("en", "It works (see p. 3). Good.", 2, 2),
        ("zh", "", 0, 0),
        ("zh", "没有标点", 1, 1),
        ("zh", "今天很好。明天呢？", 2, 2),
        ("zh", "真的吗？！是的！！", 2, 2),
        ("zh", "他……走了。", 1, 2),
        ("zh", "他走了……", 1, 1),
        ("zh", "“好！”他说。", 1, 2),
        ("zh", "“今天很好。明天也好。”", 2, 2),
        ("zh", "（别急。）慢慢来。", 1, 2),
        ("zh", "价格是3.5元。去吧!", 2, 2),
        ("zh", "要点：\n- 洗手\n- 吃饭", 2, 3),
        ("zh", "**先晾干。**再折好。", 2, 2),
        ("zh", "好。😊走吧。", 2, 2),
    ],
)
def test_sentences(language: LanguageCode, text: str, fewest: int, most: int) -> None:
    assert sentence_counts(text, language) == (fewest, most)
    assert sentences(text, language) == fewest


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        ("a\nb", 1),
        ("a\n\nb", 2),
        ("a\n \t\n\n\nb\n", 2),
        ("a\r\n\r\nb", 2),
        ("a\n\n---\n\nb", 2),
        ("甲\n　\n乙", 2),
    ],
)
def test_paragraphs(text: str, number: int) -> None:
    assert paragraphs(text) == number


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("- a\n* b\n+ c\n• d\n– e", ["a", "b", "c", "d", "e"]),
        ("1. a\n2) b\n(3) c\n4、d\n（5）e\n⑥f\n七、g\n8️⃣ h", list("abcdefgh")),
        ("**1. a**\n  - b", ["a**", "b"]),
        ("1.洗手\n2.吃饭", ["洗手", "吃饭"]),
        ("**Bold** text\n*note*: x\n-5 degrees\n3.5 litres\n2024. A year", []),
        ("---\n* * *\n- \n1.\n# 1 a\n| 1 |", []),
    ],
)
def test_items(text: str, found: list[str]) -> None:
    assert items(text) == found


def test_numbers_of_items() -> None:
    assert numbers("1. a\n- b\n3) c\n（4）d\n12、e\n⑥f") == [1, 3, 4, 12]


@pytest.mark.parametrize(
    ("language", "text", "word", "times", "alone"),
    [
        ("en", "Good, GOOD and 'good' goods", "good", 3, 3),
        ("en", "a good-natured dog, the good’s", "good", 2, 0),
        ("en", "_good_ **good** good--good", "good", 4, 4),
        ("en", "goodbye", "good", 0, 0),
        ("zh", "很好，非常好", "好", 2, 2),
        ("zh", "可\u200b以", "可以", 1, 1),
        ("zh", "可能以后", "可以", 0, 0),
    ],
)
def test_occurrences(language: LanguageCode, text: str, word: str, times: int, alone: int) -> None:
    assert occurrences(text, word, language) == times
    assert occurrences(text, word, language, alone=True) == alone
