"""Rows as Hypothesis draws them: few words, so that rows meet, and everything that has gone wrong in a text before."""

from hypothesis import strategies as st

from tests.support.diff_rows import Row, en, zh

_NASTY = (
    "<script>alert(1)</script>", "</code></details>", "<!--", "-->", "```", "@octocat", "#12", "[x](javascript:1)", "|", "\n\n# h",
    "\x1b[31m", "\u202e", "\u200b", "&amp;", "&#x27;", "\\", "$x$", "https://evil.example", "www.evil.example", "\r\n", "\t",
    "繁體中文", "ｆｕｌｌ　ｗｉｄｔｈ", "e\u0301", "👩‍👩‍👧‍👦", "ﷺ", "\x00", "~~~", "]]>", "'\"",
)  # fmt: skip
_WORDS = (
    "write",
    "name",
    "a",
    "poem",
    "river",
    "spring",
    "写",
    "一首",
    "春天",
    "的诗",
    "请",
    "Python",
    "。",
    "，",
    " ",
    "\n",
)

texts = st.lists(st.sampled_from((*_WORDS, *_NASTY)), max_size=12).map("".join)
sensible = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=8).map(" ".join)
rows: st.SearchStrategy[Row] = st.builds(
    lambda make, instruction, output, given: make(instruction, output, given),
    st.sampled_from((en, zh)),
    texts | sensible,
    texts,
    st.just("") | texts,
)
tables = st.lists(rows, max_size=8)
