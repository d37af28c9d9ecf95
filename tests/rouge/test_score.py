import pytest
from hypothesis import given
from hypothesis import strategies as st
from rouge_score import rouge_scorer

from selfinstruct.rouge import Index, score, tokens
from selfinstruct.rouge.score import LONGEST

ORACLE = rouge_scorer.RougeScorer(["rougeL"], use_stemmer=False)
ASCII = st.text(st.characters(max_codepoint=127), max_size=60)
WORDS = st.lists(
    st.sampled_from(["the", "cat", "sat", "on", "a", "mat", "and", "dog", "ran", "to", "far", "sea"]), max_size=12
).map(" ".join)
MIXED = st.text(st.sampled_from("请用写一个快速排序诗歌 Python java 12Ａ。，"), max_size=20)


class MixedTokens:
    """Our tokenizer with the interface of rouge-score."""

    def tokenize(self, text: str) -> list[str]:
        return tokens(text)


@given(st.one_of(ASCII, WORDS), st.one_of(ASCII, WORDS))
def test_on_ascii_text_the_score_is_bit_identical_to_rouge_score(left: str, right: str) -> None:
    assert score(tokens(left), tokens(right)) == ORACLE.score(left, right)["rougeL"].fmeasure


@given(MIXED, MIXED)
def test_on_chinese_text_the_score_is_that_of_rouge_score_with_our_tokens(left: str, right: str) -> None:
    oracle = rouge_scorer.RougeScorer(["rougeL"], tokenizer=MixedTokens())
    assert score(tokens(left), tokens(right)) == oracle.score(left, right)["rougeL"].fmeasure


@given(st.text(), st.text())
def test_the_score_is_symmetric_and_between_zero_and_one(left: str, right: str) -> None:
    value = score(tokens(left), tokens(right))
    assert value == score(tokens(right), tokens(left))
    assert 0 <= value <= 1


def test_identical_chinese_is_a_duplicate_and_a_shared_latin_word_is_not() -> None:
    assert score(tokens("给出三个保持健康的提示。"), tokens("给出三个保持健康的提示。")) == 1.0
    assert score(tokens("请用Python写一个快速排序"), tokens("请用Python翻译一首唐诗")) < 0.5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ｐｙｔｈｏｎ３ 快速", ["python3", "快", "速"]),
        ("snake_case isn't", ["snake", "case", "isn", "t"]),
        ("naïve ÉTÉ", ["naïve", "été"]),
        ("ｶﾀｶﾅ한국어 𠮷野家", ["カ", "タ", "カ", "ナ", "한국어", "𠮷", "野", "家"]),
        ("，。！ ---", []),
        ("", []),
    ],
)
def test_tokens_are_runs_of_letters_and_digits_and_single_cjk_characters(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def test_of_a_very_long_text_the_first_tokens_are_compared() -> None:
    """Time and memory of a pair grow by the square: a row of 8 MiB took 8 GB."""
    text = [str(number % 999) for number in range(LONGEST)]
    assert score([*text, *["a"] * 1_000_000], [*text, "b"]) == 1
    assert score([*text[:-1], "a"], text) < 1


@pytest.mark.parametrize("compiled_from", [0, 100])
def test_an_index_compares_the_same_tokens(compiled_from: int) -> None:
    text = [str(number % 999) for number in range(LONGEST)]
    index = Index(compiled_from)
    index.extend(index.block([([*text, "a"], 1.0)]))
    index.add([*text[:-1], "a", "b"])
    assert index.nearest([*text, "b"]) == (0, 1.0)
    assert [found.position for found in index.within([*text[:-1], "a", "c"], 0.99999)] == [1]
