"""Tokenisation: `token_lists` gives the tokens of each text."""

from hypothesis import given
from hypothesis import strategies as st

from selfinstruct.rouge import token_lists, tokens

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
