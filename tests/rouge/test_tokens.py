"""Tokenisation: `token_lists` gives the tokens of each text."""

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.rouge import token_lists, tokens
from selfinstruct.rouge.tokens import _CJK

AWKWARD = st.sampled_from(
    [
        "",
        "\n",
        "a\nb",
        "\r\n",
        "ΟΔΟΣ",
        "Σ",
        "e\u0301",
        "\u0301a",
        "\u1100",
        "\u1161",
        "ﬁne",
        "Ａ１",
        "\u2028x",
        "\ud800",
        "用",
        "İ",
        "x\x0by",
    ]
)
TEXTS = st.lists(st.one_of(AWKWARD, st.text(max_size=12), st.text(alphabet="ab1 \n,.", max_size=12)), max_size=8)


@given(TEXTS)
def test_many_texts_at_once_have_the_tokens_that_each_has_alone(texts: list[str]) -> None:
    assert token_lists(texts) == [tokens(text) for text in texts]


def as_defined(text: str) -> list[str]:
    return re.findall(rf"[{_CJK}]|[^\W_{_CJK}]+", unicodedata.normalize("NFKC", text).lower())


def test_a_short_cut_for_usual_texts_changes_no_token() -> None:
    marks = [chr(code) for code in range(0x10000)]
    assert [mark for mark in marks if tokens(f"aB{mark}Cd") != as_defined(f"aB{mark}Cd")] == []
    assert [mark for mark in marks if tokens(f"用{mark}写") != as_defined(f"用{mark}写")] == []


@given(
    st.lists(st.sampled_from([*"aZ09_ \n.,，。！（）“…—：＠用写々一①½ﬁＡé\u0301\u3099か"]), max_size=12).map("".join)
)
def test_nor_do_several_of_them_together(text: str) -> None:
    assert tokens(text) == as_defined(text)
